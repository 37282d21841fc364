"""A therapist's own notes, kept apart from the chart: written, read and destroyed by their author alone."""

import uuid
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from longlight.clinic.assessments.actions import today_of
from longlight.clinic.people.access import ClinicRequest, require_chart, roles
from longlight.clinic.people.rules import Role
from longlight.clinic.record.actions import note_read
from longlight.clinic.therapy import queries
from longlight.clinic.therapy.actions.psychotherapy import destroy_private_note, write_private_note
from longlight.clinic.therapy.forms import DestroyForm, PrivateNoteForm
from longlight.clinic.therapy.rules import CannotWrite

PURPOSE = "psychotherapy-notes"


@require_http_methods(["GET", "HEAD", "POST"])
@roles(Role.THERAPIST)
@never_cache
def notes(request: ClinicRequest, patient_id: UUID) -> HttpResponse:
    at, viewer = timezone.now(), request.viewer
    patient = require_chart(viewer, patient_id, at)
    note_read(by=viewer.actor, at=at, patient_id=patient.id, purpose=PURPOSE)
    form = PrivateNoteForm(
        request.POST or None, initial={"id": uuid.uuid4(), "on": today_of(patient, at)}
    )
    refusal = ""
    if request.method == "POST" and form.is_valid():
        try:
            write_private_note(
                note_id=form.cleaned_data["id"],
                patient_id=patient_id,
                on=form.cleaned_data["on"],
                text=form.cleaned_data["text"],
                viewer=viewer,
                at=at,
            )
        except CannotWrite as error:
            refusal = str(error)
        else:
            messages.success(request, _("Kept, for you alone."))
            return HttpResponseRedirect(reverse("psychotherapy-notes", args=[patient_id]))
    shown = {
        "patient": patient,
        "notes": queries.own_psychotherapy_notes(patient_id=patient_id, viewer=viewer, at=at),
        "form": form,
        "refusal": refusal,
    }
    status = 409 if refusal else 422 if request.method == "POST" else 200
    return render(request, "therapy/psychotherapy.html", shown, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@roles(Role.THERAPIST)
@never_cache
def destroy(request: ClinicRequest, private_id: UUID) -> HttpResponse:
    """Asked once more on a page of its own: it cannot be undone."""
    at = timezone.now()
    found = queries.own_psychotherapy_note(note_id=private_id, viewer=request.viewer, at=at)
    note_read(by=request.viewer.actor, at=at, patient_id=found.note.patient_id, purpose=PURPOSE)
    form = DestroyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        destroy_private_note(
            note_id=private_id, reason=form.cleaned_data["reason"], viewer=request.viewer, at=at
        )
        messages.success(request, _("The text is destroyed."))
        return HttpResponseRedirect(reverse("psychotherapy-notes", args=[found.note.patient_id]))
    shown = {"each": found, "patient": found.note.patient, "form": form}
    status = 422 if request.method == "POST" else 200
    return render(request, "therapy/psychotherapy-destroy.html", shown, status=status)
