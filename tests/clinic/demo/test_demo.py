"""The demo: the same each time, in no database but its own, with links that work once, from this machine."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from django.core import serializers
from django.db import transaction
from django.test import Client
from pytest_django import DjangoDbBlocker
from tests.cast import Cast
from tests.installation import Installation

from longlight.clinic.demo.actions import CannotBuild, build, make_links
from longlight.clinic.demo.models import DemoLink
from longlight.clinic.demo.rules import is_this_machine
from longlight.clinic.people.models import Account, Clinic, Membership, Patient
from longlight.clinic.people.rules import Role

AT = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.fixture(scope="class")
def _demo(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Built once: what a test changes in it is undone by the transaction of that test."""
    with django_db_blocker.unblock(), transaction.atomic():
        build(today=date(2026, 11, 23), at=AT)
        yield
        transaction.set_rollback(True)


def everyone() -> str:
    found = [
        *Clinic.objects.order_by("pk"),
        *Account.objects.order_by("pk"),
        *Patient.objects.order_by("pk"),
    ]
    return serializers.serialize("json", found)


@pytest.mark.django_db
@pytest.mark.usefixtures("_demo")
class TestTheDemo:
    def test_it_has_two_clinics_with_every_role_and_building_again_changes_nothing(self) -> None:
        before = everyone()
        build(today=date(2026, 11, 23), at=datetime.now(UTC))
        assert everyone() == before
        for clinic in Clinic.objects.all():
            assert clinic.is_synthetic
            roles = set(Membership.objects.filter(clinic=clinic).values_list("role", flat=True))
            assert roles == {role.value for role in Role if role is not Role.PATIENT}
            assert clinic.patients.exclude(account=None).exists()

    def test_a_link_signs_in_once_past_the_second_factor(self) -> None:
        links = {
            (link.clinic_name, link.role): link.path for link in make_links(at=datetime.now(UTC))
        }
        path = links["Harbor Light Clinic", Role.DIRECTOR]
        client = Client()
        assert client.get(path).status_code == 302
        page = client.get("/emergencies/")
        assert page.status_code == 200
        assert "every person and every value here is made up" in page.content.decode()
        assert Client().get(path).status_code == 410
        assert path.rpartition("/")[2] not in str(list(DemoLink.objects.values()))

    def test_fresh_links_replace_older_ones(self) -> None:
        old = make_links(at=datetime.now(UTC))[0].path
        make_links(at=datetime.now(UTC))
        assert Client().get(old).status_code == 410

    def test_signing_in_to_a_demo_account_otherwise_asks_for_the_second_factor(self) -> None:
        client = Client()
        client.force_login(Membership.objects.filter(role="director").first().account)
        assert client.get("/emergencies/")["Location"].startswith("/account/")

    def test_once_a_real_clinic_is_there_the_demo_is_over(self) -> None:
        path = make_links(at=datetime.now(UTC))[0].path
        entered = Client()
        entered.get(make_links(at=datetime.now(UTC))[4].path)
        assert entered.get("/emergencies/").status_code == 200
        Clinic.objects.create(name="Real", slug="real")
        assert Client().get(path).status_code == 404
        assert entered.get("/emergencies/").status_code == 302  # the second factor again

    @pytest.mark.parametrize(
        "extra",
        [{"REMOTE_ADDR": "192.0.2.7"}, {"REMOTE_ADDR": ""}, {"HTTP_X_FORWARDED_FOR": "127.0.0.1"},
         {"HTTP_FORWARDED": "for=127.0.0.1"}, {"HTTP_X_REAL_IP": "127.0.0.1"}, {"HTTP_VIA": "1.1 proxy"}],
    )  # fmt: skip
    def test_it_is_there_for_this_machine_only(self, extra: dict[str, str]) -> None:
        path = make_links(at=datetime.now(UTC))[0].path
        client = Client(**extra)
        refused = client.get(path)
        assert refused.status_code == 404
        assert refused.content == client.get("/no-such-page/").content
        assert Client().get(path).status_code == 302  # and it was not used up


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


def test_the_command_prints_a_link_for_each_role(installation: Installation) -> None:
    made = installation.command("demo", "--today", "2026-11-23")
    assert made.returncode == 0, made.stderr
    links = re.findall(
        r"^  (\S+) .* http://localhost:8000/demo/enter/[\w-]{43}$", made.stdout, re.MULTILINE
    )
    assert set(links) == {role.value for role in Role}
    again = installation.command("demo", "links", "--port", "8123")
    assert "http://localhost:8123/demo/enter/" in again.stdout
    wrong = installation.command("demo", "--today", "tomorrow")
    assert wrong.returncode == 2
    assert "Traceback" not in wrong.stderr
