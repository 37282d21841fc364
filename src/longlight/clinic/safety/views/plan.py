"""The safety plan: its owner reads, writes, prints and keeps it on a phone; staff do so with them, from the chart."""

import uuid
from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from longlight.clinic.people.access import ClinicRequest, public, require_chart, roles
from longlight.clinic.people.queries import clinic_of
from longlight.clinic.people.rules import CHART_ROLES, LinkBearer, Role, Viewer
from longlight.clinic.record.actions import note_read
from longlight.clinic.safety import actions, queries
from longlight.clinic.safety.access import WORKS_ON_ALERTS
from longlight.clinic.safety.forms import STEP_WORDS, PlanForm
from longlight.clinic.safety.models import SafetyPlan
from longlight.clinic.safety.queries import ReadablePlan
from longlight.clinic.safety.rules import CannotChange, PlanChanged

PURPOSE = "safety-plan"


@require_safe
@public
def own_plan(request: HttpRequest) -> HttpResponse:
    """One's own plan: signed in, or by a link where its owner lets it. Everybody else is told how to get to theirs."""
    at = timezone.now()
    viewer: Viewer | None = getattr(request, "viewer", None)
    link: LinkBearer | None = getattr(request, "link", None)
    if viewer is not None and viewer.role is Role.PATIENT and viewer.patient_id is not None:
        note_read(by=viewer.actor, at=at, patient_id=viewer.patient_id, purpose=PURPOSE)
        versions = queries.plan_versions(patient_id=viewer.patient_id, viewer=viewer, at=at)
        plan = queries.readable_plan(versions[0], is_newest=True) if versions else None
        shown = {"versions": versions, "owner": viewer.patient_id, "clinic": clinic_of(viewer)}
        return _unkept(render(request, "safety/plan.html", {**_shown(plan), **shown}))
    by_link = queries.plan_by_link(link) if link is not None else None
    if link is not None and by_link is not None:
        note_read(by=link.actor, at=at, patient_id=link.patient_id, purpose=PURPOSE)
        return _unkept(render(request, "safety/plan.html", {**_shown(by_link), "is_link": True}))
    return _unkept(
        render(request, "safety/plan-sign-in.html", {"is_signed_in": viewer is not None})
    )


@require_safe
@roles(Role.PATIENT)
def own_version(request: ClinicRequest, plan_id: UUID) -> HttpResponse:
    at = timezone.now()
    plan = queries.plan_version(plan_id=plan_id, viewer=request.viewer, at=at)
    note_read(by=request.viewer.actor, at=at, patient_id=plan.plan.patient_id, purpose=PURPOSE)
    return _unkept(render(request, "safety/plan.html", _shown(plan)))


@require_safe
@roles(Role.PATIENT)
def own_print(request: ClinicRequest) -> HttpResponse:
    return _print(request, _own_id(request))


@require_safe
@roles(Role.PATIENT)
def own_kept(request: ClinicRequest) -> HttpResponse:
    """What a phone keeps for when it has no connection, when its owner asks for it: the plan, and nothing else."""
    at, patient_id = timezone.now(), _own_id(request)
    note_read(by=request.viewer.actor, at=at, patient_id=patient_id, purpose=PURPOSE)
    plan = queries.plan_of(patient_id=patient_id, viewer=request.viewer, at=at)
    return render(request, "safety/plan-kept.html", _shown(plan))


@require_http_methods(["GET", "HEAD", "POST"])
@roles(Role.PATIENT)
def own_edit(request: ClinicRequest) -> HttpResponse:
    return _edit(request, _own_id(request), lambda: reverse("safety-plan"))


@require_safe
@roles(*CHART_ROLES)
def chart_plan(request: ClinicRequest, patient_id: UUID) -> HttpResponse:
    at = timezone.now()
    patient = require_chart(request.viewer, patient_id, at)
    note_read(by=request.viewer.actor, at=at, patient_id=patient.id, purpose=PURPOSE)
    versions = queries.plan_versions(patient_id=patient.id, viewer=request.viewer, at=at)
    plan = queries.readable_plan(versions[0], is_newest=True) if versions else None
    return _chart_page(request, plan, versions, patient_id)


@require_safe
@roles(*CHART_ROLES)
def chart_version(request: ClinicRequest, plan_id: UUID) -> HttpResponse:
    at = timezone.now()
    plan = queries.plan_version(plan_id=plan_id, viewer=request.viewer, at=at)
    patient_id = plan.plan.patient_id
    note_read(by=request.viewer.actor, at=at, patient_id=patient_id, purpose=PURPOSE)
    versions = queries.plan_versions(patient_id=patient_id, viewer=request.viewer, at=at)
    return _chart_page(request, plan, versions, patient_id)


@require_safe
@roles(*CHART_ROLES)
def chart_print(request: ClinicRequest, patient_id: UUID) -> HttpResponse:
    return _print(request, patient_id)


@require_http_methods(["GET", "HEAD", "POST"])
@roles(*CHART_ROLES)
def chart_edit(request: ClinicRequest, patient_id: UUID) -> HttpResponse:
    return _edit(request, patient_id, lambda: reverse("chart-safety-plan", args=[patient_id]))


