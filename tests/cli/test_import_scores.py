"""`longlight import-scores`: from a file into a record, by a command on the server's own machine."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from longlight.cli import main
from longlight.clinic.assessments.models import Assessment
from longlight.clinic.people.models import Clinic, Patient
from longlight.clinic.record.models import AuditRow

pytestmark = pytest.mark.django_db
SAMPLE = Path(__file__).parent.parent / "spec" / "trajectory.csv"


@pytest.fixture(autouse=True)
def patient() -> Patient:
    clinic = Clinic.objects.create(name="Harbor", slug="harbor")
    return Patient.objects.create(clinic=clinic, number="LL-0412", name="Jonas Wren")


def run(file: Path, *args: str) -> tuple[int, str]:
    whose = ["--patient", "LL-0412", "--clinic", "harbor"]
    result = CliRunner().invoke(main, ["import-scores", str(file), *whose, *args])
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result.exit_code, result.output


@pytest.fixture
def early(tmp_path: Path) -> Path:
    """The sample ten years before, so that no day of it lies ahead."""
    file = tmp_path / "scores.csv"
    file.write_text(SAMPLE.read_text().replace("2026-", "2016-"))
    return file


def test_dry_run_writes_nothing_and_the_run_takes_what_it_said(early: Path) -> None:
    code, said = run(early, "--dry-run")
    assert (code, Assessment.objects.count()) == (0, 0)
    assert "20 would be taken" in said
    code, said = run(early, "--json")
    report = json.loads(said)
    assert (code, report["taken"], report["refused"], report["written"]) == (0, 20, 0, True)
    assert Assessment.objects.count() == 15
    assert AuditRow.objects.filter(actor_kind="system").count() == 21
    code, said = run(early)
    assert (code, Assessment.objects.count()) == (0, 15)
    assert "0 taken, 20 already there" in said


def test_refused_rows_stop_it_until_confirmed(tmp_path: Path) -> None:
    file = tmp_path / "scores.csv"
    file.write_text("Datum;PHQ-9\n03/04/2016;12\n2016-04-10;11\n")
    code, said = run(file, "--map", "at=Datum")
    assert code == 2
    assert "line 2" in said
    told = CliRunner().invoke(
        main, ["import-scores", str(file), "--patient", "LL-0412", "--map", "at=Datum", "--json"]
    )
    report = json.loads(told.stdout)
    assert (told.exit_code, report["written"], report["import"]) == (2, False, None)
    assert [(row["line"], row["outcome"]) for row in report["rows"]] == [
        (2, "refused"),
        (3, "taken"),
    ]
    assert not Assessment.objects.exists()
    assert run(file, "--map", "at=Datum", "--leave-out-refused")[0] == 0
    assert Assessment.objects.count() == 1
    assert run(file, "--map", "at=Datum", "--dates", "day-first")[0] == 0
    assert Assessment.objects.count() == 2


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (["--patient", "LL-9"], "no patient 'LL-9'"),
        (["--clinic", "nowhere"], "no clinic 'nowhere'"),
        (["--map", "at"], "KEY=COLUMN"),
        (["--map", "at=Datum", "--map", "at=Visit"], "for 'at' twice"),
        (["--map", "at=Nowhere"], "no column 'Nowhere'"),
    ],
)
def test_refusals_are_one_sentence(early: Path, args: list[str], says: str) -> None:
    code, said = run(early, *args)
    assert code == 2
    assert says in said


def test_the_clinic_is_named_only_where_the_number_does_not_tell(early: Path) -> None:
    def without_clinic(number: str) -> tuple[int, str]:
        result = CliRunner().invoke(main, ["import-scores", str(early), "--patient", number])
        return result.exit_code, result.output

    other = Clinic.objects.create(name="Quay", slug="quay")
    Patient.objects.create(clinic=other, number="LL-7", name="Ana Brook")
    code, said = without_clinic("LL-0412")
    assert (code, "Clinic: harbor." in said) == (0, True)
    assert without_clinic("LL-9")[0] == 2
    Patient.objects.create(clinic=other, number="LL-0412", name="Sol Marten")
    before = Assessment.objects.count()
    code, said = without_clinic("LL-0412")
    assert (code, Assessment.objects.count()) == (2, before)
    assert "add --clinic, one of harbor, quay" in said


def test_no_such_file(tmp_path: Path) -> None:
    code, said = run(tmp_path / "absent.csv")
    assert code == 2
    assert "cannot be read" in said
