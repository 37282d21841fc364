"""What every page's template knows of who looks at it. The database may be away: then it is asked nothing."""

from django.conf import settings
from django.db import Error as DatabaseFailure
from django.http import HttpRequest

from longlight.clinic.people.access import STRANGER, Visitor
from longlight.clinic.people.queries import is_demo_database
from longlight.clinic.people.rules import Gate, Role, Viewer


def visitor(request: HttpRequest) -> dict[str, object]:
    """Which look the page takes, whether the screen is locked, and after how long it will be."""
    asker: Visitor = getattr(request, "visitor", STRANGER)
    viewer = asker.viewer
    is_patient = viewer is not None and viewer.role is Role.PATIENT
    return {
        "base_page": _base_page(viewer),
        "is_locked": asker.gate is Gate.LOCKED,
        "gate": asker.gate.value,
        "idle_template": "people/idle.html" if viewer is not None else "",
        "idle_s": 60 * (settings.PATIENT_IDLE_MIN if is_patient else settings.STAFF_IDLE_MIN),
        "has_tls": settings.TLS,
        "is_made_up": _is_made_up,  # asked only where a page has no clinic of its own
    }


def _is_made_up() -> bool:
    """Whether everybody here is of the demo: said on the pages of strangers too."""
    try:
        return is_demo_database()
    except DatabaseFailure:
        return False


def _base_page(viewer: Viewer | None) -> str:
    if viewer is None:
        return "ui/public.html"
    return "ui/patient.html" if viewer.role is Role.PATIENT else "ui/staff.html"
