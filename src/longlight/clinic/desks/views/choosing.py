"""Choosing together: what the person values and asks, and what the two choose; and the patient's own page of it."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from longlight.clinic.approaches.access import RECORDS_CHOICES
from longlight.clinic.approaches.actions.together import (
    bring_own_choice,
    correct_choice,
    record_choice,
)
from longlight.clinic.approaches.forms import (
    OCCASIONS,
    TogetherForm,
    carried_in,
    chosen_words,
    place_in,
)
from longlight.clinic.approaches.models import SharedChoice
from longlight.clinic.approaches.queries.together import brought_of, choices_of, shared_choice
from longlight.clinic.approaches.rules.together import CannotRecord, DueChoice
from longlight.clinic.approaches.views.brought import told
from longlight.clinic.assessments.actions import today_of
from longlight.clinic.desks.choices import due_choices, due_words
from longlight.clinic.people.access import ClinicRequest, require_chart, roles
from longlight.clinic.people.models import Patient
from longlight.clinic.people.rules import CHART_ROLES, Role, Viewer
from longlight.clinic.record.actions import note_read
from longlight.clinic.record.prepared import Prepared
from longlight.clinic.record.rules import CannotCorrect
from longlight.clinic.referrals.models import Referral
from longlight.ui.parts import Fact


def told_choices(viewer: Viewer, patient: Patient) -> dict[str, object]:
    """What the person brought, hopes for and chose, for the chart and for this page."""
    now = timezone.now()
    brought = brought_of(patient_id=patient.pk, viewer=viewer, at=now)
    due = due_choices([patient.pk], today_of(patient, now)).get(patient.pk)
    return {
        "told": told(brought) if brought else None,
        "goals": _goals(patient),
        "choices": [
            told_choice(one) for one in choices_of(patient_id=patient.pk, viewer=viewer, at=now)
        ],
        "due": due,
        "due_words": due_words(due),
        "may_record": viewer.role in RECORDS_CHOICES,
    }


def _goals(patient: Patient) -> str:
    return _GOALS.first(patient_id=patient.pk) or ""


_GOALS = Prepared(
    lambda patient_id: (
        Referral.objects.filter(patient_id=patient_id)
        .exclude(goals="")
        .order_by("-received_at")
        .values_list("goals", flat=True)[:1]
    ),
    patient_id=UUID,
)


def told_choice(choice: SharedChoice) -> dict[str, object]:
    """One record in words; what is empty is left out."""
    words, occasions = chosen_words(), {value: str(label) for value, label in OCCASIONS}
    lines = [
        (_("They leaned"), words.get(choice.leaning, "")),
        (_("What mattered"), choice.matters),
        (_("Asked and answered"), choice.asked),
        (_("Why"), choice.reason),
    ]
    return {
        "row": choice,
        "chosen": words[choice.chosen],
        "occasion": occasions[choice.occasion],
        "facts": [Fact(term, text) for term, text in lines if text],
    }


@roles(*CHART_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def choose_together(request: ClinicRequest, patient_id: UUID) -> HttpResponse:
    """What the person values and asks on one side, what is chosen on the other."""
    now = timezone.now()
    patient = require_chart(request.viewer, patient_id, now)
    note_read(by=request.viewer.actor, at=now, patient_id=patient.pk, purpose="choice")
    if request.method != "POST":
        return _together_page(request, patient, None)
    form = TogetherForm(request.POST)
    if form.is_valid():
        try:
            record_choice(
                patient_id=patient.pk, written=form.written(), viewer=request.viewer, at=now
            )
        except CannotRecord as refused:
            form.add_error("reason", str(refused))
        else:
            return redirect("choose-together", patient.pk)
    return _together_page(request, patient, form)


def _together_page(
    request: ClinicRequest, patient: Patient, form: TogetherForm | None
) -> HttpResponse:
    shown = told_choices(request.viewer, patient)
    due = shown["due"]
    if form is None:
        starts = {"occasion": "other"}
        if isinstance(due, DueChoice):
            starts = {"occasion": due.occasion.value, "course": str(due.course_id or "")}
        form = TogetherForm(initial=starts)
    status = 422 if form.errors else 200
    page = shown | {"patient": patient, "form": form}
    return render(request, "desks/choose-together.html", page, status=status)


@roles(*RECORDS_CHOICES)
@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: ClinicRequest, choice_id: UUID) -> HttpResponse:
    """Correct a record: the wrong one stays, struck out."""
    now = timezone.now()
    wrong = shared_choice(choice_id=choice_id, viewer=request.viewer, at=now)
    note_read(by=request.viewer.actor, at=now, patient_id=wrong.patient_id, purpose="choice")
    names = ("occasion", "leaning", "chosen", "matters", "asked", "reason")
    if request.method != "POST":
        starts = {name: getattr(wrong, name) for name in names} | {"course": wrong.course_id}
        form = TogetherForm(initial=starts, is_correction=True)
        return render(request, "desks/correct-choice.html", {"form": form, "wrong": wrong})
    form = TogetherForm(request.POST, is_correction=True)
    if form.is_valid():
        try:
            correct_choice(
                choice_id=wrong.pk, written=form.written(), why=form.cleaned_data["why"],
                viewer=request.viewer, at=now,
            )  # fmt: skip
        except (CannotRecord, CannotCorrect) as refused:
            form.add_error(None, str(refused))
        else:
            return redirect("choose-together", wrong.patient_id)
    page = {"form": form, "wrong": wrong}
    return render(request, "desks/correct-choice.html", page, status=422)


# Exempt on purpose: it writes nothing. Coming from the aid it shows what would be given, and asks.
@csrf_exempt
@roles(Role.PATIENT)
@require_http_methods(["GET", "HEAD", "POST"])
def own_choice(request: ClinicRequest) -> HttpResponse:
    """What the patient brought and what was chosen; with a summary in hand, the question whether to give it."""
    return _own_page(request, place_in(request.POST))


def _own_page(request: ClinicRequest, place: object, refusal: str = "") -> HttpResponse:
    now = timezone.now()
    assert request.viewer.patient_id is not None
    patient = require_chart(request.viewer, request.viewer.patient_id, now)
    shown = told_choices(request.viewer, patient)
    page = shown | {"patient": patient, "place": place, "refusal": refusal}
    return render(request, "desks/own-choice.html", page, status=422 if refusal else 200)


@roles(Role.PATIENT)
@require_POST
def give_choice(request: ClinicRequest) -> HttpResponse:
    """Give the summary to the clinic: it stands in the chart from then on."""
    found = carried_in(request.POST.get("carried", ""))
    if found is None:
        told_so = _(
            "This page was too old. Nothing was given: go back to your summary and try again."
        )
        return _own_page(request, None, told_so)
    bring_own_choice(answers=found.answers.as_json(), viewer=request.viewer, at=timezone.now())
    return redirect("own-choice")
