"""What is known of allergies stands beside the name, on the chart and in the chair; the newest word counts."""

import uuid
from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse
from tests.cast import Cast
from tests.walk import MORNING, arrive, plan_course

from longlight.clinic.people.access import Refused
from longlight.clinic.record.models import AuditRow
from longlight.clinic.screening.actions import record_allergies
from longlight.clinic.screening.models import AllergyStatement
from longlight.clinic.screening.queries import known_allergies
from longlight.clinic.screening.rules import CannotRecord

pytestmark = pytest.mark.django_db


def say(
    cast: Cast, text: str, *, role: str = "nurse", none_known: bool = False, minutes: int = 0
) -> AllergyStatement:
    return record_allergies(
        patient_id=cast.patient.patient.id, statement_id=uuid.uuid4(), text=text,
        none_known=none_known, viewer=getattr(cast, role).viewer,
        at=MORNING + timedelta(minutes=minutes),
    )  # fmt: skip


def test_the_newest_word_counts_and_the_older_stays(cast: Cast) -> None:
    patient_id = cast.patient.patient.id
    assert known_allergies(patient_id) is None
    say(cast, "", none_known=True)
    say(cast, "Penicillin, a rash", minutes=5)
    known = known_allergies(patient_id)
    assert known is not None
    assert known.text == "Penicillin, a rash"
    assert AllergyStatement.objects.count() == 2
    assert AuditRow.objects.filter(verb="allergies-recorded").count() == 2
    with pytest.raises(DatabaseError), transaction.atomic():
        AllergyStatement.objects.update(text="none")


@pytest.mark.parametrize(
    ("text", "none_known"), [("Latex", True), ("  ", False), ("x" * 401, False)]
)
def test_a_word_that_says_nothing_or_both_is_refused(
    cast: Cast, text: str, none_known: bool
) -> None:
    with pytest.raises(CannotRecord):
        say(cast, text, none_known=none_known)
    assert AllergyStatement.objects.count() == 0


@pytest.mark.parametrize("role", ["front_desk", "director", "nurse_of_b", "patient"])
def test_others_do_not_write_it(cast: Cast, role: str) -> None:
    with pytest.raises(Refused):
        say(cast, "Latex", role=role)


def test_it_stands_beside_the_name(cast: Cast) -> None:
    patient_id, nurse = cast.patient.patient.id, cast.nurse.client()
    session = arrive(cast, plan_course(cast))
    pages = [reverse("chart", args=[patient_id]), reverse("dosing-session", args=[session.pk])]
    assert all("not asked" in nurse.get(page).content.decode() for page in pages)
    form = reverse("allergies-say", args=[patient_id])
    key = str(uuid.uuid4())
    assert nurse.post(form, {"id": key, "known": "some", "text": ""}).status_code == 422
    for _twice in range(2):
        assert nurse.post(form, {"id": key, "known": "some", "text": "Latex"}).status_code == 302
    assert AllergyStatement.objects.count() == 1
    assert all('class="alert">Latex' in nurse.get(page).content.decode() for page in pages)
    assert cast.director.client().post(form, {"known": "none"}).status_code == 404
