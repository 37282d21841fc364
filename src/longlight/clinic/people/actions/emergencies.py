"""Opening a restricted chart in an emergency: for one chart, for an hour, with a reason, and told."""

from datetime import datetime
from uuid import UUID

from longlight.clinic.people.access import Refused, require_role
from longlight.clinic.people.actions.accounts import CannotChange
from longlight.clinic.people.models import CareTeamMember, EmergencyAccess, Patient
from longlight.clinic.people.queries import current_emergency, emergencies, patients
from longlight.clinic.people.rules import (
    CARE_ROLES,
    EMERGENCY_LIFE,
    Role,
    Viewer,
    reasons_not_to_open_in_emergency,
)
from longlight.clinic.record.actions import Pen, patient_chain, writing


def restrict_chart(
    *,
    viewer: Viewer,
    patient_id: UUID,
    care_team: frozenset[UUID],
    is_restricted: bool,
    at: datetime,
) -> None:
    """Keep a chart to its care team and the director, or open it to all who care for patients again."""
    require_role(viewer, Role.DIRECTOR)
    with writing(by=viewer.actor, at=at) as pen:
        patient = _patient(viewer, patient_id)
        patient.is_restricted = is_restricted
        patient.save(update_fields=["is_restricted"])
        CareTeamMember.objects.filter(patient=patient).delete()
        CareTeamMember.objects.bulk_create(
            CareTeamMember(patient=patient, account_id=account) for account in sorted(care_team)
        )
        pen.note(
            "chart-restricted" if is_restricted else "chart-unrestricted",
            chain=patient_chain(patient.id),
            object_kind="patient",
            object_id=patient.id,
            care_team=sorted(str(account) for account in care_team),
        )


def open_in_emergency(
    *, viewer: Viewer, patient_id: UUID, reason: str, at: datetime
) -> EmergencyAccess:
    """Open one chart for an hour. A second ask within the hour answers with the first."""
    require_role(viewer, *CARE_ROLES)
    patient = _patient(viewer, patient_id)
    reasons = reasons_not_to_open_in_emergency(viewer.role, reason)
    if reasons:
        raise CannotChange(" ".join(reasons))
    with writing(by=viewer.actor, at=at) as pen:
        Patient.objects.select_for_update().get(pk=patient.pk)
        access = current_emergency(viewer=viewer, patient_id=patient.id, at=at)
        if access is None:
            access = EmergencyAccess.objects.create(
                patient=patient, account_id=viewer.account_id, role=viewer.role.value,
                reason=reason.strip(), began_at=at, ends_at=at + EMERGENCY_LIFE,
            )  # fmt: skip
        _note(pen, "emergency-access-opened", access)
    return access


def end_emergency(*, viewer: Viewer, access_id: UUID, at: datetime) -> None:
    """Close one's own emergency access before its hour is over."""
    with writing(by=viewer.actor, at=at) as pen:
        access = (
            emergencies(viewer=viewer)
            .filter(pk=access_id, account_id=viewer.account_id, ends_at__gt=at)
            .first()
        )
        if access is None:
            raise Refused
        access.ends_at = at
        access.save(update_fields=["ends_at"])
        _note(pen, "emergency-access-ended", access)


def review_emergency(*, viewer: Viewer, access_id: UUID, at: datetime) -> None:
    """The director has looked at an emergency access."""
    require_role(viewer, Role.DIRECTOR)
    with writing(by=viewer.actor, at=at) as pen:
        access = emergencies(viewer=viewer).filter(pk=access_id).first()
        if access is None:
            raise Refused
        if access.reviewed_at is None:
            access.reviewed_at, access.reviewed_by_id = at, viewer.account_id
            access.save(update_fields=["reviewed_at", "reviewed_by_id"])
        _note(pen, "emergency-access-reviewed", access)


def _patient(viewer: Viewer, patient_id: UUID) -> Patient:
    patient = patients(viewer=viewer).filter(pk=patient_id).first()
    if patient is None:
        raise Refused
    return patient


def _note(pen: Pen, verb: str, access: EmergencyAccess) -> None:
    pen.note(
        verb,
        chain=patient_chain(access.patient_id),
        object_kind="emergency-access",
        object_id=access.id,
    )
