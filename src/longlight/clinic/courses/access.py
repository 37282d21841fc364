"""Who may change the days and times of one person's visits."""

from datetime import datetime

from longlight.clinic.people.access import Refused, require_chart, require_role
from longlight.clinic.people.models import Patient
from longlight.clinic.people.rules import CHART_ROLES, Role, Viewer

MOVES_SESSIONS = (Role.FRONT_DESK, Role.NURSE, Role.PRESCRIBER, Role.THERAPIST)


def require_may_change_visits(viewer: Viewer, patient: Patient, at: datetime) -> None:
    """The front desk plans everybody's visits and reads no chart; who reads charts must be allowed this one.

    Raises `Refused`, as for a plan that does not exist.
    """
    require_role(viewer, *MOVES_SESSIONS)
    if patient.clinic_id != viewer.clinic_id:
        raise Refused
    if viewer.role in CHART_ROLES:
        require_chart(viewer, patient.pk, at)
