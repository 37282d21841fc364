"""A safety plan: its owner's words, versions that stay, who may read and write it, and what can be called from it."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from tests.cast import MADE_AT, Cast

from longlight.clinic.assessments.actions import send_check_in
from longlight.clinic.people.access import Refused
from longlight.clinic.record.models import AuditRow
from longlight.clinic.safety import queries
from longlight.clinic.safety.actions import keep_plan, review_plan
from longlight.clinic.safety.models import SafetyPlan
from longlight.clinic.safety.rules import (
    CannotChange,
    PlanChanged,
    PlanStep,
    number_to_call,
    plan_lines,
)

HOW_I_NOTICE = "I stop answering my sister's calls"
STEPS = {PlanStep.SIGNS: HOW_I_NOTICE, PlanStep.HELPERS: "Ana, my sister: 207 555 0142\nThe choir"}


def keep(cast: Cast, who: str = "patient", **other):
    person = getattr(cast, who)
    asked = {
        "patient_id": cast.patient.patient.id, "plan_id": uuid4(), "based_on": 0, "steps": STEPS,
        "opens_by_link": None, "viewer": person.viewer, "at": MADE_AT, **other,
    }  # fmt: skip
    return keep_plan(**asked)


@pytest.mark.parametrize(
    ("line", "number"),
    [
        ("Ana 207 555 0142", "2075550142"),
        ("Dr. Imre, +1 (207) 555-0142 (weekdays)", "+12075550142"),
        ("Lifeline 988", "988"),
        ("The pool, open 9-17, lane 4", ""),
        ("Since 2026-11-25 with Bo", ""),
        ("Room 210", ""),
        ("", ""),
    ],
)
def test_a_number_is_found_where_one_can_be_called(line: str, number: str) -> None:
    assert number_to_call(line) == number


@given(st.text(max_size=200))
def test_whatever_is_written_what_can_be_dialed_is_digits_that_stand_in_it(line: str) -> None:
    number = number_to_call(line)
    assert re.fullmatch(r"(\+?[0-9]{7,15}|988|911|112)?", number)
    assert all(digit in line for digit in number)


@given(st.text(max_size=300), st.sampled_from(PlanStep))
def test_no_word_of_a_plan_is_lost(text: str, step: PlanStep) -> None:
    assert " ".join(line.text for line in plan_lines(step, text)).split() == text.split()


@pytest.mark.django_db
class TestAPlan:
    def test_has_successors_and_is_never_overwritten(self, cast: Cast) -> None:
        first = keep(cast)
        second = keep(cast, "nurse", based_on=1, steps={**STEPS, PlanStep.ALONE: "a walk"})
        assert [each.version for each in SafetyPlan.objects.all()] == [2, 1]
        assert (second.by_name, first.by_role) == (cast.nurse.viewer.name, "patient")
        for change in (lambda: SafetyPlan.objects.update(version=9), first.delete):
            with pytest.raises(DatabaseError), transaction.atomic():
                change()
        rows = AuditRow.objects.filter(verb="safety-plan-kept")
        assert [row.details for row in rows] == [{"version": 1}, {"version": 2}]
        assert HOW_I_NOTICE not in str(list(rows.values()))

    def test_kept_twice_with_one_press_is_one_version(self, cast: Cast) -> None:
        plan_id = uuid4()
        assert keep(cast, plan_id=plan_id).pk == keep(cast, plan_id=plan_id).pk
        assert SafetyPlan.objects.count() == 1

    def test_that_changed_meanwhile_is_not_written_over(self, cast: Cast) -> None:
        keep(cast)
        with pytest.raises(PlanChanged):
            keep(cast, "nurse", based_on=0)
        assert SafetyPlan.objects.count() == 1

    @pytest.mark.parametrize("steps", [{}, {PlanStep.ALONE: " \n"}, {PlanStep.ALONE: "x" * 2001}])
    def test_that_cannot_be_is_refused_in_a_sentence(self, cast: Cast, steps) -> None:
        with pytest.raises(CannotChange, match=r"\.$"):
            keep(cast, steps=steps)
        assert not SafetyPlan.objects.exists()

    @pytest.mark.parametrize(
        "who", ["other_patient", "front_desk", "researcher", "administrator", "nurse_of_b"]
    )
    def test_is_nobody_else_s_to_read_or_write(self, cast: Cast, who: str) -> None:
        plan = keep(cast)
        viewer = getattr(cast, who).viewer
        with pytest.raises(Refused):
            keep(cast, who, based_on=1)
        with pytest.raises(Refused):
            queries.plan_of(patient_id=cast.patient.patient.id, viewer=viewer, at=MADE_AT)
        with pytest.raises(Refused):
            queries.plan_version(plan_id=plan.pk, viewer=viewer, at=MADE_AT)
        assert SafetyPlan.objects.count() == 1

    def test_is_gone_through_with_a_clinician_and_says_so(self, cast: Cast) -> None:
        plan = keep(cast)
        review_plan(plan_id=plan.pk, viewer=cast.nurse.viewer, at=MADE_AT)
        shown = queries.plan_of(
            patient_id=cast.patient.patient.id, viewer=cast.patient.viewer, at=MADE_AT
        )
        assert (shown.reviewed_at, shown.reviewed_by) == (MADE_AT, cast.nurse.viewer.name)
        keep(cast, based_on=1)
        with pytest.raises(PlanChanged):  # it is not the one that holds any more
            review_plan(plan_id=plan.pk, viewer=cast.nurse.viewer, at=MADE_AT)
        with pytest.raises(Refused):
            review_plan(plan_id=plan.pk, viewer=cast.nurse_of_b.viewer, at=MADE_AT)


@pytest.mark.django_db
class TestThePages:
    def test_its_owner_writes_it_and_calls_from_it(self, cast: Cast) -> None:
        client = cast.patient.client()
        assert "Write my plan" in client.get("/safety-plan/").text
        page = client.get("/safety-plan/edit/")
        fields = {
            "id": re.findall(r'name="id" value="([^"]+)"', page.text)[0], "based_on": "0",
            "helpers": "Ana 207 555 0142", "signs": HOW_I_NOTICE,
        }  # fmt: skip
        assert (
            client.post("/safety-plan/edit/", {**fields, "signs": "", "helpers": ""}).status_code
            == 409
        )
        for _ in range(2):  # two clicks
            assert client.post("/safety-plan/edit/", fields)["Location"] == "/safety-plan/"
        shown = client.get("/safety-plan/").text
        assert 'href="tel:2075550142"' in shown
        assert "Leave this page quickly" in shown
        for part in ("print/", "kept/", f"{SafetyPlan.objects.get().pk}/"):
            assert "Ana 207 555 0142" in client.get(f"/safety-plan/{part}").text
        assert SafetyPlan.objects.count() == 1

    @pytest.mark.parametrize("part", ["", "print/", "kept/", "edit/", "{plan}/"])
    def test_its_owner_s_look_is_noted_too(self, cast: Cast, part: str) -> None:
        plan = keep(cast)
        client = cast.patient.client()
        assert client.get(f"/safety-plan/{part.format(plan=plan.pk)}").status_code == 200
        row = AuditRow.objects.get(verb="chart-read", actor_id=cast.patient.account.id)
        assert row.details == {"purpose": "safety-plan"}

    def test_what_was_typed_stays_when_somebody_kept_another_meanwhile(self, cast: Cast) -> None:
        keep(cast)
        url = f"/patients/{cast.patient.patient.id}/safety-plan/edit/"
        typed = {"id": str(uuid4()), "based_on": "0", "alone": "a walk by the river"}
        refused = cast.nurse.client().post(url, typed)
        assert refused.status_code == 409
        assert "a walk by the river" in refused.text
        assert 'name="based_on" value="1"' in refused.text
        assert cast.nurse.client().post(url, {**typed, "based_on": "1"}).status_code == 302
        assert SafetyPlan.objects.first().version == 2

    def test_staff_read_it_from_the_chart_and_its_owner_sees_that_they_did(
        self, cast: Cast
    ) -> None:
        keep(cast)
        url = f"/patients/{cast.patient.patient.id}/safety-plan/"
        assert HOW_I_NOTICE.replace("'", "&#x27;") in cast.nurse.client().get(url).text
        row = AuditRow.objects.get(verb="chart-read", actor_id=cast.nurse.account.id)
        assert row.details == {"purpose": "safety-plan"}

    def test_a_stranger_is_told_how_to_get_to_theirs_and_can_call(self, cast: Cast) -> None:
        keep(cast)
        for person in (cast.stranger, cast.nurse):
            page = person.client().get("/safety-plan/")
            assert page.status_code == 200
            assert "tel:988" in page.text
            assert "sister" not in page.text

    @pytest.mark.parametrize("allowed", [True, False])
    def test_who_comes_by_a_link_reads_it_where_its_owner_lets_it(
        self, cast: Cast, allowed: bool
    ) -> None:
        keep(cast, opens_by_link=allowed)
        now = timezone.now()
        sent = send_check_in(
            patient_id=cast.patient.patient.id, instrument_id="phq-9", by_mail=False, key=uuid4(),
            closes_on=now.date() + timedelta(days=3), viewer=cast.nurse.viewer, at=now,
        )  # fmt: skip
        client = cast.stranger.client()
        client.get("/l/" + sent.address.rsplit("/", 1)[1])
        assert ("Ana, my sister" in client.get("/safety-plan/").text) is allowed
        assert client.get("/safety-plan/edit/").status_code == 404

    def test_every_page_of_a_patient_and_the_crisis_page_lead_to_it(self, cast: Cast) -> None:
        client = cast.patient.client()
        for path in ("/today/", "/progress/", "/journal/", "/plan/", "/crisis/"):
            assert 'href="/safety-plan/"' in client.get(path).text, path
