"""A time on a page is that of the clinic's clock, whatever the server's."""

from datetime import UTC, datetime

import pytest
import time_machine
from tests.cast import Cast


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("zone", "shown"),
    [
        ("America/New_York", "09:15:00"),
        ("America/Denver", "07:15:00"),
        ("Asia/Kolkata", "19:45:00"),
    ],
)
def test_times_are_those_of_the_clinics_clock(cast: Cast, zone: str, shown: str) -> None:
    cast.clinic_a.time_zone = zone
    cast.clinic_a.save()
    client = cast.nurse.client()
    with time_machine.travel(datetime(2026, 11, 23, 14, 15, tzinfo=UTC), tick=False):
        assert shown in client.get("/board/").content.decode()
