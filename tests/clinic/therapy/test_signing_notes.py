"""A note is signed by its writer; then it is not corrected, and what comes later stands under it."""

import uuid

import pytest
from django.urls import reverse
from tests.cast import Cast
from tests.clinic.therapy.test_therapy_notes import note
from tests.walk import MORNING

from longlight.clinic.people.access import Refused
from longlight.clinic.record.models import Addendum, AuditRow, Signature
from longlight.clinic.record.rules import CannotSign
from longlight.clinic.therapy.actions.notes import add_to_note, correct_note, sign_note
from longlight.clinic.therapy.models import TherapyNote
from longlight.clinic.therapy.rules import CannotWrite

pytestmark = pytest.mark.django_db


def sign(cast: Cast, kept: TherapyNote, role: str = "therapist") -> Signature:
    return sign_note(note_id=kept.pk, viewer=getattr(cast, role).viewer, at=MORNING)


def add(cast: Cast, kept: TherapyNote, role: str = "nurse") -> Addendum:
    return add_to_note(
        note_id=kept.pk, addendum_id=uuid.uuid4(), text="She called on Friday.",
        viewer=getattr(cast, role).viewer, at=MORNING,
    )  # fmt: skip


def change(cast: Cast, kept: TherapyNote) -> TherapyNote:
    return correct_note(
        note_id=kept.pk, successor_id=uuid.uuid4(), text="Spoke of the lake.",
        reason="It was the lake.", viewer=cast.therapist.viewer, at=MORNING,
    )  # fmt: skip


def test_a_signed_note_is_added_to_and_never_corrected(cast: Cast) -> None:
    kept = note(cast)
    with pytest.raises(CannotSign, match="not signed yet"):
        add(cast, kept)
    for _twice in range(2):
        sign(cast, kept)
    assert Signature.objects.get().by_id == cast.therapist.viewer.account_id
    assert AuditRow.objects.filter(verb="therapy-note-signed", object_id=str(kept.pk)).exists()
    with pytest.raises(CannotWrite, match="signed"):
        change(cast, kept)
    assert TherapyNote.objects.get().stands
    assert add(cast, kept).by_name == cast.nurse.viewer.name


def test_only_its_writer_signs_and_only_what_stands(cast: Cast) -> None:
    kept = note(cast)
    with pytest.raises(CannotWrite, match="whoever wrote it"):
        sign(cast, kept, "nurse")
    for role in ("director", "nurse_of_b"):
        with pytest.raises(Refused):
            sign(cast, kept, role)
    change(cast, kept)
    with pytest.raises(CannotWrite, match="was corrected"):
        sign(cast, kept)
    assert Signature.objects.count() == 0


def test_the_pages(cast: Cast) -> None:
    kept = note(cast)
    therapist, nurse = cast.therapist.client(), cast.nurse.client()
    listed = reverse("therapy-notes", args=[cast.patient.patient.id])
    assert reverse("therapy-note-sign", args=[kept.pk]) in therapist.get(listed).content.decode()
    signing = reverse("therapy-note-sign", args=[kept.pk])
    assert signing not in nurse.get(listed).content.decode()
    assert nurse.post(signing).status_code == 409
    assert therapist.post(signing).status_code == 302
    page = nurse.get(listed).content.decode()
    assert "Signed by" in page
    assert reverse("therapy-note-correct", args=[kept.pk]) not in page
    under = reverse("therapy-note-addendum", args=[kept.pk])
    assert nurse.get(under).status_code == 200
    assert nurse.post(under, {"id": str(uuid.uuid4()), "text": ""}).status_code == 422
    said = {"id": str(uuid.uuid4()), "text": "Came by for the keys."}
    assert nurse.post(under, said).status_code == 302
    assert "Came by for the keys." in therapist.get(listed).content.decode()
