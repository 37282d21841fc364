"""Who may: every URL states a rule, and one without is refused.

    @roles(Role.NURSE, Role.PRESCRIBER)
    def board(request: ClinicRequest) -> HttpResponse: ...

`@public` everyone; `@signed_in` any account, whatever its role; `@roles(…)` viewers in one of these roles;
`@by_link(purpose)` a patient who came by a link for this, and for the object in the URL; `@polled` beside a rule
says that a page asks by itself, so that asking does not count as somebody being there.

A refusal answers 404, the same bytes as a page that does not exist, so that nothing is told by it.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import ResolverMatch

from longlight.clinic.people.models import CareTeamMember, Clinic, Patient
from longlight.clinic.people.queries import WITHOUT_PATIENTS, current_emergency, patient_at
from longlight.clinic.people.rules import (
    CHART_ROLES,
    Gate,
    LinkBearer,
    LinkPurpose,
    Role,
    Viewer,
)


class ClinicRequest(HttpRequest):
    """A request whose viewer is known (set by `ViewerMiddleware`)."""

    viewer: Viewer
    clinic: Clinic


class LinkRequest(HttpRequest):
    """A request by a patient who came by a link (set by `ViewerMiddleware`)."""

    link: LinkBearer


class Refused(Http404):
    """Someone asked for what they may not have. Answered like a page that does not exist, and noted."""


OPEN_ONLY = frozenset({Gate.OPEN})
EVERY_GATE = frozenset(Gate)


@dataclass(frozen=True)
class Visitor:
    """Who asks: a viewer, an account (perhaps before it may be a viewer), the bearer of a link, or a stranger."""

    viewer: Viewer | None = None
    account_id: UUID | None = None
    link: LinkBearer | None = None
    gate: Gate = Gate.OPEN
    clinic: Clinic | None = field(default=None, compare=False)  # of the viewer, as it was read
    has_drafts: bool = field(default=False, compare=False)


STRANGER = Visitor()


@dataclass(frozen=True)
class Rule:
    """Who may open a URL: everyone, any account, the named roles, or the bearer of a link."""

    everyone: bool = False
    account: bool = False
    roles: frozenset[Role] = frozenset()
    purpose: LinkPurpose | None = None
    or_done: bool = False  # also when the one thing has been done
    or_over: bool = False  # also when the link's days have passed, or it was taken back
    gates: frozenset[Gate] = OPEN_ONLY

    def allows(self, visitor: Visitor, object_id: object = None) -> bool:
        if self.everyone:
            return True
        if self.account:
            return visitor.account_id is not None
        if self.purpose is not None:
            link = visitor.link
            if link is None or (link.is_done and not self.or_done):
                return False
            if link.is_over and not self.or_over:
                return False
            return (link.purpose, link.object_id) == (self.purpose, object_id)
        return visitor.viewer is not None and visitor.viewer.role in self.roles

    def __str__(self) -> str:
        if self.everyone:
            return "everyone"
        if self.account:
            return "any account that is signed in"
        if self.purpose is not None:
            return f"the bearer of a link for {self.purpose.value}"
        return ", ".join(role.value for role in Role if role in self.roles)


View = TypeVar("View", bound=Callable[..., HttpResponseBase])


def state_rule(view: View, rule: Rule) -> View:
    view.access_rule = rule  # type: ignore[attr-defined]
    return view


def public(view: View) -> View:
    """Everyone may, signed in or not."""
    return state_rule(view, Rule(everyone=True, gates=EVERY_GATE))


def signed_in(*gates: Gate) -> Callable[[View], View]:
    """Any account may; `gates` are those at which it may besides an open one."""
    return lambda view: state_rule(view, Rule(account=True, gates=OPEN_ONLY | frozenset(gates)))


def roles(*allowed: Role) -> Callable[[View], View]:
    """Only viewers in one of these roles may."""
    return lambda view: state_rule(view, Rule(roles=frozenset(allowed)))


def by_link(
    purpose: LinkPurpose, *, or_done: bool = False, or_over: bool = False
) -> Callable[[View], View]:
    """Only a patient who came by a link for this may, and only for the `object_id` in the URL.

    With `or_done` also after the one thing was done, in the browser that came by the link: to be told that it was.
    Such a view looks at `request.link.is_done`, and then shows nothing else. With `or_over` a link that is over
    reaches the view too: to take in what waited on the phone, and to show nothing (`request.link.is_over`).
    """
    return lambda view: state_rule(view, Rule(purpose=purpose, or_done=or_done, or_over=or_over))


def polled(view: View) -> View:
    """The page asks for this by itself: being asked does not show that somebody is there."""
    view.is_polled = True  # type: ignore[attr-defined]
    return view


# Other people's views cannot be decorated: their rules stand here, by the name of their URL. Only what is named
# here is mounted (`people.urls`); signing up, changing addresses and trusting a browser are not.
_ENTRANCE = Rule(everyone=True, gates=EVERY_GATE)
_PROOF = Rule(account=True, gates=EVERY_GATE)
_FACTORS = Rule(account=True, gates=frozenset({Gate.OPEN, Gate.NEEDS_FACTOR, Gate.NEEDS_CHOICE}))
THIRD_PARTY_RULES: dict[str, Rule] = {
    "account_login": _ENTRANCE,
    "account_logout": _ENTRANCE,
    "account_inactive": _ENTRANCE,
    "account_request_login_code": _ENTRANCE,
    "account_confirm_login_code": _ENTRANCE,
    "account_reset_password": _ENTRANCE,
    "account_confirm_password_reset_code": _ENTRANCE,
    "account_complete_password_reset": _ENTRANCE,
    "account_password_reset_completed": _ENTRANCE,
    "mfa_authenticate": _ENTRANCE,
    "mfa_login_webauthn": _ENTRANCE,
    "account_reauthenticate": _PROOF,
    "mfa_reauthenticate": _PROOF,
    "mfa_reauthenticate_webauthn": _PROOF,
    "account_change_password": _FACTORS,
    "account_set_password": _FACTORS,
    "mfa_index": _FACTORS,
    "mfa_activate_totp": _FACTORS,
    "mfa_deactivate_totp": _FACTORS,
    "mfa_view_recovery_codes": _FACTORS,
    "mfa_generate_recovery_codes": _FACTORS,
    "mfa_download_recovery_codes": _FACTORS,
    "mfa_list_webauthn": _FACTORS,
    "mfa_add_webauthn": _FACTORS,
    "mfa_edit_webauthn": _FACTORS,
    "mfa_remove_webauthn": _FACTORS,
    "usersessions_list": _FACTORS,
}


def rule_of(view: Callable[..., object], url_name: str | None = None) -> Rule | None:
    """The rule a view states, or None. Looks through `wraps` and class-based views, then in the table."""
    rule = getattr(view, "access_rule", None) or getattr(
        getattr(view, "view_class", None), "access_rule", None
    )
    if isinstance(rule, Rule):
        return rule
    return THIRD_PARTY_RULES.get(url_name or "")


def rule_at(match: ResolverMatch) -> Rule | None:
    """The rule of the page that a path leads to."""
    return rule_of(match.func, match.view_name)


def is_polled(view: Callable[..., object]) -> bool:
    return bool(getattr(view, "is_polled", False))


def require_role(viewer: Viewer, *allowed: Role) -> None:
    """Raise `Refused` unless the viewer acts in one of these roles. Actions ask it, whatever the page asked."""
    if viewer.role not in allowed:
        raise Refused


def may_see_chart(viewer: Viewer, patient: Patient, at: datetime) -> bool:
    """Whether a viewer may open a chart: their own; one of their clinic; a restricted one as its care team."""
    if patient.clinic_id != viewer.clinic_id or viewer.role in WITHOUT_PATIENTS:
        return False
    if viewer.role is Role.PATIENT:
        return patient.id == viewer.patient_id
    if _is_in_ordinary_reach(viewer, patient):
        return True
    return current_emergency(viewer=viewer, patient_id=patient.id, at=at) is not None


def _is_in_ordinary_reach(viewer: Viewer, patient: Patient) -> bool:
    if viewer.role not in CHART_ROLES:
        return False
    if not patient.is_restricted or viewer.role is Role.DIRECTOR:
        return True
    return CareTeamMember.objects.filter(patient=patient, account_id=viewer.account_id).exists()


def require_chart(viewer: Viewer, patient_id: UUID, at: datetime) -> Patient:
    """The patient whose chart the viewer may open. Raises `Refused`, as for a patient who does not exist."""
    patient = patient_at(viewer.clinic_id, patient_id)
    if patient is None:
        raise Refused
    return require_chart_of(viewer, patient, at)


def require_chart_of(viewer: Viewer, patient: Patient, at: datetime) -> Patient:
    """The same, for a patient who was read already."""
    if not may_see_chart(viewer, patient, at):
        raise Refused
    return patient
