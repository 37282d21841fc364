"""Who may work on alerts: those who care for patients at the alert's own clinic."""

from longlight.clinic.people.rules import Role, Viewer

WORKS_ON_ALERTS = frozenset({Role.NURSE, Role.PRESCRIBER, Role.THERAPIST, Role.DIRECTOR})


class MayNot(Exception):
    """The viewer may not; pages answer as if there were nothing."""


def may_work_on_alerts(viewer: Viewer) -> bool:
    return viewer.role in WORKS_ON_ALERTS


def require_may_work_on_alerts(viewer: Viewer) -> None:
    if not may_work_on_alerts(viewer):
        raise MayNot
