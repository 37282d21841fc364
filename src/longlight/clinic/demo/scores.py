"""The scores of the demo: a course that helped and faded, one that is beginning, one that did not help. All made up."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from longlight.clinic.assessments.actions import import_scores, plan_check_in
from longlight.clinic.assessments.models import Assessment
from longlight.clinic.assessments.rules import DoseEntry, Entry, MissedEntry, ReadFile, ScoreEntry
from longlight.clinic.demo.people import HARBOR, RIDGE, DemoClinic, demo_id, not_before
from longlight.clinic.people.rules import Role, Viewer
from longlight.science import instruments

Day = int  # days before the demo's day


@dataclass(frozen=True)
class DemoCourse:
    """Scores by instrument, a day and a total each (None: not answered), and the days of treatment by kind."""

    clinic: DemoClinic
    number: str
    scores: dict[str, tuple[tuple[Day, int | None], ...]]
    doses: dict[str, tuple[Day, ...]]
    due_in_days: tuple[int, ...] = ()


def _weekly(begin: Day, *totals: int | None) -> tuple[tuple[Day, int | None], ...]:
    return tuple((begin - 7 * week, total) for week, total in enumerate(totals))


COURSES = (
    DemoCourse(
        HARBOR,
        "LL-0401",
        {
            "phq-9": _weekly(78, 22, 21, 16, 13, 9, 8, None, 11, 12, 8, 6, 7),
            "hamd-17": ((78, 31), (50, 14), (22, 17), (1, 9)),
        },
        {"induction": (69, 67, 62, 60, 55, 53), "booster": (20,)},
        due_in_days=(0, 7),
    ),
    DemoCourse(
        HARBOR,
        "LL-0402",
        {"phq-9": _weekly(36, 19, 20, 18, 19, 17, 18), "gad-7": ((36, 15), (1, 14))},
        {"induction": (33, 31, 26, 24, 19, 17)},
        due_in_days=(6,),
    ),
    DemoCourse(HARBOR, "LL-0403", {"phq-9": ((2, 17),)}, {}, due_in_days=(5,)),
    DemoCourse(
        RIDGE,
        "CR-101",
        {"phq-9": _weekly(50, 18, 15, 12, 10, 9, None, 7, 8)},
        {"induction": (48, 45, 41, 38, 34, 31)},
        due_in_days=(3,),
    ),
)


def build_scores(today: date, at: datetime) -> None:
    """Give the demo's people their scores; who has some is left as they are."""
    # A demo of a later day is entered on that day: nothing in it may lie in the future.
    at = not_before(today, at)
    for course in COURSES:
        patient_id = demo_id("patient", course.clinic.slug, course.number)
        if Assessment.objects.filter(patient_id=patient_id).exists():
            continue
        nurse = _nurse(course.clinic)
        file_id = f"{course.clinic.slug}/{course.number}"
        import_scores(
            patient_id=patient_id,
            file=ReadFile(
                "from-the-last-clinic.csv",
                hashlib.sha256(file_id.encode()).hexdigest(),
                "UTF-8, comma between the cells",
                list(_entries(course, today)),
            ),
            leave_out_refused=False,
            viewer=nurse,
            at=at,
        )
        for days in course.due_in_days:
            due_on = today + timedelta(days=days)
            plan_check_in(
                patient_id=patient_id,
                instrument_id="phq-9",
                due_on=due_on,
                closes_on=due_on + timedelta(days=3),
                viewer=nurse,
                at=at,
            )


def _nurse(clinic: DemoClinic) -> Viewer:
    name = next(name for role, name in clinic.staff if role is Role.NURSE)
    return Viewer(demo_id("account", clinic.slug, Role.NURSE.value), name, Role.NURSE, clinic.id)


def _entries(course: DemoCourse, today: date) -> Iterator[Entry]:
    line = 1
    for instrument_id, given in course.scores.items():
        version = instruments.get(instrument_id).version
        for ago, total in given:
            line, on = line + 1, today - timedelta(days=ago)
            if total is None:
                yield MissedEntry(line, instrument_id, on)
            else:
                yield ScoreEntry(line, instrument_id, version, on, None, total)
    for kind, days in course.doses.items():
        for ago in days:
            line += 1
            yield DoseEntry(line, kind, today - timedelta(days=ago), None, None, 0.5)
