"""Psychotherapy notes are their author's alone: sealed, apart from the chart, destroyed leaving a stub."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.fernet import Fernet
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from tests.cast import Cast

from longlight.clinic.people.access import Refused
from longlight.clinic.people.rules import system_actor
from longlight.clinic.record.models import AuditRow
from longlight.clinic.therapy.actions import reseal_texts
from longlight.clinic.therapy.actions.psychotherapy import destroy_private_note, write_private_note
from longlight.clinic.therapy.models import PsychotherapyBody, PsychotherapyNote
from longlight.clinic.therapy.queries import own_psychotherapy_notes
from longlight.clinic.therapy.rules import CannotWrite

pytestmark = pytest.mark.django_db
AT = datetime.now(UTC)
TEXT = "Countertransference: I felt hurried. שלום."


def written(cast: Cast, who: str = "therapist", text: str = TEXT) -> PsychotherapyNote:
    return write_private_note(
        note_id=uuid.uuid4(),
        patient_id=cast.patient.patient.id,
        on=AT.date() - timedelta(days=1),
        text=text,
        viewer=getattr(cast, who).viewer,
        at=AT,
    )


def test_a_note_is_sealed_and_its_authors_and_leaves_a_trace_without_words(cast: Cast) -> None:
    note = written(cast)
    assert TEXT not in note.body.sealed_text
    mine = own_psychotherapy_notes(
        patient_id=cast.patient.patient.id, viewer=cast.therapist.viewer, at=AT
    )
    assert [each.text for each in mine] == [TEXT]
    row = AuditRow.objects.get(verb="psychotherapy-note-written")
    assert row.object_id == str(note.pk)
    assert "hurried" not in str(row.said())


@pytest.mark.parametrize(
    "who",
    ["nurse", "prescriber", "front_desk", "director", "researcher", "administrator", "patient", "nurse_of_b"],
)  # fmt: skip
def test_nobody_else_writes_reads_or_destroys_one(cast: Cast, who: str) -> None:
    note = written(cast)
    person = getattr(cast, who)
    with pytest.raises(Refused):
        written(cast, who)
    with pytest.raises(Refused):
        destroy_private_note(note_id=note.pk, reason="x", viewer=person.viewer, at=AT)
    client = person.client()
    for url in (
        reverse("psychotherapy-notes", args=[cast.patient.patient.id]),
        reverse("psychotherapy-destroy", args=[note.pk]),
    ):
        assert client.get(url).status_code == 404
    assert PsychotherapyBody.objects.count() == 1


def test_no_page_of_the_chart_tells_of_it(cast: Cast) -> None:
    written(cast)
    patient_id = cast.patient.patient.id
    for name in ("therapy-notes", "chart", "journal-shared"):
        page = cast.prescriber.client().get(reverse(name, args=[patient_id])).content.decode()
        assert "hurried" not in page
        assert "psychotherapy" not in page.lower()


def test_a_destroyed_text_is_gone_for_good_and_the_stub_says_why(cast: Cast) -> None:
    note = written(cast)
    with pytest.raises(CannotWrite, match="Say why"):
        destroy_private_note(note_id=note.pk, reason=" ", viewer=cast.therapist.viewer, at=AT)
    for _twice in range(2):
        destroy_private_note(
            note_id=note.pk, reason="The patient asked.", viewer=cast.therapist.viewer, at=AT
        )
    assert not PsychotherapyBody.objects.exists()
    page = cast.therapist.client().get(
        reverse("psychotherapy-notes", args=[cast.patient.patient.id])
    )
    assert "The patient asked." in page.content.decode()
    with pytest.raises(DatabaseError), transaction.atomic():
        note.delete()


def test_the_pages_keep_once_refuse_with_words_and_destroy_after_asking(cast: Cast) -> None:
    therapist = cast.therapist.client()
    url = reverse("psychotherapy-notes", args=[cast.patient.patient.id])
    yesterday = AT.date() - timedelta(days=1)  # a day that has begun at the clinic too
    form = {"id": str(uuid.uuid4()), "on": str(yesterday), "text": TEXT}
    assert therapist.post(url, form | {"text": ""}).status_code == 422
    late = therapist.post(url, form | {"on": str(AT.date() + timedelta(days=9))})
    assert late.status_code == 409
    assert "lies in the future" in late.content.decode()
    assert TEXT in late.content.decode()  # what was typed is still there
    for _twice in range(2):
        assert therapist.post(url, form)["Location"] == url
    assert PsychotherapyNote.objects.count() == 1
    gone = reverse("psychotherapy-destroy", args=[form["id"]])
    assert "Nobody can bring it back" in therapist.get(gone).content.decode()
    assert therapist.post(gone, {"reason": ""}).status_code == 422
    assert therapist.post(gone, {"reason": "asked for"})["Location"] == url
    assert not PsychotherapyBody.objects.exists()


def test_its_words_stand_nowhere_in_the_database_and_survive_a_new_key(
    cast: Cast, settings: object
) -> None:
    written(cast)
    before = PsychotherapyBody.objects.get().sealed_text
    old = list(settings.FIELD_KEYS)  # type: ignore[attr-defined]
    new = Fernet.generate_key().decode()
    settings.FIELD_KEYS = [new, *old]  # type: ignore[attr-defined]
    assert reseal_texts(by=system_actor("test"), at=AT) == 1
    settings.FIELD_KEYS = [new]  # type: ignore[attr-defined]
    mine = own_psychotherapy_notes(
        patient_id=cast.patient.patient.id, viewer=cast.therapist.viewer, at=AT
    )
    assert [each.text for each in mine] == [TEXT]
    assert PsychotherapyBody.objects.get().sealed_text != before
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT * FROM "{table}"')
            assert "hurried" not in str(cursor.fetchall())
