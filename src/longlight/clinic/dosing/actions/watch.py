"""Giving the dose, and the signs taken before, during and after it."""

from dataclasses import asdict
from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from longlight.clinic.assessments.actions.planning import note_dose_given
from longlight.clinic.dosing import rules
from longlight.clinic.dosing.actions.locking import (
    AT_THE_CHAIR,
    locked_day,
    move_on,
    note,
    reasons_if_signed,
    refuse,
)
from longlight.clinic.dosing.models import Dose, Reading
from longlight.clinic.dosing.queries import DosingDay
from longlight.clinic.dosing.rules import WATCHED, CannotDo, SessionState, Signs
from longlight.clinic.people.access import require_role
from longlight.clinic.people.rules import Viewer
from longlight.clinic.record.actions import correct, patient_chain, writing
from longlight.clinic.record.prepared import Prepared, PreparedInsert

CLOCKS_DIFFER = timedelta(minutes=2)  # how far a device's clock may run ahead before we ask
BEFORE_ARRIVAL = timedelta(hours=2)  # signs may be taken at the door; older ones are another day's


def start_dose(*, session_id: UUID, viewer: Viewer, at: datetime) -> Dose:
    """The dose begins now. Only a cleared session starts, and what cleared it must still hold."""
    require_role(viewer, *AT_THE_CHAIR)
    with writing(by=viewer.actor, at=at) as pen:
        day = locked_day(session_id, viewer, at)
        refuse(rules.reasons_not_to_move_on(day.state, SessionState.IN_PROGRESS))
        refuse(rules.standing_reasons(day.reasons_not_to_start(), day.session.overrides))
        if day.order is None or day.order.checked_at is None:
            raise CannotDo(_("No checked order stands."))
        dose = Dose.objects.create(
            session=day.session,
            order=day.order,
            started_at=at,
            given_by_id=viewer.account_id,
            given_by_name=viewer.name,
        )
        move_on(pen, day.session, SessionState.IN_PROGRESS)
        note(pen, day.session, "dose-started", dose=dose.pk)
        note_dose_given(source_id=day.session.planned_id, given_at=at, by=viewer.actor, at=at)
    return dose


def end_dose(*, session_id: UUID, stop_reason: str, viewer: Viewer, at: datetime) -> Dose:
    """The dose is all given, or it was stopped (`stop_reason`). Watching goes on."""
    require_role(viewer, *AT_THE_CHAIR)
    with writing(by=viewer.actor, at=at) as pen:
        day = locked_day(session_id, viewer, at)
        refuse(rules.reasons_not_to_move_on(day.state, SessionState.RECOVERY))
        if day.dose is None:
            raise CannotDo(_("No dose has begun."))
        dose = day.dose
        dose.ended_at, dose.stop_reason = at, stop_reason.strip()
        dose.save(update_fields=["ended_at", "stop_reason"])
        move_on(pen, day.session, SessionState.RECOVERY)
        note(pen, day.session, "dose-stopped" if dose.stop_reason else "dose-ended", dose=dose.pk)
    return dose


def record_reading(
    *,
    session_id: UUID,
    key: UUID,
    signs: Signs,
    observed_at: datetime,
    viewer: Viewer,
    at: datetime,
) -> Reading:
    """Keep a set of signs. `key` is made where it was typed: sent twice, it is kept once."""
    require_role(viewer, *AT_THE_CHAIR)
    with writing(by=viewer.actor, at=at) as pen:
        day = locked_day(session_id, viewer, at)
        standing = _READINGS.first(key=key, session_id=session_id)
        if standing is not None:
            note(pen, day.session, "reading-repeated", reading=standing.pk)
            return standing
        refuse(_reasons_not_to_keep(day, signs, observed_at))
        reading = _KEEP_READING(
            Reading(
                key=key, session=day.session, observed_at=observed_at, entered_at=at,
                by_id=viewer.account_id, by_name=viewer.name, **asdict(signs),
            )
        )  # fmt: skip
        note(pen, day.session, "reading-recorded", reading=reading.pk)
    return reading


_READINGS = Prepared(
    lambda key, session_id: Reading.objects.filter(key=key, session_id=session_id).order_by("pk"),
    key=UUID,
    session_id=UUID,
)
_KEEP_READING = PreparedInsert(Reading)


def _reasons_not_to_keep(day: DosingDay, signs: Signs, observed_at: datetime) -> list[str]:
    reasons = []
    # Signs that were taken in time and waited for the network are kept when they come.
    if day.state not in WATCHED and day.state_at(observed_at) not in WATCHED:
        reasons.append(
            _("The session stands at “{state}”: no more signs are taken in it.").format(
                state=rules.STATE_WORDS[day.state]
            )
        )
    if signs.is_empty:
        reasons.append(_("Type at least one value."))
    return reasons + reasons_if_signed(day) + reasons_against_time(day, observed_at)


def reasons_against_time(day: DosingDay, observed_at: datetime) -> list[str]:
    """A device whose clock is wrong would put signs where they were not."""
    if observed_at > day.at + CLOCKS_DIFFER:
        return [_("That time lies ahead of the server's clock: check this device's clock.")]
    arrived_at = day.session.arrived_at
    if arrived_at is not None and observed_at < arrived_at - BEFORE_ARRIVAL:
        return [_("That time lies before this session: check this device's clock.")]
    return []


def correct_reading(
    *, wrong_key: UUID, key: UUID, signs: Signs, reason: str, viewer: Viewer, at: datetime
) -> Reading:
    """Put a right reading in the place of a wrong one; both are kept."""
    require_role(viewer, *AT_THE_CHAIR)
    with writing(by=viewer.actor, at=at) as pen:
        wrong = (
            Reading.objects.filter(key=wrong_key, session__clinic_id=viewer.clinic_id)
            .select_related("session")
            .first()
        )
        if wrong is None:
            raise CannotDo(_("There is no such reading."))
        day = locked_day(wrong.session_id, viewer, at)
        refuse(reasons_if_signed(day))
        if signs.is_empty:
            raise CannotDo(_("Type at least one value."))
        right = Reading.objects.create(
            key=key,
            session=day.session,
            observed_at=wrong.observed_at,
            entered_at=at,
            by_id=viewer.account_id,
            by_name=viewer.name,
            **asdict(signs),
        )
        correct(
            pen,
            wrong,
            successor=right,
            reason=reason,
            chain=patient_chain(day.session.patient_id),
            object_kind="reading",
        )
    return right
