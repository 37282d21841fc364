"""Each hour the list of today and tomorrow is written as a file, for when neither server nor database answers."""

import re
import uuid
from datetime import timedelta
from pathlib import Path

import pytest
from tests.clinic.house import NOW, House

from longlight.clinic.contact.jobs import KNOWN, JobRun, know_all_jobs
from longlight.clinic.schedule import actions
from longlight.clinic.schedule.jobs import day_lists
from longlight.clinic.schedule.rules import Kind, Reason


@pytest.fixture
def home(tmp_path: Path, settings: pytest.FixtureRequest) -> Path:
    settings.HOME = tmp_path
    return tmp_path / "day-lists"


def run() -> None:
    day_lists(JobRun(uuid.uuid4(), {}, NOW))


def words(path: Path) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", path.read_text(encoding="utf-8")).split())


def test_it_says_who_comes_when_where_and_how_to_reach_them(
    home: Path, harbor: House, alder: House
) -> None:
    harbor.patient.phone = "+1 555 0199"
    harbor.patient.save(update_fields=["phone"])
    actions.book(viewer=harbor.desk, at=NOW, booking=harbor.booking())
    later = harbor.somebody(
        "Sol <b>Marten</b>", start_at=NOW + timedelta(hours=4), kind=Kind.FIRST_TALK
    )
    actions.book(viewer=harbor.desk, at=NOW, booking=later)
    run()
    said = words(home / "harbor.html")
    assert "As it stood on Monday 23 November 2026, 10:00 (America/New_York)" in said
    assert "Monday 23 November 2026 From To Who" in said
    assert "14:00 16:00 Sol &lt;b&gt;Marten&lt;/b&gt; First talk" in said
    assert (
        "10:00 12:00 Ana Brook · LL-0001 +1 555 0199 Dosing day Chair 1, J. Oyelaran Booked" in said
    )
    assert "Nothing booked." in words(home / "alder.html")
    assert "Ana" not in words(home / "alder.html")


def test_what_is_cancelled_or_later_is_not_in_it_and_the_next_hour_replaces_it(
    home: Path, harbor: House
) -> None:
    booked = actions.book(viewer=harbor.desk, at=NOW, booking=harbor.booking())
    far = harbor.booking(start_at=NOW + timedelta(days=3))
    actions.book(viewer=harbor.desk, at=NOW, booking=far)
    run()
    assert words(home / "harbor.html").count("Ana Brook") == 1
    actions.cancel(
        viewer=harbor.desk, at=NOW, appointment_id=booked.pk, version=1, reason=Reason.ILL, text=""
    )
    run()
    assert "Ana Brook" not in words(home / "harbor.html")
    assert [path.name for path in home.iterdir()] == ["harbor.html"]


def test_only_the_owner_may_read_it(home: Path, harbor: House) -> None:
    run()
    assert home.stat().st_mode & 0o777 == 0o700
    assert (home / "harbor.html").stat().st_mode & 0o777 == 0o600


def test_the_worker_writes_it_each_hour() -> None:
    know_all_jobs()
    known = KNOWN["day-lists"]
    assert (known.every_min, known.outside) == (60, True)
