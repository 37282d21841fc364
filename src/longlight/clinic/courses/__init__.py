"""Step 4: a protocol and a patient become a plan of sessions, in phases. The plan is the spine of the path.

Dosing, therapy and training each mark their planned session done here, and readiness reads it here. A course keeps the
protocol version it was made from.
"""
