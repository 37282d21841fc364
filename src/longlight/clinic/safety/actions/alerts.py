"""What changes an alert: raised with an answer, claimed, contact logged, outcome recorded, told to the backup."""

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db.models import F
from django.urls import reverse

from longlight.clinic.contact.actions import CannotSend, queue_job, queue_message
from longlight.clinic.contact.rules import Channel, MessageKind
from longlight.clinic.people.models import Account, Patient
from longlight.clinic.people.rules import Viewer
from longlight.clinic.record.actions import Pen, patient_chain, writing
from longlight.clinic.record.rules import Actor
from longlight.clinic.safety import rules
from longlight.clinic.safety.access import require_may_work_on_alerts
from longlight.clinic.safety.models import Alert, AlertEvent, SafetyPolicy
from longlight.clinic.safety.queries import claim_target_min, told_at_once
from longlight.clinic.safety.rules import (
    ESCALATE,
    NEXT_STATUS,
    TELL,
    AlertStatus,
    CannotChange,
    ContactResult,
    EventKind,
    Finding,
    Outcome,
    Priority,
    claim_due_at,
)


def raise_alert(*, patient: Patient, finding: Finding, by: Actor, at: datetime) -> Alert:
    """Raise the alert of a finding, or note on the one that stands that the answer changed. Never withdraws one.

    Call it inside the `writing` that keeps the answer: the answer and its alert stand or fall together.
    """
    with writing(by=by, at=at) as pen:
        alert, is_new = Alert.objects.get_or_create(
            rule_id=finding.rule_id,
            source_id=finding.source_id,
            defaults={
                "clinic_id": patient.clinic_id,
                "patient": patient,
                "instrument_id": finding.instrument_id,
                "item_number": finding.item_number,
                "priority": finding.priority.value,
                "raised_at": at,
            },
        )
        kind = EventKind.RAISED if is_new else EventKind.ANSWER_CHANGED
        _add(pen, alert, kind, answer=finding.answer, chosen_at=finding.chosen_at)
        if is_new and finding.priority is Priority.HIGH:
            for account in told_at_once(clinic=patient.clinic, at=at):
                _tell(pen, alert, account, EventKind.TOLD, key=f"{TELL}:{alert.id}:{account.id}")
        due_at = claim_due_at(at, claim_target_min(alert))
        if is_new and due_at is not None:
            queue_job(
                ESCALATE,
                key=f"{ESCALATE}:{alert.id}",
                at=at,
                due_at=due_at,
                arguments={"alert": alert.id},
                clinic_id=alert.clinic_id,
            )
    return alert


def escalate_unclaimed(*, alert_id: UUID, by: Actor, at: datetime) -> bool:
    """Tell the clinic's backup of an alert that nobody has claimed in time. Told once; False where it was claimed."""
    with writing(by=by, at=at) as pen:
        alert = (
            Alert.objects.select_for_update(of=("self",)).select_related("clinic").get(pk=alert_id)
        )
        policy = SafetyPolicy.objects.select_related("backup").filter(clinic=alert.clinic).first()
        is_waiting = alert.status == AlertStatus.NEW.value and alert.escalated_at is None
        if policy is None or not is_waiting:
            _audit(pen, alert, "alert-escalation-not-needed")
            return False
        alert.escalated_at = at
        alert.save(update_fields=["escalated_at"])
        _tell(pen, alert, policy.backup, EventKind.ESCALATED, key=f"{ESCALATE}:{alert.id}")
    return True


def _tell(pen: Pen, alert: Alert, account: Account, kind: EventKind, *, key: str) -> None:
    """Write to somebody that there is an alert. Where they have no address that can be used, the alert says so."""
    try:
        queue_message(
            pen,
            MessageKind.STAFF_REVIEW,
            clinic=alert.clinic,
            channel=Channel.EMAIL,
            to=account.email,
            link=f"{settings.SITE_ADDRESS}{reverse('alert', args=[alert.id])}",
            key=key,
            chain=patient_chain(alert.patient_id),
        )
    except CannotSend:
        _add(pen, alert, EventKind.NOT_TOLD, note=account.name)
    else:
        _add(pen, alert, kind, note=account.name)


