"""What every page's template knows."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from longlight.ui.parts import MenuItem
from longlight.ui.theme import Theme, theme_of


@dataclass(frozen=True)
class ThemeChoice:
    value: str
    label: str
    is_chosen: bool


def page(request: HttpRequest) -> dict[str, object]:
    """Who looks, the clinic they are in (for the line that says its people are made up), theme and public menu.

    `request.viewer` and `request.clinic` are set by the clinic's middleware and may be absent: on an error page, or
    when the database is away. The menu of staff and patients (`menu`) comes from the desks.
    """
    theme = theme_of(request)
    return {
        "viewer": getattr(request, "viewer", None),
        "clinic": getattr(request, "clinic", None),
        "theme_class": theme.css_class,
        "theme_choices": [
            ThemeChoice(choice.value, str(choice.label), choice is theme) for choice in Theme
        ],
        "public_menu": _public_menu(request),
    }


def _public_menu(request: HttpRequest) -> list[MenuItem]:
    compare, ask = reverse("approaches"), reverse("referral-clinics")
    find = reverse("clinics")
    items = [
        MenuItem(_("Compare approaches"), compare, request.path.startswith(compare)),
        MenuItem(_("Find a clinic"), find, request.path.startswith(find)),
        MenuItem(_("Request an appointment"), ask, request.path.startswith(ask)),
        MenuItem(_("Sources"), reverse("sources"), request.path == reverse("sources")),
    ]
    try:
        sign_in = reverse("account_login")
    except NoReverseMatch:
        return items
    return [*items, MenuItem(_("Sign in"), sign_in, request.path == sign_in)]
