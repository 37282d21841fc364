"""Everything that changes requests: by who asks, and by the staff who work on them."""

from longlight.clinic.referrals.actions.asking import answer_offer, ask, withdraw
from longlight.clinic.referrals.actions.triage import (
    Step,
    arrange_desk,
    book_time,
    claim,
    close,
    log_contact,
    register,
)

__all__ = [
    "Step",
    "answer_offer",
    "arrange_desk",
    "ask",
    "book_time",
    "claim",
    "close",
    "log_contact",
    "register",
    "withdraw",
]
