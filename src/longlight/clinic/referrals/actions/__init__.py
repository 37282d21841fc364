"""Everything that changes requests: by who asks, and by the staff who work on them."""

from longlight.clinic.referrals.actions.asking import answer_offer, ask, change, withdraw
from longlight.clinic.referrals.actions.triage import (
    Step,
    arrange_desk,
    book_time,
    claim,
    close,
    confirm_time,
    log_contact,
    register,
)

__all__ = [
    "Step",
    "answer_offer",
    "arrange_desk",
    "ask",
    "book_time",
    "change",
    "claim",
    "close",
    "confirm_time",
    "log_contact",
    "register",
    "withdraw",
]
