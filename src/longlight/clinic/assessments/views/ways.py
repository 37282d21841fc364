"""The two ways in which a patient comes to the same pages: signed in, or by the link made for one check-in."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import cast
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from longlight.clinic.assessments.access import Answerer, require_own_check_in
from longlight.clinic.assessments.actions.attending import note_shown
from longlight.clinic.assessments.models import DueAssessment
from longlight.clinic.assessments.queries.due import next_open
from longlight.clinic.assessments.rules import DueStatus
from longlight.clinic.people.access import ClinicRequest, LinkRequest, by_link, roles
from longlight.clinic.people.rules import LinkPurpose, Role

OK = 200
LINKED, OWN = "link-questionnaire", "check-in"


@dataclass(frozen=True)
class Way:
    """Who answers which check-in, and where its pages are for them."""

    due: DueAssessment
    by: Answerer
    stem: str
    part: str

    def url(self, page: str = "", **parts: object) -> str:
        name = f"{self.stem}-{page}" if page else self.stem
        return reverse(name, kwargs={self.part: self.due.pk, **parts})

    @property
    def is_link(self) -> bool:
        return self.stem == LINKED

    @property
    def has_more(self) -> bool:
        """Whether another questionnaire of this patient is open."""
        return next_open(self.due, timezone.now()) is not None


Page = Callable[..., HttpResponse]


def wants_json(request: HttpRequest) -> bool:
    """Whether a script asks, not a person."""
    return request.headers.get("Accept") == "application/json"


def both_ways(
    route: str, page: Page, name: str = "", *, takes_late: bool = False
) -> list[URLPattern]:
    """The URL of a page for each way in. `takes_late`: a script may hand in there what waited until a link was over."""

    @by_link(LinkPurpose.QUESTIONNAIRE, or_done=True, or_over=takes_late)
    @require_http_methods(["GET", "POST"])
    def linked(request: HttpRequest, object_id: UUID, **parts: object) -> HttpResponse:
        by = cast(LinkRequest, request).link
        due = require_own_check_in(by, object_id, hands_in=takes_late)
        way = Way(due, by, LINKED, "object_id")
        if by.is_over and wants_json(request):
            return _unkept(page(request, way, **parts))
        if by.is_over:
            return _unkept(render(request, "people/link_over.html", status=410))
        return _unkept(_seen(way, page(request, way, **parts)))

    @roles(Role.PATIENT)
    @require_http_methods(["GET", "POST"])
    def own(request: HttpRequest, due_id: UUID, **parts: object) -> HttpResponse:
        by = cast(ClinicRequest, request).viewer
        way = Way(require_own_check_in(by, due_id), by, OWN, "due_id")
        return _unkept(_seen(way, page(request, way, **parts)))

    ending = f"-{name}" if name else ""
    return [
        path(f"q/<uuid:object_id>/{route}", linked, name=f"{LINKED}{ending}"),
        path(f"check-ins/<uuid:due_id>/{route}", own, name=f"{OWN}{ending}"),
    ]


def _seen(way: Way, response: HttpResponse) -> HttpResponse:
    """Keep when a patient first saw what is asked: a page of it, not one that says that it is over."""
    if way.due.shown_at is None and response.status_code == OK and way.due.status == DueStatus.DUE:
        note_shown(due_id=way.due.pk, by=way.by, at=timezone.now())
    return response


def _unkept(response: HttpResponse) -> HttpResponse:
    """Going back shows what holds now, and a lent phone keeps nothing."""
    response.headers["Cache-Control"] = "no-store"
    return response
