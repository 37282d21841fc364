"""The tablet page of a dosing day. Every form posts, is answered by a redirect, and works without JavaScript."""

from collections.abc import Callable
from uuid import UUID

from django.forms import Form
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from longlight.clinic.courses.rules import CannotPlan
from longlight.clinic.dosing import actions
from longlight.clinic.dosing.actions.day import RECEIVES
from longlight.clinic.dosing.actions.locking import AT_THE_CHAIR
from longlight.clinic.dosing.forms import (
    ChecksForm,
    CorrectionForm,
    EndForm,
    EscortForm,
    OrderForm,
    OverridesForm,
    ReadingForm,
    SecondCheckForm,
    StopForm,
)
from longlight.clinic.dosing.rules import CannotDo, SessionState
from longlight.clinic.dosing.views.page import Shown, day_of, page
from longlight.clinic.people.access import ClinicRequest, Refused, roles
from longlight.clinic.people.rules import CHART_ROLES, Role
from longlight.clinic.record.rules import CannotCorrect

at_the_chair = roles(*AT_THE_CHAIR)


@require_POST
@roles(*RECEIVES)
def arrive(request: ClinicRequest, planned_id: UUID) -> HttpResponse:
    """Mark the person arrived; front desk stays on the board, the chair goes on to the session."""
    try:
        session = actions.arrive(planned_id=planned_id, viewer=request.viewer, at=timezone.now())
    except CannotDo:
        raise Refused from None
    if request.viewer.role is Role.FRONT_DESK:
        return HttpResponseRedirect(reverse("staff-home"))
    return back(session.pk)


@require_GET
@roles(*CHART_ROLES)
def session(request: ClinicRequest, session_id: UUID) -> HttpResponse:
    return page(request, session_id)


@require_POST
@at_the_chair
def checks(request: ClinicRequest, session_id: UUID, gate_id: str) -> HttpResponse:
    day = day_of(request, session_id)
    gate = day.discharge if gate_id == day.discharge.id else day.readiness
    form = ChecksForm(day.asked(gate), request.POST)
    return do(
        request,
        session_id,
        "checks_form",
        form,
        lambda: actions.answer_checks(
            session_id=session_id,
            gate_id=gate_id,
            answers=form.answers(),
            viewer=request.viewer,
            at=timezone.now(),
        ),
        leaving=gate_id == day.discharge.id,
    )


@require_GET
@roles(*CHART_ROLES)
def leaving(request: ClinicRequest, session_id: UUID) -> HttpResponse:
    """The leaving checks, while the person still rests; at any other time the day's own page."""
    if day_of(request, session_id).state is not SessionState.RECOVERY:
        return back(session_id)
    return page(request, session_id, leaving=True)


@require_POST
@at_the_chair
def reading(request: ClinicRequest, session_id: UUID) -> HttpResponse:
    """Signs, from the form or from a device's queue. Unlikely values are asked about once, then kept as they are."""
    form = ReadingForm(request.POST)
    now = timezone.now()
    if form.is_valid() and (questions := form.questions()):
        return _ask(request, session_id, form, questions)
    return do(
        request,
        session_id,
        "reading_form",
        form,
        lambda: actions.record_reading(
            session_id=session_id,
            key=form.cleaned_data["key"],
            signs=form.signs(),
            observed_at=form.observed(now),
            viewer=request.viewer,
            at=now,
        ),
    )


@require_http_methods(["GET", "POST"])
@at_the_chair
def correct_reading(request: ClinicRequest, session_id: UUID, key: UUID) -> HttpResponse:
    """Correct, never edit: the wrong reading stays, struck through."""
    day = day_of(request, session_id)
    wrong = next((each for each in day.readings if each.key == key), None)
    if wrong is None:
        raise Refused
    form = CorrectionForm(request.POST or None, initial=ReadingForm.empty().initial)
    refusal = ""
    if request.method == "POST" and form.is_valid():
        try:
            actions.correct_reading(
                wrong_key=key,
                key=form.cleaned_data["key"],
                signs=form.signs(),
                reason=form.cleaned_data["reason"],
                viewer=request.viewer,
                at=timezone.now(),
            )
        except (CannotDo, CannotCorrect) as error:
            refusal = str(error)
        else:
            return back(session_id)
    context = {"day": day, "wrong": wrong, "form": form, "refusal": refusal}
    status = 409 if refusal else 422 if form.errors else 200
    return render(request, "dosing/correct.html", context, status=status)


@require_POST
@roles(Role.PRESCRIBER)
def order(request: ClinicRequest, session_id: UUID) -> HttpResponse:
    unit = day_of(request, session_id).protocol.dose.start.unit
    form = OrderForm(unit, request.POST)
    return do(
        request,
        session_id,
        "order_form",
        form,
        lambda: actions.order_dose(
            session_id=session_id,
            amount=form.cleaned_data["amount"],
            override_reason=form.cleaned_data["override_reason"],
            viewer=request.viewer,
            at=timezone.now(),
        ),
    )


