"""An alert stands with its answer, is worked on by named people of its own clinic, and leaves a trace."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from longlight.clinic.contact.jobs import do_next, know_all_jobs
from longlight.clinic.contact.models import Message
from longlight.clinic.people.models import Account, Clinic, Patient
from longlight.clinic.people.rules import Role, Viewer
from longlight.clinic.record.actions import writing
from longlight.clinic.record.models import AuditRow
from longlight.clinic.safety import actions, queries
from longlight.clinic.safety.access import MayNot
from longlight.clinic.safety.models import Alert, AlertEvent, SafetyPolicy
from longlight.clinic.safety.rules import (
    AlertStatus,
    CannotChange,
    ContactResult,
    Finding,
    Outcome,
    Priority,
)

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 9, 44, tzinfo=UTC)


def a_clinic(slug: str) -> Clinic:
    return Clinic.objects.create(name=slug.title(), slug=slug)


def a_viewer(clinic: Clinic, role: Role, name: str = "M. Castell") -> Viewer:
    account = Account.objects.create(email=f"{uuid4()}@clinic.example", name=name, created_at=NOW)
    return Viewer(account.id, name, role, clinic.id)


@pytest.fixture
def clinic() -> Clinic:
    return a_clinic("harbor")


@pytest.fixture
def patient(clinic: Clinic) -> Patient:
    return Patient.objects.create(clinic=clinic, number="LL-0389", name="Jonas Wren")


@pytest.fixture
def nurse(clinic: Clinic) -> Viewer:
    return a_viewer(clinic, Role.NURSE)


@pytest.fixture
def finding() -> Finding:
    return Finding("phq-9:9", Priority.HIGH, "phq-9", 9, "several days", uuid4())


@pytest.fixture
def alert(patient: Patient, finding: Finding, nurse: Viewer) -> Alert:
    return actions.raise_alert(patient=patient, finding=finding, by=nurse.actor, at=NOW)


def verbs() -> list[str]:
    return list(AuditRow.objects.order_by("pk").values_list("verb", flat=True))


def test_an_answer_raises_one_alert_however_often_it_is_chosen(
    patient: Patient, finding: Finding, nurse: Viewer
) -> None:
    first = actions.raise_alert(patient=patient, finding=finding, by=nurse.actor, at=NOW)
    again = actions.raise_alert(
        patient=patient,
        finding=replace(finding, answer="nearly every day"),
        by=nurse.actor,
        at=NOW + timedelta(minutes=1),
    )
    assert first.id == again.id
    assert [event.answer for event in AlertEvent.objects.all()] == [
        "several days",
        "nearly every day",
    ]
    assert verbs() == ["alert-raised", "alert-answer-changed"]


def test_an_answer_taken_back_keeps_the_alert_and_says_so(
    alert: Alert, finding: Finding, nurse: Viewer
) -> None:
    actions.note_changed_answer(
        rule_id=finding.rule_id,
        source_id=finding.source_id,
        answer="not at all",
        by=nurse.actor,
        at=NOW,
    )
    alert.refresh_from_db()
    assert alert.status == AlertStatus.NEW.value
    assert [event.kind for event in alert.events.all()] == ["raised", "answer-changed"]


def test_the_answer_and_its_alert_fall_together(
    patient: Patient, finding: Finding, nurse: Viewer
) -> None:
    class Broken(Exception): ...

    def keep_an_answer_and_fail() -> None:
        with writing(by=nurse.actor, at=NOW):
            actions.raise_alert(patient=patient, finding=finding, by=nurse.actor, at=NOW)
            raise Broken

    with pytest.raises(Broken):
        keep_an_answer_and_fail()
    assert not Alert.objects.exists()
    assert not AuditRow.objects.exists()


def test_from_claim_to_close_leaves_a_trace(alert: Alert, nurse: Viewer) -> None:
    actions.claim(alert_id=alert.id, viewer=nurse, at=NOW)
    actions.log_contact(
        alert_id=alert.id, result=ContactResult.REACHED, note="Spoke.", viewer=nurse, at=NOW
    )
    closed = actions.record_outcome(
        alert_id=alert.id, outcome=Outcome.ASSESSED, reason="", viewer=nurse, at=NOW
    )
    assert closed.status == AlertStatus.CLOSED.value
    assert closed.closed_at == NOW
    assert verbs() == ["alert-raised", "alert-claimed", "alert-contact", "alert-outcome"]
    assert "Spoke" not in str(list(AuditRow.objects.values_list("details", flat=True)))


Step = Callable[[Alert, Viewer], object]
STEPS: dict[str, Step] = {
    "claim": lambda alert, viewer: actions.claim(alert_id=alert.id, viewer=viewer, at=NOW),
    "contact": lambda alert, viewer: actions.log_contact(
        alert_id=alert.id, result=ContactResult.REACHED, note="", viewer=viewer, at=NOW
    ),
    "outcome": lambda alert, viewer: actions.record_outcome(
        alert_id=alert.id, outcome=Outcome.ESCALATED, reason="", viewer=viewer, at=NOW
    ),
}


@pytest.mark.parametrize("step", STEPS.values(), ids=STEPS)
@pytest.mark.parametrize(
    "role", [Role.FRONT_DESK, Role.RESEARCHER, Role.ADMINISTRATOR, Role.PATIENT]
)
def test_the_wrong_role_cannot(alert: Alert, clinic: Clinic, role: Role, step: Step) -> None:
    with pytest.raises(MayNot):
        step(alert, a_viewer(clinic, role))
    assert verbs() == ["alert-raised"]


@pytest.mark.parametrize("step", STEPS.values(), ids=STEPS)
def test_another_clinic_finds_nothing(alert: Alert, step: Step) -> None:
    stranger = a_viewer(a_clinic("other"), Role.NURSE)
    with pytest.raises(Alert.DoesNotExist):
        step(alert, stranger)
    assert queries.inbox(viewer=stranger).open == ()
    assert queries.alert_with_events(alert_id=alert.id, viewer=stranger) is None
    assert verbs() == ["alert-raised"]


@pytest.mark.parametrize("step", [STEPS["contact"], STEPS["outcome"]], ids=["contact", "outcome"])
def test_an_unclaimed_alert_takes_no_contact_and_no_outcome(
    alert: Alert, nurse: Viewer, step: Step
) -> None:
    with pytest.raises(CannotChange, match="Claim the alert first"):
        step(alert, nurse)
    assert verbs() == ["alert-raised"]


def test_a_colleague_may_take_over_and_the_first_may_then_not_close(
    alert: Alert, clinic: Clinic, nurse: Viewer
) -> None:
    colleague = a_viewer(clinic, Role.PRESCRIBER, "Dr Imre")
    actions.claim(alert_id=alert.id, viewer=nurse, at=NOW)
    actions.claim(alert_id=alert.id, viewer=colleague, at=NOW)
    with pytest.raises(CannotChange, match="Someone else has claimed"):
        STEPS["outcome"](alert, nurse)


def test_the_inbox_puts_the_gravest_and_oldest_first(
    patient: Patient, nurse: Viewer, clinic: Clinic
) -> None:
    SafetyPolicy.objects.create(
        clinic=clinic,
        claim_high_min=60,
        claim_medium_min=1440,
        claim_low_min=4320,
        backup_id=nurse.account_id,
        out_of_hours="On-call line.",
    )
    for minutes, priority in [
        (0, Priority.LOW),
        (1, Priority.HIGH),
        (2, Priority.MEDIUM),
        (3, Priority.HIGH),
    ]:
        actions.raise_alert(
            patient=patient,
            finding=Finding("phq-9:9", priority, "phq-9", 9, "x", uuid4()),
            by=nurse.actor,
            at=NOW + timedelta(minutes=minutes),
        )
    lines = queries.inbox(viewer=nurse).open
    assert [(line.alert.priority, line.alert.raised_at.minute) for line in lines] == [
        ("high", 45),
        ("high", 47),
        ("medium", 46),
        ("low", 44),
    ]
    first = lines[0]
    assert first.due_at == first.alert.raised_at + timedelta(minutes=60)
    assert not first.is_late(first.due_at)
    assert first.is_late(first.due_at + timedelta(seconds=1))


@pytest.fixture
def policy(clinic: Clinic) -> SafetyPolicy:
    backup = Account.objects.create(email="imre@clinic.example", name="Dr Imre", created_at=NOW)
    return SafetyPolicy.objects.create(
        clinic=clinic,
        claim_high_min=60,
        claim_medium_min=1440,
        claim_low_min=4320,
        backup=backup,
        out_of_hours="On-call line.",
    )


def run_worker(at: datetime) -> None:
    know_all_jobs()
    while do_next(clock=lambda: at):
        pass


def test_an_alert_that_nobody_claims_is_told_to_the_backup_once(
    policy: SafetyPolicy, alert: Alert
) -> None:
    run_worker(NOW + timedelta(minutes=59))
    assert not Message.objects.exists()
    for minutes in (60, 61, 600):
        run_worker(NOW + timedelta(minutes=minutes))
    message = Message.objects.get()
    assert message.to == "imre@clinic.example"
    assert "PHQ" not in message.subject
    assert [event.kind for event in alert.events.all()] == ["raised", "escalated"]
    alert.refresh_from_db()
    assert alert.status == AlertStatus.NEW.value  # only a person claims it


def test_a_claimed_alert_is_not_escalated(
    policy: SafetyPolicy, alert: Alert, nurse: Viewer
) -> None:
    actions.claim(alert_id=alert.id, viewer=nurse, at=NOW + timedelta(minutes=5))
    run_worker(NOW + timedelta(minutes=120))
    assert not Message.objects.exists()


def test_without_the_clinics_own_times_nothing_is_escalated(alert: Alert) -> None:
    run_worker(NOW + timedelta(days=30))
    assert not Message.objects.exists()
