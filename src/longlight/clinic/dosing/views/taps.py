"""The monitor's live parts, and what one tap notes: kept once, undone at once, or taken out with a reason."""

from uuid import UUID

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from longlight.clinic.dosing import actions
from longlight.clinic.dosing.actions.locking import AT_THE_CHAIR
from longlight.clinic.dosing.forms import HappeningForm, TakeOutForm
from longlight.clinic.dosing.models import DosingSession
from longlight.clinic.dosing.queries import live_tag
from longlight.clinic.dosing.rules import CannotDo, HappeningKind
from longlight.clinic.dosing.views.live import MONITORED, monitor_context, plot_of, regions
from longlight.clinic.dosing.views.log import HAPPENING_WORDS
from longlight.clinic.dosing.views.monitor import last_values
from longlight.clinic.dosing.views.page import day_of
from longlight.clinic.dosing.views.staff import at_the_chair, back, do, wants_json
from longlight.clinic.people.access import ClinicRequest, Refused, polled, roles
from longlight.clinic.people.rules import CHART_ROLES
from longlight.clinic.record.actions import note_read
from longlight.clinic.record.rules import CannotCorrect


@polled
@require_GET
@roles(*CHART_ROLES)
def live(request: ClinicRequest, session_id: UUID) -> HttpResponse:
    """What changed since `tag`: 204 when nothing did. A page whose session went on to another state loads anew."""
    now = timezone.now()
    try:
        tag = live_tag(session_id=session_id, viewer=request.viewer, at=now)
    except DosingSession.DoesNotExist:
        raise Refused from None
    if request.GET.get("tag") == tag:
        return HttpResponse(status=204, headers={"X-Server-Now": now.isoformat()})
    day = day_of(request, session_id)
    note_read(
        by=request.viewer.actor, at=now, patient_id=day.session.patient_id, purpose="dosing-day"
    )
    if day.state not in MONITORED:
        return JsonResponse({"tag": tag, "over": True})
    context = monitor_context(request, day, may_act=request.viewer.role in AT_THE_CHAIR)
    return JsonResponse(
        {
            "tag": tag,
            "state": day.state.value,
            "now": now.isoformat(),
            "due": day.signs_due_at.isoformat() if day.signs_due_at else None,
            "regions": regions(request, context),
            "last": last_values(day),
            "plot": plot_of(day),
        }
    )


@require_POST
@at_the_chair
def happening(request: ClinicRequest, session_id: UUID) -> HttpResponse:
    form = HappeningForm(request.POST)
    now = timezone.now()
    return do(
        request,
        session_id,
        "happening_form",
        form,
        lambda: actions.note_happening(
            session_id=session_id,
            key=form.cleaned_data["key"],
            kind=HappeningKind(form.cleaned_data["kind"]),
            observed_at=form.cleaned_data["observed_at"] or now,
            rate_mg_per_min=form.cleaned_data["rate_mg_per_min"],
            about=form.cleaned_data["about"],
            viewer=request.viewer,
            at=now,
        ),
    )


@require_POST
@at_the_chair
def undo(request: ClinicRequest, session_id: UUID, key: UUID) -> HttpResponse:
    """Within ten seconds, by whoever tapped."""
    try:
        actions.undo_happening(
            session_id=session_id, key=key, viewer=request.viewer, at=timezone.now()
        )
    except (CannotDo, CannotCorrect) as refusal:
        if wants_json(request):
            return JsonResponse({"sentence": str(refusal)}, status=409)
        return take_out_page(request, session_id, key, refusal=str(refusal))
    return JsonResponse({"kept": True}) if wants_json(request) else back(session_id)


@require_http_methods(["GET", "POST"])
@at_the_chair
def take_out(request: ClinicRequest, session_id: UUID, key: UUID) -> HttpResponse:
    """It did not happen: the line stays, struck through, with the reason."""
    form = TakeOutForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return take_out_page(request, session_id, key, form=form)
    try:
        actions.take_out_happening(
            session_id=session_id,
            key=key,
            reason=form.cleaned_data["reason"],
            viewer=request.viewer,
            at=timezone.now(),
        )
    except (CannotDo, CannotCorrect) as refusal:
        return take_out_page(request, session_id, key, form=form, refusal=str(refusal))
    return back(session_id)


def take_out_page(
    request: ClinicRequest,
    session_id: UUID,
    key: UUID,
    *,
    form: TakeOutForm | None = None,
    refusal: str = "",
) -> HttpResponse:
    day = day_of(request, session_id)
    wrong = next((each for each in day.happenings if each.key == key), None)
    if wrong is None:
        raise Refused
    form = form or TakeOutForm()
    shown = {
        "day": day,
        "wrong": wrong,
        "words": HAPPENING_WORDS[HappeningKind(wrong.kind)],
        "form": form,
        "refusal": refusal,
    }
    status = 409 if refusal else 422 if form.is_bound and form.errors else 200
    return render(request, "dosing/take-out.html", shown, status=status)
