"""How a course has gone, and the booster that the calendar proposes."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from longlight.clinic.courses.rules import CannotPlan
from longlight.clinic.followup import queries
from longlight.clinic.followup.actions import decide_booster
from longlight.clinic.followup.forms import BoosterForm
from longlight.clinic.followup.rules import BoosterChoice, CannotDecideBooster
from longlight.clinic.followup.views.words import CRITERION_WORDS, STAFF_WORDS
from longlight.clinic.people.access import ClinicRequest, require_chart, roles
from longlight.clinic.people.rules import CHART_ROLES, Role
from longlight.clinic.record.actions import note_read


@require_safe
@roles(*CHART_ROLES)
def follow_up(request: ClinicRequest, patient_id: UUID) -> HttpResponse:
    return _page(request, patient_id)


@require_POST
@roles(Role.PRESCRIBER)
def booster(request: ClinicRequest, patient_id: UUID) -> HttpResponse:
    form = BoosterForm(request.POST)
    if not form.is_valid():
        return _page(request, patient_id, form=form, status=422)
    try:
        decide_booster(
            patient_id=patient_id,
            session_id=form.cleaned_data["session_id"],
            choice=BoosterChoice(form.cleaned_data["choice"]),
            reason=form.cleaned_data["reason"],
            viewer=request.viewer,
            at=timezone.now(),
        )
    except (CannotDecideBooster, CannotPlan) as error:
        return _page(request, patient_id, form=form, refusal=str(error), status=409)
    messages.success(request, _("The decision is kept."))
    return HttpResponseRedirect(reverse("follow-up", args=[patient_id]))


def _page(
    request: ClinicRequest,
    patient_id: UUID,
    *,
    form: BoosterForm | None = None,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    at, viewer = timezone.now(), request.viewer
    patient = require_chart(viewer, patient_id, at)
    note_read(by=viewer.actor, at=at, patient_id=patient.id, purpose="follow-up")
    proposed = queries.proposed_booster(viewer=viewer, patient_id=patient.id)
    known = queries.statuses(viewer=viewer, patient_id=patient.id)
    if form is None and proposed is not None:
        form = BoosterForm(initial={"session_id": proposed.session.pk})
    shown = {
        "patient": patient,
        "statuses": [
            (
                each,
                STAFF_WORDS[each.judged.status] if each.judged else "",
                [(CRITERION_WORDS[c.kind], c) for c in each.judged.criteria] if each.judged else [],
            )
            for each in known
        ],
        "proposed": proposed,
        "form": form,
        "may_decide": viewer.role is Role.PRESCRIBER,
        "refusal": refusal,
    }
    return render(request, "followup/follow-up.html", shown, status=status)
