"""Gathers every step's models into the one app, so that moving one between steps costs no migration."""

from longlight.clinic.people.models import Account, Clinic, Membership, Patient
from longlight.clinic.record.models import AuditAnchor, AuditHead, AuditRow

__all__ = ["Account", "AuditAnchor", "AuditHead", "AuditRow", "Clinic", "Membership", "Patient"]
