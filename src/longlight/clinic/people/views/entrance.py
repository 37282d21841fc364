"""Ways in besides the sign-in library's own: invitations, a patient's links, the choice of a role, the lock."""

from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import record_authentication
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from longlight.clinic.people import sessions
from longlight.clinic.people.access import public, signed_in
from longlight.clinic.people.actions import CannotAccept, accept_invitation, open_link
from longlight.clinic.people.actions.accounts import actor_of
from longlight.clinic.people.actions.drafts import Fields, discard_drafts, keep_draft
from longlight.clinic.people.forms import AcceptForm
from longlight.clinic.people.gates import LONGEST_PATH_CHARACTERS, NEVER_KEPT, is_demo_entry
from longlight.clinic.people.models import Account, Invitation
from longlight.clinic.people.queries import (
    invitation_by_hash,
    link_bearer,
    link_bearer_by_token,
    standings_of,
    token_hash,
)
from longlight.clinic.people.rules import Gate, Role
from longlight.clinic.record.rules import Actor, ActorKind


def next_page(request: HttpRequest) -> str:
    """Where somebody wanted to go: a page of this site, else their start page."""
    asked = request.POST.get("next") or request.GET.get("next") or ""
    if url_has_allowed_host_and_scheme(asked, {request.get_host()}, request.is_secure()):
        return asked
    return "/"


@public
@require_safe
def open_invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Take the token out of the address at once; nothing is used up by looking."""
    sessions.carry_invitation(request.session, token_hash(token))
    return redirect("people-accept")


@public
def accept(request: HttpRequest) -> HttpResponse:
    """Take up an invitation with a new password, or as the account that is signed in."""
    hashed = sessions.invitation_hash(request.session)
    invitation = invitation_by_hash(hashed, timezone.now())
    if invitation is None:
        return render(request, "people/invitation_over.html", status=410)
    account = request.user if isinstance(request.user, Account) else None
    form = AcceptForm(request.POST if request.method == "POST" else None)
    if account is not None:
        form.fields.pop("password")
    if request.method == "POST" and form.is_valid():
        try:
            return _accepted(
                request, hashed, invitation, form.cleaned_data.get("password"), account
            )
        except CannotAccept as refusal:
            form.add_error(None, str(refusal))
    page = {"form": form, "invitation": invitation, "account": account}
    return render(request, "people/accept.html", page, status=422 if form.errors else 200)


def _accepted(
    request: HttpRequest,
    hashed: str,
    invitation: Invitation,
    password: str | None,
    account: Account | None,
) -> HttpResponse:
    by = Actor(ActorKind.PUBLIC, None, "invited", invitation.role, invitation.clinic_id)
    holder = accept_invitation(
        hashed=hashed, password=password, account=account, by=by, at=timezone.now()
    )
    sessions.drop_invitation(request.session)
    if account is None:
        get_adapter(request).login(request, holder)
        # The password was chosen a moment ago: proof enough to set up a second factor now.
        record_authentication(request, holder, method="password", reauthenticated=True)
    return redirect("mfa_index" if invitation.patient_id is None else "people-start")


@public
@require_safe
def enter_by_link(request: HttpRequest, token: str) -> HttpResponse:
    """Turn a patient's link into a narrow session, then leave the token behind."""
    now = timezone.now()
    bearer = open_link(token=token, at=now)
    carried = sessions.link_ids(request.session)
    before = link_bearer(carried[0], now, or_over=True) if carried else None
    if bearer is None:
        over = link_bearer_by_token(token, now, or_over=True)
        if over is not None and (before is None or before.patient_id == over.patient_id):
            # It opens nothing; what still waits on this phone may be handed in (`by_link`, `or_over`).
            sessions.carry_over_link(request.session, over.link_id)
        return render(request, "people/link_over.html", status=410)
    is_same = before is not None and before.patient_id == bearer.patient_id
    sessions.carry_link(request.session, bearer.link_id, is_same_patient=is_same)
    try:
        return redirect(f"link-{bearer.purpose.value}", object_id=bearer.object_id)
    except NoReverseMatch:
        return render(request, "people/link_over.html", status=410)


