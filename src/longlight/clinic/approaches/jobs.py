"""What is done every night: kept choices whose time is over are destroyed."""

from longlight.clinic.approaches.actions.keeping import destroy_expired
from longlight.clinic.contact.jobs import JobRun, nightly


@nightly("destroy-expired-choices")
def destroy_expired_choices(run: JobRun) -> None:
    destroy_expired(at=run.at)
