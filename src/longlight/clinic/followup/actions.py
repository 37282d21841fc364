"""What changes in the days after: a prescriber decides on the booster that the calendar proposes."""

from datetime import datetime
from uuid import UUID

from longlight.clinic.courses.actions import cancel_session
from longlight.clinic.courses.models import Course
from longlight.clinic.followup.models import BoosterDecision
from longlight.clinic.followup.queries import Status, proposed_booster, statuses
from longlight.clinic.followup.rules import (
    BoosterChoice,
    CannotDecideBooster,
    reasons_not_to_decide,
)
from longlight.clinic.people.access import require_chart, require_role
from longlight.clinic.people.rules import Role, Viewer
from longlight.clinic.record.actions import patient_chain, writing


def decide_booster(
    *,
    patient_id: UUID,
    session_id: UUID,
    choice: BoosterChoice,
    reason: str,
    viewer: Viewer,
    at: datetime,
) -> BoosterDecision:
    """Keep a prescriber's yes or no; a no cancels the planned session. Raises `CannotDecideBooster`."""
    require_role(viewer, Role.PRESCRIBER)
    patient = require_chart(viewer, patient_id, at)
    with writing(by=viewer.actor, at=at) as pen:
        # Of two decisions at once, one waits here and is then refused.
        list(Course.objects.select_for_update().filter(patient=patient))
        proposed = proposed_booster(viewer=viewer, patient_id=patient.id)
        is_proposed = proposed is not None and proposed.session.pk == session_id
        decided = BoosterDecision.objects.filter(
            planned_session_id=session_id, planned_session__course__patient=patient
        )
        reasons = reasons_not_to_decide(
            is_proposed=is_proposed, is_decided=decided.exists(), reason=reason
        )
        if reasons:
            raise CannotDecideBooster(" ".join(reasons))
        decision = BoosterDecision.objects.create(
            planned_session_id=session_id,
            choice=choice.value,
            reason=reason.strip(),
            rests_on=[_rests_on(each) for each in statuses(viewer=viewer, patient_id=patient.id)],
            at=at,
            by_id=viewer.account_id,
            by_name=viewer.name,
        )
        pen.note(
            f"booster-{choice.value}",
            chain=patient_chain(patient.id),
            object_kind="booster-decision",
            object_id=decision.pk,
            session=session_id,
        )
        if choice is BoosterChoice.DECLINED:
            cancel_session(session_id=session_id, reason=reason, viewer=viewer, at=at)
    return decision


def _rests_on(status: Status) -> dict[str, object]:
    if status.judged is None:
        return {"instrument": status.instrument_id, "status": None}
    judged = status.judged
    return {
        "instrument": status.instrument_id,
        "instrument_version": judged.instrument_version,
        "status": judged.status,
        "criteria": [each.id for each in judged.criteria],
        "criteria_version": judged.criteria_version,
        "scores": [judged.baseline.id, judged.latest.id],
    }
