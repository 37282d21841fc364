"""A patient's links, and opening a chart in an emergency."""

import uuid
from collections.abc import Iterator
from datetime import timedelta
from types import ModuleType

import pytest
from django.core import mail
from django.http import HttpResponse
from django.test import Client, override_settings
from django.urls import get_resolver, path, reverse
from django.utils import timezone
from tests.cast import Cast

from longlight.clinic.people.access import (
    LinkRequest,
    Refused,
    by_link,
    may_see_chart,
    require_chart,
)
from longlight.clinic.people.actions import (
    end_emergency,
    finish_link,
    make_link,
    open_in_emergency,
    open_link,
    restrict_chart,
    review_emergency,
    revoke_links,
)
from longlight.clinic.people.actions.accounts import CannotChange
from longlight.clinic.people.models import EmergencyAccess, PatientLink
from longlight.clinic.people.queries import emergencies, own_emergencies, patients
from longlight.clinic.people.rules import LinkPurpose, Role
from longlight.clinic.record.models import AuditRow

REASON = "found unresponsive in the waiting room"
FORM = uuid.UUID(int=41)


@by_link(LinkPurpose.QUESTIONNAIRE)
def questionnaire(request: LinkRequest, object_id: uuid.UUID) -> HttpResponse:
    return HttpResponse(f"form for {request.link.patient_id} by {request.link.actor.kind}")


@by_link(LinkPurpose.APPOINTMENT)
def appointment(request: LinkRequest, object_id: uuid.UUID) -> HttpResponse:
    return HttpResponse("appointment")


@pytest.fixture
def _pages() -> Iterator[None]:
    """A site with a page for each purpose."""
    site = ModuleType("site_with_links")
    site.urlpatterns = [  # type: ignore[attr-defined]
        path("q/<uuid:object_id>/", questionnaire, name="link-questionnaire"),
        path("a/<uuid:object_id>/", appointment, name="link-appointment"),
        *get_resolver("longlight.server.urls").url_patterns,
    ]
    site.handler404 = "longlight.ui.errors.not_found"  # type: ignore[attr-defined]
    with override_settings(ROOT_URLCONF=site):
        yield


def link(cast: Cast, object_id: uuid.UUID = FORM, days: int = 7) -> str:
    now = timezone.now()
    return make_link(
        patient=cast.patient.patient, purpose=LinkPurpose.QUESTIONNAIRE, object_id=object_id,
        expires_at=now + timedelta(days=days), by=cast.nurse.viewer.actor, at=now,
    )  # fmt: skip


@pytest.mark.usefixtures("_pages")
def test_a_link_opens_its_one_thing_signs_nobody_in_and_leaves_the_address(cast: Cast) -> None:
    client, token = Client(), link(cast)
    opened = client.get(f"/l/{token}")
    assert opened["Location"] == f"/q/{FORM}/"
    assert (
        f"form for {cast.patient.patient.id} by link" in client.get(f"/q/{FORM}/").content.decode()
    )
    for other in (f"/q/{uuid.UUID(int=42)}/", f"/a/{FORM}/", "/account/", "/account/emergencies/"):
        assert client.get(other).status_code == 404, other
    assert Client().get(f"/q/{FORM}/").status_code == 404
    assert token not in str(list(PatientLink.objects.values()))


@pytest.mark.usefixtures("_pages")
def test_a_link_opens_again_until_its_thing_is_done(cast: Cast) -> None:
    token = link(cast)
    for _ in range(2):
        client = Client()
        client.get(f"/l/{token}")
        assert client.get(f"/q/{FORM}/").status_code == 200
    bearer = open_link(token=token, at=timezone.now())
    assert bearer
    finish_link(link=bearer, at=timezone.now())
    assert client.get(f"/q/{FORM}/").status_code == 404
    assert client.get(f"/l/{token}").status_code == 410


def test_a_link_that_is_late_taken_back_or_made_up_opens_nothing(cast: Cast) -> None:
    now = timezone.now()
    assert open_link(token=link(cast, days=0), at=now + timedelta(seconds=1)) is None
    token = link(cast)
    revoke_links(patient=cast.patient.patient, purpose=LinkPurpose.QUESTIONNAIRE, object_id=FORM,
                 by=cast.nurse.viewer.actor, at=now)  # fmt: skip
    assert open_link(token=token, at=now) is None
    assert open_link(token="x" * 43, at=now) is None


def test_another_clinic_makes_no_link(cast: Cast) -> None:
    with pytest.raises(ValueError, match="own clinic"):
        make_link(patient=cast.patient_of_b.patient, purpose=LinkPurpose.QUESTIONNAIRE,
                  object_id=FORM, expires_at=timezone.now(), by=cast.nurse.viewer.actor,
                  at=timezone.now())  # fmt: skip


@pytest.fixture
def restricted(cast: Cast) -> Cast:
    restrict_chart(viewer=cast.director.viewer, patient_id=cast.patient.patient.id, is_restricted=True,
                   care_team=frozenset({cast.therapist.account.id}), at=timezone.now())  # fmt: skip
    cast.patient.patient.refresh_from_db()
    return cast


