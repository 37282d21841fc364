"""What happens to questionnaires by itself: every few minutes the worker looks at what waits, some patients at a time.

A slice of patients is one job: its effect and its mark are one transaction, so that a worker that is killed leaves a
slice wholly done or not at all, and the others go on meanwhile.
"""

from uuid import UUID

from longlight.clinic.assessments.actions.rounds import (
    look_round,
    notice_moved_visits,
    slices,
    waiting_patients,
)
from longlight.clinic.contact.actions import queue_job
from longlight.clinic.contact.jobs import JobRun, every, job

SLICE = "look-at-questionnaires"
PATIENTS_A_SLICE = 200


@every("questionnaires", minutes=5)
def questionnaires(run: JobRun) -> None:
    """See who waits, and queue a slice of the work for each so many patients."""
    notice_moved_visits(at=run.at)
    for first, last in slices(waiting_patients(run.at), PATIENTS_A_SLICE):
        queue_job(
            SLICE, key=f"{SLICE}:{run.id}:{first}", at=run.at,
            arguments={"first": first, "last": last},
        )  # fmt: skip


@job(SLICE)
def look_at_questionnaires(run: JobRun) -> None:
    look_round(
        first=UUID(str(run.arguments["first"])), last=UUID(str(run.arguments["last"])), at=run.at
    )
