"""The gates: who a request's visitor is, where a closed gate leads, and the draft that is kept on the way."""

from datetime import datetime, timedelta
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import CsrfViewMiddleware
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from longlight.clinic.people import sessions
from longlight.clinic.people.access import OPEN_ONLY, Rule, Visitor
from longlight.clinic.people.actions import discard_drafts, keep_draft, kept_draft
from longlight.clinic.people.actions.accounts import actor_of
from longlight.clinic.people.models import Account
from longlight.clinic.people.queries import (
    Known,
    is_demo_database,
    is_staff,
    known_of,
    link_bearer,
    standing_chosen,
)
from longlight.clinic.people.refill import Fields, refill
from longlight.clinic.people.rules import SIGN_IN_LIFE, Gate, LinkBearer, Role, is_over

GATE_PAGES = {
    Gate.LOCKED: "people-locked",
    Gate.NEEDS_FACTOR: "mfa_index",
    Gate.NEEDS_CHOICE: "people-choose",
}
NEVER_KEPT = ("csrfmiddlewaretoken", "password", "oldpassword", "password1", "code", "credential")
LONGEST_PATH_CHARACTERS = 500


def visitor(
    request: HttpRequest, now: datetime, object_id: object = None, rule: Rule | None = None
) -> Visitor:
    """Who asks, as far as the session shows it; by the link to `object_id` where the browser came by several."""
    account = request.user
    link = _link(request, now, object_id)
    if rule is not None and rule.or_over and (link is None or link.object_id != object_id):
        link = _over_link(request, now, object_id) or link
    if not isinstance(account, Account):
        return Visitor(link=link)
    known = known_of(account)
    standings = known.standings
    gate = _gate(request, known, now)
    standing = standing_chosen(standings, sessions.chosen_standing(request.session))
    if gate is Gate.OPEN and standing is None and standings:
        gate = Gate.NEEDS_CHOICE
    if gate is not Gate.OPEN or standing is None:
        return Visitor(None, account.id, link, gate, has_drafts=known.has_drafts)
    return Visitor(standing.viewer, account.id, link, gate, standing.clinic, known.has_drafts)


def _link(request: HttpRequest, now: datetime, object_id: object) -> LinkBearer | None:
    """The newest link that the session carries, or an earlier one of the same patient to what is asked for."""
    carried = sessions.link_ids(request.session)
    link = link_bearer(carried[0], now) if carried else None
    if object_id is None or (link is not None and link.object_id == object_id):
        return link
    found = (link_bearer(each, now) for each in carried[1:])
    return next((each for each in found if each and each.object_id == object_id), link)


def _over_link(request: HttpRequest, now: datetime, object_id: object) -> LinkBearer | None:
    """A link of this browser's to what is asked for whose days have passed, or that was taken back."""
    carried = sessions.link_ids(request.session)
    found = (link_bearer(each, now, or_over=True) for each in carried)
    return next((each for each in found if each and each.object_id == object_id), None)


def _gate(request: HttpRequest, known: Known, now: datetime) -> Gate:
    if not is_staff(known.standings):
        return Gate.OPEN
    if sessions.is_locked(request, now):
        return Gate.LOCKED
    if _idle_for(request, now) >= timedelta(minutes=settings.STAFF_IDLE_MIN):
        sessions.lock(request.session, now)
        return Gate.LOCKED
    if known.has_second_factor or is_demo_entry(request):
        return Gate.OPEN
    return Gate.NEEDS_FACTOR


def is_demo_entry(request: HttpRequest) -> bool:
    """A demo link passes over the second factor, in a database that holds nothing but synthetic clinics."""
    return sessions.entered_demo(request.session) and is_demo_database()


def _idle_for(request: HttpRequest, now: datetime) -> timedelta:
    sessions.began_at(request.session, now)
    return now - sessions.active_at(request.session, now)


