"""Referrals: someone asks for an appointment, for themselves or another, or a clinician sends somebody.

The public form needs no account and asks for no diagnosis. What is asked is kept with a number and can be followed and
withdrawn by a signed link. Staff work a queue, oldest first, against the clinic's own target: claim, contact, offer a
time, close with a reason, or register a patient.
"""
