"""A journal is its writer's: private until shared, private again, destroyed for good, read by nobody unseen."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse
from tests.cast import Cast

from longlight.clinic.people.access import Refused
from longlight.clinic.record.models import AuditRow
from longlight.clinic.therapy.actions import journal
from longlight.clinic.therapy.models import JournalBody, JournalDraft, JournalEntry, JournalReading
from longlight.clinic.therapy.queries import own_draft, own_entry
from longlight.clinic.therapy.rules import CannotWrite

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)
TEXT = "The sea was very still. שלום."


def written(cast: Cast, text: str = TEXT) -> JournalEntry:
    return journal.write_entry(
        entry_id=uuid.uuid4(), prompt="?", text=text, viewer=cast.patient.viewer, at=AT
    )


def read_by_nurse(cast: Cast) -> list[str | None]:
    found = journal.read_shared(patient_id=cast.patient.patient.id, viewer=cast.nurse.viewer, at=AT)
    return [each.text for each in found]


def test_an_entry_is_kept_sealed_and_private(cast: Cast) -> None:
    entry = written(cast)
    assert TEXT not in entry.body.sealed_text
    assert own_entry(entry_id=entry.pk, viewer=cast.patient.viewer).text == TEXT
    assert read_by_nurse(cast) == []
    row = AuditRow.objects.get(verb="journal-entry-written")
    assert (row.chain_subject, row.object_id) == (cast.patient.patient.id, str(entry.pk))
    assert TEXT not in str(row.said())


def test_sharing_is_by_entry_and_reversible_and_says_who_read(cast: Cast) -> None:
    shared, kept = written(cast), written(cast, "Only mine.")
    journal.share_entry(entry_id=shared.pk, viewer=cast.patient.viewer, at=AT)
    assert read_by_nurse(cast) == [TEXT]
    assert read_by_nurse(cast) == [TEXT]
    assert JournalReading.objects.count() == 1
    mine = own_entry(entry_id=shared.pk, viewer=cast.patient.viewer)
    assert mine.read_by == (cast.nurse.viewer.name,)
    journal.take_back_entry(entry_id=shared.pk, viewer=cast.patient.viewer, at=AT)
    assert read_by_nurse(cast) == []
    page = cast.patient.client().get(reverse("journal-entry", args=[shared.pk])).content.decode()
    assert f"Already read by {cast.nurse.viewer.name}" in page
    assert own_entry(entry_id=kept.pk, viewer=cast.patient.viewer).read_by == ()


def test_a_destroyed_text_is_gone_and_its_stub_stays(cast: Cast) -> None:
    entry = written(cast)
    journal.share_entry(entry_id=entry.pk, viewer=cast.patient.viewer, at=AT)
    for _ in range(2):
        journal.destroy_entry(entry_id=entry.pk, viewer=cast.patient.viewer, at=AT)
    assert not JournalBody.objects.exists()
    assert read_by_nurse(cast) == []
    stub = own_entry(entry_id=entry.pk, viewer=cast.patient.viewer)
    assert (stub.text, stub.is_destroyed) == (None, True)
    with pytest.raises(CannotWrite, match="removed"):
        journal.share_entry(entry_id=entry.pk, viewer=cast.patient.viewer, at=AT)
    with pytest.raises(DatabaseError), transaction.atomic():
        JournalEntry.objects.filter(pk=entry.pk).delete()


@pytest.mark.parametrize(
    "role", ["other_patient", "nurse", "therapist", "director", "patient_of_b"]
)
def test_nobody_else_opens_shares_or_destroys_an_entry(cast: Cast, role: str) -> None:
    entry = written(cast)
    viewer = getattr(cast, role).viewer
    for act in (journal.share_entry, journal.take_back_entry, journal.destroy_entry):
        with pytest.raises(Refused):
            act(entry_id=entry.pk, viewer=viewer, at=AT)
    with pytest.raises(Refused):
        own_entry(entry_id=entry.pk, viewer=viewer)
    assert JournalBody.objects.count() == 1


@pytest.mark.parametrize(
    "role", ["patient", "other_patient", "front_desk", "researcher", "administrator", "nurse_of_b"]
)
def test_what_is_shared_is_for_the_care_team(cast: Cast, role: str) -> None:
    entry = written(cast)
    journal.share_entry(entry_id=entry.pk, viewer=cast.patient.viewer, at=AT)
    with pytest.raises(Refused):
        journal.read_shared(
            patient_id=cast.patient.patient.id, viewer=getattr(cast, role).viewer, at=AT
        )
    assert not JournalReading.objects.exists()


def test_nothing_is_kept_of_nothing(cast: Cast) -> None:
    with pytest.raises(CannotWrite, match="nothing written"):
        written(cast, "  \n ")
    assert not JournalEntry.objects.exists()


def test_a_repeated_form_is_one_entry_and_anothers_id_is_refused(cast: Cast) -> None:
    entry = written(cast)
    again = journal.write_entry(
        entry_id=entry.pk, prompt="?", text="else", viewer=cast.patient.viewer, at=AT
    )
    assert again == entry
    assert JournalEntry.objects.count() == 1
    with pytest.raises(CannotWrite, match="Open your journal again"):
        journal.write_entry(
            entry_id=entry.pk, prompt="?", text="x", viewer=cast.other_patient.viewer, at=AT
        )


def test_a_draft_is_sealed_returns_and_is_done_with_by_the_entry(cast: Cast) -> None:
    client = cast.patient.client()
    client.post(reverse("journal"), {"text": "Half a thou", "draft": "1"})
    assert "Half a thou" not in JournalDraft.objects.get().sealed_text
    assert own_draft(viewer=cast.patient.viewer) == "Half a thou"
    assert own_draft(viewer=cast.other_patient.viewer) == ""
    assert "Half a thou" in client.get(reverse("journal")).content.decode()
    answer = client.post(reverse("journal"), {"id": str(uuid.uuid4()), "text": "Half a thought."})
    assert answer.status_code == 302
    assert not JournalDraft.objects.exists()


def test_the_journal_in_pages(cast: Cast) -> None:
    client = cast.patient.client()
    empty = client.post(reverse("journal"), {"id": str(uuid.uuid4()), "text": " "})
    assert (empty.status_code, JournalEntry.objects.count()) == (422, 0)
    client.post(reverse("journal"), {"id": str(uuid.uuid4()), "text": "<b>Sea</b>"})
    entry = JournalEntry.objects.get()
    client.post(reverse("journal-share", args=[entry.pk]))
    shown = cast.therapist.client().get(reverse("journal-shared", args=[cast.patient.patient.id]))
    assert "&lt;b&gt;Sea&lt;/b&gt;" in shown.content.decode()
    assert AuditRow.objects.filter(verb="chart-read", details={"purpose": "journal"}).exists()
    client.post(reverse("journal-take-back", args=[entry.pk]))
    assert b"cannot be undone" in client.get(reverse("journal-entry", args=[entry.pk])).content
    client.post(reverse("journal-destroy", args=[entry.pk]))
    assert b"Sea" not in client.get(reverse("journal")).content
    assert (
        b"had this text destroyed" in client.get(reverse("journal-entry", args=[entry.pk])).content
    )


def test_entries_are_told_newest_first(cast: Cast) -> None:
    for days in (0, 2, 1):
        journal.write_entry(
            entry_id=uuid.uuid4(), prompt="?", text=f"day {days}", viewer=cast.patient.viewer,
            at=AT + timedelta(days=days),
        )  # fmt: skip
    page = cast.patient.client().get(reverse("journal")).content.decode()
    assert page.index("day 2") < page.index("day 1") < page.index("day 0")
