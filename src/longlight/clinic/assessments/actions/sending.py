"""Staff send a patient a questionnaire, by mail or as a link handed over, and take it back."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from longlight.clinic.assessments.access import require_check_in
from longlight.clinic.assessments.actions.scores import A_DAY, plan_check_in, today_of
from longlight.clinic.assessments.models import DueAssessment
from longlight.clinic.assessments.queries import answerable
from longlight.clinic.assessments.queries.planning import start_of, zone_of
from longlight.clinic.assessments.rules import CannotRecord, DueStatus, reasons_not_to_send
from longlight.clinic.contact.actions import CannotSend, is_message_queued, queue_message
from longlight.clinic.contact.rules import Channel, MessageKind
from longlight.clinic.people.access import require_chart, require_role
from longlight.clinic.people.actions import make_link, revoke_links
from longlight.clinic.people.models import Patient
from longlight.clinic.people.rules import CHART_ROLES, LinkPurpose, Viewer
from longlight.clinic.record.actions import Pen, patient_chain, writing
from longlight.science import instruments


@dataclass(frozen=True)
class Sent:
    """A check-in that was sent. `address` is told once, to be handed over; None when it went by mail."""

    due: DueAssessment
    address: str | None


def send_check_in(
    *,
    patient_id: UUID,
    instrument_id: str,
    closes_on: date,
    by_mail: bool,
    key: UUID,
    viewer: Viewer,
    at: datetime,
) -> Sent:
    """Make a check-in for today, or take the one that is open, and a link to it. The same key mails it once.

    Raises `CannotSend`, or `CannotRecord` for days that cannot be.
    """
    require_role(viewer, *CHART_ROLES)
    patient = require_chart(viewer, patient_id, at)
    with writing(by=viewer.actor, at=at) as pen:
        due = _due(pen, patient, instrument_id, closes_on, viewer)
        mail_key = f"questions:{key}"
        if by_mail and is_message_queued(mail_key):
            return Sent(due, None)
        token = make_link(
            patient=patient, purpose=LinkPurpose.QUESTIONNAIRE, object_id=due.id,
            expires_at=_end_of(due, patient), by=viewer.actor, at=at,
        )  # fmt: skip
        address = f"{settings.SITE_ADDRESS}{reverse('people-link', args=[token])}"
        # Asked now, by whichever way: the worker reminds, and does not ask a second time today.
        due.opened_at, due.sent_at, due.sent_count = due.opened_at or at, at, 1
        due.save(update_fields=["opened_at", "sent_at", "sent_count"])
        if not by_mail:
            return Sent(due, address)
        if not patient.email:
            raise CannotSend(_("This patient has no e-mail address: hand the link over instead."))
        queue_message(
            pen, MessageKind.QUESTIONS_WAITING, clinic=patient.clinic, channel=Channel.EMAIL,
            to=patient.email, link=address, key=mail_key, chain=patient_chain(patient.id),
            patient_id=patient.id,
        )  # fmt: skip
    return Sent(due, None)


def _due(
    pen: Pen, patient: Patient, instrument_id: str, closes_on: date, viewer: Viewer
) -> DueAssessment:
    """The open check-in of this instrument, open as long as asked; else a new one for today."""
    today = today_of(patient, pen.at)
    Patient.objects.select_for_update().get(pk=patient.pk)
    here = DueAssessment.objects.filter(patient=patient, instrument_id=instrument_id)
    is_open = {"status": DueStatus.DUE.value, "due_on__lte": today, "closes_on__gte": today}
    found = (
        here.filter(**is_open).first()
        or here.filter(due_on=today).exclude(status=DueStatus.CANCELLED.value).first()
        or here.filter(due_on=today, plan_key=None).first()
    )
    instrument = instruments.get(instrument_id)
    reasons = reasons_not_to_send(
        DueStatus(found.status) if found else DueStatus.DUE,
        has_wording=answerable(instrument_id),
        is_self_rated=instrument.completed_by == "patient",
    )
    if closes_on < today:
        reasons.append(_("The last day lies in the past: choose today or a later day."))
    if reasons:
        raise CannotSend(" ".join(reasons))
    if found is None:
        return plan_check_in(
            patient_id=patient.id, instrument_id=instrument_id, due_on=today, closes_on=closes_on,
            viewer=viewer, at=pen.at,
        )  # fmt: skip
    zone = zone_of(patient)
    found.status, found.ended_at = DueStatus.DUE.value, None
    found.opens_at = found.opens_at or start_of(found.due_on, zone)
    found.closes_on, found.closes_at = closes_on, start_of(closes_on + A_DAY, zone)
    found.act_at = pen.at
    found.save(update_fields=["status", "ended_at", "opens_at", "closes_on", "closes_at", "act_at"])
    _note(pen, "check-in-sent-again-to-patient", found)
    return found


def _end_of(due: DueAssessment, patient: Patient) -> datetime:
    """When the last day is over where the patient is."""
    return start_of(due.closes_on + A_DAY, zone_of(patient))


def withdraw_check_in(*, due_id: UUID, viewer: Viewer, at: datetime) -> DueAssessment:
    """Take a check-in back before it is sent: its links open nothing any more. What was answered stays kept.

    Raises `CannotRecord`. One that is taken back already is left as it is.
    """
    require_role(viewer, *CHART_ROLES)
    with writing(by=viewer.actor, at=at) as pen:
        due = require_check_in(viewer, due_id, at)
        if due.status in {DueStatus.DONE.value, DueStatus.MISSED.value}:
            raise CannotRecord(_("This check-in is over: only an open one can be taken back."))
        is_new = due.status == DueStatus.DUE.value
        due.status, due.act_at = DueStatus.CANCELLED.value, None
        due.ended_at = due.ended_at or at
        due.save(update_fields=["status", "act_at", "ended_at"])
        _note(pen, "check-in-withdrawn" if is_new else "check-in-withdrawn-again", due)
        revoke_links(
            patient=due.patient, purpose=LinkPurpose.QUESTIONNAIRE, object_id=due.id,
            by=viewer.actor, at=at,
        )  # fmt: skip
    return due


def _note(pen: Pen, verb: str, due: DueAssessment) -> None:
    pen.note(
        verb, chain=patient_chain(due.patient_id), object_kind="due-assessment", object_id=due.id
    )
