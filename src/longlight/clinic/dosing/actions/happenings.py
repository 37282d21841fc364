"""What is noted with one tap: seen, done at the pump, an alarm that somebody saw; undone at once or corrected later."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext as _

from longlight.clinic.dosing import rules
from longlight.clinic.dosing.actions.locking import (
    AT_THE_CHAIR,
    locked_day,
    note,
    reasons_if_signed,
    refuse,
)
from longlight.clinic.dosing.actions.watch import reasons_against_time
from longlight.clinic.dosing.models import Happening
from longlight.clinic.dosing.queries import DosingDay
from longlight.clinic.dosing.rules import CannotDo, HappeningKind
from longlight.clinic.people.access import require_role
from longlight.clinic.people.rules import Viewer
from longlight.clinic.record.actions import Pen, correct, patient_chain, writing


def note_happening(
    *,
    session_id: UUID,
    key: UUID,
    kind: HappeningKind,
    observed_at: datetime,
    viewer: Viewer,
    at: datetime,
    rate_mg_per_min: Decimal | None = None,
    about: str = "",
) -> Happening:
    """Note what happened. `key` is made where it was tapped: sent twice, it is kept once."""
    require_role(viewer, *AT_THE_CHAIR)
    with writing(by=viewer.actor, at=at) as pen:
        day = locked_day(session_id, viewer, at)
        standing = Happening.objects.filter(key=key, session=day.session).first()
        if standing is not None:
            note(pen, day.session, "happening-repeated", happening=standing.pk)
            return standing
        refuse(
            rules.reasons_not_to_note(
                kind, day.state_at(observed_at), day.pump_steps, rate_mg_per_min
            )
        )
        refuse(reasons_if_signed(day) + reasons_against_time(day, observed_at))
        if kind is HappeningKind.ACKNOWLEDGED and not about:
            raise CannotDo(_("Say which alarm was seen."))
        happening = Happening.objects.create(
            key=key,
            session=day.session,
            kind=kind.value,
            observed_at=observed_at,
            entered_at=at,
            rate_mg_per_min=rate_mg_per_min if kind is HappeningKind.RATE_CHANGED else None,
            about=about[:64] if kind is HappeningKind.ACKNOWLEDGED else "",
            by_id=viewer.account_id,
            by_name=viewer.name,
        )
        note(pen, day.session, f"noted-{kind.value}", happening=happening.pk)
    return happening


def undo_happening(*, session_id: UUID, key: UUID, viewer: Viewer, at: datetime) -> None:
    """Take back a slip of the finger, within ten seconds and by whoever made it. Both stay in the record."""
    require_role(viewer, *AT_THE_CHAIR)
    with writing(by=viewer.actor, at=at) as pen:
        day, happening = _found(session_id, key, viewer, at)
        if happening.by_id != viewer.account_id:
            raise CannotDo(_("Only whoever noted it takes it back at once; others correct it."))
        if not happening.stands and happening.correction_reason == rules.UNDONE:
            note(pen, day.session, "happening-undone-repeated", happening=happening.pk)
            return
        if at > happening.entered_at + rules.UNDO_WITHIN + rules.ON_THE_WAY:
            raise CannotDo(_("That was more than ten seconds ago: correct it, with a reason."))
        refuse(reasons_if_signed(day))
        _take_out(pen, happening, rules.UNDONE)


def take_out_happening(
    *, session_id: UUID, key: UUID, reason: str, viewer: Viewer, at: datetime
) -> None:
    """It did not happen: the line stays, struck through, with the reason."""
    require_role(viewer, *AT_THE_CHAIR)
    with writing(by=viewer.actor, at=at) as pen:
        day, happening = _found(session_id, key, viewer, at)
        refuse(reasons_if_signed(day))
        _take_out(pen, happening, reason)


def _found(
    session_id: UUID, key: UUID, viewer: Viewer, at: datetime
) -> tuple[DosingDay, Happening]:
    day = locked_day(session_id, viewer, at)
    happening = Happening.objects.filter(key=key, session=day.session).first()
    if happening is None:
        raise CannotDo(_("There is no such line."))
    return day, happening


def _take_out(pen: Pen, happening: Happening, reason: str) -> None:
    correct(
        pen,
        happening,
        successor=None,
        reason=reason,
        chain=patient_chain(happening.session.patient_id),
        object_kind="happening",
    )