@require_POST
@at_the_chair
def second_check(request: ClinicRequest, session_id: UUID) -> HttpResponse:
    form = SecondCheckForm(request.POST)
    return do(
        request,
        session_id,
        "second_form",
        form,
        lambda: actions.check_order(
            session_id=session_id,
            worked_out_mg=form.cleaned_data["worked_out_mg"],
            viewer=request.viewer,
            at=timezone.now(),
        ),
    )


@require_POST
@at_the_chair
def clear(request: ClinicRequest, session_id: UUID) -> HttpResponse:
    form = OverridesForm(day_of(request, session_id).reasons_not_to_start(), request.POST)
    return do(
        request,
        session_id,
        "overrides_form",
        form,
        lambda: actions.clear(
            session_id=session_id,
            overrides=form.cleaned_data,
            viewer=request.viewer,
            at=timezone.now(),
        ),
    )


@require_POST
@at_the_chair
def start(request: ClinicRequest, session_id: UUID) -> HttpResponse:
    return _simply(request, session_id, actions.start_dose)


@require_POST
@at_the_chair
def dose_end(request: ClinicRequest, session_id: UUID) -> HttpResponse:
    return do(
        request,
        session_id,
        "",
        Form(request.POST),
        lambda: actions.end_dose(
            session_id=session_id, stop_reason="", viewer=request.viewer, at=timezone.now()
        ),
    )


@require_POST
@at_the_chair
def stop(request: ClinicRequest, session_id: UUID) -> HttpResponse:
    form = StopForm(request.POST)
    return do(
        request,
        session_id,
        "stop_form",
        form,
        lambda: actions.end_dose(
            session_id=session_id,
            stop_reason=form.cleaned_data["stop_reason"],
            viewer=request.viewer,
            at=timezone.now(),
        ),
    )


@require_POST
@at_the_chair
def escort(request: ClinicRequest, session_id: UUID) -> HttpResponse:
    form = EscortForm(request.POST)
    return do(
        request,
        session_id,
        "escort_form",
        form,
        lambda: actions.name_escort(
            session_id=session_id,
            name=form.cleaned_data["name"],
            viewer=request.viewer,
            at=timezone.now(),
        ),
        leaving=True,
    )


@require_POST
@at_the_chair
def ready(request: ClinicRequest, session_id: UUID) -> HttpResponse:
    return _simply(request, session_id, actions.ready_to_leave, leaving=True)


@require_POST
@at_the_chair
def leave(request: ClinicRequest, session_id: UUID) -> HttpResponse:
    return _simply(request, session_id, actions.leave)


@require_POST
@at_the_chair
def end(request: ClinicRequest, session_id: UUID) -> HttpResponse:
    form = EndForm(request.POST)
    return do(
        request,
        session_id,
        "end_form",
        form,
        lambda: actions.end_otherwise(
            session_id=session_id,
            to=SessionState(form.cleaned_data["to"]),
            reason=form.cleaned_data["reason"],
            viewer=request.viewer,
            at=timezone.now(),
        ),
    )


def _ask(
    request: ClinicRequest, session_id: UUID, form: ReadingForm, questions: list[str]
) -> HttpResponse:
    """Ask whether a digit is missing or too many. The page that asks sends `sure` along when it is right."""
    sure = form.said_sure()
    if wants_json(request):
        return JsonResponse({"questions": questions, "sure": sure}, status=422)
    again = ReadingForm({**request.POST.dict(), "sure": sure})
    return page(
        request,
        session_id,
        Shown({"reading_form": again}, status=422, questions=tuple(questions)),
    )


def _simply(
    request: ClinicRequest,
    session_id: UUID,
    act: Callable[..., object],
    *,
    leaving: bool = False,
) -> HttpResponse:
    """A step without a form."""
    return do(
        request,
        session_id,
        "",
        Form(request.POST),
        lambda: act(session_id=session_id, viewer=request.viewer, at=timezone.now()),
        leaving=leaving,
    )


def do(
    request: ClinicRequest,
    session_id: UUID,
    name: str,
    form: Form,
    act: Callable[[], object],
    *,
    leaving: bool = False,
) -> HttpResponse:
    """Act and come back; what is refused is told on the page, with what was typed still there.

    What was sent from the leaving checks comes back to them.
    """
    typed = {name: form} if name else {}
    if not form.is_valid():
        if wants_json(request):
            return JsonResponse({"sentence": first_error(form)}, status=422)
        return page(request, session_id, Shown(typed, status=422), leaving=leaving)
    try:
        act()
    except (CannotDo, CannotPlan) as error:
        if wants_json(request):
            return JsonResponse({"sentence": str(error)}, status=409)
        return page(request, session_id, Shown(typed, str(error), 409), leaving=leaving)
    if wants_json(request):
        return JsonResponse({"kept": True})
    to_checks = leaving and day_of(request, session_id).state is SessionState.RECOVERY
    return back(session_id, "dosing-leaving" if to_checks else "dosing-session")


def wants_json(request: ClinicRequest) -> bool:
    """A device's queue asks for an answer that it can read."""
    return request.headers.get("Accept", "").startswith("application/json")


def first_error(form: Form) -> str:
    return next(str(error) for errors in form.errors.values() for error in errors)


def back(session_id: UUID, name: str = "dosing-session") -> HttpResponse:
    return HttpResponseRedirect(reverse(name, args=[session_id]))
