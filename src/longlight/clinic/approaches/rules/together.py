"""Choosing together: when the choice is looked at, what must be written down of it, and when it is due again. Pure."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from uuid import UUID

from django.utils.translation import gettext as _

MOST_CHARACTERS = 1000


class Occasion(StrEnum):
    """Why the choice is looked at."""

    FIRST = "first"  # before a course
    AGAIN = "again"  # at an early treatment of a course (the aid says which)
    END = "end"  # a course has ended
    OTHER = "other"  # somebody asked


class Chosen(StrEnum):
    """What was chosen: one of the aid's options, or that it stays open. Equal, in the aid's order."""

    MEDICINE = "medicine"
    TALK_THERAPY = "talk-therapy"
    EXPERIENCE = "experience"
    OTHER_TREATMENTS = "other-treatments"
    NOT_NOW = "not-now"
    OPEN = "open"


class CannotRecord(Exception):
    """The choice is not kept so; the message lists every reason."""


@dataclass(frozen=True)
class Written:
    """What the two wrote down. `id` is made by the page, so that sending it twice keeps it once."""

    id: UUID
    occasion: Occasion
    chosen: Chosen | None
    leaning: Chosen | None = None
    course_id: UUID | None = None
    matters: str = field(default="", repr=False)
    asked: str = field(default="", repr=False)
    reason: str = field(default="", repr=False)


@dataclass(frozen=True)
class CourseDays:
    """What of a course decides whether the choice is due again."""

    course_id: UUID
    again_on: date | None  # the day of the treatment at which it is looked at again
    has_ended: bool


@dataclass(frozen=True)
class DueChoice:
    """The choice is to be looked at, and why now."""

    occasion: Occasion
    course_id: UUID | None


def reasons_not_to_record(written: Written) -> list[str]:
    """Every reason. Where the choice leans elsewhere than the person did, the why must stand there."""
    reasons = []
    if written.chosen is None:
        reasons.append(_("Say what you chose together, or that it stays open."))
    if leans_elsewhere(written.leaning, written.chosen) and not written.reason.strip():
        reasons.append(_("The choice leans elsewhere than the person did: write down why."))
    for text, name in (
        (written.matters, _("what matters")),
        (written.asked, _("what was asked")),
        (written.reason, _("the reason")),
    ):
        if len(text) > MOST_CHARACTERS:
            reasons.append(
                _("Shorten {name} to {most} characters.").format(name=name, most=MOST_CHARACTERS)
            )
    return reasons


def leans_elsewhere(leaning: Chosen | None, chosen: Chosen | None) -> bool:
    """An open leaning, or an open choice, leans nowhere."""
    said = {leaning, chosen}
    return len(said) == 2 and not said & {None, Chosen.OPEN}


def due_choice(
    course: CourseDays | None, looked_at: Collection[tuple[Occasion, UUID | None]], today: date
) -> DueChoice | None:
    """Whether the choice is to be looked at today: before a course, at its early treatment, at its end."""
    if course is None:
        return None if looked_at else DueChoice(Occasion.FIRST, None)
    if course.has_ended:
        wanted = Occasion.END
    elif course.again_on is not None and course.again_on <= today:
        wanted = Occasion.AGAIN
    else:
        return None
    if (wanted, course.course_id) in looked_at:
        return None
    return DueChoice(wanted, course.course_id)
