"""The demo's days after: notes of therapy, a journal with one entry shared. All made up."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from longlight.clinic.demo.people import CLINICS, HARBOR, DemoClinic, demo_id
from longlight.clinic.people.rules import Role, Viewer
from longlight.clinic.therapy.actions.journal import share_entry, write_entry
from longlight.clinic.therapy.actions.notes import write_note
from longlight.clinic.therapy.models import JournalEntry, TherapyNote
from longlight.clinic.therapy.rules import NoteKind, WrittenNote

PROMPT = "What would you like to remember of today?"


@dataclass(frozen=True)
class DemoEntry:
    days_ago: int
    text: str
    is_shared: bool = False


JOURNAL = (
    DemoEntry(52, "Quiet after the last of the six. I walked home with Ana and noticed the trees."),
    DemoEntry(
        19,
        "After the booster: the wall between me and the others was thin. I want to talk about that.",
        is_shared=True,
    ),
    DemoEntry(3, "Slept badly, but got up. Wrote to my brother."),
)
NOTES = (
    (80, NoteKind.PREPARATION, "Hopes, fears, and what helps when it gets strange. Brings music."),
    (50, NoteKind.INTEGRATION, "The distance to others was the theme. Two small steps agreed."),
)


def build_days_after(today: date, at: datetime) -> None:
    """Give the clinics' first patients notes and journals; what an earlier build left stays."""
    for clinic in CLINICS:
        _keep_notes(clinic, today)
    _keep_journal(HARBOR, today)


def _evening(today: date, days_ago: int) -> datetime:
    return datetime.combine(today - timedelta(days=days_ago), time(20), UTC)


def _keep_notes(clinic: DemoClinic, today: date) -> None:
    patient = clinic.patients[0]
    name = next(name for role, name in clinic.staff if role is Role.THERAPIST)
    account_id = demo_id("account", clinic.slug, Role.THERAPIST.value)
    therapist = Viewer(account_id, name, Role.THERAPIST, clinic.id)
    for ago, kind, text in NOTES:
        note_id = demo_id("therapy-note", clinic.slug, str(ago))
        if TherapyNote.objects.filter(pk=note_id).exists():
            continue
        write_note(
            patient_id=demo_id("patient", clinic.slug, patient.number),
            written=WrittenNote(note_id, kind, today - timedelta(days=ago), text),
            viewer=therapist,
            at=_evening(today, ago),
        )


def _keep_journal(clinic: DemoClinic, today: date) -> None:
    patient = clinic.patients[0]
    writer = Viewer(
        demo_id("account", clinic.slug, patient.number),
        patient.name,
        Role.PATIENT,
        clinic.id,
        demo_id("patient", clinic.slug, patient.number),
    )
    for each in JOURNAL:
        entry_id = demo_id("journal", clinic.slug, str(each.days_ago))
        if JournalEntry.objects.filter(pk=entry_id).exists():
            continue
        at = _evening(today, each.days_ago)
        write_entry(entry_id=entry_id, prompt=PROMPT, text=each.text, viewer=writer, at=at)
        if each.is_shared:
            share_entry(entry_id=entry_id, viewer=writer, at=at)
