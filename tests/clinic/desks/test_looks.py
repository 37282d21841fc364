"""A patient and a director see who looked; nobody else does."""

import pytest
from tests.cast import Cast

from longlight.clinic.record.models import AuditRow


@pytest.mark.django_db
def test_who_opened_a_chart_is_seen_by_the_patient_and_the_director(cast: Cast) -> None:
    patient = cast.patient.patient
    assert cast.nurse.client().get(f"/patients/{patient.id}/").status_code == 200
    director = cast.director.client().get(f"/patients/{patient.id}/who-looked/")
    assert director.status_code == 200
    assert cast.nurse.account.name in director.content.decode()
    assert (
        cast.nurse.account.name
        in cast.patient.client().get("/progress/who-looked/").content.decode()
    )
    other = cast.other_patient.client().get("/progress/who-looked/").content.decode()
    assert cast.nurse.account.name not in other
    asked = AuditRow.objects.filter(details={"purpose": "who-looked"})
    assert [row.actor_id for row in asked] == [cast.director.account.id]


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["nurse", "administrator", "researcher", "patient", "nurse_of_b"])
def test_others_do_not_see_the_list(cast: Cast, who: str) -> None:
    path = f"/patients/{cast.patient.patient.id}/who-looked/"
    assert getattr(cast, who).client().get(path).status_code == 404
    assert not AuditRow.objects.filter(details={"purpose": "who-looked"}).exists()
