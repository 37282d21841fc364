"""What can be booked, and when the clinic is open: set up by a director or an administrator."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from longlight.clinic.people.access import ClinicRequest, roles
from longlight.clinic.schedule import actions, queries
from longlight.clinic.schedule.access import ARRANGERS
from longlight.clinic.schedule.forms import HoursForm, ResourceForm
from longlight.clinic.schedule.rules import CannotBook


@roles(*ARRANGERS)
def set_up(request: ClinicRequest) -> HttpResponse:
    """Chairs, rooms and staff, and the week's opening hours."""
    return _show(request)


def _show(
    request: ClinicRequest,
    resource_form: ResourceForm | None = None,
    hours_form: HoursForm | None = None,
) -> HttpResponse:
    given = [form for form in (resource_form, hours_form) if form is not None]
    hours = queries.opening_hours(request.viewer.clinic_id)
    return render(
        request,
        "schedule/set-up.html",
        {
            "resources": queries.resources(request.viewer),
            "resource_form": resource_form or ResourceForm(),
            "hours_form": hours_form or HoursForm(initial=HoursForm.initial_of(hours)),
        },
        status=422 if given else 200,
    )


@roles(*ARRANGERS)
def add_resource(request: ClinicRequest) -> HttpResponse:
    form = ResourceForm(request.POST)
    if request.method == "POST" and form.is_valid():
        try:
            actions.add_resource(
                viewer=request.viewer,
                at=timezone.now(),
                kind=form.kind_of_resource,
                name=form.cleaned_data["name"],
            )
        except CannotBook as refused:
            form.add_error("name", list(refused.reasons))
    if form.errors and request.method == "POST":
        return _show(request, resource_form=form)
    return redirect("schedule-set-up")


@roles(*ARRANGERS)
def retire_resource(request: ClinicRequest, resource_id: int) -> HttpResponse:
    """Book it no more; what was booked before keeps its history."""
    if request.method == "POST":
        try:
            actions.retire_resource(
                viewer=request.viewer, at=timezone.now(), resource_id=resource_id
            )
        except CannotBook as refused:
            form = ResourceForm({})
            form.errors.clear()
            form.add_error(None, list(refused.reasons))
            return _show(request, resource_form=form)
    return redirect("schedule-set-up")


@roles(*ARRANGERS)
def set_hours(request: ClinicRequest) -> HttpResponse:
    form = HoursForm(request.POST)
    if request.method == "POST" and form.is_valid():
        actions.set_opening_hours(viewer=request.viewer, at=timezone.now(), hours=form.hours())
        return redirect("schedule-set-up")
    return _show(request, hours_form=form) if request.method == "POST" else _show(request)
