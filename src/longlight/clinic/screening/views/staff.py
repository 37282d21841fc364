"""Screening for one approach: what was found, what it allows, the decision; and consent."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from longlight.clinic.people.access import ClinicRequest, require_chart, roles
from longlight.clinic.people.rules import CHART_ROLES, Role
from longlight.clinic.record.actions import note_read
from longlight.clinic.screening import actions, queries
from longlight.clinic.screening.forms import ConsentForm, DecisionForm, FindingsForm
from longlight.clinic.screening.models import Consent
from longlight.clinic.screening.queries import Screening
from longlight.clinic.screening.rules import CannotConsent, CannotDecide
from longlight.science import protocols
from longlight.science.protocols import Outcome
from longlight.science.protocols.consents import (
    ConsentWording,
    UnknownWording,
    consent_wording,
    consent_wordings,
)


@require_GET
@roles(*CHART_ROLES)
def choose(request: ClinicRequest, patient_id: UUID) -> HttpResponse:
    """For which approach?"""
    patient = require_chart(request.viewer, patient_id, timezone.now())
    return render(
        request,
        "screening/choose.html",
        {
            "patient": patient,
            "approaches": protocols.approaches(),
        },
    )


@require_GET
@roles(*CHART_ROLES)
def screening(request: ClinicRequest, patient_id: UUID, approach_id: str) -> HttpResponse:
    return _page(request, _screening(request, patient_id, approach_id))


@require_POST
@roles(*actions.TAKES_FINDINGS)
def findings(request: ClinicRequest, patient_id: UUID, approach_id: str) -> HttpResponse:
    known = _screening(request, patient_id, approach_id)
    form = FindingsForm(known, request.POST)
    if not form.is_valid():
        return _page(request, known, findings_form=form, status=422)
    actions.record_findings(
        patient_id=patient_id, answers=form.answers(), viewer=request.viewer, at=timezone.now()
    )
    messages.success(request, _("Kept."))
    return HttpResponseRedirect(reverse("screening", args=[patient_id, approach_id]))


@require_POST
@roles(Role.PRESCRIBER)
def decision(request: ClinicRequest, patient_id: UUID, approach_id: str) -> HttpResponse:
    known = _screening(request, patient_id, approach_id)
    form = DecisionForm(known, request.POST)
    if not form.is_valid():
        return _page(request, known, decision_form=form, status=422)
    try:
        actions.decide(
            patient_id=patient_id,
            approach_id=approach_id,
            outcome=Outcome(form.cleaned_data["outcome"]),
            reasons=form.cleaned_data["reasons"],
            overrides=form.overrides(),
            viewer=request.viewer,
            at=timezone.now(),
        )
    except CannotDecide as refusal:
        return _page(request, known, decision_form=form, refusal=str(refusal), status=409)
    messages.success(request, _("The decision is kept."))
    return HttpResponseRedirect(reverse("screening", args=[patient_id, approach_id]))


@require_http_methods(["GET", "POST"])
@roles(*actions.TAKES_FINDINGS)
def consent(
    request: ClinicRequest, patient_id: UUID, wording_id: str, version: str
) -> HttpResponse:
    """The wording on one page, signed in the presence of staff."""
    at = timezone.now()
    patient = require_chart(request.viewer, patient_id, at)
    wording = _wording(wording_id, version)
    note_read(by=request.viewer.actor, at=at, patient_id=patient.id, purpose="consent")
    form = ConsentForm(request.POST or None)
    refusal = ""
    if request.method == "POST" and form.is_valid():
        try:
            actions.sign_consent(
                patient_id=patient_id,
                wording=wording,
                signature=form.cleaned_data["signature"],
                has_agreed=form.cleaned_data["agreed"],
                viewer=request.viewer,
                at=at,
            )
        except CannotConsent as error:
            refusal = str(error)
        else:
            messages.success(request, _("The consent is signed and kept."))
            return HttpResponseRedirect(reverse("screening-choose", args=[patient_id]))
    return render(
        request,
        "screening/consent.html",
        {"patient": patient, "wording": wording, "form": form, "refusal": refusal},
        status=409 if refusal else 422 if form.errors else 200,
    )


@require_POST
@roles(*actions.TAKES_FINDINGS)
def withdraw(request: ClinicRequest, patient_id: UUID, consent_id: UUID) -> HttpResponse:
    try:
        actions.withdraw_consent(consent_id=consent_id, viewer=request.viewer, at=timezone.now())
    except CannotConsent:
        raise Http404 from None
    messages.success(request, _("The consent is withdrawn."))
    return HttpResponseRedirect(reverse("screening-choose", args=[patient_id]))


def _screening(request: ClinicRequest, patient_id: UUID, approach_id: str) -> Screening:
    try:
        return queries.screening_of(
            patient_id=patient_id,
            approach_id=approach_id,
            viewer=request.viewer,
            at=timezone.now(),
        )
    except protocols.UnknownProtocol:
        raise Http404 from None


def _title_of(consent: Consent) -> str:
    """The title of what was signed; its id where that wording is no longer shipped."""
    try:
        return consent_wording(consent.wording_id, consent.wording_version).title
    except UnknownWording:
        return consent.wording_id


def _wording(wording_id: str, version: str) -> ConsentWording:
    try:
        return consent_wording(wording_id, version)
    except UnknownWording:
        raise Http404 from None


def _page(
    request: ClinicRequest,
    known: Screening,
    *,
    findings_form: FindingsForm | None = None,
    decision_form: DecisionForm | None = None,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    note_read(
        by=request.viewer.actor,
        at=timezone.now(),
        patient_id=known.patient.id,
        purpose="screening",
    )
    return render(
        request,
        "screening/screening.html",
        {
            "known": known,
            "consents": [(each, _title_of(each)) for each in known.consents],
            "patient": known.patient,
            "assessment": known.assessment,
            "findings_form": findings_form or FindingsForm(known),
            "decision_form": decision_form or DecisionForm(known),
            "may_take": request.viewer.role in actions.TAKES_FINDINGS,
            "may_decide": request.viewer.role is Role.PRESCRIBER,
            "wordings": [w for w in consent_wordings() if known.approach.id in w.approaches],
            "refusal": refusal,
        },
        status=status,
    )
