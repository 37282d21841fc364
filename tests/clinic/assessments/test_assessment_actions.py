"""Assessments are kept with their score and a trace; a file is taken whole or not at all."""

from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction
from django.http import Http404

from longlight.clinic.assessments import queries
from longlight.clinic.assessments.actions import (
    FilledIn,
    correct_assessment,
    import_scores,
    keep_draft,
    record_assessment,
)
from longlight.clinic.assessments.models import (
    Assessment,
    DueAssessment,
    ImportDraft,
    ReportedDose,
    Score,
    ScoreImport,
)
from longlight.clinic.assessments.queries.trajectory import trajectory_of
from longlight.clinic.assessments.rules import CannotImport, CannotRecord, ImportResult, Source
from longlight.clinic.people.models import Account, Clinic, Patient
from longlight.clinic.people.rules import Role, Viewer
from longlight.clinic.record.models import AuditRow
from longlight.clinic.safety.models import Alert
from longlight.exchange.scores_csv import read_scores
from longlight.science.instruments import TotalRefused

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)
FILE = (
    b"at,kind,name,value,unit\n"
    b"2026-09-07,score,phq-9,22,\n"
    b"2026-09-09,dose,induction,0.5,mg/kg\n"
    b"2026-09-14,score,phq-9,,\n"
    b"2026-09-21,score,phq-9,12,\n"
)


def a_viewer(clinic: Clinic, role: Role, patient: Patient | None = None) -> Viewer:
    account = Account.objects.create(
        email=f"{uuid4()}@clinic.example", name="M. Castell", created_at=NOW
    )
    return Viewer(account.id, account.name, role, clinic.id, patient.id if patient else None)


@pytest.fixture
def clinic() -> Clinic:
    return Clinic.objects.create(name="Harbor", slug="harbor")


@pytest.fixture
def patient(clinic: Clinic) -> Patient:
    return Patient.objects.create(clinic=clinic, number="LL-0412", name="Jonas Wren")


@pytest.fixture
def nurse(clinic: Clinic) -> Viewer:
    return a_viewer(clinic, Role.NURSE)


def taken_in(
    patient: Patient, viewer: Viewer, content: bytes = FILE, *, leave_out: bool = False
) -> ImportResult:
    return import_scores(
        patient_id=patient.id,
        file=read_scores(content).for_import("scores.csv", content),
        leave_out_refused=leave_out,
        viewer=viewer,
        at=NOW,
    )


def filled_in(total: float = 12) -> FilledIn:
    return FilledIn(uuid4(), "phq-9", date(2026, 11, 20), Source.PAPER, total_points=total)


