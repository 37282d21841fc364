"""What a patient wants to talk about at the next visit: asked, taken back, talked about."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from longlight.clinic.people.access import Refused, require_chart, require_role
from longlight.clinic.people.models import Patient
from longlight.clinic.people.rules import CHART_ROLES, Viewer
from longlight.clinic.record.actions import Pen, patient_chain, writing
from longlight.clinic.therapy.models import Topic
from longlight.clinic.therapy.queries import open_topics, own_record
from longlight.clinic.therapy.rules import About, CannotWrite, reasons_not_to_ask


def ask_to_talk(*, topic_id: UUID, about: About, text: str, viewer: Viewer, at: datetime) -> Topic:
    """A patient asks to talk about something. `topic_id` is made by the form: sent twice, it is one."""
    patient_id = own_record(viewer)
    with writing(by=viewer.actor, at=at) as pen:
        Patient.objects.select_for_update().get(pk=patient_id)
        before: Topic | None = Topic.objects.filter(pk=topic_id, patient_id=patient_id).first()
        if before is not None:
            _note(pen, "topic-repeated", before)
            return before
        waiting = open_topics(patient_id=patient_id).count()
        if reasons := reasons_not_to_ask(text=text, open_topics=waiting):
            raise CannotWrite(" ".join(reasons))
        topic: Topic = Topic.objects.create(
            id=topic_id, patient_id=patient_id, about=about.value, text=text.strip(), asked_at=at
        )
        _note(pen, "topic-asked", topic)
    return topic


def take_back(*, topic_id: UUID, viewer: Viewer, at: datetime) -> Topic:
    """The patient no longer wants to talk about it. What was talked about stays."""
    patient_id = own_record(viewer)
    with writing(by=viewer.actor, at=at) as pen:
        topic = _locked(topic_id, patient_id=patient_id)
        if topic.talked_at is not None:
            raise CannotWrite(_("It was talked about already: it stays in the record."))
        if topic.taken_back_at is None:
            topic.taken_back_at = at
            topic.save(update_fields=["taken_back_at"])
        _note(pen, "topic-taken-back", topic)
    return topic


def note_talked(*, topic_id: UUID, viewer: Viewer, at: datetime) -> Topic:
    """Staff talked about it with the patient: by whom and when stays."""
    require_role(viewer, *CHART_ROLES)
    with writing(by=viewer.actor, at=at) as pen:
        topic = _locked(topic_id, patient__clinic_id=viewer.clinic_id)
        require_chart(viewer, topic.patient_id, at)
        if topic.taken_back_at is not None:
            raise CannotWrite(_("The patient took it back."))
        if topic.talked_at is None:
            topic.talked_at, topic.talked_by_id = at, viewer.account_id
            topic.talked_by_name = viewer.name
            topic.save(update_fields=["talked_at", "talked_by_id", "talked_by_name"])
        _note(pen, "topic-talked-about", topic)
    return topic


def _locked(topic_id: UUID, **where: object) -> Topic:
    topic: Topic | None = (
        Topic.objects.select_for_update(of=("self",)).filter(pk=topic_id, **where).first()
    )
    if topic is None:
        raise Refused
    return topic


def _note(pen: Pen, verb: str, topic: Topic) -> None:
    pen.note(verb, chain=patient_chain(topic.patient_id), object_kind="topic", object_id=topic.pk)
