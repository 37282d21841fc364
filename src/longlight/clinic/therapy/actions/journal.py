"""The patient's journal: written, shared, taken back, destroyed by its writer alone; read by staff while shared."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from longlight.clinic.people.access import Refused, require_chart
from longlight.clinic.people.models import Patient
from longlight.clinic.people.rules import Viewer
from longlight.clinic.people.sealing import seal
from longlight.clinic.record.actions import Pen, patient_chain, writing
from longlight.clinic.therapy.models import (
    JournalBody,
    JournalDraft,
    JournalEntry,
    JournalReading,
)
from longlight.clinic.therapy.queries import (
    JOURNAL,
    ReadableEntry,
    own_record,
    readable,
    shared_entries,
)
from longlight.clinic.therapy.rules import (
    CannotWrite,
    reasons_not_to_keep_entry,
    reasons_not_to_share,
)


def write_entry(
    *, entry_id: UUID, prompt: str, text: str, viewer: Viewer, at: datetime
) -> JournalEntry:
    """Keep an entry, private; the draft is done with. Safe to repeat. Raises `CannotWrite`."""
    patient = _writer(viewer, at)
    if reasons := reasons_not_to_keep_entry(text):
        raise CannotWrite(" ".join(reasons))
    with writing(by=viewer.actor, at=at) as pen:
        Patient.objects.select_for_update().get(pk=patient.pk)
        before = JournalEntry.objects.filter(pk=entry_id).first()
        if before is not None and before.patient_id != patient.id:
            raise CannotWrite(_("Open your journal again and write it there."))
        if before is not None:
            _note(pen, "journal-entry-repeated", before)
            return before
        entry = JournalEntry.objects.create(
            id=entry_id, patient=patient, prompt=prompt, written_at=at
        )
        JournalBody.objects.create(entry=entry, sealed_text=seal(text.strip(), purpose=JOURNAL))
        JournalDraft.objects.filter(patient=patient).delete()
        _note(pen, "journal-entry-written", entry)
    return entry


def keep_draft(*, text: str, viewer: Viewer, at: datetime) -> None:
    """Keep what is written so far, for its writer alone; an empty text removes the draft."""
    patient = _writer(viewer, at)
    if text.strip() and (reasons := reasons_not_to_keep_entry(text)):
        raise CannotWrite(" ".join(reasons))
    with writing(by=viewer.actor, at=at) as pen:
        if text.strip():
            JournalDraft.objects.update_or_create(
                patient=patient,
                defaults={"sealed_text": seal(text, purpose=JOURNAL), "kept_at": at},
            )
        else:
            JournalDraft.objects.filter(patient=patient).delete()
        pen.note(
            "journal-draft-kept" if text.strip() else "journal-draft-removed",
            chain=patient_chain(patient.id),
            object_kind="patient",
            object_id=patient.id,
        )


def share_entry(*, entry_id: UUID, viewer: Viewer, at: datetime) -> JournalEntry:
    """Let the care team read one entry. Sharing it again changes nothing."""
    return _set_shared(entry_id, at, viewer, at)


def take_back_entry(*, entry_id: UUID, viewer: Viewer, at: datetime) -> JournalEntry:
    """Make one entry private again. What was read was read: its readings stay."""
    return _set_shared(entry_id, None, viewer, at)


def _set_shared(
    entry_id: UUID, shared_at: datetime | None, viewer: Viewer, at: datetime
) -> JournalEntry:
    _writer(viewer, at)
    with writing(by=viewer.actor, at=at) as pen:
        entry = _locked_own(entry_id, viewer)
        if reasons := reasons_not_to_share(destroyed_at=entry.destroyed_at):
            raise CannotWrite(" ".join(reasons))
        if (entry.shared_at is None) != (shared_at is None):
            entry.shared_at = shared_at
            entry.save(update_fields=["shared_at"])
        _note(
            pen, "journal-entry-taken-back" if shared_at is None else "journal-entry-shared", entry
        )
    return entry


def destroy_entry(*, entry_id: UUID, viewer: Viewer, at: datetime) -> JournalEntry:
    """Destroy an entry's text for good; a stub stays that says so. Destroying it again changes nothing."""
    _writer(viewer, at)
    with writing(by=viewer.actor, at=at) as pen:
        entry = _locked_own(entry_id, viewer)
        JournalBody.objects.filter(entry=entry).delete()
        if entry.destroyed_at is None:
            entry.shared_at, entry.destroyed_at = None, at
            entry.save(update_fields=["shared_at", "destroyed_at"])
        _note(pen, "journal-entry-destroyed", entry)
    return entry


def read_shared(*, patient_id: UUID, viewer: Viewer, at: datetime) -> tuple[ReadableEntry, ...]:
    """The entries shared now, opened for a member of staff; who reads one first is kept for its writer."""
    entries = shared_entries(patient_id=patient_id, viewer=viewer, at=at)
    unread = entries.exclude(readings__account_id=viewer.account_id)
    if unread.exists():
        with writing(by=viewer.actor, at=at) as pen:
            # Locked, so that an entry taken back or destroyed meanwhile is not kept as read.
            for entry in unread.select_related(None).select_for_update(of=("self",)):
                JournalReading.objects.get_or_create(
                    entry=entry,
                    account_id=viewer.account_id,
                    defaults={"name": viewer.name, "read_at": at},
                )
                _note(pen, "journal-entry-read", entry)
            _note_opened(pen, patient_id)
    # One shared in this very moment waits for the next look: nothing is shown that is not kept as read.
    read = entries.filter(readings__account_id=viewer.account_id)
    return tuple(readable(entry) for entry in read.prefetch_related("readings"))


def _note_opened(pen: Pen, patient_id: UUID) -> None:
    # Even when what was unread a moment ago was taken back: the journal was opened.
    pen.note(
        "journal-opened",
        chain=patient_chain(patient_id),
        object_kind="patient",
        object_id=patient_id,
    )


def _writer(viewer: Viewer, at: datetime) -> Patient:
    return require_chart(viewer, own_record(viewer), at)


def _locked_own(entry_id: UUID, viewer: Viewer) -> JournalEntry:
    entry = (
        JournalEntry.objects.select_for_update(of=("self",))
        .filter(pk=entry_id, patient_id=own_record(viewer), patient__clinic_id=viewer.clinic_id)
        .first()
    )
    if entry is None:
        raise Refused
    return entry


def _note(pen: Pen, verb: str, entry: JournalEntry) -> None:
    pen.note(
        verb,
        chain=patient_chain(entry.patient_id),
        object_kind="journal-entry",
        object_id=entry.pk,
    )
