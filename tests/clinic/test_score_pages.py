"""Who sees which page of scores, and what a form answers to what was typed."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from longlight.clinic.assessments.models import Assessment, ImportDraft, ScoreImport
from longlight.clinic.people.models import Account, Clinic, Membership, Patient
from longlight.clinic.people.rules import Role
from longlight.clinic.record.models import AuditRow

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)
FILE = b"Date,PHQ-9\n2016-03-03,19\n2016-03-10,14\n"


@pytest.fixture
def clinic() -> Clinic:
    return Clinic.objects.create(name="Harbor", slug="harbor", is_synthetic=True)


@pytest.fixture
def patient(clinic: Clinic) -> Patient:
    account = an_account("Jonas Wren")
    return Patient.objects.create(
        clinic=clinic, number="LL-0412", name="Jonas Wren", account=account
    )


def an_account(name: str) -> Account:
    return Account.objects.create(email=f"{uuid4()}@clinic.example", name=name, created_at=NOW)


def signed_in(account: Account) -> Client:
    client = Client()
    client.force_login(account)
    session = client.session
    session["people.demo_entry"] = True  # a demo account has no second factor
    session.save()
    return client


def as_role(clinic: Clinic, role: Role) -> Client:
    account = an_account(role.value)
    Membership.objects.create(account=account, clinic=clinic, role=role.value)
    return signed_in(account)


def post_file(client: Client, patient: Patient, content: bytes, draft: str = "") -> object:
    return client.post(
        reverse("import-upload", args=[patient.id]),
        {"draft": draft or str(uuid4()), "file": SimpleUploadedFile("scores.csv", content)},
    )


def test_a_file_goes_from_upload_to_report(clinic: Clinic, patient: Patient) -> None:
    nurse = as_role(clinic, Role.NURSE)
    draft = str(uuid4())
    for _ in range(2):  # sent twice is one upload
        answer = post_file(nurse, patient, FILE, draft)
        assert answer.status_code == 302  # type: ignore[attr-defined]
    columns = reverse("import-columns", args=[patient.id, draft])
    assert b"Take 2 rows" in nurse.get(columns).content
    said = {"c0": "at", "c1": "phq-9", "dates": "year-first"}
    report = nurse.post(columns, said)
    kept = ScoreImport.objects.get()
    assert report.headers["Location"] == reverse("import-report", args=[patient.id, kept.id])
    assert b"<b>2</b> taken" in nurse.get(report.headers["Location"]).content
    assert not ImportDraft.objects.exists()
    assert Assessment.objects.count() == 2
    csv_text = nurse.get(reverse("chart-scores-csv", args=[patient.id])).content
    assert csv_text.splitlines()[1] == b"2016-03-03,score,phq-9,19,"


def test_what_cannot_be_read_is_answered_with_the_form(clinic: Clinic, patient: Patient) -> None:
    nurse = as_role(clinic, Role.NURSE)
    answer = post_file(nurse, patient, b"PK\x03\x04")
    assert answer.status_code == 422  # type: ignore[attr-defined]
    assert b"spreadsheet" in answer.content  # type: ignore[attr-defined]
    assert not ImportDraft.objects.exists()


def test_refused_rows_are_confirmed_first(clinic: Clinic, patient: Patient) -> None:
    nurse = as_role(clinic, Role.NURSE)
    draft = str(uuid4())
    post_file(nurse, patient, FILE + b"2016-03-17,99\n", draft)
    columns = reverse("import-columns", args=[patient.id, draft])
    said = {"c0": "at", "c1": "phq-9", "dates": "year-first"}
    assert nurse.post(columns, said).status_code == 422
    assert not Assessment.objects.exists()
    assert nurse.post(columns, {**said, "leave_out_refused": "on"}).status_code == 302
    assert Assessment.objects.count() == 2


def test_a_draft_is_nobody_else_s(clinic: Clinic, patient: Patient) -> None:
    draft = str(uuid4())
    post_file(as_role(clinic, Role.NURSE), patient, FILE, draft)
    url = reverse("import-columns", args=[patient.id, draft])
    assert as_role(clinic, Role.DIRECTOR).get(url).status_code == 404


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        (Role.NURSE, 200),
        (Role.PRESCRIBER, 200),
        (Role.THERAPIST, 200),
        (Role.DIRECTOR, 200),
        (Role.FRONT_DESK, 404),
        (Role.RESEARCHER, 404),
        (Role.ADMINISTRATOR, 404),
    ],
)
def test_the_chart_opens_to_care_alone_and_the_look_is_noted(
    clinic: Clinic, patient: Patient, role: Role, expected: int
) -> None:
    answer = as_role(clinic, role).get(reverse("chart", args=[patient.id]))
    assert answer.status_code == expected
    assert AuditRow.objects.filter(verb="chart-read").count() == (expected == 200)


def test_another_clinic_s_chart_does_not_exist(patient: Patient) -> None:
    elsewhere = Clinic.objects.create(name="Other", slug="other", is_synthetic=True)
    nurse = as_role(elsewhere, Role.NURSE)
    for name in ("chart", "import-upload", "chart-scores-csv"):
        assert nurse.get(reverse(name, args=[patient.id])).status_code == 404
    assert b"Jonas" not in nurse.get(reverse("staff-home")).content


def test_the_front_desk_sees_names_and_no_chart(clinic: Clinic, patient: Patient) -> None:
    page = as_role(clinic, Role.FRONT_DESK).get(reverse("staff-home")).content.decode()
    assert "Jonas Wren" in page
    assert f'"{reverse("chart", args=[patient.id])}"' not in page


def test_a_researcher_sees_nobody(clinic: Clinic, patient: Patient) -> None:
    page = as_role(clinic, Role.RESEARCHER).get(reverse("staff-home")).content.decode()
    assert "Jonas" not in page


def test_the_patient_s_own_pages(clinic: Clinic, patient: Patient) -> None:
    assert patient.account is not None
    own = signed_in(patient.account)
    assert "No score yet" in own.get(reverse("patient-progress")).content.decode()
    nurse = as_role(clinic, Role.NURSE)
    draft = str(uuid4())
    post_file(nurse, patient, FILE, draft)
    nurse.post(
        reverse("import-columns", args=[patient.id, draft]),
        {"c0": "at", "c1": "phq-9", "dates": "year-first"},
    )
    nurse.get(reverse("chart", args=[patient.id]))
    page = own.get(reverse("patient-progress")).content.decode()
    assert "your last score was <b>14</b>" in page
    assert page.count("<svg") >= 2
    assert "Nothing to do today" in own.get(reverse("patient-home")).content.decode()
    assert "nurse" in own.get(reverse("patient-looks")).content.decode()
    assert own.get(reverse("chart", args=[patient.id])).status_code == 404
