"""From rules, occasions and a wall clock to questionnaires with their windows. Pure: the same in, the same out.

Hours are counted as they pass: 24 hours after a dose is 24 hours after it, also in the night when the clocks change.
Days and weeks are counted on the calendar where the person is, from midnight to midnight there.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import count
from zoneinfo import ZoneInfo

from longlight.science.schedules.clock import day_of, instant
from longlight.science.schedules.loading import Usual
from longlight.science.schedules.model import (
    CountedFrom,
    Occasion,
    OccasionKind,
    Occurrence,
    Rule,
    Stretch,
)

NEAR = timedelta(hours=22)  # nearer than the shortest day that a change of the clocks leaves
MIDNIGHT = time.min


@dataclass(frozen=True)
class Anchored:
    """An occasion with its moment, and the dose after it, which ends what is asked about this one."""

    occasion: Occasion
    at: datetime
    next_dose_at: datetime | None = None


@dataclass(frozen=True)
class Calendar:
    """What is counted from, for one person: where they are, what happened and what is planned, and what time it is."""

    occasions: tuple[Occasion, ...]
    zone: ZoneInfo
    now: datetime
    until: datetime  # nothing is planned that opens from then on
    usual: Usual


def occurrences(rules: Iterable[Rule], calendar: Calendar) -> tuple[Occurrence, ...]:
    """Every questionnaire of a plan that opens before `until`, in the order in which they open.

    Of one questionnaire at two moments nearly a day apart or less one is asked; windows of one never overlap.
    """
    found = [
        each
        for rule in rules
        for each in _of_rule(rule, calendar)
        if each.opens_at < calendar.until and each.opens_at < each.closes_at
    ]
    apart = [
        each
        for instrument in dict.fromkeys(each.instrument for each in found)
        for each in _apart([each for each in found if each.instrument == instrument])
    ]
    return tuple(sorted(apart, key=lambda each: (each.opens_at, each.instrument, each.key)))


def _of_rule(rule: Rule, calendar: Calendar) -> Iterator[Occurrence]:
    for anchored in _anchors(rule, calendar):
        if rule.stretches:
            yield from _series(rule, anchored, calendar)
        else:
            yield _once(rule, anchored, calendar)


def _anchors(rule: Rule, calendar: Calendar) -> list[Anchored]:
    if rule.counted_from is CountedFrom.START:
        return _of_kind(calendar, OccasionKind.START)
    if rule.counted_from is CountedFrom.EACH_CHECK_IN:
        return _of_kind(calendar, OccasionKind.CHECK_IN)
    doses = _doses(calendar)
    if rule.counted_from is CountedFrom.FIRST_DOSE:
        doses = doses[:1]
    counted = doses if rule.offset_h < 0 else [each for each in doses if _counts(each, calendar)]
    if rule.counted_from is CountedFrom.LAST_DOSE_OF_PHASE:
        counted = list({each.occasion.phase_id: each for each in counted}.values())
    return counted


def _of_kind(calendar: Calendar, kind: OccasionKind) -> list[Anchored]:
    found = [each for each in calendar.occasions if each.kind is kind]
    return [Anchored(each, moment_of(each, calendar)) for each in sorted(found, key=lambda o: o.on)]


def _doses(calendar: Calendar) -> list[Anchored]:
    """The doses by time, each with the next one that counts."""
    doses = sorted(_of_kind(calendar, OccasionKind.DOSE), key=lambda each: each.at)
    known = []
    for place, dose in enumerate(doses):
        later = (each.at for each in doses[place + 1 :] if _counts(each, calendar))
        known.append(replace(dose, next_dose_at=next(later, None)))
    return known


def _counts(dose: Anchored, calendar: Calendar) -> bool:
    """Whether a dose was given, or may still be: one that was planned and passed by starts no clock."""
    return (
        dose.occasion.given_at is not None
        or calendar.now <= dose.at + calendar.usual.taken_as_given
    )


def moment_of(occasion: Occasion, calendar: Calendar) -> datetime:
    """When an occasion is: as it was given, as it is booked, else at the usual hour of its day."""
    if occasion.given_at is not None:
        return occasion.given_at
    return instant(occasion.on, occasion.clock or calendar.usual.clock, calendar.zone)


def _once(rule: Rule, anchored: Anchored, calendar: Calendar) -> Occurrence:
    usual, at = calendar.usual, anchored.at
    if rule.offset_h < 0:
        opens_at = at + min(timedelta(hours=rule.offset_h), -usual.before_opens)
        return _occurrence(rule, anchored, 0, (opens_at, at), calendar)
    if anchored.occasion.kind is not OccasionKind.DOSE and rule.offset_h == 0:
        return _whole_days(rule, anchored, 0, anchored.occasion.on, calendar)
    opens_at = at + timedelta(hours=rule.offset_h)
    closes_at = opens_at + usual.window(rule.offset_h)
    if (
        anchored.next_dose_at is not None
        and rule.counted_from is not CountedFrom.LAST_DOSE_OF_PHASE
    ):
        closes_at = min(closes_at, anchored.next_dose_at)
    return _occurrence(rule, anchored, 0, (opens_at, closes_at), calendar)


def _series(rule: Rule, anchored: Anchored, calendar: Calendar) -> Iterator[Occurrence]:
    """Day after day by the stretches, until the next dose, or until nothing is planned any more."""
    first = day_of(anchored.at, calendar.zone)
    for number, after_days in enumerate(_days(rule.stretches)):
        found = _whole_days(rule, anchored, number, first + timedelta(days=after_days), calendar)
        if anchored.next_dose_at is not None:
            found = replace(found, closes_at=min(found.closes_at, anchored.next_dose_at))
        if found.opens_at >= min(calendar.until, anchored.next_dose_at or calendar.until):
            return
        yield found


def _days(stretches: Sequence[Stretch]) -> Iterator[int]:
    """After how many days each of a series comes."""
    day = 0
    for stretch in stretches:
        for _ in count() if stretch.times is None else range(stretch.times):
            day += stretch.every_days
            yield day


def _whole_days(
    rule: Rule, anchored: Anchored, number: int, day: date, calendar: Calendar
) -> Occurrence:
    """Open from the beginning of a day, for as many whole days as the window has."""
    after_h = int((day - anchored.occasion.on) / timedelta(hours=1))
    last = day + timedelta(days=calendar.usual.window(max(after_h, 0)).days)
    window = (
        instant(day, MIDNIGHT, calendar.zone),
        instant(last, MIDNIGHT, calendar.zone),
    )
    return _occurrence(rule, anchored, number, window, calendar)


def _occurrence(
    rule: Rule,
    anchored: Anchored,
    number: int,
    window: tuple[datetime, datetime],
    calendar: Calendar,
) -> Occurrence:
    opens_at, closes_at = window
    return Occurrence(
        f"{rule.id}|{anchored.occasion.id}|{number}", rule.id, rule.instrument,
        day_of(opens_at, calendar.zone), opens_at, closes_at, rule.why, rule.is_optional,
        rule.offset_h < 0,
    )  # fmt: skip


def _apart(found: list[Occurrence]) -> list[Occurrence]:
    """Those of one questionnaire, so that no two windows overlap: the one that matters more stands, the others give way."""
    kept: list[Occurrence] = []
    for each in sorted(found, key=_importance):
        if all(abs(each.opens_at - other.opens_at) >= NEAR for other in kept):
            kept.append(each)
    kept.sort(key=lambda each: each.opens_at)
    return [
        replace(each, closes_at=min(each.closes_at, later.opens_at)) if later else each
        for each, later in zip(kept, [*kept[1:], None], strict=True)
    ]


def _importance(each: Occurrence) -> tuple[bool, bool, datetime, str]:
    """What a dose waits for first, then what closes first; what is optional last."""
    return (each.is_optional, not each.is_before_dose, each.closes_at, each.key)
