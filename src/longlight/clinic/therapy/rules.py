"""What a note of therapy must say, and what may be done with a journal entry."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from django.utils.translation import gettext as _

LONGEST_TEXT_CHARACTERS = 20_000


class NoteKind(StrEnum):
    """What a session of talk was for; the same words as the kinds of planned visits."""

    PREPARATION = "preparation"
    TALK_THERAPY = "talk-therapy"
    INTEGRATION = "integration"


class About(StrEnum):
    """The page from which a patient asks to talk about something."""

    PROGRESS = "progress"


LONGEST_TOPIC_CHARACTERS = 400
MOST_OPEN_TOPICS = 5


@dataclass(frozen=True)
class WrittenNote:
    """What somebody wrote. `id` is made by the form, so that a repeated POST is harmless."""

    id: UUID
    kind: NoteKind
    on: date
    text: str
    planned_session_id: UUID | None = None


class CannotWrite(Exception):
    """A text that is not kept, or a journal entry that does not allow it; the message lists every reason."""


def reasons_not_to_note(*, text: str, on: date, today: date) -> list[str]:
    """Every reason why a note of therapy is not kept."""
    reasons = _reasons_against_text(text, _("Write what was talked about."))
    if on > today:
        reasons.append(_("The day lies in the future: a note is of a session that took place."))
    return reasons


def reasons_not_to_mark_done(
    *, is_of_patient: bool, kind: str, note_kind: NoteKind, is_planned: bool
) -> list[str]:
    """Every reason why a note cannot be the one of this planned session."""
    if not is_of_patient:
        return [_("There is no such planned session.")]
    reasons = []
    if kind != note_kind.value:
        reasons.append(
            _("The planned session is of another kind: choose the same kind for the note.")
        )
    if not is_planned:
        reasons.append(_("The planned session is marked already."))
    return reasons


def reasons_not_to_sign(*, is_author: bool, stands: bool) -> list[str]:
    """Every reason why somebody does not sign a note."""
    reasons = []
    if not is_author:
        reasons.append(_("A note is signed by whoever wrote it."))
    if not stands:
        reasons.append(_("This note was corrected: sign the one that took its place."))
    return reasons


def reasons_not_to_ask(*, text: str, open_topics: int) -> list[str]:
    """Every reason why one more thing to talk about is not taken."""
    reasons = []
    if len(text) > LONGEST_TOPIC_CHARACTERS:
        reasons.append(_("Write at most %(most)s characters.") % {"most": LONGEST_TOPIC_CHARACTERS})
    if open_topics >= MOST_OPEN_TOPICS:
        reasons.append(
            _("There are %(count)s things to talk about already. Take one back to add another.")
            % {"count": open_topics}
        )
    return reasons


def reasons_not_to_keep_entry(text: str) -> list[str]:
    return _reasons_against_text(text, _("There is nothing written yet."))


def reasons_not_to_keep_private_note(*, text: str, on: date, today: date) -> list[str]:
    """Every reason why a psychotherapy note is not kept."""
    return reasons_not_to_note(text=text, on=on, today=today)


def reasons_not_to_destroy(*, reason: str) -> list[str]:
    return (
        [] if reason.strip() else [_("Say why it is destroyed: the reason stays, the text goes.")]
    )


def reasons_not_to_share(*, destroyed_at: datetime | None) -> list[str]:
    """Every reason why an entry can be neither shared nor taken back."""
    return [_("This entry was removed: there is nothing to share.")] if destroyed_at else []


def _reasons_against_text(text: str, when_empty: str) -> list[str]:
    if not text.strip():
        return [when_empty]
    if len(text) > LONGEST_TEXT_CHARACTERS:
        return [_("Write at most {most} characters.").format(most=LONGEST_TEXT_CHARACTERS)]
    return []
