"""How a clinic reminds its patients: the usual ladder with its source, or its own."""

from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from longlight.clinic.assessments.actions.reminding import Ladder, remind_as_usual, set_reminders
from longlight.clinic.assessments.actions.scheduling import FOR_EVERYBODY
from longlight.clinic.assessments.forms import LadderForm
from longlight.clinic.assessments.queries.reminding import Reminding, reminding_of
from longlight.clinic.assessments.rules import CannotSetReminders
from longlight.clinic.assessments.views.words import ladder_words
from longlight.clinic.contact.rules import Channel
from longlight.clinic.people.access import ClinicRequest, roles
from longlight.science.marks import Mark
from longlight.science.schedules import customs
from longlight.ui.sentences import MARK_WORDS


@roles(*FOR_EVERYBODY)
def of_clinic(request: ClinicRequest) -> HttpResponse:
    """The clinic's ladder as it stands, and the form that sets another."""
    viewer = request.viewer
    standing = reminding_of([viewer.clinic_id])[viewer.clinic_id]
    form = LadderForm(
        request.POST if request.method == "POST" else None, initial=_initial(standing)
    )
    if request.method == "POST" and form.is_valid() and _keep(request, form):
        return HttpResponseRedirect(reverse("clinic-reminders"))
    shown = {
        "form": form,
        "standing": standing,
        "standing_words": ladder_words(standing),
        "usual": [
            (int(each.value), each.source, MARK_WORDS[Mark(each.mark)])
            for each in customs().reminders
        ],
    }
    return render(
        request, "assessments/clinic-reminders.html", shown, status=422 if form.errors else 200
    )


def _initial(standing: Reminding) -> dict[str, object]:
    return {
        "key": uuid4(),
        "hours": ", ".join(map(str, standing.hours)),
        "channels": sorted(each.value for each in standing.channels),
        "most_in_a_week": standing.most_in_a_week,
    }


def _keep(request: ClinicRequest, form: LadderForm) -> bool:
    """Whether what was typed is kept; else the form says why not."""
    typed, now = form.cleaned_data, timezone.now()
    if typed["as_usual"]:
        remind_as_usual(ladder_id=typed["key"], viewer=request.viewer, at=now)
        messages.success(request, _("Patients are reminded as is usual again."))
        return True
    channels = [Channel(each) for each in typed["channels"]]
    ladder = Ladder(typed["key"], typed["hours"], channels, typed["most_in_a_week"])
    try:
        set_reminders(ladder=ladder, viewer=request.viewer, at=now)
    except CannotSetReminders as refusal:
        form.add_error(None, str(refusal))
        return False
    messages.success(request, _("Kept. What is open follows within some minutes."))
    return True