class TestAnAssessment:
    def test_is_kept_with_its_score_and_a_trace(self, patient: Patient, nurse: Viewer) -> None:
        kept = record_assessment(patient_id=patient.id, filled_in=filled_in(), viewer=nurse, at=NOW)
        assert (kept.score.total_points, kept.score.band) == (12, "moderate")
        row = AuditRow.objects.get(verb="assessment-recorded")
        assert (row.object_id, row.actor_name) == (str(kept.id), "M. Castell")
        assert "12" not in str(row.details)

    def test_is_kept_once_when_its_form_is_sent_twice(
        self, patient: Patient, nurse: Viewer
    ) -> None:
        once = filled_in()
        for _ in range(2):
            record_assessment(patient_id=patient.id, filled_in=once, viewer=nurse, at=NOW)
        assert Assessment.objects.count() == Score.objects.count() == 1

    @pytest.mark.parametrize(
        ("wrong", "refusal"),
        [
            ({"total_points": 28.0}, TotalRefused),
            ({"on": date(2026, 11, 24)}, CannotRecord),
            ({"total_points": None}, CannotRecord),
            ({"answers": {"1": 1}}, CannotRecord),
        ],
    )
    def test_is_refused_and_nothing_is_kept(
        self, patient: Patient, nurse: Viewer, wrong: dict[str, object], refusal: type[Exception]
    ) -> None:
        with pytest.raises(refusal):
            record_assessment(
                patient_id=patient.id,
                filled_in=replace(filled_in(), **wrong),  # type: ignore[arg-type]
                viewer=nurse,
                at=NOW,
            )
        assert not Assessment.objects.exists()
        assert not AuditRow.objects.exists()

    def test_with_answers_raises_the_alert_of_a_safety_rule_with_it(
        self, patient: Patient, nurse: Viewer
    ) -> None:
        items = [item.id for item in queries.instruments.get("phq-9").items if item.number <= 9]
        answers: dict[str, float | None] = dict.fromkeys(items, 0.0)
        answers[items[8]] = 1.0
        kept = record_assessment(
            patient_id=patient.id,
            filled_in=replace(filled_in(), total_points=None, answers=answers),
            viewer=nurse,
            at=NOW,
        )
        assert kept.score.total_points == 1
        assert Alert.objects.get().source_id == kept.id

    def test_is_corrected_with_a_successor(self, patient: Patient, nurse: Viewer) -> None:
        wrong = record_assessment(
            patient_id=patient.id, filled_in=filled_in(21), viewer=nurse, at=NOW
        )
        correct_assessment(
            wrong_id=wrong.id, successor=filled_in(12), reason="misread", viewer=nurse, at=NOW
        )
        lines = queries.assessment_lines(viewer=nurse, patient_id=patient.id)
        assert sorted((line.total_points, line.stands) for line in lines) == [
            (12, True),
            (21, False),
        ]
        shown = trajectory_of(viewer=nurse, patient_id=patient.id)
        assert [point.value_points for point in shown.scores] == [12]

    def test_is_not_changed_or_deleted_in_the_database(
        self, patient: Patient, nurse: Viewer
    ) -> None:
        kept = record_assessment(patient_id=patient.id, filled_in=filled_in(), viewer=nurse, at=NOW)
        for change in (
            lambda: Assessment.objects.filter(pk=kept.pk).update(given_total_points=1),
            lambda: Score.objects.filter(assessment=kept).update(total_points=1),
            lambda: Score.objects.filter(assessment=kept).delete(),
        ):
            with pytest.raises(DatabaseError), transaction.atomic():
                change()


