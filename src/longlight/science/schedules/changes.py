"""What has to change in a kept plan when the plan is made anew: what is asked moves, what was answered stays. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from longlight.science.schedules.model import Occurrence

AGAIN = "~"


class Standing(StrEnum):
    """How far a kept questionnaire has come."""

    PLANNED = "planned"
    STARTED = "started"  # there are answers in it
    SETTLED = "settled"  # answered, missed, or taken back by a person
    DROPPED = "dropped"  # taken out by an earlier plan; comes back when its moment does


@dataclass(frozen=True, slots=True)
class Kept:
    """A questionnaire as it stands in the record."""

    key: str
    standing: Standing
    opens_at: datetime
    closes_at: datetime

    @property
    def stem(self) -> str:
        return self.key.partition(AGAIN)[0]


@dataclass(frozen=True, slots=True)
class Changes:
    """What to add, what to put where (by key), and what to drop."""

    added: tuple[Occurrence, ...] = ()
    moved: tuple[tuple[str, Occurrence], ...] = ()
    dropped: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        return not (self.added or self.moved or self.dropped)


def changes(kept: Iterable[Kept], planned: Sequence[Occurrence], now: datetime) -> Changes:
    """What brings the record to the plan.

    Nothing settled is touched: when its moment has moved to a time that it does not cover, it is asked anew. What
    somebody began stays open at least as long as it was. What is over before anybody was asked is not added.
    """
    newest: dict[str, Kept] = {}
    for each in sorted(
        kept, key=lambda each: (each.standing is not Standing.SETTLED, each.opens_at)
    ):
        newest[each.stem] = each
    added: list[Occurrence] = []
    moved: list[tuple[str, Occurrence]] = []
    for wanted in planned:
        old = newest.pop(wanted.key, None)
        if old is None:
            added += [wanted] if wanted.closes_at > now else []
        elif old.standing is Standing.SETTLED:
            added += _asked_anew(old, wanted, now)
        elif old.standing is Standing.STARTED:
            moved += [(old.key, wanted)] if wanted.closes_at > old.closes_at else []
        elif old.standing is Standing.DROPPED:
            moved += [(old.key, wanted)] if wanted.closes_at > now else []
        elif (old.opens_at, old.closes_at) != (wanted.opens_at, wanted.closes_at):
            moved.append((old.key, wanted))
    dropped = [each.key for each in newest.values() if each.standing is Standing.PLANNED]
    return Changes(tuple(added), tuple(moved), tuple(dropped))


def _asked_anew(old: Kept, wanted: Occurrence, now: datetime) -> list[Occurrence]:
    if wanted.opens_at < old.closes_at or wanted.closes_at <= now:
        return []
    key = f"{wanted.key}{AGAIN}{wanted.opens_at:%Y%m%d%H%M}"
    return [replace(wanted, key=key)]