def test_who_may_see_a_chart(cast: Cast) -> None:
    now, chart = timezone.now(), cast.patient.patient
    may = {n for n, p in cast.people() if p.viewer and may_see_chart(p.viewer, chart, now)}
    assert may == {"patient", "nurse", "prescriber", "therapist", "director"}


def test_a_restricted_chart_opens_to_its_team_and_the_director(restricted: Cast) -> None:
    now, chart = timezone.now(), restricted.patient.patient
    may = {n for n, p in restricted.people() if p.viewer and may_see_chart(p.viewer, chart, now)}
    assert may == {"patient", "therapist", "director"}


def test_an_emergency_opens_one_chart_for_an_hour_and_the_director_is_told(
    restricted: Cast,
) -> None:
    nurse, chart = restricted.nurse, restricted.patient.patient
    client = nurse.client()
    url = reverse("people-emergency", args=[chart.id])
    short = client.post(url, {"reason": "x" * 19})
    assert short.status_code == 422
    assert client.post(url, {"reason": REASON}).status_code == 302
    access = EmergencyAccess.objects.get()
    opens = [access.began_at + timedelta(minutes=59), access.began_at + timedelta(minutes=60)]
    assert [may_see_chart(nurse.viewer, chart, at) for at in opens] == [True, False]
    assert require_chart(nurse.viewer, chart.id, opens[0]) == chart
    assert not may_see_chart(restricted.prescriber.viewer, chart, opens[0])
    told = mail.outbox[-1]
    assert told.to == [restricted.director.account.email]
    assert not {chart.name, chart.number, nurse.account.name, REASON} & set(told.body.split("\n"))
    assert (
        AuditRow.objects.filter(verb="emergency-access-opened", chain_subject=chart.id).count() == 1
    )


def test_the_director_and_the_patient_see_it(restricted: Cast) -> None:
    open_in_emergency(viewer=restricted.nurse.viewer, patient_id=restricted.patient.patient.id,
                      reason=REASON, at=timezone.now())  # fmt: skip
    for person, url in (
        (restricted.director, "people-emergencies"),
        (restricted.patient, "people-my-emergencies"),
    ):
        page = person.client().get(reverse(url)).content.decode()
        assert REASON in page
        assert restricted.nurse.account.name in page
    other = restricted.other_patient.client().get(reverse("people-my-emergencies"))
    assert REASON not in other.content.decode()


@pytest.mark.parametrize("who", ["patient", "researcher", "administrator", "nurse_of_b"])
def test_the_wrong_person_opens_nothing_even_by_the_action_alone(
    restricted: Cast, who: str
) -> None:
    with pytest.raises(Refused):
        open_in_emergency(viewer=getattr(restricted, who).viewer, reason=REASON,
                          patient_id=restricted.patient.patient.id, at=timezone.now())  # fmt: skip
    assert not EmergencyAccess.objects.exists()


def test_a_reason_of_spaces_is_none(restricted: Cast) -> None:
    with pytest.raises(CannotChange, match="20 characters"):
        open_in_emergency(viewer=restricted.nurse.viewer, reason="a" + " " * 30 + "b",
                          patient_id=restricted.patient.patient.id, at=timezone.now())  # fmt: skip


def test_an_emergency_is_ended_by_its_own_and_reviewed_by_the_director(restricted: Cast) -> None:
    now, nurse = timezone.now(), restricted.nurse
    access = open_in_emergency(viewer=nurse.viewer, patient_id=restricted.patient.patient.id,
                               reason=REASON, at=now)  # fmt: skip
    with pytest.raises(Refused):
        end_emergency(viewer=restricted.prescriber.viewer, access_id=access.id, at=now)
    with pytest.raises(Refused):
        review_emergency(viewer=nurse.viewer, access_id=access.id, at=now)
    end_emergency(viewer=nurse.viewer, access_id=access.id, at=now)
    assert not may_see_chart(nurse.viewer, restricted.patient.patient, now)
    review_emergency(viewer=restricted.director.viewer, access_id=access.id, at=now)
    assert EmergencyAccess.objects.get().reviewed_by_id == restricted.director.account.id


def test_nothing_is_seen_across_clinics(restricted: Cast) -> None:
    open_in_emergency(viewer=restricted.nurse.viewer, patient_id=restricted.patient.patient.id,
                      reason=REASON, at=timezone.now())  # fmt: skip
    for name in ("nurse_of_b", "patient_of_b"):
        viewer = getattr(restricted, name).viewer
        assert not emergencies(viewer=viewer)
        assert {p.clinic_id for p in patients(viewer=viewer)} <= {viewer.clinic_id}
    assert not own_emergencies(viewer=restricted.other_patient.viewer)


def test_whose_patients_a_role_sees(cast: Cast) -> None:
    for name, person in cast.people():
        if person.viewer is None:
            continue
        seen = set(patients(viewer=person.viewer).values_list("number", flat=True))
        role = person.viewer.role
        all_here = {"B-1"} if name.endswith("_of_b") else {"A-1", "A-2"}
        expected = (
            all_here if role not in {Role.PATIENT, Role.RESEARCHER, Role.ADMINISTRATOR} else set()
        )
        assert seen == ({person.patient.number} if person.patient else expected), name
