"""Within what time alerts are claimed, who is told if they are not, and who reads when: the director's page."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from longlight.clinic.people.access import ClinicRequest, roles
from longlight.clinic.people.rules import Role
from longlight.clinic.safety import actions, queries
from longlight.clinic.safety.forms import DutyForm, TimesForm
from longlight.clinic.safety.models import SafetyPolicy
from longlight.clinic.safety.rules import CannotChange

the_director = roles(Role.DIRECTOR)


@require_http_methods(["GET", "HEAD", "POST"])
@the_director
def times(request: ClinicRequest) -> HttpResponse:
    policy = SafetyPolicy.objects.filter(clinic_id=request.viewer.clinic_id).first()
    form = TimesForm(_people(request), request.POST or None, initial=_initial(policy))
    if request.method == "POST" and form.is_valid():
        try:
            actions.set_times(times=form.times(), viewer=request.viewer, at=timezone.now())
        except CannotChange as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Kept. It holds for alerts from now on."))
            return HttpResponseRedirect(reverse("safety-times"))
    return _page(request, form, DutyForm(_people(request)))


@require_POST
@the_director
def duty(request: ClinicRequest) -> HttpResponse:
    """Another stretch in which somebody reads."""
    form = DutyForm(_people(request), request.POST)
    if form.is_valid():
        try:
            actions.add_duty(shifts=form.shifts(), viewer=request.viewer, at=timezone.now())
        except CannotChange as refusal:
            form.add_error(None, str(refusal))
        else:
            return HttpResponseRedirect(reverse("safety-times"))
    policy = SafetyPolicy.objects.filter(clinic_id=request.viewer.clinic_id).first()
    return _page(request, TimesForm(_people(request), initial=_initial(policy)), form)


@require_POST
@the_director
def duty_end(request: ClinicRequest, duty_id: UUID) -> HttpResponse:
    actions.end_duty(duty_id=duty_id, viewer=request.viewer, at=timezone.now())
    return HttpResponseRedirect(reverse("safety-times"))


def _people(request: ClinicRequest) -> list[tuple[str, str]]:
    return [(str(each.pk), each.name) for each in queries.who_can_be_told(request.viewer)]


def _initial(policy: SafetyPolicy | None) -> dict[str, object]:
    if policy is None:
        return {}
    return {
        "claim_high_min": policy.claim_high_min,
        "claim_medium_min": policy.claim_medium_min,
        "claim_low_min": policy.claim_low_min,
        "backup": str(policy.backup_id),
        "on_call": str(policy.on_call_id or ""),
        "out_of_hours": policy.out_of_hours,
    }


def _page(request: ClinicRequest, form: TimesForm, duty_form: DutyForm) -> HttpResponse:
    rota = [(WEEKDAYS[row.weekday], row) for row in queries.duty_hours(request.viewer)]
    shown = {
        "form": form,
        "duty_form": duty_form,
        "rota": rota,
        "clinic": request.clinic,
        "reading": queries.reading_at(clinic=request.clinic, at=timezone.now()),
    }
    status = 422 if form.errors or duty_form.errors else 200
    return render(request, "safety/times.html", shown, status=status)
