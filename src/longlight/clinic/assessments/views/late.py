"""Staff look at what came when its check-in took no answer any more, and say that they have."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from longlight.clinic.assessments.actions import see_late_answers
from longlight.clinic.assessments.forms import SeenForm
from longlight.clinic.assessments.queries import short_title
from longlight.clinic.assessments.queries.late import late_lines
from longlight.clinic.assessments.queries.planning import zone_of
from longlight.clinic.assessments.rules import WhyLate
from longlight.clinic.people.access import ClinicRequest, require_chart, roles
from longlight.clinic.people.rules import CHART_ROLES
from longlight.clinic.record.actions import note_read

WHY = {
    WhyLate.CLOSED: gettext_lazy("its window was over"),
    WhyLate.SENT: gettext_lazy("answers had been sent or typed already"),
    WhyLate.TAKEN_BACK: gettext_lazy("it had been taken back"),
    WhyLate.LINK_OVER: gettext_lazy("the link had run out or been taken back"),
}


@roles(*CHART_ROLES)
def late_answers(request: ClinicRequest, due_id: UUID) -> HttpResponse:
    """The answers with the time at which each was chosen and came; they count in no score."""
    now = timezone.now()
    due, lines = late_lines(due_id=due_id, viewer=request.viewer)
    patient = require_chart(request.viewer, due.patient_id, now)
    form = SeenForm(due, request.POST) if request.method == "POST" else SeenForm(due)
    if form.is_valid():
        ids = [each.pk for each in form.cleaned_data["late"]]
        see_late_answers(due_id=due.pk, late_ids=ids, viewer=request.viewer, at=now)
        messages.success(request, _("Noted that you have looked."))
        return HttpResponseRedirect(f"{reverse('questionnaires')}?show=late")
    note_read(by=request.viewer.actor, at=now, patient_id=patient.id, purpose="late-answers")
    shown = {
        "due": due,
        "patient": patient,
        "title": short_title(due.instrument_id),
        "zone": zone_of(patient),
        "rows": [(each, WHY[WhyLate(each.late.why)]) for each in lines],
        "new": [each.late.pk for each in lines if each.late.seen_at is None],
        "form": form,
    }
    return render(
        request, "assessments/late-answers.html", shown, status=422 if form.errors else 200
    )
