"""Staff register somebody: once, with a trace; refused with what to do; the wrong person cannot."""

import uuid
from datetime import date
from typing import Any

import pytest
from django.urls import reverse
from tests.cast import MADE_AT, Cast, Person

from longlight.clinic.people.access import Refused
from longlight.clinic.people.actions.patients import CannotRegister, NewPatient, register_patient
from longlight.clinic.people.models import Patient
from longlight.clinic.people.queries import next_patient_number
from longlight.clinic.people.rules import REGISTER_ROLES, Role
from longlight.clinic.record.models import AuditRow


def new(**changes: Any) -> NewPatient:
    known = {
        "id": uuid.uuid4(),
        "number": "LL-0412",
        "name": "Maya Lindgren",
        "birth_date": date(1988, 4, 12),
    }
    return NewPatient(**known | changes)  # fmt: skip


def trace(patient_id: object) -> list[str]:
    rows = AuditRow.objects.filter(chain_kind="patient", chain_subject=patient_id)
    return [row.verb for row in rows.order_by("sequence")]


def typed(**changes: str) -> dict[str, str]:
    known = {
        "id": str(uuid.uuid4()),
        "number": "LL-0412",
        "name": "Maya Lindgren",
        "birth_date": "1988-04-12",
    }
    return known | changes  # fmt: skip


def test_registering_leaves_a_patient_and_a_trace(cast: Cast) -> None:
    made = register_patient(new=new(phone=" 555 "), viewer=cast.front_desk.viewer, at=MADE_AT)
    kept = Patient.objects.get(pk=made.pk)
    assert (kept.clinic_id, kept.number, kept.phone) == (cast.clinic_a.pk, "LL-0412", "555")
    assert trace(made.pk) == ["patient-registered"]


def test_the_same_form_sent_twice_is_one_person(cast: Cast) -> None:
    same = new()
    first = register_patient(new=same, viewer=cast.nurse.viewer, at=MADE_AT)
    assert register_patient(new=same, viewer=cast.nurse.viewer, at=MADE_AT) == first
    assert Patient.objects.filter(number="LL-0412").count() == 1
    assert trace(first.pk) == ["patient-registered", "registration-repeated"]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"number": " ll-0001 "}, "already a patient with the number ll-0001"),
        ({"name": "ana BROOK", "birth_date": date(1970, 1, 2)}, "Record LL-0001 has this name"),
        ({"name": "  "}, "full name"),
        ({"birth_date": date(2026, 3, 3)}, "lies ahead"),
    ],
)
def test_a_refusal_says_what_to_do_and_changes_nothing(
    changes: dict[str, Any], said: str, cast: Cast
) -> None:
    Patient.objects.create(
        clinic=cast.clinic_a, number="LL-0001", name="Ana Brook", birth_date=date(1970, 1, 2)
    )
    before = Patient.objects.count(), AuditRow.objects.count()
    with pytest.raises(CannotRegister, match=said):
        register_patient(new=new(**changes), viewer=cast.nurse.viewer, at=MADE_AT)
    assert (Patient.objects.count(), AuditRow.objects.count()) == before


def test_a_namesake_can_be_registered_when_somebody_says_so(cast: Cast) -> None:
    register_patient(new=new(), viewer=cast.nurse.viewer, at=MADE_AT)
    other = new(number="LL-0413", is_somebody_else=True)
    assert register_patient(new=other, viewer=cast.nurse.viewer, at=MADE_AT).number == "LL-0413"


def test_another_clinic_may_use_the_same_number_and_name(cast: Cast) -> None:
    register_patient(new=new(), viewer=cast.nurse.viewer, at=MADE_AT)
    there = register_patient(new=new(), viewer=cast.nurse_of_b.viewer, at=MADE_AT)
    assert there.clinic_id == cast.clinic_b.pk


@pytest.mark.parametrize("role", sorted(set(Role) - REGISTER_ROLES))
def test_the_wrong_person_cannot(role: Role, cast: Cast) -> None:
    person: Person = getattr(cast, role.name.lower())
    with pytest.raises(Refused):
        register_patient(new=new(), viewer=person.viewer, at=MADE_AT)
    assert not Patient.objects.filter(number="LL-0412").exists()


@pytest.mark.parametrize(
    ("numbers", "following"),
    [
        ([], "LL-0001"),
        (["LL-0009", "LL-0010"], "LL-0011"),
        (["LL-9999", "LL-10000"], "LL-10001"),
        (["LL-0007", "LL-NEWPATIENT", "ZZ-9999"], "LL-0008"),
    ],
)
def test_the_number_offered_follows_the_clinics_own(
    numbers: list[str], following: str, cast: Cast
) -> None:
    for number in numbers:
        Patient.objects.create(clinic=cast.clinic_a, number=number, name="x")
    Patient.objects.create(clinic=cast.clinic_b, number="LL-0500", name="x")
    assert next_patient_number(cast.nurse.viewer) == following


def test_the_page_registers_and_leads_on(cast: Cast) -> None:
    url = reverse("register-patient")
    assert b'value="LL-0001"' in cast.nurse.client().get(url).content
    by_nurse = cast.nurse.client().post(url, typed())
    patient = Patient.objects.get(number="LL-0412")
    assert by_nurse.headers["Location"] == reverse("chart", args=[patient.pk])
    by_desk = cast.front_desk.client().post(url, typed(number="LL-0413", birth_date="1990-01-01"))
    assert by_desk.headers["Location"] == reverse("staff-home")


def test_the_page_keeps_what_was_typed_and_asks_about_a_namesake(cast: Cast) -> None:
    client, url = cast.nurse.client(), reverse("register-patient")
    client.post(url, typed())
    refused = client.post(url, typed(number="LL-0413"))
    page = refused.content.decode()
    assert (refused.status_code, 'value="Maya Lindgren"' in page) == (422, True)
    assert "is_somebody_else" in page
    assert client.post(url, typed(number="LL-0413", is_somebody_else="on")).status_code == 302
    wrong = client.post(url, typed(birth_date="12.4.88", number=""))
    assert (wrong.status_code, Patient.objects.filter(name="Maya Lindgren").count()) == (422, 2)
