"""The outbox as a director and an administrator see it."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from tests.cast import Cast

from longlight.clinic.contact.actions import beat, lease_next, put_back, queue_job
from longlight.clinic.contact.models import Job
from longlight.clinic.record.actions import door
from longlight.clinic.record.models import AuditRow


def give_up(clinic_id: Any) -> Job:
    at = datetime.now(UTC) - timedelta(minutes=1)
    with door():
        queue_job("send-message", key=str(uuid4()), at=at, clinic_id=clinic_id)
    lease = lease_next(at=at)
    assert lease is not None
    put_back(lease, at=at, trouble="SMTPRecipientsRefused", at_once_dead=True)
    return Job.objects.get(pk=lease.id)


@pytest.mark.django_db
def test_what_was_given_up_is_seen_and_tried_again(cast: Cast) -> None:
    job = give_up(cast.clinic_a.id)
    director = cast.director.client()
    page = director.get("/outbox/").content.decode()
    assert "SMTPRecipientsRefused" in page
    assert "Nothing goes out" in page, "no worker was ever heard"
    answer = director.post(f"/outbox/{job.id}/again")
    assert (answer.status_code, answer["Location"]) == (302, "/outbox/")
    job.refresh_from_db()
    assert job.dead_at is None
    assert AuditRow.objects.filter(
        verb="job-tried-again", actor_id=cast.director.account.id
    ).exists()
    beat(at=datetime.now(UTC))
    page = director.get("/outbox/").content.decode()
    assert "Messages are going out" in page
    assert "Nothing was given up" in page


@pytest.mark.django_db
def test_what_another_clinic_gave_up_is_not_there(cast: Cast) -> None:
    job = give_up(cast.clinic_b.id)
    director = cast.director.client()
    assert "SMTPRecipientsRefused" not in director.get("/outbox/").content.decode()
    assert director.post(f"/outbox/{job.id}/again").status_code == 404
    job.refresh_from_db()
    assert job.dead_at is not None


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["nurse", "front_desk", "patient", "researcher", "stranger"])
def test_others_do_not_see_it(cast: Cast, who: str) -> None:
    assert getattr(cast, who).client().get("/outbox/").status_code in {302, 404}
