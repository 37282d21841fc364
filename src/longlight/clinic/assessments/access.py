"""Whose check-in it is: the patient's own, signed in or by the link that was made for it; or one of the clinic's."""

from datetime import datetime
from typing import TypeAlias
from uuid import UUID

from longlight.clinic.assessments.models import DueAssessment
from longlight.clinic.people.access import Refused, require_chart
from longlight.clinic.people.rules import LinkBearer, LinkPurpose, Role, Viewer

Answerer: TypeAlias = Viewer | LinkBearer


def is_over(by: Answerer) -> bool:
    """Whether somebody comes by a link whose days have passed: what waited on the phone is handed in, no more."""
    return isinstance(by, LinkBearer) and by.is_over


def may_answer(by: Answerer, due_id: UUID) -> bool:
    """Whether somebody comes in a way in which check-ins are answered. Whose it is, is asked when it is found."""
    if isinstance(by, LinkBearer):
        return by.purpose is LinkPurpose.QUESTIONNAIRE and by.object_id == due_id
    return by.role is Role.PATIENT


def require_own_check_in(
    by: Answerer, due_id: UUID, *, locked: bool = False, hands_in: bool = False
) -> DueAssessment:
    """The patient's own check-in; `locked` until the write ends. Raises `Refused`, as for one that does not exist.

    By a link that is over only for who `hands_in` what had to wait.
    """
    if not may_answer(by, due_id) or (is_over(by) and not hands_in):
        raise Refused
    found = DueAssessment.objects.select_related("patient__clinic")
    if locked:
        found = found.select_for_update(of=("self",))
    due: DueAssessment | None = found.filter(
        pk=due_id, patient_id__in=[by.patient_id], patient__clinic_id=by.clinic_id
    ).first()
    if due is None:
        raise Refused
    return due


def require_check_in(viewer: Viewer, due_id: UUID, at: datetime) -> DueAssessment:
    """A check-in of a chart that the viewer may open, locked until the write ends. Raises `Refused`."""
    due: DueAssessment | None = (
        DueAssessment.objects.select_for_update(of=("self",))
        .select_related("patient__clinic")
        .filter(pk=due_id, patient__clinic_id=viewer.clinic_id)
        .first()
    )
    if due is None:
        raise Refused
    require_chart(viewer, due.patient_id, at)
    return due
