"""What stands of a patient's scores and treatments, as the figure draws it."""

from uuid import UUID

from longlight.clinic.assessments.models import Assessment, DueAssessment, ReportedDose
from longlight.clinic.assessments.rules import DueStatus, moment_of
from longlight.clinic.people.rules import Viewer
from longlight.clinic.record.prepared import Prepared
from longlight.science.trajectory import DosePoint, ScorePoint, Trajectory


def trajectory_of(*, viewer: Viewer, patient_id: UUID) -> Trajectory:
    """What stands: scores, check-ins that were not answered, and treatments."""
    whose = {"clinic_id": viewer.clinic_id, "patient_id": patient_id}
    scores = [
        ScorePoint(moment_of(on, clock), instrument, total, day_only=clock is None)
        for on, clock, instrument, total in _STANDING_SCORES(**whose)
    ]
    scores += [
        ScorePoint(moment_of(due_on, None), instrument, None)
        for due_on, instrument in _MISSED(**whose)
    ]
    doses = [
        DosePoint(moment_of(on, clock), kind, mg, mg_per_kg, day_only=clock is None)
        for on, clock, kind, mg, mg_per_kg in _REPORTED_DOSES(**whose)
    ]
    return Trajectory.of(scores, doses)


_STANDING_SCORES = Prepared(
    lambda clinic_id, patient_id: (
        Assessment.objects.standing()
        .filter(patient__clinic_id=clinic_id, patient_id=patient_id)
        .order_by("on", "clock", "entered_at")
        .values_list("on", "clock", "instrument_id", "score__total_points")
    ),
    clinic_id=UUID,
    patient_id=UUID,
)
_MISSED = Prepared(
    lambda clinic_id, patient_id: (
        DueAssessment.objects.filter(
            patient__clinic_id=clinic_id, patient_id=patient_id, status=DueStatus.MISSED.value
        )
        .order_by("due_on")
        .values_list("due_on", "instrument_id")
    ),
    clinic_id=UUID,
    patient_id=UUID,
)
_REPORTED_DOSES = Prepared(
    lambda clinic_id, patient_id: (
        ReportedDose.objects.standing()
        .filter(patient__clinic_id=clinic_id, patient_id=patient_id)
        .order_by("on", "clock")
        .values_list("on", "clock", "kind", "dose_mg", "dose_mg_per_kg")
    ),
    clinic_id=UUID,
    patient_id=UUID,
)
