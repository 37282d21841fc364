"""Light or dark: the system's choice, or the visitor's own, kept in a cookie and set without script."""

from enum import Enum

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.functional import Promise
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

COOKIE = "theme"
COOKIE_AGE_S = 365 * 24 * 60 * 60


class Theme(Enum):
    """What a visitor can choose. The treatment room's theme belongs to its page and is not chosen here."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"

    @property
    def css_class(self) -> str:
        return "" if self is Theme.SYSTEM else f"theme-{self.value}"

    @property
    def label(self) -> str | Promise:
        return {
            Theme.SYSTEM: _("as my device"),
            Theme.LIGHT: _("light"),
            Theme.DARK: _("dark"),
        }[self]


def theme_of(request: HttpRequest) -> Theme:
    """The theme the visitor chose; the system's when the cookie says nothing we know."""
    try:
        return Theme(request.COOKIES.get(COOKIE, ""))
    except ValueError:
        return Theme.SYSTEM


# Exempt on purpose: another site could at most change the colors, and public pages stay free of a token cookie.
@csrf_exempt
@require_POST
def choose_theme(request: HttpRequest) -> HttpResponse:
    """Keep the choice and go back to the page it was made on."""
    back = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}):
        back = "/"
    response = HttpResponseRedirect(back)
    chosen = request.POST.get("theme", "")
    if chosen in {Theme.LIGHT.value, Theme.DARK.value}:
        response.set_cookie(
            COOKIE,
            chosen,
            max_age=COOKIE_AGE_S,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
    else:
        response.delete_cookie(COOKIE, samesite="Lax")
    return response
