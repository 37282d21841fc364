"""Notes of therapy: written once, corrected with a successor, and after a signature no more: then added to."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from longlight.clinic.assessments.actions import today_of
from longlight.clinic.courses.actions import mark_done
from longlight.clinic.courses.models import PlannedSession
from longlight.clinic.courses.rules import SessionStatus
from longlight.clinic.people.access import require_chart, require_role
from longlight.clinic.people.models import Patient
from longlight.clinic.people.rules import Role, Viewer
from longlight.clinic.record.actions import (
    Pen,
    Signable,
    add_to_signed,
    correct,
    patient_chain,
    sign,
    writing,
)
from longlight.clinic.record.models import Addendum, Signature
from longlight.clinic.record.queries import signed
from longlight.clinic.therapy.models import TherapyNote
from longlight.clinic.therapy.queries import NOTE, said_of, therapy_note
from longlight.clinic.therapy.rules import (
    CannotWrite,
    WrittenNote,
    reasons_not_to_mark_done,
    reasons_not_to_note,
    reasons_not_to_sign,
)

WRITES_NOTES = (Role.NURSE, Role.PRESCRIBER, Role.THERAPIST)


def write_note(
    *, patient_id: UUID, written: WrittenNote, viewer: Viewer, at: datetime
) -> TherapyNote:
    """Keep a note; the planned session that it is of is done. Raises `CannotWrite` with every reason."""
    require_role(viewer, *WRITES_NOTES)
    patient = require_chart(viewer, patient_id, at)
    with writing(by=viewer.actor, at=at) as pen:
        Patient.objects.select_for_update().get(pk=patient.pk)
        before: TherapyNote | None = TherapyNote.objects.filter(pk=written.id).first()
        if before is not None:
            if before.patient_id != patient.id:
                raise CannotWrite(_("Open the page again and write the note there."))
            _note(pen, "therapy-note-repeated", before)
            return before
        reasons = reasons_not_to_note(
            text=written.text, on=written.on, today=today_of(patient, at)
        ) + _reasons_against_session(patient, written)
        if reasons:
            raise CannotWrite(" ".join(reasons))
        note: TherapyNote = TherapyNote.objects.create(
            id=written.id,
            patient=patient,
            planned_session_id=written.planned_session_id,
            kind=written.kind.value,
            on=written.on,
            text=written.text.strip(),
            written_at=at,
            by_id=viewer.account_id,
            by_name=viewer.name,
        )
        _note(pen, "therapy-note-written", note)
        if written.planned_session_id is not None:
            mark_done(
                session_id=written.planned_session_id,
                event_id=note.pk,
                day=written.on,
                by=viewer.actor,
                at=at,
            )
    return note


def _reasons_against_session(patient: Patient, written: WrittenNote) -> list[str]:
    if written.planned_session_id is None:
        return []
    session = PlannedSession.objects.filter(
        pk=written.planned_session_id, course__patient=patient
    ).first()
    return reasons_not_to_mark_done(
        is_of_patient=session is not None,
        kind=session.kind if session else "",
        note_kind=written.kind,
        is_planned=session is not None and session.status == SessionStatus.PLANNED.value,
    )


def _note(pen: Pen, verb: str, note: TherapyNote) -> None:
    pen.note(
        verb,
        chain=patient_chain(note.patient_id),
        object_kind="therapy-note",
        object_id=note.pk,
        kind=note.kind,
    )


def correct_note(
    *, note_id: UUID, successor_id: UUID, text: str, reason: str, viewer: Viewer, at: datetime
) -> TherapyNote:
    """Put a corrected text in a note's place; the wrong one stays, struck out. Raises `CannotWrite`, `CannotCorrect`."""
    require_role(viewer, *WRITES_NOTES)
    wrong = therapy_note(note_id=note_id, viewer=viewer, at=at)
    reasons = reasons_not_to_note(text=text, on=wrong.on, today=wrong.on)
    if TherapyNote.objects.filter(pk=successor_id).exists():
        reasons.append(_("This correction is kept already."))
    if reasons:
        raise CannotWrite(" ".join(reasons))
    with writing(by=viewer.actor, at=at) as pen:
        _refuse_if_signed(wrong)
        right: TherapyNote = TherapyNote.objects.create(
            id=successor_id,
            patient_id=wrong.patient_id,
            planned_session_id=wrong.planned_session_id,
            kind=wrong.kind,
            on=wrong.on,
            text=text.strip(),
            written_at=at,
            by_id=viewer.account_id,
            by_name=viewer.name,
        )
        correct(
            pen,
            wrong,
            successor=right,
            reason=reason,
            chain=patient_chain(wrong.patient_id),
            object_kind="therapy-note",
        )
    return right


def _refuse_if_signed(note: TherapyNote) -> None:
    """Under the note's lock: of a signature and a correction at once, the second is refused."""
    TherapyNote.objects.select_for_update().get(pk=note.pk)
    if signed(NOTE, [note.pk])[note.pk].is_signed:
        raise CannotWrite(_("This note is signed: add what is to be said now under it."))


def sign_note(*, note_id: UUID, viewer: Viewer, at: datetime) -> Signature:
    """Its writer signs a note. From then on it is not corrected; what comes later stands under it."""
    require_role(viewer, *WRITES_NOTES)
    note = therapy_note(note_id=note_id, viewer=viewer, at=at)
    with writing(by=viewer.actor, at=at) as pen:
        locked: TherapyNote = TherapyNote.objects.select_for_update().get(pk=note.pk)
        reasons = reasons_not_to_sign(
            is_author=locked.by_id == viewer.account_id, stands=locked.stands
        )
        if reasons:
            raise CannotWrite(" ".join(reasons))
        return sign(pen, _signable(locked), said=said_of(locked))


def add_to_note(
    *, note_id: UUID, addendum_id: UUID, text: str, viewer: Viewer, at: datetime
) -> Addendum:
    """Add a text under a signed note, in one's own name. Raises `CannotSign`."""
    require_role(viewer, *WRITES_NOTES)
    note = therapy_note(note_id=note_id, viewer=viewer, at=at)
    with writing(by=viewer.actor, at=at) as pen:
        return add_to_signed(pen, _signable(note), addendum_id=addendum_id, text=text)


def _signable(note: TherapyNote) -> Signable:
    return Signable(NOTE, note.pk, patient_chain(note.patient_id))
