"""Finds out who looks, and refuses whatever states no rule or a rule that does not let them."""

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase

from longlight.clinic.people.access import rule_of
from longlight.clinic.people.queries import viewer_of


class ViewerMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.viewer = viewer_of(request.user)  # type: ignore[attr-defined]
        return self.get_response(request)

    def process_view(
        self,
        request: HttpRequest,
        view: Callable[..., HttpResponseBase],
        args: object,
        kwargs: object,
    ) -> None:
        rule = rule_of(view)
        if rule is None or not rule.allows(request.viewer):  # type: ignore[attr-defined]
            raise Http404
