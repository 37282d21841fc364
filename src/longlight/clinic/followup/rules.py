"""What may be decided on a booster, and how a status is put to people."""

from enum import StrEnum

from django.utils.translation import gettext as _


class BoosterChoice(StrEnum):
    ACCEPTED = "accepted"
    DECLINED = "declined"


class CannotDecideBooster(Exception):
    """A decision that is not kept; the message lists every reason."""


def reasons_not_to_decide(*, is_proposed: bool, is_decided: bool, reason: str) -> list[str]:
    """Every reason why a booster cannot be decided on."""
    reasons = []
    if is_decided:
        reasons.append(_("This booster is decided on already."))
    elif not is_proposed:
        reasons.append(_("The calendar proposes no such booster."))
    if not reason.strip():
        reasons.append(_("Say why."))
    return reasons