def closed(
    request: HttpRequest, visitor: Visitor, rule: Rule | None, now: datetime, *, is_polled: bool
) -> HttpResponse | None:
    """The answer of a closed gate; None when the way is open."""
    if visitor.account_id is None:
        return None
    if _has_lapsed(request, visitor, now):
        _keep_what_was_typed(request, now)
        page = _page_of(request)
        logout(request)
        if rule is not None and rule.everyone:
            return None
        messages.info(request, _("You were away for a while. Sign in to go on."))
        return _lead(request, "account_login", page)
    if visitor.gate is Gate.OPEN or visitor.gate in (rule.gates if rule else OPEN_ONLY):
        return None
    if visitor.gate is Gate.LOCKED and is_polled:
        return HttpResponse(status=204, headers={"HX-Trigger": "longlight:locked"})
    if visitor.gate is Gate.LOCKED:
        _keep_what_was_typed(request, now)
    return _lead(request, GATE_PAGES[visitor.gate], _page_of(request))


def _has_lapsed(request: HttpRequest, visitor: Visitor, now: datetime) -> bool:
    """Whether the sign-in is over: after 12 hours for anyone, and for a patient who was away."""
    if is_over(sessions.began_at(request.session, now), now, SIGN_IN_LIFE):
        return True
    is_patient = visitor.viewer is not None and visitor.viewer.role is Role.PATIENT
    idle = timedelta(minutes=settings.PATIENT_IDLE_MIN)
    return is_patient and _idle_for(request, now) >= idle


def note_presence(request: HttpRequest, now: datetime) -> None:
    """Somebody is there. Called for what a person asks for, never for what a page asks for by itself."""
    if sessions.LOCKED_AT not in request.session:
        sessions.note_activity(request.session, now)


def _lead(request: HttpRequest, url_name: str, page: str) -> HttpResponse:
    url = f"{reverse(url_name)}?{urlencode({'next': page})}"
    if getattr(request, "htmx", False):
        return HttpResponseClientRedirect(url)
    return HttpResponseRedirect(url)


def _page_of(request: HttpRequest) -> str:
    """The page that somebody was on: for a form that was sent, the page with the form."""
    if request.method in {"GET", "HEAD"} and not getattr(request, "htmx", False):
        return request.get_full_path()
    origin = request.headers.get("HX-Current-URL") or request.headers.get("Referer") or ""
    if url_has_allowed_host_and_scheme(origin, {request.get_host()}, request.is_secure()):
        parts = urlsplit(origin)
        return parts.path + (f"?{parts.query}" if parts.query else "")
    return request.path


def _keep_what_was_typed(request: HttpRequest, now: datetime) -> None:
    account = request.user
    if request.method != "POST" or not isinstance(account, Account) or _is_forged(request):
        return
    fields: Fields = {
        name: [str(value) for value in values]
        for name, values in request.POST.lists()
        if name not in NEVER_KEPT
    }
    if fields:
        keep_draft(
            account=account, page=_page_of(request)[:LONGEST_PATH_CHARACTERS],
            action=request.path[:LONGEST_PATH_CHARACTERS], fields=fields, by=actor_of(account),
            at=now,
        )  # fmt: skip


def _is_forged(request: HttpRequest) -> bool:
    """Whether the form came from elsewhere. The gate answers before Django's own check would look."""
    check = CsrfViewMiddleware(lambda _: HttpResponse())
    check.process_request(request)
    return check.process_view(request, lambda _: HttpResponse(), (), {}) is not None


def return_draft(
    request: HttpRequest, response: HttpResponse, visitor: Visitor, now: datetime
) -> HttpResponse:
    """Put a kept draft back into its form; forget it once the form has been sent."""
    account = request.user
    if not isinstance(account, Account) or visitor.gate is not Gate.OPEN or not visitor.has_drafts:
        return response
    if request.method == "POST" and response.status_code < 400:
        by = visitor.viewer.actor if visitor.viewer is not None else actor_of(account)
        discard_drafts(account=account, action=request.path, by=by, at=now)
        return response
    is_page = response.headers.get("Content-Type", "").startswith("text/html")
    if request.method != "GET" or response.status_code != 200 or response.streaming or not is_page:
        return response
    page = request.get_full_path()
    kept = kept_draft(account_id=account.id, page=page, at=now)
    if kept is not None:
        action, fields = kept
        notice = render_to_string("people/draft_notice.html", {"action": action}, request)
        html, found = refill(
            response.content.decode(), page=page, action=action, fields=fields, notice=notice
        )
        if found:
            response.content = html.encode()
            response.headers["Content-Length"] = str(len(response.content))
    return response
