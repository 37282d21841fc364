"""The demo: the same each time, in no database but its own, with links that work once, from this machine."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from django.core import serializers
from tests.cast import Cast
from tests.installation import Installation, uninstall
from tests.ready_made import demo_home

from longlight.clinic.demo.actions import CannotBuild, build, make_links
from longlight.clinic.demo.rules import is_this_machine
from longlight.clinic.people.models import Account, Clinic, Patient
from longlight.clinic.people.rules import Role

AT = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def everyone() -> str:
    found = [
        *Clinic.objects.order_by("pk"),
        *Account.objects.order_by("pk"),
        *Patient.objects.order_by("pk"),
    ]
    return serializers.serialize("json", found)


@pytest.mark.django_db
@pytest.mark.parametrize("day", [date.min, date.max, date(2076, 1, 1)])
def test_a_day_that_no_plan_can_stand_on_is_refused_before_anything_is_built(day: date) -> None:
    with pytest.raises(CannotBuild, match="within 20 years"):
        build(today=day, at=datetime(2026, 11, 23, 15, tzinfo=UTC))
    assert not Clinic.objects.exists()


def test_it_refuses_a_database_that_holds_anyone_else(cast: Cast) -> None:
    before = everyone()
    with pytest.raises(CannotBuild, match="use an empty one"):
        build(today=date(2026, 11, 23), at=AT)
    with pytest.raises(CannotBuild, match="not a demo"):
        make_links(at=AT)
    assert everyone() == before


@pytest.mark.parametrize("address", ["127.0.0.1", "127.8.8.8", "::1", "::ffff:127.0.0.1"])
def test_loopback_addresses_are_this_machine(address: str) -> None:
    assert is_this_machine({"REMOTE_ADDR": address})


@pytest.fixture
def filled(installation: Installation) -> Iterator[tuple[Installation, str]]:
    """`longlight demo --today 2026-11-23` has run in it, and printed this."""
    if installation.is_sqlite:
        made = Installation(demo_home(), "")
        yield made, (made.home / "demo.txt").read_text(encoding="utf-8")
        uninstall(made)
    else:
        done = installation.command("demo", "--today", "2026-11-23")
        assert done.returncode == 0, done.stderr
        yield installation, done.stdout


def test_the_command_prints_a_link_for_each_role(filled: tuple[Installation, str]) -> None:
    installation, printed = filled
    links = re.findall(
        r"^  (\S+) .* http://localhost:8000/demo/enter/[\w-]{43}$", printed, re.MULTILINE
    )
    assert set(links) == {role.value for role in Role}
    again = installation.command("demo", "links", "--port", "8123")
    assert "http://localhost:8123/demo/enter/" in again.stdout
    wrong = installation.command("demo", "--today", "tomorrow")
    assert wrong.returncode == 2
    assert "Traceback" not in wrong.stderr
