"""The decision aid: eight short pages. Answers travel in the page's own form; nothing is kept unless a person asks.

It works without script, account and cookie. It never picks, never scores, and never shows what is safe as a wish.
"""

from dataclasses import replace

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from longlight.clinic.approaches.actions.keeping import destroy_choice, keep_choice
from longlight.clinic.approaches.forms import Place, fresh_place, place_in
from longlight.clinic.approaches.queries.kept import Kept, cautions, kept_by_token
from longlight.clinic.approaches.rules.choosing import STEPS, CannotKeep, Step, neighbor
from longlight.clinic.approaches.views.choose_pages import pack_for, page_values
from longlight.clinic.people.access import public
from longlight.science.evidence import decision_aid

LABELS = {
    Step.START: gettext_lazy("What this is"),
    Step.WHERE: gettext_lazy("Where things stand"),
    Step.SAFETY: gettext_lazy("Talk to a doctor first about"),
    Step.VALUES: gettext_lazy("What matters"),
    Step.OPTIONS: gettext_lazy("Options side by side"),
    Step.CHECK: gettext_lazy("Check what you know"),
    Step.SURE: gettext_lazy("How sure it feels"),
    Step.SUMMARY: gettext_lazy("Your summary"),
}


# Exempt on purpose: walking changes nothing, and a copy kept by another site would be nobody's. No cookie is set.
@csrf_exempt
@public
@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: HttpRequest) -> HttpResponse:
    """One of the eight pages. Continue, back, and keep are buttons of the same form."""
    if request.method != "POST":
        return _page(request, fresh_place())
    place = place_in(request.POST)
    if place is None:
        gone = _("This page was too old to go on. Nothing was kept: please start again.")
        return _page(request, fresh_place(), refusal=gone, status=400)
    place = _with_wording(place)
    go = request.POST.get("go", "next")
    if go == "keep":
        return _keep(request, place)
    if go in STEPS:
        return _page(request, replace(place, step=Step(go)))
    return _page(request, replace(place, step=neighbor(place.step, -1 if go == "back" else 1)))


def _with_wording(place: Place) -> Place:
    """Which wording of SURE stood on the page that was just answered."""
    if place.step not in (Step.WHERE, Step.SURE):
        return place
    pack = pack_for(place.answers)
    shown = pack.sha256 if pack is not None else ""
    return replace(place, answers=replace(place.answers, sure_text=shown))


@public
@never_cache
@require_safe
def kept(request: HttpRequest, token: str) -> HttpResponse:
    """What was kept, and the way to go on with it."""
    found = _found(token)
    place = Place(found.answers, found.step, token)
    return _page(request, place, found=found)


@csrf_exempt
@public
@require_POST
def forget(request: HttpRequest, token: str) -> HttpResponse:
    """Destroy what was kept. The link is the right to do it."""
    destroy_choice(token=token, at=timezone.now())
    return render(request, "approaches/forgotten.html")


def _found(token: str) -> Kept:
    found = kept_by_token(token=token, aid=decision_aid(), at=timezone.now())
    if found is None:
        raise Http404
    return found


def _keep(request: HttpRequest, place: Place) -> HttpResponse:
    try:
        keep_choice(
            token=place.token,
            answers=place.answers,
            step=place.step,
            aid=decision_aid(),
            at=timezone.now(),
        )
    except CannotKeep as refused:
        return _page(request, place, refusal=str(refused), status=429)
    return HttpResponseRedirect(reverse("choose-kept", args=[place.token]))


def _page(
    request: HttpRequest,
    place: Place,
    *,
    found: Kept | None = None,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    aid = decision_aid()
    values = page_values(aid, place.answers, place.step) | {
        "aid": aid,
        "answers": place.answers,
        "carried": place.sealed,
        "step": place.step.value,
        "step_place": STEPS.index(place.step) + 1,
        "step_count": len(STEPS),
        "label": LABELS[place.step],
        "template": f"approaches/choose/{place.step.value}.html",
        "is_overdue": aid.is_overdue(timezone.now().date()),
        "in_crisis": "active-suicidal-intent" in place.answers.cautions,
        "warnings": [text for key, text in cautions().items() if key in place.answers.cautions],
        "kept": found,
        "kept_url": request.build_absolute_uri() if found else "",
        "token": place.token if found else "",
        "refusal": refusal,
    }
    response = render(request, "approaches/choose.html", values, status=status)
    # Not "no-store": the browser's own Back must find the page again without sending it anew.
    response["Cache-Control"] = "private, no-cache"
    return response
