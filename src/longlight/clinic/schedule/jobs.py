"""What happens to the schedule by itself: each hour the list of today and tomorrow is written as a file.

For the day when neither server nor database answers: the file is read, and printed, with any browser on the machine.
"""

import os
import tempfile
from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone, translation

from longlight.clinic.contact.jobs import JobRun, job
from longlight.clinic.people.models import Clinic
from longlight.clinic.schedule.models import Appointment
from longlight.clinic.schedule.queries import booked_of_clinic

FOLDER = "day-lists"
DAYS = 2


@job("day-lists", outside=True, every_min=60)
def day_lists(run: JobRun) -> None:
    """Write every clinic's list anew. Written twice, it is the same file."""
    folder = Path(settings.HOME) / FOLDER
    folder.mkdir(mode=0o700, exist_ok=True)
    for clinic in Clinic.objects.order_by("slug"):
        zone = ZoneInfo(clinic.time_zone)
        here = run.at.astimezone(zone)
        with translation.override(settings.LANGUAGE_CODE), timezone.override(zone):
            told = {"clinic": clinic, "at": here, "days": _days(clinic, here.date())}
            _replace(
                folder / f"{clinic.slug}.html", render_to_string("schedule/day-list.html", told)
            )


def _days(clinic: Clinic, first: date) -> list[tuple[date, list[Appointment]]]:
    booked = list(booked_of_clinic(clinic, first, DAYS))
    days = [first + timedelta(days=number) for number in range(DAYS)]
    return [
        (day, [one for one in booked if timezone.localtime(one.start_at).date() == day])
        for day in days
    ]


def _replace(path: Path, text: str) -> None:
    """The old file or the new one, never a half; for its owner alone."""
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)  # mode 0600
    with open(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(descriptor)
    Path(name).replace(path)
