"""Psychotherapy notes: a therapist's own, kept apart from the chart, sealed; destroyed on request, leaving a stub."""

from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext as _

from longlight.clinic.assessments.actions import today_of
from longlight.clinic.people.access import Refused, require_chart, require_role
from longlight.clinic.people.models import Patient
from longlight.clinic.people.rules import Role, Viewer
from longlight.clinic.people.sealing import seal
from longlight.clinic.record.actions import Pen, patient_chain, writing
from longlight.clinic.therapy.models import PsychotherapyBody, PsychotherapyNote
from longlight.clinic.therapy.queries import PSYCHOTHERAPY
from longlight.clinic.therapy.rules import (
    CannotWrite,
    reasons_not_to_destroy,
    reasons_not_to_keep_private_note,
)


def write_private_note(
    *, note_id: UUID, patient_id: UUID, on: date, text: str, viewer: Viewer, at: datetime
) -> PsychotherapyNote:
    """Keep a note for its author alone. Safe to repeat. Raises `CannotWrite`."""
    require_role(viewer, Role.THERAPIST)
    patient = require_chart(viewer, patient_id, at)
    with writing(by=viewer.actor, at=at) as pen:
        Patient.objects.select_for_update().get(pk=patient.pk)
        before = PsychotherapyNote.objects.filter(pk=note_id).first()
        if before is not None:
            if (before.patient_id, before.author_id) != (patient.id, viewer.account_id):
                raise CannotWrite(_("Open the page again and write the note there."))
            _note(pen, "psychotherapy-note-repeated", before)
            return before
        today = today_of(patient, at)
        if reasons := reasons_not_to_keep_private_note(text=text, on=on, today=today):
            raise CannotWrite(" ".join(reasons))
        note = PsychotherapyNote.objects.create(
            id=note_id,
            patient=patient,
            on=on,
            author_id=viewer.account_id,
            author_name=viewer.name,
            written_at=at,
        )
        PsychotherapyBody.objects.create(
            note=note, sealed_text=seal(text.strip(), purpose=PSYCHOTHERAPY)
        )
        _note(pen, "psychotherapy-note-written", note)
    return note


def destroy_private_note(
    *, note_id: UUID, reason: str, viewer: Viewer, at: datetime
) -> PsychotherapyNote:
    """Destroy a note's text for good; a stub stays with the reason. Destroying it again changes nothing."""
    require_role(viewer, Role.THERAPIST)
    if reasons := reasons_not_to_destroy(reason=reason):
        raise CannotWrite(" ".join(reasons))
    with writing(by=viewer.actor, at=at) as pen:
        note = (
            PsychotherapyNote.objects.select_for_update(of=("self",))
            .filter(pk=note_id, author_id=viewer.account_id, patient__clinic_id=viewer.clinic_id)
            .first()
        )
        if note is None:
            raise Refused
        require_chart(viewer, note.patient_id, at)
        PsychotherapyBody.objects.filter(note=note).delete()
        if note.destroyed_at is None:
            note.destroyed_at, note.destroyed_reason = at, reason.strip()
            note.save(update_fields=["destroyed_at", "destroyed_reason"])
        _note(pen, "psychotherapy-note-destroyed", note)
    return note


def _note(pen: Pen, verb: str, note: PsychotherapyNote) -> None:
    pen.note(
        verb,
        chain=patient_chain(note.patient_id),
        object_kind="psychotherapy-note",
        object_id=note.pk,
    )
