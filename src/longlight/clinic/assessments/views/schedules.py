"""What a patient is asked and when, and what a clinic asks everybody in a course: add, stop, ask again."""

from collections.abc import Iterable
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from longlight.clinic.assessments.actions.scheduling import (
    FOR_EVERYBODY,
    Addition,
    add_rule,
    ask_again,
    exempt,
    stop_rule,
)
from longlight.clinic.assessments.forms import AddForm, StopForm
from longlight.clinic.assessments.models import AddedRule, QuestionnairePlan, RuleStop
from longlight.clinic.assessments.queries import clinician_rated, short_title
from longlight.clinic.assessments.queries.planning import rule_of
from longlight.clinic.assessments.rules import CannotPlanQuestions
from longlight.clinic.contact.queries import preference_of
from longlight.clinic.people.access import ClinicRequest, require_chart, roles
from longlight.clinic.people.models import Patient
from longlight.clinic.people.rules import CHART_ROLES
from longlight.clinic.record.actions import note_read
from longlight.science import instruments, schedules
from longlight.science.schedules import Rule


def every_instrument() -> list[tuple[str, str]]:
    """Whatever can be asked or rated, by name."""
    named = [(each, short_title(each)) for each in instruments.ids()]
    return sorted(named, key=lambda pair: pair[1].casefold())


def _form(request: ClinicRequest) -> AddForm:
    posted = request.POST if request.method == "POST" else None
    return AddForm(
        every_instrument(), schedules.schedules(), posted,
        initial={"key": uuid4(), "instrument": "phq-9", "schedule": "weekly-then-fortnightly"},
    )  # fmt: skip


def _add(request: ClinicRequest, form: AddForm, patient_id: UUID | None) -> bool:
    """Whether what was typed is added; else the form says why not."""
    typed = form.cleaned_data
    addition = Addition(typed["key"], typed["schedule"], typed["instrument"], typed["every_days"])
    try:
        add_rule(addition=addition, patient_id=patient_id, viewer=request.viewer, at=timezone.now())
    except CannotPlanQuestions as refusal:
        form.add_error(None, str(refusal))
        return False
    messages.success(request, _("Added. It is asked from now on."))
    return True


@roles(*CHART_ROLES)
def of_patient(request: ClinicRequest, patient_id: UUID) -> HttpResponse:
    """The rules by which one patient is asked, with who added or stopped which, and why."""
    now = timezone.now()
    patient = require_chart(request.viewer, patient_id, now)
    note_read(by=request.viewer.actor, at=now, patient_id=patient.id, purpose="schedule")
    form = _form(request)
    if request.method == "POST" and form.is_valid() and _add(request, form, patient.id):
        return HttpResponseRedirect(reverse("patient-schedule", args=[patient.id]))
    plan = QuestionnairePlan.objects.filter(patient=patient, is_running=True).first()
    shown = {
        "patient": patient,
        "form": form,
        "plan": plan,
        "rows": _rows(patient, plan),
        "preference": preference_of(patient.id),
    }
    return render(
        request, "assessments/patient-schedule.html", shown, status=422 if form.errors else 200
    )


def _rows(patient: Patient, plan: QuestionnairePlan | None) -> list[dict[str, object]]:
    stops = {each.rule_id: each for each in RuleStop.objects.filter(patient=patient, ended_at=None)}
    added = AddedRule.objects.filter(clinic_id=patient.clinic_id).filter(stopped_at=None)
    of_patient = [each for each in added if each.patient_id == patient.pk]
    of_clinic = [each for each in added if each.patient_id is None]
    rows: list[dict[str, object]] = []
    if plan is not None and plan.protocol_id:
        protocol = schedules.rules_of(plan.protocol_id, plan.protocol_version)
        rows += [_row(rule, _("the protocol"), stops) for rule in protocol]
        rows += [_row(rule_of(each), _("the clinic"), stops) for each in of_clinic]
    rows += [_row(rule_of(each), each.added_by_name, {}, added=each) for each in of_patient]
    return rows


def _row(
    rule: Rule, by: str, stops: dict[str, RuleStop], added: AddedRule | None = None
) -> dict[str, object]:
    return {
        "rule": rule,
        "title": short_title(rule.instrument),
        "is_rating": rule.instrument in clinician_rated(),
        "by": by,
        "added": added,
        "every_days": added.every_days if added else None,
        "stop": stops.get(rule.id),
    }


@roles(*FOR_EVERYBODY)
def of_clinic(request: ClinicRequest) -> HttpResponse:
    """What this clinic asks everybody in a course, besides what the protocols ask."""
    form = _form(request)
    if request.method == "POST" and form.is_valid() and _add(request, form, None):
        return HttpResponseRedirect(reverse("clinic-schedule"))
    standing = AddedRule.objects.filter(
        clinic_id=request.viewer.clinic_id, patient=None, stopped_at=None
    )
    shown = {"form": form, "rows": list(_clinic_rows(standing))}
    return render(
        request, "assessments/clinic-schedule.html", shown, status=422 if form.errors else 200
    )


def _clinic_rows(standing: Iterable[AddedRule]) -> Iterable[dict[str, object]]:
    for each in standing:
        yield _row(rule_of(each), each.added_by_name, {}, added=each)


@roles(*CHART_ROLES)
@require_POST
def stop(request: ClinicRequest, added_id: UUID) -> HttpResponse:
    """Stop what staff added, for one patient or for the clinic."""
    form = StopForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    try:
        added = stop_rule(
            added_id=added_id, reason=reason, viewer=request.viewer, at=timezone.now()
        )
    except CannotPlanQuestions as refusal:
        return _refused(request, str(refusal))
    messages.success(request, _("Stopped. What nobody has begun is taken out."))
    if added.patient_id is None:
        return HttpResponseRedirect(reverse("clinic-schedule"))
    return HttpResponseRedirect(reverse("patient-schedule", args=[added.patient_id]))


@roles(*CHART_ROLES)
@require_POST
def change(request: ClinicRequest, patient_id: UUID, change: str) -> HttpResponse:
    """Ask one patient no more by a rule (`stop`), or again (`again`)."""
    rule_id = request.POST.get("rule", "")[:120]
    form = StopForm(request.POST)
    asked = {"patient_id": patient_id, "rule_id": rule_id, "viewer": request.viewer}
    try:
        if change == "again":
            ask_again(**asked, at=timezone.now())  # type: ignore[arg-type]
        else:
            reason = form.cleaned_data["reason"] if form.is_valid() else ""
            exempt(**asked, reason=reason, at=timezone.now())  # type: ignore[arg-type]
    except CannotPlanQuestions as refusal:
        return _refused(request, str(refusal))
    return HttpResponseRedirect(reverse("patient-schedule", args=[patient_id]))


def _refused(request: ClinicRequest, sentence: str) -> HttpResponse:
    return render(request, "assessments/not-stopped.html", {"sentence": sentence}, status=422)
