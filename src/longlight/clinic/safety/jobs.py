"""What happens to alerts by itself: one that nobody claims in time is told to the clinic's backup."""

from uuid import UUID

from longlight.clinic.contact.jobs import JobRun, job
from longlight.clinic.record.rules import Actor, ActorKind
from longlight.clinic.safety.actions import escalate_unclaimed
from longlight.clinic.safety.rules import ESCALATE

WORKER = Actor(ActorKind.SYSTEM, None, "Longlight worker", "system", None)


@job(ESCALATE)
def escalate(run: JobRun) -> None:
    escalate_unclaimed(alert_id=UUID(str(run.arguments["alert"])), by=WORKER, at=run.at)
