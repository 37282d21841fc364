"""A note of therapy is kept, marks its planned session done, and is corrected with a successor."""

import uuid

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse
from tests.cast import Cast
from tests.walk import MORNING, TODAY, plan_course

from longlight.clinic.courses.models import PlannedSession
from longlight.clinic.people.access import Refused
from longlight.clinic.record.models import AuditRow
from longlight.clinic.record.rules import CannotCorrect
from longlight.clinic.therapy.actions.notes import correct_note, write_note
from longlight.clinic.therapy.models import TherapyNote
from longlight.clinic.therapy.rules import CannotWrite, NoteKind, WrittenNote
from longlight.science import protocols

pytestmark = pytest.mark.django_db
KINDS = [kind.value for kind in NoteKind]


def note(cast: Cast, *, role: str = "therapist", **said: object) -> TherapyNote:
    values: dict[str, object] = {
        "id": uuid.uuid4(), "kind": NoteKind.INTEGRATION, "on": TODAY, "text": "Spoke of the sea.",
    }  # fmt: skip
    return write_note(
        patient_id=cast.patient.patient.id,
        written=WrittenNote(**{**values, **said}),  # type: ignore[arg-type]
        viewer=getattr(cast, role).viewer,
        at=MORNING,
    )


def talk_session(cast: Cast) -> PlannedSession:
    protocol = next(
        p
        for p in protocols.all()
        if p.approach != "medicine"
        and any(visit.kind.value in KINDS for phase in p.phases for visit in phase.visits)
    )
    course = plan_course(cast, protocol=protocol.id)
    session = course.sessions.filter(kind__in=KINDS).first()
    assert session is not None
    return session


def test_a_note_marks_its_planned_session_done(cast: Cast) -> None:
    session = talk_session(cast)
    kept = note(cast, kind=NoteKind(session.kind), planned_session_id=session.pk)
    session.refresh_from_db()
    assert (session.status, session.event_id, session.on) == ("done", kept.pk, TODAY)
    assert AuditRow.objects.filter(verb="therapy-note-written", object_id=str(kept.pk)).exists()
    with pytest.raises(CannotWrite, match="marked already"):
        note(cast, kind=NoteKind(session.kind), planned_session_id=session.pk)
    assert TherapyNote.objects.count() == 1


def test_every_reason_is_told_and_nothing_is_kept(cast: Cast) -> None:
    with pytest.raises(CannotWrite) as refusal:
        note(cast, text=" ", on=TODAY.replace(year=2027), planned_session_id=uuid.uuid4())
    for part in ("Write what", "future", "no such planned session"):
        assert part in str(refusal.value)
    assert not TherapyNote.objects.exists()


@pytest.mark.parametrize(
    "role", ["patient", "front_desk", "director", "researcher", "administrator", "nurse_of_b"]
)
def test_only_those_who_treat_write(cast: Cast, role: str) -> None:
    with pytest.raises(Refused):
        note(cast, role=role)
    assert not TherapyNote.objects.exists()


def test_a_repeated_note_is_one_note(cast: Cast) -> None:
    first = note(cast)
    assert note(cast, id=first.pk, text="else") == first
    assert TherapyNote.objects.get().text == "Spoke of the sea."


def test_a_correction_leaves_both_and_only_one_can_win(cast: Cast) -> None:
    wrong = note(cast)

    def corrected(reason: str) -> TherapyNote:
        return correct_note(
            note_id=wrong.pk, successor_id=uuid.uuid4(), text="Spoke of the lake.", reason=reason,
            viewer=cast.nurse.viewer, at=MORNING,
        )  # fmt: skip

    right = corrected("it was the lake")
    wrong.refresh_from_db()
    assert (wrong.stands, wrong.successor_id, right.stands) == (False, right.pk, True)
    with pytest.raises(CannotCorrect, match="already corrected"):
        corrected("again")
    assert TherapyNote.objects.count() == 2
    with pytest.raises(DatabaseError), transaction.atomic():
        TherapyNote.objects.filter(pk=right.pk).update(text="quietly changed")


def test_notes_in_pages(cast: Cast) -> None:
    client, patient_id = cast.therapist.client(), cast.patient.patient.id
    new = reverse("therapy-note-new", args=[patient_id])
    said = {"id": str(uuid.uuid4()), "kind": "integration", "on": "2026-01-05", "text": "A lake."}
    assert client.post(new, {**said, "text": ""}).status_code == 422
    assert client.post(new, {**said, "on": "2999-01-01"}).status_code == 409
    assert client.post(new, said).status_code == 302
    kept = TherapyNote.objects.get()
    correct = reverse("therapy-note-correct", args=[kept.pk])
    assert b"A lake." in client.get(correct).content
    assert client.post(correct, {"text": "x"}).status_code == 422
    mended = {"id": str(uuid.uuid4()), "text": "A sea.", "reason": "not a lake"}
    assert client.post(correct, mended).status_code == 302
    page = cast.director.client().get(reverse("therapy-notes", args=[patient_id])).content.decode()
    assert "<s>A lake.</s>" in page
    assert "A sea." in page
    assert AuditRow.objects.filter(details={"purpose": "therapy-notes"}).exists()
