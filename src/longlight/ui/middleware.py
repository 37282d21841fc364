"""The pages that must answer whatever else is broken."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from longlight.ui.views import crisis, service_worker

ALWAYS_THERE = {"/crisis/": crisis, "/sw.js": service_worker}


class AlwaysThereMiddleware:
    """Answers the crisis page before sessions, sign-in and the database are asked, signed in or not."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        view = ALWAYS_THERE.get(request.path_info)
        if view is None or request.method not in {"GET", "HEAD"}:
            return self.get_response(request)
        response = view(request)
        response.headers["X-Frame-Options"] = "DENY"  # what comes later in the line is not reached
        return response
