"""The menu of staff and patients, and where home is: a context processor, so that every page of theirs has it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy

from longlight.clinic.people.rules import CARE_ROLES, CHART_ROLES, STAFF_ROLES, Role, Viewer
from longlight.clinic.referrals.access import TRIAGE
from longlight.ui.parts import MenuItem

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise


@dataclass(frozen=True)
class Place:
    """A page in the menu of some roles. A step that is not built yet has no such URL, and no entry."""

    url_name: str
    label: "StrPromise"
    roles: frozenset[Role]
    icon: str = ""


WAITING = "locked-waiting"  # what a locked screen asks
LEFTOVER = "assessments/leftover.js"
PATIENT_ONLY = frozenset({Role.PATIENT})
PLACES = (
    Place("patient-home", gettext_lazy("Today"), PATIENT_ONLY, "today"),
    Place("patient-progress", gettext_lazy("Progress"), PATIENT_ONLY, "progress"),
    Place("journal", gettext_lazy("Journal"), PATIENT_ONLY, "journal"),
    Place("plan", gettext_lazy("Plan"), PATIENT_ONLY, "plan"),
    Place("safety-plan", gettext_lazy("Safety plan"), PATIENT_ONLY, "safety-plan"),
    Place("board", gettext_lazy("Today"), CARE_ROLES),
    Place("staff-home", gettext_lazy("Patients"), CARE_ROLES | {Role.RESEARCHER}),
    Place("schedule-day", gettext_lazy("Schedule"), CARE_ROLES),
    Place("referral-queue", gettext_lazy("Requests"), TRIAGE),
    Place("undelivered", gettext_lazy("Not delivered"), frozenset({Role.FRONT_DESK})),
    Place("questionnaires", gettext_lazy("Questionnaires"), CHART_ROLES),
    Place("safety-inbox", gettext_lazy("Safety inbox"), CARE_ROLES - {Role.FRONT_DESK}),
    Place(
        "outcomes",
        gettext_lazy("Outcomes"),
        frozenset({Role.DIRECTOR, Role.PRESCRIBER, Role.RESEARCHER}),
    ),
    Place("protocols", gettext_lazy("Protocols"), CARE_ROLES - {Role.FRONT_DESK}),
    Place("people-staff", gettext_lazy("People"), frozenset({Role.ADMINISTRATOR})),
    Place("people-review", gettext_lazy("Sign-ins"), frozenset({Role.DIRECTOR})),
)


def menu_of(viewer: Viewer, path: str) -> list[MenuItem]:
    """The pages that a viewer's role has; the one that leads here is marked."""
    items = []
    for place in PLACES:
        if viewer.role not in place.roles:
            continue
        try:
            url = reverse(place.url_name)
        except NoReverseMatch:
            continue
        is_here = path == url or (viewer.role in STAFF_ROLES and path.startswith(url))
        items.append(MenuItem(str(place.label), url, is_here, place.icon))
    return items


def menus(request: HttpRequest) -> dict[str, object]:
    """`menu` and `home_url` for whoever is signed in; for everyone what sends answers that wait on their device,
    and what a locked screen asks.
    """
    everyone: dict[str, object] = {"leftover_script": LEFTOVER, "waiting_url_name": WAITING}
    viewer: Viewer | None = getattr(request, "viewer", None)
    if viewer is None:
        return everyone
    items = menu_of(viewer, request.path)
    return everyone | {"menu": items, "home_url": items[0].url if items else "/"}
