"""Who sees to messages that did not arrive."""

from longlight.clinic.people.access import require_role
from longlight.clinic.people.rules import CARE_ROLES, Role, Viewer

SEES_TO_MESSAGES = CARE_ROLES
MINDS_THE_OUTBOX = frozenset({Role.ADMINISTRATOR, Role.DIRECTOR})


def may_see_to_messages(viewer: Viewer) -> bool:
    return viewer.role in SEES_TO_MESSAGES


def require_may_see_to_messages(viewer: Viewer) -> None:
    """Raises `Refused`."""
    require_role(viewer, *SEES_TO_MESSAGES)
