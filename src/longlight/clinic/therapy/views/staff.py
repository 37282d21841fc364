"""Notes of therapy, and the journal entries that a patient shares."""

import uuid
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from longlight.clinic.courses.rules import CannotPlan
from longlight.clinic.people.access import ClinicRequest, require_chart, roles
from longlight.clinic.people.rules import CHART_ROLES, Role
from longlight.clinic.record.actions import note_read
from longlight.clinic.record.forms import AddendumForm
from longlight.clinic.record.queries import signed
from longlight.clinic.record.rules import CannotCorrect, CannotSign
from longlight.clinic.therapy import queries
from longlight.clinic.therapy.actions import journal
from longlight.clinic.therapy.actions.notes import (
    WRITES_NOTES,
    add_to_note,
    correct_note,
    sign_note,
    write_note,
)
from longlight.clinic.therapy.forms import KIND_LABELS, CorrectNoteForm, NoteForm
from longlight.clinic.therapy.rules import CannotWrite, NoteKind


@require_safe
@roles(*CHART_ROLES)
def notes(request: ClinicRequest, patient_id: UUID) -> HttpResponse:
    return _page(request, patient_id)


@require_http_methods(["POST"])
@roles(*WRITES_NOTES)
def note_new(request: ClinicRequest, patient_id: UUID) -> HttpResponse:
    at = timezone.now()
    require_chart(request.viewer, patient_id, at)
    sessions = queries.sessions_to_note(patient_id=patient_id, viewer=request.viewer)
    form = NoteForm(sessions, timezone.localdate(at), request.POST)
    if not form.is_valid():
        return _page(request, patient_id, form=form, status=422)
    try:
        write_note(patient_id=patient_id, written=form.written(), viewer=request.viewer, at=at)
    except (CannotWrite, CannotPlan) as refusal:
        return _page(request, patient_id, form=form, refusal=str(refusal), status=409)
    messages.success(request, _("The note is kept."))
    return HttpResponseRedirect(reverse("therapy-notes", args=[patient_id]))


@require_http_methods(["GET", "POST"])
@roles(*WRITES_NOTES)
def note_correct(request: ClinicRequest, note_id: UUID) -> HttpResponse:
    at = timezone.now()
    note = queries.therapy_note(note_id=note_id, viewer=request.viewer, at=at)
    note_read(by=request.viewer.actor, at=at, patient_id=note.patient_id, purpose="therapy-notes")
    form = CorrectNoteForm(request.POST or None, initial={"id": uuid.uuid4(), "text": note.text})
    refusal = ""
    if request.method == "POST" and form.is_valid():
        try:
            correct_note(
                note_id=note_id,
                successor_id=form.cleaned_data["id"],
                text=form.cleaned_data["text"],
                reason=form.cleaned_data["reason"],
                viewer=request.viewer,
                at=at,
            )
        except (CannotWrite, CannotCorrect) as error:
            refusal = str(error)
        else:
            return HttpResponseRedirect(reverse("therapy-notes", args=[note.patient_id]))
    return render(
        request,
        "therapy/correct.html",
        {"note": note, "patient": note.patient, "form": form, "refusal": refusal},
        status=409 if refusal else 422 if request.method == "POST" else 200,
    )


@require_http_methods(["POST"])
@roles(*WRITES_NOTES)
def note_sign(request: ClinicRequest, note_id: UUID) -> HttpResponse:
    at = timezone.now()
    note = queries.therapy_note(note_id=note_id, viewer=request.viewer, at=at)
    try:
        sign_note(note_id=note_id, viewer=request.viewer, at=at)
    except CannotWrite as refusal:
        return _page(request, note.patient_id, refusal=str(refusal), status=409)
    return HttpResponseRedirect(reverse("therapy-notes", args=[note.patient_id]))


@require_http_methods(["GET", "HEAD", "POST"])
@roles(*WRITES_NOTES)
def note_addendum(request: ClinicRequest, note_id: UUID) -> HttpResponse:
    """Add under a signed note: the note above, as it was signed, and a box."""
    at = timezone.now()
    note = queries.therapy_note(note_id=note_id, viewer=request.viewer, at=at)
    note_read(by=request.viewer.actor, at=at, patient_id=note.patient_id, purpose="therapy-notes")
    form = AddendumForm(request.POST) if request.method == "POST" else AddendumForm.empty()
    refusal = ""
    if request.method == "POST" and form.is_valid():
        try:
            add_to_note(
                note_id=note_id,
                addendum_id=form.cleaned_data["id"],
                text=form.cleaned_data["text"],
                viewer=request.viewer,
                at=at,
            )
        except CannotSign as error:
            refusal = str(error)
        else:
            return HttpResponseRedirect(reverse("therapy-notes", args=[note.patient_id]))
    shown = {"note": note, "patient": note.patient, "form": form, "refusal": refusal}
    status = 409 if refusal else 422 if form.errors else 200
    return render(request, "therapy/addendum.html", shown, status=status)


@require_safe
@roles(*CHART_ROLES)
def shared_journal(request: ClinicRequest, patient_id: UUID) -> HttpResponse:
    at = timezone.now()
    patient = require_chart(request.viewer, patient_id, at)
    note_read(by=request.viewer.actor, at=at, patient_id=patient.id, purpose="journal")
    entries = journal.read_shared(patient_id=patient.id, viewer=request.viewer, at=at)
    return render(request, "therapy/shared-journal.html", {"patient": patient, "entries": entries})


def _page(
    request: ClinicRequest,
    patient_id: UUID,
    *,
    form: NoteForm | None = None,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    at = timezone.now()
    viewer = request.viewer
    patient = require_chart(viewer, patient_id, at)
    note_read(by=viewer.actor, at=at, patient_id=patient.id, purpose="therapy-notes")
    if form is None:
        sessions = queries.sessions_to_note(patient_id=patient_id, viewer=viewer)
        form = NoteForm(sessions, timezone.localdate(at))
    found = list(queries.therapy_notes(patient_id=patient_id, viewer=viewer, at=at))
    signatures = signed(queries.NOTE, [note.pk for note in found])
    shown = {
        "patient": patient,
        "notes": [(note, KIND_LABELS[NoteKind(note.kind)], signatures[note.pk]) for note in found],
        "form": form,
        "keeps_own": viewer.role is Role.THERAPIST,
        "may_write": viewer.role in WRITES_NOTES,
        "refusal": refusal,
    }
    return render(request, "therapy/notes.html", shown, status=status)
