"""What calls someone to the chair now: signs beyond the watch rules, signs that are late, a dose past its end.

Readings and clocks raise alarms. The predicted concentration never does.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal

from django.utils.translation import gettext as _

from longlight.clinic.dosing.models import Reading
from longlight.clinic.dosing.queries.day import DosingDay
from longlight.clinic.dosing.queries.predicting import planned_end_at
from longlight.clinic.dosing.rules import (
    SIGN_IDS,
    Alarm,
    AlarmPriority,
    HappeningKind,
    SessionState,
    in_order,
)
from longlight.science import protocols
from longlight.science.protocols import AlertLevel

PRIORITIES = {AlertLevel.RED: AlarmPriority.HIGH, AlertLevel.AMBER: AlarmPriority.MEDIUM}
WATCHED_STATES = frozenset(
    {SessionState.IN_PROGRESS, SessionState.RECOVERY, SessionState.READY_TO_LEAVE}
)


def alarms_of(day: DosingDay) -> list[Alarm]:
    """Every alarm that stands now, the loudest first. A later sign within its limits ends one."""
    if day.state not in WATCHED_STATES:
        return []
    found = [*_of_signs(day), *_of_clocks(day)]
    return in_order([_seen(alarm, day) for alarm in found], day.at)


def _of_signs(day: DosingDay) -> Iterator[Alarm]:
    for sign in protocols.watch_rules().signs:
        column = next(name for name, sign_id in SIGN_IDS.items() if sign_id == sign.id)
        taken = [r for r in day.standing_readings if getattr(r, column) is not None]
        if not taken:
            continue
        values = [Decimal(getattr(reading, column)) for reading in taken]
        raised = protocols.alert_for(
            sign,
            values[-1],
            baseline=_baseline(day, taken, values),
            previous=values[-2] if len(values) > 1 else None,
        )
        if raised is not None:
            yield Alarm(
                f"{sign.id}:{raised.level.value}:{taken[-1].pk}",
                PRIORITIES[raised.level],
                raised.sentence.said(_),
                raised.action,
                raised.source,
            )


def _baseline(day: DosingDay, taken: list[Reading], values: list[Decimal]) -> Decimal | None:
    """The last value before the dose."""
    if day.dose is None:
        return None
    before = [v for r, v in zip(taken, values, strict=True) if r.observed_at <= day.dose.started_at]
    return before[-1] if before else None


def _of_clocks(day: DosingDay) -> Iterator[Alarm]:
    due_at = day.signs_due_at
    if due_at is not None and (late_min := _minutes(day.at - due_at)) > 0:
        yield Alarm(
            f"signs-late:{int(due_at.timestamp())}",
            AlarmPriority.MEDIUM,
            _("Signs are %(n)s min late.") % {"n": late_min},
            _("Take them now."),
        )
    end_at = planned_end_at(day)
    if day.state is SessionState.IN_PROGRESS and end_at and (over := _minutes(day.at - end_at)) > 0:
        yield Alarm(
            f"past-end:{int(end_at.timestamp())}",
            AlarmPriority.LOW,
            _("The dose should have been in %(n)s min ago.") % {"n": over},
            _("If it is, press All given."),
        )


def _minutes(span: timedelta) -> int:
    return int(span.total_seconds() // 60)


def _seen(alarm: Alarm, day: DosingDay) -> Alarm:
    """The alarm with who has seen it last, by name and time."""
    for happening in reversed(day.standing_happenings):
        if happening.kind == HappeningKind.ACKNOWLEDGED and happening.about == alarm.id:
            seen_at: datetime = happening.observed_at
            return Alarm(
                alarm.id, alarm.priority, alarm.sentence, alarm.action, alarm.source,
                happening.by_name, seen_at,
            )  # fmt: skip
    return alarm
