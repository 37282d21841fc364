"""Front desk writes down how a patient can be reached; what held before stays, and nobody overwrites a colleague."""

from dataclasses import replace

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse
from tests.cast import Cast
from tests.walk import MORNING

from longlight.clinic.contact.actions import change_contact
from longlight.clinic.contact.models import ContactChange, ContactPreference
from longlight.clinic.contact.queries import contact_of, leave_words_of
from longlight.clinic.contact.rules import CannotChange, ContactDetails
from longlight.clinic.people.access import Refused
from longlight.clinic.people.models import Patient
from longlight.clinic.record.models import AuditRow

pytestmark = pytest.mark.django_db
MOVED = ContactDetails("ada@new.example", "+1 555 0123", "Europe/Lisbon", "sms", "no")


def change(cast: Cast, details: ContactDetails, *, seen: int = 0, role: str = "front_desk") -> None:
    change_contact(
        patient_id=cast.patient.patient.id, details=details, seen=seen,
        viewer=getattr(cast, role).viewer, at=MORNING,
    )  # fmt: skip


def known(cast: Cast) -> ContactDetails:
    patient_id = cast.patient.patient.id
    return contact_of(patient_id=patient_id, viewer=cast.front_desk.viewer, at=MORNING).details


def test_what_holds_and_what_held(cast: Cast) -> None:
    before = known(cast)
    change(cast, MOVED)
    change(cast, MOVED)  # sent twice
    assert known(cast) == MOVED
    patient = Patient.objects.get(pk=cast.patient.patient.id)
    assert (patient.email, patient.time_zone) == ("ada@new.example", "Europe/Lisbon")
    assert ContactPreference.objects.get().channel == "sms"
    kept = list(ContactChange.objects.order_by("pk").values_list("email", "by_name"))
    assert kept == [
        (before.email, "as registered"),
        ("ada@new.example", cast.front_desk.viewer.name),
    ]
    row = AuditRow.objects.get(verb="contact-changed")
    assert "ada" not in str(row.details)
    assert set(row.details["fields"]) == {
        "email", "phone", "time_zone", "channel", "leave_message",
    }  # fmt: skip
    with pytest.raises(DatabaseError), transaction.atomic():
        ContactChange.objects.all().delete()


def test_who_telephones_reads_whether_a_message_may_be_left(cast: Cast) -> None:
    patient = cast.patient.patient
    Patient.objects.filter(pk=patient.pk).update(phone="+15550100")
    pages = [f"/patients/{patient.pk}/", f"/patients/{patient.pk}/calls/"]
    nurse = cast.nurse.client()
    for url in pages:
        assert "Not known whether it is safe" in nurse.get(url).text
    change(cast, replace(MOVED, leave_message="yes"))
    seen = ContactChange.objects.order_by("-pk").first()
    assert "A message may be left." in nurse.get(pages[0]).text
    change(cast, MOVED, seen=seen.pk)
    for url in pages:
        assert "Leave no message: keep trying." in nurse.get(url).text
    assert leave_words_of([patient.pk, cast.patient_of_b.patient.pk]).keys() == {
        patient.pk, cast.patient_of_b.patient.pk,
    }  # fmt: skip


def test_a_colleagues_change_is_not_overwritten(cast: Cast) -> None:
    change(cast, MOVED)
    with pytest.raises(CannotChange, match="meanwhile"):
        change(cast, ContactDetails(phone="+1 555 0124"), seen=0, role="nurse")
    assert known(cast) == MOVED


@pytest.mark.parametrize(
    ("details", "reason"),
    [
        (ContactDetails(channel="email"), "needs an e-mail address"),
        (ContactDetails(channel="sms", phone="555 0123"), "country code"),
        (ContactDetails(time_zone="Mars/Olympus"), "no such time zone"),
    ],
)
def test_what_would_reach_nobody_is_refused(
    cast: Cast, details: ContactDetails, reason: str
) -> None:
    before = known(cast)
    with pytest.raises(CannotChange, match=reason):
        change(cast, details)
    assert (known(cast), ContactChange.objects.count()) == (before, 0)


@pytest.mark.parametrize("role", ["therapist", "administrator", "researcher", "patient", "nurse_of_b"])  # fmt: skip
def test_others_do_not_change_it(cast: Cast, role: str) -> None:
    with pytest.raises(Refused):
        change(cast, MOVED, role=role)


def test_a_restricted_record_is_kept_to_its_care_team(cast: Cast) -> None:
    Patient.objects.filter(pk=cast.patient.patient.id).update(is_restricted=True)
    for role in ("front_desk", "nurse"):
        with pytest.raises(Refused):
            change(cast, MOVED, role=role)
    change(cast, MOVED, role="director")


def test_the_page(cast: Cast) -> None:
    url = reverse("patient-contact", args=[cast.patient.patient.id])
    desk = cast.front_desk.client()
    assert url in desk.get("/patients/").content.decode()
    said = {"seen": "0", "email": "ada@new.example", "phone": "", "channel": "sms"}
    refused = desk.post(url, said)
    assert refused.status_code == 422
    assert "country code" in refused.content.decode()
    assert desk.post(url, said | {"channel": "email"}).status_code == 302
    page = desk.get(url).content.decode()
    assert "as registered" in page
    assert "By e-mail" in page
