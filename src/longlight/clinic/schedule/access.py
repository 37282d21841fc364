"""Who may see and change the schedule."""

from django.http import Http404

from longlight.clinic.people.rules import CARE_ROLES, Role, Viewer

ARRANGERS = frozenset({Role.DIRECTOR, Role.ADMINISTRATOR})


def may_book(viewer: Viewer) -> bool:
    return viewer.role in CARE_ROLES


def require_may_book(viewer: Viewer) -> None:
    """Those who care for patients book, move, cancel and mark; nobody else."""
    if not may_book(viewer):
        raise Http404


def require_may_arrange(viewer: Viewer) -> None:
    """Chairs, rooms, staff and opening hours are set up by a director or an administrator."""
    if viewer.role not in ARRANGERS:
        raise Http404
