"""A real person's scores, from the file to the figure, as a nurse sees it and then the patient; without script too."""

import csv
import io
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from tests.installation import Installation
from tests.journeys import checks

TRIAL = Path(__file__).parents[2] / "docs/tutorials/data/dia_antidepressant_hamd17.csv"
START = date(2016, 3, 3)  # the trial counts days; the day it began is ours
Visit = Callable[..., Page]


def scores_of(person: str) -> bytes:
    """One person of the trial, wide, in a layout of its own: a semicolon between, days first."""
    out = io.StringIO()
    rows = csv.writer(out, delimiter=";")
    rows.writerow(["Visit", "HAMDTL17", "Remark"])
    with TRIAL.open(newline="") as file:
        visits = [row for row in csv.DictReader(file) if row["PATIENT"] == person]
    rows.writerow([f"{START:%d/%m/%Y}", visits[0]["BASVAL"], "before"])
    for visit in visits:
        day = START + timedelta(days=float(visit["RELDAYS"]))
        rows.writerow([f"{day:%d/%m/%Y}", visit["HAMDTL17"], "seen"])
    rows.writerow(["2016-02-30", "12", "no such day"])
    return out.getvalue().encode("utf-16")


@pytest.fixture
def patient(installation: Installation, site: str) -> str:
    """A new patient of the nurse's clinic."""
    code = """
        import uuid
        from datetime import date
        from longlight.clinic.people.models import Clinic, Patient
        clinic = Clinic.objects.order_by("-name").first()
        number = "T-" + uuid.uuid4().hex[:6]
        print(Patient.objects.create(
            clinic=clinic, number=number, name="Of the trial", birth_date=date(1980, 5, 17), time_zone="",
        ).pk)
    """
    return installation.python(code)


@pytest.mark.parametrize(("script", "person"), [(True, "2724"), (False, "3351")])
def test_from_the_file_to_the_figure(visit: Visit, patient: str, script: bool, person: str) -> None:
    page = visit(f"/patients/{patient}/", role="nurse", script=script)
    expect(page.locator("main").first).to_contain_text("No score yet", use_inner_text=True)
    page.get_by_role("link", name="Import scores").click()
    page.get_by_label("CSV file").set_input_files(
        {"name": "trial.csv", "mimeType": "text/csv", "buffer": scores_of(person)}
    )
    page.get_by_role("button", name="Go on to the columns").click()
    expect(page.locator("main").first).to_contain_text("UTF-16, semicolon", use_inner_text=True)
    page.get_by_label("Visit").select_option("at")
    page.get_by_label("HAMDTL17").select_option("hamd-17")
    page.get_by_label("Dates are written").select_option("day-first")
    page.get_by_role("button", name="Look again").click()
    expect(page.locator("main").first).to_contain_text("5 would be taken", use_inner_text=True)
    if script:
        assert checks.axe_violations(page) == []
        assert checks.sideways_scroll(page) == []
    page.locator("label[for=leave-out]").click()
    page.get_by_role("button", name="Take 5 rows").click()
    expect(page.locator("main").first).to_contain_text("5 taken", use_inner_text=True)
    if script:
        assert checks.axe_violations(page) == []
    page.get_by_role("link", name="Open the chart").click()
    figure = page.locator("figure.fig svg.is-desk")
    expect(figure.locator("path[fill='var(--line-data)']")).to_have_count(5)
    assert "HAM-D17 was" in figure.locator("desc").text_content()
    page.get_by_text("Show as a table").click()
    expect(page.locator("figure.fig table tbody tr")).to_have_count(5)
