"""Importing scores in a page: choose the file, say what its columns are, look, confirm, read the report."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from longlight.clinic.assessments import queries
from longlight.clinic.assessments.actions import import_scores, keep_draft, preview_import
from longlight.clinic.assessments.models import ImportDraft
from longlight.clinic.assessments.queries.trajectory import trajectory_of
from longlight.clinic.assessments.rules import (
    CannotImport,
    DoseEntry,
    Entry,
    ImportResult,
    MissedEntry,
    Outcome,
    RowOutcome,
)
from longlight.clinic.people.access import ClinicRequest, Refused, require_chart, roles
from longlight.clinic.people.models import Patient
from longlight.clinic.people.rules import CHART_ROLES, Role
from longlight.clinic.record.actions import note_read
from longlight.exchange.csv_text import NotCsv, read_table, write_table
from longlight.exchange.scores_csv import ScoresFile, read_mapped
from longlight.exchange.scores_forms import ColumnsForm, UploadForm
from longlight.ui.parts import Column, Table
from longlight.ui.sentences import in_words

ROWS_SHOWN = 200
TAKEN_SHOWN = 12


@roles(*CHART_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: ClinicRequest, patient_id: UUID) -> HttpResponse:
    """Choose the file."""
    now = timezone.now()
    patient = require_chart(request.viewer, patient_id, now)
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        draft = keep_draft(
            draft_id=form.cleaned_data["draft"],
            patient_id=patient.id,
            name=form.cleaned_data["file"].name or "scores.csv",
            content=form.content,
            viewer=request.viewer,
            at=now,
        )
        return redirect("import-columns", patient_id=patient.id, draft_id=draft.id)
    shown = {"patient": patient, "form": form}
    return render(request, "exchange/upload.html", shown, status=422 if form.is_bound else 200)


@dataclass(frozen=True)
class Looked:
    """A draft as the chosen columns read it, and what an import of it would do now."""

    file: ScoresFile
    result: ImportResult


@roles(*CHART_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def columns(request: ClinicRequest, patient_id: UUID, draft_id: UUID) -> HttpResponse:
    """Say what each column is and look at what would be taken; with POST, take it."""
    now = timezone.now()
    patient = require_chart(request.viewer, patient_id, now)
    draft = queries.import_draft(viewer=request.viewer, draft_id=draft_id)
    if draft is None or draft.patient_id != patient.id:
        raise Refused
    content = bytes(draft.content)
    table = read_table(content)
    said = _said(request, ColumnsForm(table))
    form = ColumnsForm(table, said)
    looked = _look(form, patient, draft)
    problem = ""
    if request.method == "POST" and looked is not None:
        try:
            done = import_scores(
                patient_id=patient.id,
                file=looked.file.for_import(draft.file_name, content),
                leave_out_refused="leave_out_refused" in request.POST,
                viewer=request.viewer,
                at=now,
                draft_id=draft.id,
            )
        except CannotImport as error:
            problem = str(error)
        else:
            messages.success(request, _("The file was taken in."))
            return redirect("import-report", patient_id=patient.id, import_id=done.import_id)
    shown = {
        "patient": patient,
        "draft": draft,
        "read_as": in_words(table.read_as),
        "form": form,
        "looked": looked,
        "problem": problem,
        "taken": _taken(looked),
        "left": _left(looked.result.outcomes if looked else ()),
    }
    return render(request, "exchange/columns.html", shown, status=422 if problem else 200)


def _said(request: ClinicRequest, fresh: ColumnsForm) -> QueryDict:
    """What was chosen; before anything was, what the columns' names say."""
    given = request.POST if request.method == "POST" else request.GET
    if "dates" in given:
        return given
    said = QueryDict(mutable=True)
    for name, value in fresh.said():
        said[name] = value
    return said


def _look(form: ColumnsForm, patient: Patient, draft: ImportDraft) -> Looked | None:
    if not form.is_valid():
        return None
    try:
        file = read_mapped(form.table, form.mapped)
    except NotCsv as error:
        form.add_error(None, in_words(error.sentence))
        return None
    read = file.for_import(draft.file_name, bytes(draft.content))
    return Looked(file, preview_import(patient=patient, file=read, at=timezone.now()))


