"""Finds out who asks, and refuses whatever states no rule or a rule that does not let them.

Between a signed-in account and its pages may stand a gate: its screen is locked, its second factor is not set up
yet, or it has not said in which role it acts. At a closed gate every path but those that open there leads to the
gate's page, whether the path exists or not.
"""

import logging
from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import Error as DatabaseFailure
from django.forms import BaseForm
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseNotAllowed,
)
from django.template.response import TemplateResponse
from django.urls import Resolver404, ResolverMatch, resolve
from django.utils import timezone

from longlight.clinic.people import gates
from longlight.clinic.people.access import (
    STRANGER,
    Refused,
    Rule,
    Visitor,
    is_polled,
    rule_at,
)
from longlight.clinic.people.actions import note_refusal
from longlight.clinic.people.models import Account, Clinic
from longlight.clinic.people.rules import Gate

METHODS = ("GET", "HEAD", "POST")  # pages are read and forms are sent; nothing else is understood

log = logging.getLogger("longlight.access")


class ViewerMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        now = timezone.now()
        match = request.resolver_match = _match(request)  # `server.wsgi` does not look it up again
        rule = rule_at(match) if match else None
        visitor = self._visitor(request, rule, now, match)
        request.visitor = visitor  # type: ignore[attr-defined]
        request.viewer = visitor.viewer  # type: ignore[attr-defined]
        request.link = visitor.link  # type: ignore[attr-defined]
        clinic = _clinic(visitor)
        request.clinic = clinic  # type: ignore[attr-defined]
        is_ours = match is not None and is_polled(match.func)
        closed = gates.closed(request, visitor, rule, now, is_polled=is_ours)
        if closed is not None:
            return closed
        if visitor.account_id is not None and not is_ours:
            gates.note_presence(request, now)
        # Times on a page are those of the clinic's clock.
        with timezone.override(ZoneInfo(clinic.time_zone) if clinic else None):
            response = self.get_response(request)
        if visitor.account_id is not None:
            # Whoever signed in leaves nothing behind in this browser's cache, or a proxy's.
            response.headers["Cache-Control"] = "no-store"
            if not isinstance(request.user, Account):  # signed out just now
                response.headers["Clear-Site-Data"] = '"cache"'
            response = gates.return_draft(request, response, visitor, now)
        return response

    def _visitor(
        self, request: HttpRequest, rule: Rule | None, now: datetime, match: ResolverMatch | None
    ) -> Visitor:
        try:
            object_id = match.kwargs.get("object_id") if match else None
            return gates.visitor(request, now, object_id, rule)
        except DatabaseFailure:
            # What is for everyone (the crisis page above all) is answered even then.
            if rule is not None and rule.everyone:
                return STRANGER
            raise

    def process_view(
        self,
        request: HttpRequest,
        view: Callable[..., HttpResponseBase],
        args: tuple[object, ...],
        kwargs: dict[str, object],
    ) -> HttpResponse | None:
        assert request.resolver_match is not None
        visitor: Visitor = request.visitor  # type: ignore[attr-defined]
        rule = rule_at(request.resolver_match)
        if rule is None or not rule.allows(visitor, kwargs.get("object_id")):
            _note(request, visitor)
            raise Http404
        return None if request.method in METHODS else HttpResponseNotAllowed(METHODS)

    def process_template_response(
        self, request: HttpRequest, response: TemplateResponse
    ) -> TemplateResponse:
        """The sign-in library shows a form that was not taken with 200; here that is 422, as everywhere."""
        shown = (response.context_data or {}).values()
        if request.method == "POST" and any(isinstance(f, BaseForm) and f.errors for f in shown):
            response.status_code = 422
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        """A view may refuse too: for a patient of another clinic, say. Django answers; here it is noted."""
        if isinstance(exception, Refused):
            _note(request, request.visitor)  # type: ignore[attr-defined]


def _clinic(visitor: Visitor) -> Clinic | None:
    """The clinic that a page is shown in; None for a stranger, and when the database is away."""
    if visitor.clinic is not None:
        return visitor.clinic
    here = visitor.viewer or visitor.link
    try:
        return Clinic.objects.filter(pk=here.clinic_id).first() if here is not None else None
    except DatabaseFailure:
        return None


def _match(request: HttpRequest) -> ResolverMatch | None:
    try:
        return resolve(request.path_info)
    except Resolver404:
        return None


def _note(request: HttpRequest, visitor: Visitor) -> None:
    """One line in the log for each refusal, and for an account one row in its chain."""
    match = request.resolver_match
    assert match is not None
    viewer = visitor.viewer
    log.warning(
        "refused",
        extra={
            "method": request.method,
            "route": match.route,
            "account_id": str(visitor.account_id) if visitor.account_id else None,
            "clinic_id": str(viewer.clinic_id) if viewer else None,
        },
    )
    if visitor.account_id is not None and visitor.gate is Gate.OPEN:
        note_refusal(
            visitor=visitor,
            url_name=match.view_name or match.route,
            method=request.method or "",
            at=timezone.now(),
        )