class TestAFile:
    def test_is_taken_with_a_report_and_a_trace(self, patient: Patient, nurse: Viewer) -> None:
        result = taken_in(patient, nurse)
        assert (result.counts.taken, result.counts.refused) == (4, 0)
        assert Assessment.objects.count() == 2
        assert ReportedDose.objects.get().dose_mg_per_kg == 0.5
        assert DueAssessment.objects.get().status == "missed"
        kept = ScoreImport.objects.get()
        assert (kept.id, kept.taken) == (result.import_id, 4)
        verbs = list(AuditRow.objects.order_by("sequence").values_list("verb", flat=True))
        assert verbs[0] == "scores-imported"
        assert len(verbs) == 5
        shown = trajectory_of(viewer=nurse, patient_id=patient.id)
        assert [point.value_points for point in shown.scores] == [22, None, 12]

    def test_again_doubles_nothing(self, patient: Patient, nurse: Viewer) -> None:
        taken_in(patient, nurse)
        again = taken_in(patient, nurse)
        assert (again.counts.taken, again.counts.already_there) == (0, 4)
        assert Assessment.objects.count() == 2
        assert ReportedDose.objects.count() == DueAssessment.objects.count() == 1

    def test_in_another_layout_doubles_nothing_either(
        self, patient: Patient, nurse: Viewer
    ) -> None:
        taken_in(patient, nurse)
        again = taken_in(patient, nurse, b"Date,PHQ-9\n2026-09-07,22\n2026-09-21,12.0\n")
        assert again.counts.already_there == 2

    def test_with_a_refused_row_is_not_taken_until_that_is_confirmed(
        self, patient: Patient, nurse: Viewer
    ) -> None:
        content = FILE + b"2026-09-28,score,phq-9,99,\n"
        with pytest.raises(CannotImport, match="1 row"):
            taken_in(patient, nurse, content)
        assert not Assessment.objects.exists()
        assert not ScoreImport.objects.exists()
        assert not AuditRow.objects.exists()
        result = taken_in(patient, nurse, content, leave_out=True)
        assert (result.counts.taken, result.counts.refused) == (4, 1)

    def test_never_overwrites_what_stands_and_never_revives_what_was_corrected(
        self, patient: Patient, nurse: Viewer
    ) -> None:
        taken_in(patient, nurse)
        other = b"Date,PHQ-9\n2026-09-07,20\n"
        with pytest.raises(CannotImport):
            taken_in(patient, nurse, other)
        wrong = Assessment.objects.get(on=date(2026, 9, 7))
        correct_assessment(
            wrong_id=wrong.id, successor=None, reason="another person's", viewer=nurse, at=NOW
        )
        assert taken_in(patient, nurse).counts.already_there == 4
        assert taken_in(patient, nurse, other).counts.taken == 1

    def test_fails_whole_when_it_fails_midway(
        self, patient: Patient, nurse: Viewer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fail(*_: object, **__: object) -> None:
            raise RuntimeError("the power went")

        monkeypatch.setattr("longlight.clinic.assessments.actions.scores._take_dose", fail)
        with pytest.raises(RuntimeError):
            taken_in(patient, nurse)
        assert not Assessment.objects.exists()
        assert not ScoreImport.objects.exists()
        assert not AuditRow.objects.exists()

    def test_a_draft_is_its_uploader_s_and_goes_when_it_is_confirmed(
        self, patient: Patient, nurse: Viewer, clinic: Clinic
    ) -> None:
        draft_id = uuid4()
        for _ in range(2):
            keep_draft(
                draft_id=draft_id,
                patient_id=patient.id,
                name="scores.csv",
                content=FILE,
                viewer=nurse,
                at=NOW,
            )
        assert queries.import_draft(viewer=nurse, draft_id=draft_id) is not None
        colleague = a_viewer(clinic, Role.NURSE)
        assert queries.import_draft(viewer=colleague, draft_id=draft_id) is None
        import_scores(
            patient_id=patient.id,
            file=read_scores(FILE).for_import("scores.csv", FILE),
            leave_out_refused=False,
            viewer=nurse,
            at=NOW,
            draft_id=draft_id,
        )
        assert not ImportDraft.objects.exists()


class TestWhoMay:
    @pytest.mark.parametrize("role", [Role.FRONT_DESK, Role.RESEARCHER, Role.ADMINISTRATOR])
    def test_not_who_sees_no_chart(self, patient: Patient, clinic: Clinic, role: Role) -> None:
        with pytest.raises(Http404):
            taken_in(patient, a_viewer(clinic, role))
        with pytest.raises(Http404):
            record_assessment(
                patient_id=patient.id,
                filled_in=filled_in(),
                viewer=a_viewer(clinic, role),
                at=NOW,
            )
        assert not Assessment.objects.exists()

    def test_not_a_nurse_of_another_clinic(self, patient: Patient, nurse: Viewer) -> None:
        taken_in(patient, nurse)
        elsewhere = a_viewer(Clinic.objects.create(name="Other", slug="other"), Role.NURSE)
        with pytest.raises(Http404):
            taken_in(patient, elsewhere)
        assert queries.assessment_lines(viewer=elsewhere, patient_id=patient.id) == []
        assert trajectory_of(viewer=elsewhere, patient_id=patient.id).scores == ()

    def test_not_another_patient_and_no_file_from_the_patient(
        self, patient: Patient, clinic: Clinic
    ) -> None:
        other = Patient.objects.create(clinic=clinic, number="LL-0413", name="Ana Brook")
        with pytest.raises(Http404):
            record_assessment(
                patient_id=patient.id,
                filled_in=filled_in(),
                viewer=a_viewer(clinic, Role.PATIENT, other),
                at=NOW,
            )
        with pytest.raises(Http404):
            taken_in(patient, a_viewer(clinic, Role.PATIENT, patient))
