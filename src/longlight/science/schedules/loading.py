"""Reads the schedules and the customs: one TOML file per version, and the hash of each that was published."""

import difflib
import hashlib
from dataclasses import dataclass
from datetime import time, timedelta
from functools import cache
from importlib.resources import files

from longlight.science.protocols.model import Sourced
from longlight.science.schedules.model import Customs, Schedule
from longlight.science.tables import build, read_toml, toml_files

PACKAGE = "longlight.science.schedules"
CUSTOMS = "customs-"
UNITS = {"hours": timedelta(hours=1), "days": timedelta(days=1)}


class UnknownSchedule(LookupError):
    """No schedule of that name. Carries a sentence for people."""


@dataclass(frozen=True)
class Usual:
    """The customs as lengths and clocks, ready to reckon with."""

    version: str
    clock: time
    before_opens: timedelta
    taken_as_given: timedelta
    windows: tuple[tuple[timedelta | None, timedelta], ...]
    reminders: tuple[timedelta, ...]
    last_call: timedelta
    quiet_from: time
    quiet_until: time
    evening: time
    snooze_short: timedelta
    softens_after: timedelta
    overdue_after: timedelta
    gone_quiet_after: timedelta
    gone_quiet_unanswered: int
    planned_ahead: timedelta

    def window(self, after_h: int) -> timedelta:
        """How long something stays open that is due so many hours after its dose."""
        after = timedelta(hours=after_h)
        return next(length for up_to, length in self.windows if up_to is None or after <= up_to)


@cache
def schedules() -> tuple[Schedule, ...]:
    """Every schedule that can be added, the newest version of each, by title."""
    newest = {each.id: each for each in every_version()}
    return tuple(sorted(newest.values(), key=lambda each: each.title))


@cache
def every_version() -> tuple[Schedule, ...]:
    """Every version of every schedule, oldest first."""
    found = [
        build(Schedule, read_toml(path), path.name)
        for path in toml_files(PACKAGE, "definitions")
        if not path.name.startswith(CUSTOMS)
    ]
    return tuple(sorted(found, key=lambda each: (each.id, int(each.version))))


def schedule(schedule_id: str, version: str | None = None) -> Schedule:
    """A schedule in the version given, or in the newest.

    >>> schedule("day-after-each-dose").title
    '24 hours after each dose'
    """
    found = [each for each in every_version() if each.id == schedule_id]
    if version is not None:
        found = [each for each in found if each.version == version]
    if not found:
        ids = [each.id for each in schedules()]
        nearest = difflib.get_close_matches(schedule_id, ids, n=3, cutoff=0.4) or ids
        raise UnknownSchedule(
            f"There is no schedule '{schedule_id}': the nearest are {', '.join(nearest)}."
        )
    return found[-1]


@cache
def customs(version: str = "1") -> Customs:
    """How questionnaires go out, with the source of each number."""
    path = files(PACKAGE) / "definitions" / f"{CUSTOMS}{version}.toml"
    return build(Customs, read_toml(path), path.name)


@cache
def usual(version: str = "1") -> Usual:
    told = customs(version)
    return Usual(
        version=told.version,
        clock=time.fromisoformat(told.usual_clock.text),
        before_opens=_length(told.before_opens),
        taken_as_given=_length(told.taken_as_given_for),
        windows=tuple(
            (None if each.up_to is None else _length(each.up_to), _length(each.window))
            for each in told.open_for
        ),
        reminders=tuple(_length(each) for each in told.reminders),
        last_call=_length(told.last_call),
        quiet_from=time.fromisoformat(told.quiet_from.text),
        quiet_until=time.fromisoformat(told.quiet_until.text),
        evening=time.fromisoformat(told.evening.text),
        snooze_short=_length(told.snooze_short),
        softens_after=_length(told.softens_after),
        overdue_after=_length(told.overdue_after),
        gone_quiet_after=_length(told.gone_quiet_after),
        gone_quiet_unanswered=int(told.gone_quiet_unanswered.value),
        planned_ahead=_length(told.planned_ahead),
    )


def _length(number: Sourced) -> timedelta:
    return int(number.value) * UNITS[number.unit]


def hashes() -> dict[str, str]:
    """File to SHA-256 of its text, for every version that there is."""
    return {
        path.name: hashlib.sha256(path.read_text("utf-8").encode()).hexdigest()
        for path in toml_files(PACKAGE, "definitions")
    }


def published_hashes() -> dict[str, str]:
    """The same as it was when each was published: such a file never changes again."""
    table = read_toml(files(PACKAGE) / "published.toml")
    return {row["file"]: row["sha256"] for row in table["schedule"]}