def _taken(looked: Looked | None) -> Table | None:
    """The first rows, as they are understood."""
    if looked is None:
        return None
    taken = [row.entry for row in looked.result.outcomes if row.entry is not None]
    heads = [Column(_("Line")), Column(_("Day")), Column(_("What")), Column(_("Value"), True)]
    rows = [_understood(entry) for entry in taken[:TAKEN_SHOWN]]
    return Table(_("The first rows, as they will be kept"), heads, rows) if rows else None


def _understood(entry: Entry) -> list[str]:
    day = date_format(entry.on, "j F Y")
    if isinstance(entry, DoseEntry):
        value = f"{entry.dose_mg:g} mg" if entry.dose_mg is not None else "–"
        if entry.dose_mg_per_kg is not None:
            value = f"{entry.dose_mg_per_kg:g} mg/kg"
        return [str(entry.line), day, entry.kind, value]
    title = queries.short_title(entry.instrument_id)
    if isinstance(entry, MissedEntry):
        return [str(entry.line), day, title, _("not answered")]
    return [str(entry.line), day, title, f"{entry.total_points:g}"]


def _left(outcomes: tuple[RowOutcome, ...]) -> Table | None:
    rows = [
        [str(row.line), _outcome(row.outcome), row.sentence]
        for row in outcomes
        if row.outcome is not Outcome.TAKEN
    ]
    return _rows_table(rows)


def _rows_table(rows: list[list[str]]) -> Table | None:
    heads = [Column(_("Line")), Column(_("What becomes of it")), Column(_("Why"))]
    return Table(_("Rows that are not taken"), heads, rows[:ROWS_SHOWN]) if rows else None


def _outcome(outcome: str) -> str:
    return _("already there") if outcome == Outcome.ALREADY_THERE else _("refused")


@roles(*CHART_ROLES)
@require_safe
def report(request: ClinicRequest, patient_id: UUID, import_id: UUID) -> HttpResponse:
    """What became of every row of a file."""
    patient = require_chart(request.viewer, patient_id, timezone.now())
    done = queries.score_import(viewer=request.viewer, import_id=import_id)
    if done is None or done.patient_id != patient.id:
        raise Refused
    left = [
        [str(line), _outcome(outcome), sentence]
        for line, outcome, sentence in done.rows
        if outcome != Outcome.TAKEN
    ]
    shown = {"patient": patient, "done": done, "left": _rows_table(left)}
    return render(request, "exchange/report.html", shown)


@roles(*CHART_ROLES)
@require_safe
def chart_csv(request: ClinicRequest, patient_id: UUID) -> HttpResponse:
    """A patient's scores and treatments as the file that the import reads."""
    return _scores_csv(request, patient_id, "export")


@roles(Role.PATIENT)
@require_safe
def own_csv(request: ClinicRequest) -> HttpResponse:
    """One's own scores, to keep."""
    assert request.viewer.patient_id is not None
    return _scores_csv(request, request.viewer.patient_id, "own-export")


def _scores_csv(request: ClinicRequest, patient_id: UUID, purpose: str) -> HttpResponse:
    now = timezone.now()
    patient = require_chart(request.viewer, patient_id, now)
    note_read(by=request.viewer.actor, at=now, patient_id=patient.id, purpose=purpose)
    shown = trajectory_of(viewer=request.viewer, patient_id=patient.id)
    rows = [
        (point.at, point.day_only, "score", point.instrument, point.value_points, "")
        for point in shown.scores
    ]
    for dose in shown.doses:
        by_weight = dose.dose_mg is None and dose.dose_mg_per_kg is not None
        value = dose.dose_mg_per_kg if by_weight else dose.dose_mg
        unit = "" if value is None else ("mg/kg" if by_weight else "mg")
        rows.append((dose.at, dose.day_only, "dose", dose.kind, value, unit))
    text = write_table(
        ("at", "kind", "name", "value", "unit"),
        (
            (
                at.date().isoformat() if day_only else at.isoformat(),
                kind,
                name,
                "" if value is None else f"{value:g}",
                unit,
            )
            for at, day_only, kind, name, value, unit in sorted(rows, key=lambda row: row[0])
        ),
    )
    response = HttpResponse(text, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="scores.csv"'
    return response
