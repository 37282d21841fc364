"""What changes in safety: alerts and what is done about them, safety plans, and the clinic's own times."""

from longlight.clinic.safety.actions.alerts import (
    claim,
    escalate_unclaimed,
    log_contact,
    note_changed_answer,
    raise_alert,
    record_outcome,
)
from longlight.clinic.safety.actions.plans import keep_plan, review_plan
from longlight.clinic.safety.actions.times import add_duty, end_duty, set_times

__all__ = [
    "add_duty",
    "claim",
    "end_duty",
    "escalate_unclaimed",
    "keep_plan",
    "log_contact",
    "note_changed_answer",
    "raise_alert",
    "record_outcome",
    "review_plan",
    "set_times",
]