@require_POST
@roles(*WORKS_ON_ALERTS)
def reviewed(request: ClinicRequest, plan_id: UUID) -> HttpResponse:
    """It was gone through together, and nothing is to be changed."""
    at = timezone.now()
    try:
        plan = actions.review_plan(plan_id=plan_id, viewer=request.viewer, at=at)
    except PlanChanged:
        plan = queries.plan_version(plan_id=plan_id, viewer=request.viewer, at=at).plan
        messages.warning(request, _("A newer version was kept since: this is it. Read it first."))
    else:
        messages.success(request, _("Noted: gone through together today."))
    return HttpResponseRedirect(reverse("chart-safety-plan", args=[plan.patient_id]))


def _own_id(request: ClinicRequest) -> UUID:
    assert request.viewer.patient_id is not None
    return request.viewer.patient_id


def _chart_page(
    request: ClinicRequest, plan: ReadablePlan | None, versions: list[SafetyPlan], patient_id: UUID
) -> HttpResponse:
    patient = require_chart(request.viewer, patient_id, timezone.now())
    shown = {**_shown(plan), "patient": patient, "versions": versions}
    return render(request, "safety/plan-chart.html", shown)


def _print(request: ClinicRequest, patient_id: UUID) -> HttpResponse:
    at = timezone.now()
    patient = require_chart(request.viewer, patient_id, at)
    note_read(by=request.viewer.actor, at=at, patient_id=patient.id, purpose=PURPOSE)
    plan = queries.plan_of(patient_id=patient.id, viewer=request.viewer, at=at)
    shown = {**_shown(plan), "patient": patient, "clinic": patient.clinic}
    return render(request, "safety/plan-print.html", shown)


def _edit(request: ClinicRequest, patient_id: UUID, after: Callable[[], str]) -> HttpResponse:
    at, viewer = timezone.now(), request.viewer
    patient = require_chart(viewer, patient_id, at)
    note_read(by=viewer.actor, at=at, patient_id=patient.id, purpose=PURPOSE)
    plan = queries.plan_of(patient_id=patient.id, viewer=viewer, at=at)
    form = PlanForm(request.POST or None, initial=_initial(plan))
    if viewer.role is not Role.PATIENT:
        del form.fields["opens_by_link"]
    refusal = ""
    if request.method == "POST" and form.is_valid():
        try:
            _keep(form, patient.id, viewer, at)
        except CannotChange as error:
            refusal = str(error)
        except PlanChanged:
            form, refusal = _again(request, form, patient.id, viewer, at)
        else:
            messages.success(request, _("Kept. The version before stays in the record."))
            return HttpResponseRedirect(after())
    shown = {
        "form": form, "patient": patient, "refusal": refusal, "back_url": after(), "plan": plan,
        "layout": "ui/patient.html" if viewer.role is Role.PATIENT else "ui/staff.html",
        "is_owner": viewer.role is Role.PATIENT,
    }  # fmt: skip
    status = 409 if refusal else 422 if form.errors else 200
    return render(request, "safety/plan-edit.html", shown, status=status)


def _keep(form: PlanForm, patient_id: UUID, viewer: Viewer, at: datetime) -> None:
    actions.keep_plan(
        patient_id=patient_id, plan_id=form.cleaned_data["id"],
        based_on=form.cleaned_data["based_on"], steps=form.steps,
        opens_by_link=form.cleaned_data.get("opens_by_link"), viewer=viewer, at=at,
    )  # fmt: skip


def _again(
    request: ClinicRequest, form: PlanForm, patient_id: UUID, viewer: Viewer, at: datetime
) -> tuple[PlanForm, str]:
    """What was typed, now on top of the version that came in between: kept when it is sent once more."""
    newest = queries.plan_versions(patient_id=patient_id, viewer=viewer, at=at)[0]
    typed = request.POST.copy()
    typed["based_on"] = str(newest.version)
    anew = PlanForm(typed)
    if "opens_by_link" not in form.fields:
        del anew.fields["opens_by_link"]
    sentence = _(
        "%(name)s kept a newer version while you were writing. Yours is still here: read theirs first, "
        "then keep yours if it should follow."
    ) % {"name": newest.by_name}
    return anew, sentence


def _initial(plan: ReadablePlan | None) -> dict[str, object]:
    made = {"id": uuid.uuid4(), "based_on": 0}
    if plan is None:
        return made
    kept = plan.plan
    return {**made, "based_on": kept.version, "opens_by_link": kept.opens_by_link, **kept.steps}


def _shown(plan: ReadablePlan | None) -> dict[str, object]:
    if plan is None:
        return {"plan": None, "steps": [(words, ()) for words in STEP_WORDS.values()]}
    return {"plan": plan, "steps": [(STEP_WORDS[step], lines) for step, lines in plan.steps]}


def _unkept(response: HttpResponse) -> HttpResponse:
    """A lent phone keeps nothing by itself."""
    response.headers["Cache-Control"] = "no-store"
    return response
