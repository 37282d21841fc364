"""Who may: every URL states a rule, and one without is refused.

    @roles(Role.NURSE, Role.PRESCRIBER)
    def board(request: ClinicRequest) -> HttpResponse: ...

A refusal answers 404, the same bytes as a page that does not exist, so that nothing is told by it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from django.http import HttpRequest, HttpResponseBase

from longlight.clinic.people.rules import Role, Viewer


class ClinicRequest(HttpRequest):
    """A request whose viewer is known (set by `ViewerMiddleware`)."""

    viewer: Viewer


@dataclass(frozen=True)
class Rule:
    """Who may open a URL: everyone, or the named roles."""

    everyone: bool = False
    roles: frozenset[Role] = frozenset()

    def allows(self, viewer: Viewer | None) -> bool:
        return self.everyone or (viewer is not None and viewer.role in self.roles)


View = TypeVar("View", bound=Callable[..., HttpResponseBase])


def state_rule(view: View, rule: Rule) -> View:
    view.access_rule = rule  # type: ignore[attr-defined]
    return view


def public(view: View) -> View:
    """Everyone may, signed in or not."""
    return state_rule(view, Rule(everyone=True))


def roles(*allowed: Role) -> Callable[[View], View]:
    """Only viewers in one of these roles may."""
    return lambda view: state_rule(view, Rule(roles=frozenset(allowed)))


def rule_of(view: Callable[..., object]) -> Rule | None:
    """The rule a view states, or None. Looks through `wraps` and class-based views."""
    rule = getattr(view, "access_rule", None) or getattr(
        getattr(view, "view_class", None), "access_rule", None
    )
    return rule if isinstance(rule, Rule) else None
