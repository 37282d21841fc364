"""A patient's measures one by one: in words, where it stands by which criteria, and its figure while it is followed."""

from dataclasses import dataclass

from longlight.clinic.assessments.queries import short_title
from longlight.clinic.assessments.queries.following import followed_of
from longlight.clinic.assessments.queries.trajectory import trajectory_of
from longlight.clinic.desks.doses import with_given_doses
from longlight.clinic.desks.figures import Summary, TrajectoryFigure, figure_of, kept_drawings
from longlight.clinic.followup.queries import statuses
from longlight.clinic.followup.views.words import PLAIN_WORDS
from longlight.clinic.people.models import Patient
from longlight.clinic.people.rules import Viewer


@dataclass(frozen=True)
class Measure:
    """One questionnaire that has a score. Without `figure` the patient does not follow it."""

    instrument_id: str
    title: str
    figure: TrajectoryFigure | None
    status: str

    @property
    def summary(self) -> Summary | None:
        return self.figure.summaries[0] if self.figure else None


def measures_of(viewer: Viewer, patient: Patient) -> list[Measure]:
    """Every measure with a score, in the order of the first; those followed with their figures."""
    trajectory = with_given_doses(trajectory_of(viewer=viewer, patient_id=patient.id), patient)
    known = statuses(viewer=viewer, patient_id=patient.id)
    words = {
        each.instrument_id: str(PLAIN_WORDS[each.judged.status]) for each in known if each.judged
    }
    scored = {point.instrument for point in trajectory.scores if point.value_points is not None}
    chosen = followed_of(patient_id=patient.id)
    followed = {name: trajectory.only(name) for name in scored if chosen is None or name in chosen}
    drawings = kept_drawings(followed.values()) if followed else {}
    return [
        Measure(
            name,
            short_title(name),
            figure_of(followed[name], drawings) if name in followed else None,
            words.get(name, ""),
        )
        for name in trajectory.instruments
        if name in scored
    ]
