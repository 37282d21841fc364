"""The doses that this clinic gave, on a trajectory: `assessments` knows only those that somebody reports."""

from collections.abc import Iterator
from uuid import UUID
from zoneinfo import ZoneInfo

from longlight.clinic.dosing.models import Dose
from longlight.clinic.people.models import Patient
from longlight.clinic.record.prepared import Prepared
from longlight.science import protocols
from longlight.science.trajectory import DosePoint, Trajectory

INDUCTION, BOOSTER = "induction", "booster"  # as files and older records call them


def with_given_doses(trajectory: Trajectory, patient: Patient) -> Trajectory:
    """The trajectory with each dose given here. One that is reported for the same day as well is drawn once."""
    reported = {dose.at.date() for dose in trajectory.doses}
    given = [point for point in _given(patient) if point.at.date() not in reported]
    return Trajectory.of(trajectory.scores, [*trajectory.doses, *given]) if given else trajectory


def _given(patient: Patient) -> Iterator[DosePoint]:
    zone = ZoneInfo(patient.time_zone or patient.clinic.time_zone)
    rows = _DOSES(patient_id=patient.pk)
    for started_at, mg, amount, unit, phase_id, protocol_id, version in rows:
        first_phase = protocols.get(protocol_id, version).phases[0].id
        yield DosePoint(
            started_at.astimezone(zone).replace(tzinfo=None, second=0, microsecond=0),
            INDUCTION if phase_id == first_phase else BOOSTER,
            float(mg),
            float(amount) if unit == "mg/kg" else None,
            day_only=False,
        )


_DOSES = Prepared(
    lambda patient_id: (
        Dose.objects.standing()
        .filter(session__patient_id=patient_id)
        .order_by("started_at")
        .values_list(
            "started_at", "order__dose_mg", "order__amount", "order__amount_unit",
            "session__planned__phase_id", "session__planned__course__protocol_id",
            "session__planned__course__protocol_version",
        )
    ),
    patient_id=UUID,
)  # fmt: skip