def note_changed_answer(
    *,
    rule_id: str,
    source_id: UUID,
    answer: str,
    by: Actor,
    at: datetime,
    chosen_at: datetime | None = None,
) -> None:
    """An answer that raised an alert was changed to one that would not have: the alert stays and says so."""
    alert = Alert.objects.filter(rule_id=rule_id, source_id=source_id).first()
    if alert is None:
        return
    with writing(by=by, at=at) as pen:
        _add(pen, alert, EventKind.ANSWER_CHANGED, answer=answer, chosen_at=chosen_at)


def claim(*, alert_id: UUID, viewer: Viewer, at: datetime) -> Alert:
    """Take an alert on oneself. Claiming what one holds already changes nothing; taking over is allowed and noted."""
    with writing(by=viewer.actor, at=at) as pen:
        alert = _locked(alert_id, viewer)
        _refuse(rules.reasons_not_to_claim(AlertStatus(alert.status)))
        if alert.claimed_by_id != viewer.account_id:
            alert.claimed_by_id = viewer.account_id
            _add(pen, alert, EventKind.CLAIMED)
        else:
            _audit(pen, alert, "alert-claim-repeated")
    return alert


def log_contact(
    *, alert_id: UUID, result: ContactResult, note: str, viewer: Viewer, at: datetime
) -> Alert:
    """Log that the person was reached, did not answer, or was left a message."""
    with writing(by=viewer.actor, at=at) as pen:
        alert = _locked(alert_id, viewer)
        _refuse(
            rules.reasons_not_to_log_contact(
                AlertStatus(alert.status), alert.claimed_by_id, viewer.account_id
            )
        )
        _add(pen, alert, EventKind.CONTACT, contact=result.value, note=note)
    return alert


def record_outcome(
    *, alert_id: UUID, outcome: Outcome, reason: str, viewer: Viewer, at: datetime
) -> Alert:
    """Close an alert with what came of it."""
    with writing(by=viewer.actor, at=at) as pen:
        alert = _locked(alert_id, viewer)
        _refuse(
            rules.reasons_not_to_close(
                AlertStatus(alert.status), alert.claimed_by_id, viewer.account_id, outcome, reason
            )
        )
        alert.closed_at = at
        _add(pen, alert, EventKind.OUTCOME, outcome=outcome.value, note=reason)
    return alert


def _locked(alert_id: UUID, viewer: Viewer) -> Alert:
    """The alert, locked until the write ends. Of another clinic: as if there were none (`Alert.DoesNotExist`)."""
    require_may_work_on_alerts(viewer)
    return Alert.objects.select_for_update().get(id=alert_id, clinic_id=viewer.clinic_id)


def _refuse(reasons: list[str]) -> None:
    if reasons:
        raise CannotChange(" ".join(reasons))


def _add(pen: Pen, alert: Alert, kind: EventKind, **fields: str | datetime | None) -> None:
    """Add the event, move the alert on where the event does so, and leave the audit row."""
    AlertEvent.objects.create(
        alert=alert, kind=kind.value, at=pen.at, by_id=pen.by.id, by_name=pen.by.name, **fields
    )
    if kind in NEXT_STATUS:
        alert.status = NEXT_STATUS[kind].value
        alert.version = F("version") + 1
        alert.save()
        alert.refresh_from_db(fields=["version"])
    _audit(pen, alert, f"alert-{kind.value}")


def _audit(pen: Pen, alert: Alert, verb: str) -> None:
    pen.note(
        verb,
        chain=patient_chain(alert.patient_id),
        object_kind="alert",
        object_id=alert.id,
        rule_id=alert.rule_id,
        status=alert.status,
    )
