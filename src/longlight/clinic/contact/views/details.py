"""How a patient can be reached: what holds, changed here, and what held before."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from longlight.clinic.contact.actions import change_contact
from longlight.clinic.contact.forms import ContactForm
from longlight.clinic.contact.queries import contact_of
from longlight.clinic.contact.rules import CannotChange
from longlight.clinic.people.access import ClinicRequest, roles
from longlight.clinic.people.rules import REGISTER_ROLES
from longlight.clinic.record.actions import note_read


@require_http_methods(["GET", "HEAD", "POST"])
@roles(*REGISTER_ROLES)
def contact(request: ClinicRequest, patient_id: UUID) -> HttpResponse:
    at = timezone.now()
    known = contact_of(patient_id=patient_id, viewer=request.viewer, at=at)
    note_read(by=request.viewer.actor, at=at, patient_id=patient_id, purpose="contact")
    zone = known.patient.clinic.time_zone
    initial = ContactForm.initial_of(known.details, known.seen)
    form = ContactForm(zone, request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            change_contact(
                patient_id=patient_id,
                details=form.details(),
                seen=form.cleaned_data["seen"],
                viewer=request.viewer,
                at=at,
            )
        except CannotChange as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Kept."))
            return HttpResponseRedirect(reverse("patient-contact", args=[patient_id]))
    shown = {
        "patient": known.patient,
        "form": form,
        "changes": [(each, _words(form, each)) for each in known.changes],
    }
    return render(request, "contact/details.html", shown, status=422 if form.errors else 200)


def _words(form: ContactForm, change: object) -> dict[str, str]:
    """The chosen values of a change in the words of the form's choices."""
    return {
        name: str(dict(form.fields[name].choices).get(getattr(change, name), ""))  # type: ignore[attr-defined]
        for name in ("channel", "leave_message")
        if getattr(change, name)
    }
