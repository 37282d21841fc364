"""A safety plan gets a new version, or is gone through together and holds."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from longlight.clinic.people.access import Refused, require_chart
from longlight.clinic.people.models import Patient
from longlight.clinic.people.rules import Viewer
from longlight.clinic.record.actions import Pen, patient_chain, writing
from longlight.clinic.safety.access import require_may_work_on_alerts, require_writes_plans
from longlight.clinic.safety.models import SafetyPlan, SafetyPlanReview
from longlight.clinic.safety.rules import (
    CannotChange,
    PlanChanged,
    PlanStep,
    reasons_not_to_keep_plan,
)


def keep_plan(
    *,
    patient_id: UUID,
    plan_id: UUID,
    based_on: int,
    steps: Mapping[PlanStep, str],
    opens_by_link: bool | None,
    viewer: Viewer,
    at: datetime,
) -> SafetyPlan:
    """Keep a new version of a safety plan; the ones before stay as they are. The same id again is the same version.

    `opens_by_link` is its owner's to choose: None leaves it as it was. Raises `CannotChange`, and `PlanChanged`
    when a version came in between.
    """
    require_writes_plans(viewer)
    patient = require_chart(viewer, patient_id, at)
    reasons = reasons_not_to_keep_plan(steps)
    if reasons:
        raise CannotChange(" ".join(reasons))
    with writing(by=viewer.actor, at=at) as pen:
        # Two who keep one at once wait for each other.
        Patient.objects.select_for_update().get(pk=patient.pk)
        newest = SafetyPlan.objects.filter(patient=patient).first()
        same: SafetyPlan | None = SafetyPlan.objects.filter(pk=plan_id, patient=patient).first()
        if same is not None:
            _note_plan(pen, "safety-plan-repeated", same)
            return same
        version = newest.version if newest else 0
        if version != based_on:
            raise PlanChanged
        before = newest.opens_by_link if newest else False
        plan: SafetyPlan = SafetyPlan.objects.create(
            id=plan_id, patient=patient, version=version + 1,
            steps={step.value: text.strip() for step, text in steps.items()},
            opens_by_link=before if opens_by_link is None else opens_by_link,
            made_at=at, by_id=viewer.account_id, by_name=viewer.name, by_role=viewer.role.value,
        )  # fmt: skip
        _note_plan(pen, "safety-plan-kept", plan)
    return plan


def review_plan(*, plan_id: UUID, viewer: Viewer, at: datetime) -> SafetyPlan:
    """A clinician went through the plan with its owner, and it holds as it is. Raises `PlanChanged` for an old one."""
    require_may_work_on_alerts(viewer)
    found = SafetyPlan.objects.filter(pk=plan_id, patient__clinic_id=viewer.clinic_id).first()
    if found is None:
        raise Refused
    require_chart(viewer, found.patient_id, at)
    with writing(by=viewer.actor, at=at) as pen:
        Patient.objects.select_for_update().get(pk=found.patient_id)
        newest = SafetyPlan.objects.filter(patient_id=found.patient_id).first()
        if newest is None or newest.pk != plan_id:
            raise PlanChanged
        SafetyPlanReview.objects.create(
            plan=found, at=at, by_id=viewer.account_id, by_name=viewer.name
        )
        _note_plan(pen, "safety-plan-reviewed", found)
    return found


def _note_plan(pen: Pen, verb: str, plan: SafetyPlan) -> None:
    pen.note(
        verb, chain=patient_chain(plan.patient_id), object_kind="safety-plan", object_id=plan.id,
        version=plan.version,
    )  # fmt: skip
