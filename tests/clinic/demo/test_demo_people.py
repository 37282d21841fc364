"""What the demo promises: people at every step of all three approaches, awkward ones, history for every figure."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.core import serializers
from django.db import transaction
from django.db.models import Model
from django.test import Client

from longlight.clinic.approaches.models import SharedChoice
from longlight.clinic.approaches.rules.together import Occasion
from longlight.clinic.assessments.models import Assessment
from longlight.clinic.assessments.queries.board import unseen_late
from longlight.clinic.courses.models import Course, PlannedSession
from longlight.clinic.demo.actions import build, make_links
from longlight.clinic.demo.models import DemoLink
from longlight.clinic.demo.people import HARBOR, today_at_the_clinic
from longlight.clinic.demo.staff import staff_of
from longlight.clinic.desks.board import rows_of
from longlight.clinic.desks.choices import due_choices
from longlight.clinic.dosing.models import DosingSession
from longlight.clinic.followup.queries import proposed_booster, statuses
from longlight.clinic.outcomes.queries import cohort_table
from longlight.clinic.outcomes.rules import Group
from longlight.clinic.people.models import Account, Clinic, Membership, Patient
from longlight.clinic.people.rules import Role
from longlight.clinic.referrals.models import Referral
from longlight.clinic.safety.models import Alert
from longlight.clinic.schedule.models import Appointment
from longlight.clinic.screening.models import ScreeningDecision
from longlight.clinic.therapy.models import JournalEntry, TherapyNote
from longlight.science import protocols

DAY, AT = date(2026, 11, 23), datetime(2026, 11, 23, 17, 0, tzinfo=UTC)
TOLD = (Patient, Course, PlannedSession, Appointment, Assessment, ScreeningDecision, TherapyNote)


@pytest.fixture(scope="module")
def _built(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock(), transaction.atomic():
        build(today=DAY, at=AT)
        yield
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def _demo(_built: None, db: None) -> None: ...


def everyone() -> str:
    found = [
        *Clinic.objects.order_by("pk"),
        *Account.objects.order_by("pk"),
        *Patient.objects.order_by("pk"),
    ]
    return serializers.serialize("json", found)


class TestTheDemo:
    def test_it_has_two_clinics_with_every_role_and_building_again_changes_nothing(self) -> None:
        before = everyone()
        build(today=DAY, at=datetime.now(UTC))
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


def told(model: type[Model]) -> list[str]:
    """Each row in its own words, without the ids that are drawn anew."""
    return sorted(str(row) for row in model._default_manager.all())


def test_there_are_two_clinics_and_all_of_it_is_synthetic() -> None:
    assert list(Clinic.objects.values_list("is_synthetic", flat=True)) == [True, True]
    assert all(clinic.patients.count() >= 4 for clinic in Clinic.objects.all())


def test_building_again_on_the_same_day_adds_nothing_to_the_path() -> None:
    before = {model: told(model) for model in TOLD}
    build(today=DAY, at=AT)
    assert {model: told(model) for model in TOLD} == before


def test_all_three_approaches_have_people_and_every_protocol_by_infusion_too() -> None:
    approaches = set(Course.objects.values_list("approach_id", flat=True))
    assert approaches == {approach.id for approach in protocols.approaches()}
    assert len(set(Course.objects.values_list("protocol_id", flat=True))) >= 5


def test_the_clinic_stands_in_mid_day() -> None:
    rows = rows_of(day=DAY, viewer=staff_of(HARBOR).nurse, zone=HARBOR.time_zone, at=AT)
    states = {row.line.state.value for row in rows}
    assert {"booked", "arrived", "in-progress", "recovery", "ready-to-leave"} <= states
    assert all(row.starts for row in rows)  # each has a time and a chair
    assert today_at_the_clinic(AT) == DAY


def test_somebody_stands_at_every_step_of_the_path() -> None:
    assert {"new", "claimed"} & set(Referral.objects.values_list("status", flat=True))
    assert {"fit", "not-now"} <= set(ScreeningDecision.objects.values_list("outcome", flat=True))
    states = set(Course.objects.values_list("status", flat=True))
    assert states == {"active", "completed", "stopped", "cancelled"}
    assert DosingSession.objects.filter(state="finished").exists()
    assert TherapyNote.objects.exists()
    assert JournalEntry.objects.filter(shared_at=None).exists()
    assert JournalEntry.objects.exclude(shared_at=None).exists()
    maya = Patient.objects.get(number="LL-0401")
    viewer = staff_of(HARBOR).prescriber
    assert statuses(viewer=viewer, patient_id=maya.pk)[0].judged is not None
    assert proposed_booster(viewer=viewer, patient_id=maya.pk) is not None


def test_one_choice_is_to_be_looked_at_again_today_and_the_others_were() -> None:
    ids = list(Patient.objects.filter(courses__isnull=False).values_list("pk", flat=True))
    again = {pk for pk, due in due_choices(ids, DAY).items() if due.occasion is Occasion.AGAIN}
    assert [each.number for each in Patient.objects.filter(pk__in=again)] == ["LL-0405"]
    assert set(SharedChoice.objects.values_list("occasion", flat=True)) == {"first", "again", "end"}


def test_the_awkward_ones_are_there() -> None:
    names = list(Patient.objects.values_list("name", flat=True))
    assert any(len(name) > 30 for name in names)
    scripts = {name[0] for name in names}
    assert any("\u0600" <= letter < "\u0700" for letter in scripts)  # Arabic
    assert any("\u0370" <= letter < "\u0400" for letter in scripts)  # Greek
    assert any("\u4e00" <= letter < "\ua000" for letter in scripts)  # Chinese
    assert PlannedSession.objects.filter(status="missed").count() >= 2
    assert Course.objects.filter(status="cancelled").exists()
    assert Alert.objects.exclude(status="closed").exists()
    treated = Patient.objects.filter(courses__sessions__status="done").distinct()
    assert treated.filter(assessments=None).exists()  # one with no scores
    assert unseen_late(viewer=staff_of(HARBOR).nurse) == 1  # a phone that was without a connection
    low_then_high = Assessment.objects.filter(patient__number="LL-0412").order_by("on")
    totals = [float(each.score.total_points) for each in low_then_high]
    assert min(totals) < 5 < 15 < totals[-1]  # a relapse


def test_every_number_of_the_cohort_table_has_somebody_behind_it() -> None:
    rows = cohort_table(viewer=staff_of(HARBOR).director, today=DAY)
    assert {row.protocol_id for row in rows} >= {
        "iv-twice-weekly", "iv-with-talk-therapy", "im-experience",
    }  # fmt: skip
    total = dict.fromkeys(Group, 0)
    for row in rows:
        for cell in row.cells:
            total[cell.group] += cell.count or 0
            if cell.rate is not None and cell.rate.interval is not None:
                assert 0 <= cell.rate.interval.low <= cell.rate.percent <= cell.rate.interval.high
    assert all(total.values())
    assert total[Group.WAITING] + total[Group.MISSING] + total[Group.SCORED] == total[Group.STARTED]


@pytest.mark.parametrize(
    "path", ["/", "/approaches/", "/clinics/", "/request/harbor-light/", "/sign-in/", "/choose/"]
)
def test_a_stranger_is_told_that_everybody_is_made_up(path: str) -> None:
    said = "every person and every value here is made up"
    assert said in Client().get(path).content.decode()


def test_once_a_real_clinic_is_there_strangers_are_told_no_such_thing() -> None:
    Clinic.objects.create(name="Real", slug="real")
    assert "is made up" not in Client().get("/sign-in/").content.decode()
