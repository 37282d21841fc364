"""A patient asks to talk about something at the next visit; staff see it on the chart until it was talked about."""

import uuid

import pytest
from django.urls import reverse
from tests.cast import Cast
from tests.walk import MORNING

from longlight.clinic.people.access import Refused
from longlight.clinic.record.models import AuditRow
from longlight.clinic.therapy.actions import topics
from longlight.clinic.therapy.models import Topic
from longlight.clinic.therapy.rules import MOST_OPEN_TOPICS, About, CannotWrite

pytestmark = pytest.mark.django_db


def ask(cast: Cast, text: str = "", key: uuid.UUID | None = None) -> Topic:
    return topics.ask_to_talk(
        topic_id=key or uuid.uuid4(), about=About.PROGRESS, text=text, viewer=cast.patient.viewer,
        at=MORNING,
    )  # fmt: skip


def test_it_is_asked_once_seen_and_talked_about(cast: Cast) -> None:
    key = uuid.uuid4()
    for _twice in range(2):
        ask(cast, "Why did it go up in May?", key)
    chart = reverse("chart", args=[cast.patient.patient.id])
    nurse = cast.nurse.client()
    assert "Why did it go up in May?" in nurse.get(chart).content.decode()
    assert nurse.post(reverse("topic-talked", args=[key])).status_code == 302
    assert "Why did it go up" not in nurse.get(chart).content.decode()
    topic = Topic.objects.get()
    assert (topic.talked_by_name, topic.taken_back_at) == (cast.nurse.viewer.name, None)
    with pytest.raises(CannotWrite, match="stays in the record"):
        topics.take_back(topic_id=key, viewer=cast.patient.viewer, at=MORNING)
    verbs = list(AuditRow.objects.filter(object_kind="topic").values_list("verb", flat=True))
    assert verbs == ["topic-asked", "topic-repeated", "topic-talked-about"]


def test_it_is_taken_back_by_its_owner_alone(cast: Cast) -> None:
    topic = ask(cast)
    for person in (cast.other_patient, cast.patient_of_b):
        with pytest.raises(Refused):
            topics.take_back(topic_id=topic.pk, viewer=person.viewer, at=MORNING)
    for person in (cast.nurse_of_b, cast.front_desk, cast.patient):
        with pytest.raises(Refused):
            topics.note_talked(topic_id=topic.pk, viewer=person.viewer, at=MORNING)
    topics.take_back(topic_id=topic.pk, viewer=cast.patient.viewer, at=MORNING)
    with pytest.raises(CannotWrite, match="took it back"):
        topics.note_talked(topic_id=topic.pk, viewer=cast.nurse.viewer, at=MORNING)


def test_there_are_never_more_than_fit_a_visit(cast: Cast) -> None:
    for number in range(MOST_OPEN_TOPICS):
        ask(cast, f"{number}")
    with pytest.raises(CannotWrite, match="Take one back"):
        ask(cast, "one more")
    assert Topic.objects.count() == MOST_OPEN_TOPICS


def test_the_patients_page(cast: Cast) -> None:
    patient, page = cast.patient.client(), reverse("talk-about")
    assert "who you can reach now" in patient.get(page).content.decode()
    too_long = patient.post(page, {"id": str(uuid.uuid4()), "text": "x" * 401})
    assert too_long.status_code == 422
    assert patient.post(page, {"id": str(uuid.uuid4()), "text": ""}).status_code == 302
    assert "How my scores have gone" in patient.get(page).content.decode()
    back = reverse("topic-take-back", args=[Topic.objects.get().pk])
    assert patient.post(back).status_code == 302
    assert "Noted so far" not in patient.get(page).content.decode()
