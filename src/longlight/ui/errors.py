"""What is shown when something is wrong: what happened, what is safe, what to do, and whom to call.

These pages ask the database nothing: it may be the database that is away.
"""

import sys
from dataclasses import dataclass

from django.core.exceptions import RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from longlight.ui.context import page

_NOTHING_CHANGED = _("Nothing was changed.")
_BACK = _("Go back and try again, or begin at the first page.")


@dataclass(frozen=True)
class ErrorPage:
    """One error in words: what happened, what is safe, what to do now."""

    status: int
    title: str | Promise
    what_is_safe: str | Promise
    what_to_do: str | Promise


PAGES = {
    400: ErrorPage(400, _("That request could not be read"), _NOTHING_CHANGED, _BACK),
    403: ErrorPage(
        403,
        _("This form has expired"),
        _("Nothing was sent. What was saved before is safe."),
        _(
            "Go back, reload the page, and send the form again. Cookies must be allowed for this site."
        ),
    ),
    404: ErrorPage(
        404,
        _("There is no such page"),
        _NOTHING_CHANGED,
        _("It may have moved, or you may need to sign in to see it."),
    ),
    413: ErrorPage(
        413,
        _("That was too large to take"),
        _NOTHING_CHANGED,
        _("Go back and send a smaller file, or less text at once."),
    ),
    429: ErrorPage(
        429,
        _("Too many tries"),
        _("Nothing was changed, and nothing is locked for good."),
        _("Wait some minutes, then try again."),
    ),
    500: ErrorPage(
        500,
        _("Something went wrong on our side"),
        _("What was saved before is safe. What you just sent may not be saved."),
        _("Look whether it is there before you send it again. The mistake has been noted."),
    ),
    503: ErrorPage(
        503,
        _("Longlight cannot be reached right now"),
        _("What was saved before is safe. What you just sent may not be saved."),
        _("Wait a minute, go back, and look whether it is there before you send it again."),
    ),
}


def error_page(request: HttpRequest, status: int) -> HttpResponse:
    """The page for a status. It holds nothing about who asks, so that a refusal and an absence are the same bytes."""
    known = PAGES[status]
    look = {key: value for key, value in page(request).items() if key != "viewer"}
    body = render_to_string("ui/errors/error.html", {**look, "clinic": None, "error": known})
    return HttpResponse(body, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_page(request, 413 if isinstance(exception, RequestDataTooBig) else 400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    # A refusal answers like a page that does not exist, so that nothing is told by it.
    return error_page(request, 404)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_page(request, 404)


def too_many(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    response = error_page(request, 429)
    response["Retry-After"] = "300"
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    """500; or 503 when it is the database that does not answer."""
    if isinstance(sys.exc_info()[1], (OperationalError, InterfaceError)):
        response = error_page(request, 503)
        response["Retry-After"] = "60"
        return response
    return error_page(request, 500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return error_page(request, 403)
