"""What the trail noticed of sign-ins and refusals within a week: seen by those who watch over it, and kept as seen."""

from datetime import timedelta

import pytest
from django.utils import timezone
from tests.cast import Cast

from longlight.clinic.people.access import Refused
from longlight.clinic.people.actions import note_account_event
from longlight.clinic.people.actions.reviewing import review_week
from longlight.clinic.people.queries import noticed_this_week
from longlight.clinic.record.models import AuditRow

PAGE = "/people/review/"


def fail(person, times: int, days_ago: int = 0) -> None:
    at = timezone.now() - timedelta(days=days_ago)
    for _ in range(times):
        note_account_event(account=person.account, verb="sign-in-failed", at=at)


def test_failed_sign_ins_and_refusals_of_the_week_are_told_by_person(cast: Cast) -> None:
    fail(cast.nurse, 5)
    fail(cast.therapist, 1)
    fail(cast.prescriber, 9, days_ago=8)
    fail(cast.nurse_of_b, 7)
    cast.front_desk.client().get("/people/")  # refused
    found = {
        each.name: (each.failed, each.refused, each.stands_out)
        for each in noticed_this_week(viewer=cast.director.viewer, at=timezone.now())
    }
    assert found == {
        cast.nurse.account.name: (5, 0, True),
        cast.therapist.account.name: (1, 0, False),
        cast.front_desk.account.name: (0, 1, False),
    }
    page = cast.director.client().get(PAGE).content.decode()
    assert f"Five failed sign-ins or more: {cast.nurse.account.name}." in page
    assert cast.prescriber.account.name not in page
    assert "Nobody has looked yet" in page


def test_a_quiet_week_says_so(cast: Cast) -> None:
    page = cast.administrator.client().get(PAGE).content.decode()
    assert "Nothing was noticed in the last seven days" in page


def test_that_it_was_looked_at_is_kept(cast: Cast) -> None:
    client = cast.director.client()
    assert client.post(PAGE).status_code == 302
    [row] = AuditRow.objects.filter(verb="week-reviewed")
    assert (row.actor_id, row.clinic_id) == (cast.director.account.id, cast.clinic_a.id)
    assert f"Last looked at by {cast.director.account.name}" in client.get(PAGE).content.decode()


@pytest.mark.parametrize("who", ["nurse", "front_desk", "researcher", "patient"])
def test_nobody_else_sees_it_or_says_that_they_did(who: str, cast: Cast) -> None:
    person = getattr(cast, who)
    assert person.client().get(PAGE).status_code == 404
    with pytest.raises(Refused):
        review_week(viewer=person.viewer, at=timezone.now())
    assert not AuditRow.objects.filter(verb="week-reviewed").exists()