@signed_in(Gate.NEEDS_CHOICE)
def choose(request: HttpRequest) -> HttpResponse:
    """Say in which role, at which clinic; change it later."""
    standings = standings_of(request.user)
    if request.method == "POST":
        chosen = next((s for s in standings if s.key == request.POST.get("standing")), None)
        if chosen is not None:
            sessions.choose_standing(request.session, chosen.key)
            return HttpResponseRedirect(next_page(request))
        messages.error(request, _("Choose one of your roles."))
    page = {"standings": standings, "next": next_page(request)}
    return render(
        request, "people/choose.html", page, status=200 if request.method == "GET" else 422
    )


@signed_in(Gate.LOCKED)
def locked(request: HttpRequest) -> HttpResponse:
    """The lock screen: no name, no chart; a proof of who it is opens it where it was."""
    if request.visitor.gate is not Gate.LOCKED:  # type: ignore[attr-defined]
        return HttpResponseRedirect(next_page(request))
    methods = get_adapter(request).get_reauthentication_methods(request.user)
    if methods:
        return HttpResponseRedirect(
            f"{methods[0]['url']}?{urlencode({'next': next_page(request)})}"
        )
    # Only an account that came by a demo link has nothing to prove itself with.
    if request.method == "POST" and is_demo_entry(request):
        sessions.unlock(request.session, timezone.now())
        return HttpResponseRedirect(next_page(request))
    return render(request, "people/locked.html", {"next": next_page(request)})


@signed_in(Gate.LOCKED)
@require_POST
def lock(request: HttpRequest) -> HttpResponse:
    """Lock the screen now: by hand, or by the page itself when nobody was there; what was typed comes along."""
    account = request.user
    assert isinstance(account, Account)
    now = timezone.now()
    page, action = request.POST.get("draft-page", ""), request.POST.get("draft-action", "")
    fields: Fields = {
        name.removeprefix("draft."): [str(value) for value in values]
        for name, values in request.POST.lists()
        if name.startswith("draft.") and name.removeprefix("draft.") not in NEVER_KEPT
    }
    if fields and max(len(page), len(action)) <= LONGEST_PATH_CHARACTERS:
        keep_draft(
            account=account, page=page, action=action, fields=fields, by=actor_of(account), at=now
        )
    if request.visitor.viewer and request.visitor.viewer.role is Role.PATIENT:  # type: ignore[attr-defined]
        logout(request)
        return redirect(f"{reverse('account_login')}?{urlencode({'next': page or '/'})}")
    sessions.lock(request.session, now)
    return redirect(f"{reverse('people-locked')}?{urlencode({'next': page or next_page(request)})}")


@signed_in()
@require_POST
def discard(request: HttpRequest) -> HttpResponse:
    """Give up what was kept of a form."""
    account = request.user
    assert isinstance(account, Account)
    discard_drafts(
        account=account, action=request.POST.get("action", ""), by=actor_of(account),
        at=timezone.now(),
    )  # fmt: skip
    return HttpResponseRedirect(next_page(request))


@signed_in()
@require_POST
def stay(request: HttpRequest) -> HttpResponse:
    """One tap: I am still here."""
    return HttpResponse(status=204)


@signed_in()
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """Where signing in leads: the start page of one's role, else one's own account."""
    viewer = request.visitor.viewer  # type: ignore[attr-defined]
    names: tuple[str, ...] = ()
    if viewer is not None:
        names = ("patient-home",) if viewer.role is Role.PATIENT else ("staff-home",)
        if viewer.role is Role.ADMINISTRATOR:
            names = ("people-staff",)
    for name in names:
        try:
            return redirect(name)
        except NoReverseMatch:
            continue
    return redirect("mfa_index")
