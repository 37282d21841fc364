"""What is known of therapy: notes, what is planned, and of the journal only what the viewer may read."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from longlight.clinic.courses.models import PlannedSession
from longlight.clinic.courses.rules import CourseStatus, SessionStatus
from longlight.clinic.people.access import Refused, require_chart, require_role
from longlight.clinic.people.rules import CHART_ROLES, Role, Viewer
from longlight.clinic.people.sealing import CannotUnseal, unseal
from longlight.clinic.therapy.models import (
    JournalDraft,
    JournalEntry,
    PsychotherapyNote,
    TherapyNote,
    Topic,
)
from longlight.clinic.therapy.rules import NoteKind

JOURNAL = "journal"  # what its texts are sealed for
PSYCHOTHERAPY = "psychotherapy"
NOTE = "therapy-note"  # what is signed


@dataclass(frozen=True)
class ReadableEntry:
    """A journal entry and its text. `text` is None when it was destroyed, or no key held opens it."""

    entry: JournalEntry
    text: str | None
    read_by: tuple[str, ...]

    @property
    def is_shared(self) -> bool:
        return self.entry.shared_at is not None

    @property
    def is_destroyed(self) -> bool:
        return self.entry.destroyed_at is not None


def therapy_notes(*, patient_id: UUID, viewer: Viewer, at: datetime) -> QuerySet[TherapyNote]:
    """A patient's notes, corrected ones too, newest first. For staff who see charts. Raises `Refused`."""
    require_role(viewer, *CHART_ROLES)
    patient = require_chart(viewer, patient_id, at)
    return TherapyNote.objects.filter(patient=patient).select_related("successor")


def therapy_note(*, note_id: UUID, viewer: Viewer, at: datetime) -> TherapyNote:
    """One note. Raises `Refused` for another clinic's, as for one that does not exist."""
    require_role(viewer, *CHART_ROLES)
    note: TherapyNote | None = (
        TherapyNote.objects.filter(pk=note_id, patient__clinic_id=viewer.clinic_id)
        .select_related("patient")
        .first()
    )
    if note is None:
        raise Refused
    require_chart(viewer, note.patient_id, at)
    return note


def said_of(note: TherapyNote) -> dict[str, object]:
    """What somebody signs who signs a note."""
    return {
        "kind": note.kind, "on": note.on, "text": note.text, "written_at": note.written_at,
        "by_id": note.by_id,
    }  # fmt: skip


def open_topics(*, patient_id: UUID) -> QuerySet[Topic]:
    """What the patient wants to talk about. The caller asked whether the viewer may open the chart."""
    return Topic.objects.filter(patient_id=patient_id, taken_back_at=None, talked_at=None)


@dataclass(frozen=True)
class PrivateNote:
    """A psychotherapy note and its text. `text` is None when it was destroyed, or no key held opens it."""

    note: PsychotherapyNote
    text: str | None


def own_psychotherapy_notes(
    *, patient_id: UUID, viewer: Viewer, at: datetime
) -> tuple[PrivateNote, ...]:
    """The notes that this therapist keeps of a patient, newest first; nobody else has them. Raises `Refused`."""
    require_role(viewer, Role.THERAPIST)
    patient = require_chart(viewer, patient_id, at)
    found = PsychotherapyNote.objects.filter(patient=patient, author_id=viewer.account_id)
    return tuple(private_note(note) for note in found.select_related("body"))


def own_psychotherapy_note(*, note_id: UUID, viewer: Viewer, at: datetime) -> PrivateNote:
    """One of the therapist's own. Raises `Refused` for everybody else's, as for one that does not exist."""
    require_role(viewer, Role.THERAPIST)
    note = (
        PsychotherapyNote.objects.filter(
            pk=note_id, author_id=viewer.account_id, patient__clinic_id=viewer.clinic_id
        )
        .select_related("body", "patient")
        .first()
    )
    if note is None:
        raise Refused
    require_chart(viewer, note.patient_id, at)
    return private_note(note)


def private_note(note: PsychotherapyNote) -> PrivateNote:
    return PrivateNote(
        note, None if note.destroyed_at else _opened(note.body.sealed_text, PSYCHOTHERAPY)
    )


def sessions_to_note(*, patient_id: UUID, viewer: Viewer) -> QuerySet[PlannedSession]:
    """The planned sessions of talk in the course that runs."""
    return PlannedSession.objects.filter(
        course__patient_id=patient_id,
        course__patient__clinic_id=viewer.clinic_id,
        course__status=CourseStatus.ACTIVE.value,
        status=SessionStatus.PLANNED.value,
        kind__in=[kind.value for kind in NoteKind],
    )


def own_record(viewer: Viewer) -> UUID:
    """Whose journal a viewer writes: a patient's own. Raises `Refused` for everybody else."""
    require_role(viewer, Role.PATIENT)
    if viewer.patient_id is None:
        raise Refused
    return viewer.patient_id


def own_entries(*, viewer: Viewer) -> QuerySet[JournalEntry]:
    """The patient's own journal; nobody else has one. Raises `Refused`."""
    return JournalEntry.objects.filter(
        patient_id=own_record(viewer), patient__clinic_id=viewer.clinic_id
    ).select_related("body")


def own_entry(*, entry_id: UUID, viewer: Viewer) -> ReadableEntry:
    """One of the patient's own entries. Raises `Refused`."""
    entry = own_entries(viewer=viewer).filter(pk=entry_id).first()
    if entry is None:
        raise Refused
    return readable(entry)


def own_draft(*, viewer: Viewer) -> str:
    """What the patient has begun to write; empty when nothing, or when no key held opens it."""
    draft = JournalDraft.objects.filter(
        patient_id=own_record(viewer), patient__clinic_id=viewer.clinic_id
    ).first()
    return "" if draft is None else _opened(draft.sealed_text) or ""


def shared_entries(*, patient_id: UUID, viewer: Viewer, at: datetime) -> QuerySet[JournalEntry]:
    """The entries that the patient shares now, for staff who see charts. Raises `Refused`."""
    require_role(viewer, *CHART_ROLES)
    patient = require_chart(viewer, patient_id, at)
    return JournalEntry.objects.filter(patient=patient, shared_at__isnull=False).select_related(
        "body"
    )


def readable(entry: JournalEntry) -> ReadableEntry:
    """An entry with its text opened. The caller asked whether the viewer may."""
    body = None if entry.destroyed_at else entry.body
    return ReadableEntry(
        entry,
        None if body is None else _opened(body.sealed_text),
        tuple(reading.name for reading in entry.readings.all()),
    )


def _opened(sealed: str, purpose: str = JOURNAL) -> str | None:
    try:
        return unseal(sealed, purpose=purpose)
    except CannotUnseal:
        return None
