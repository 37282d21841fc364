"""Who may work on alerts, and whose safety plan is whose."""

from longlight.clinic.people.access import Refused
from longlight.clinic.people.rules import CHART_ROLES, Role, Viewer

WORKS_ON_ALERTS = frozenset({Role.NURSE, Role.PRESCRIBER, Role.THERAPIST, Role.DIRECTOR})
WRITES_PLANS = CHART_ROLES | {Role.PATIENT}


class MayNot(Exception):
    """The viewer may not; pages answer as if there were nothing."""


def may_work_on_alerts(viewer: Viewer) -> bool:
    return viewer.role in WORKS_ON_ALERTS


def require_may_work_on_alerts(viewer: Viewer) -> None:
    if not may_work_on_alerts(viewer):
        raise MayNot


def require_writes_plans(viewer: Viewer) -> None:
    """A plan is written by its owner, or with them by who may open the chart. Raises `Refused`."""
    if viewer.role not in WRITES_PLANS:
        raise Refused


def require_sets_times(viewer: Viewer) -> None:
    """Within what time alerts are claimed, and who reads when, is the director's to say. Raises `Refused`."""
    if viewer.role is not Role.DIRECTOR:
        raise Refused
