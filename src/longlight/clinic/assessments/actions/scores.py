"""What changes: an assessment is recorded or corrected, a file of scores is taken in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from longlight.clinic.assessments.models import (
    Assessment,
    DueAssessment,
    ImportDraft,
    ReportedDose,
    Score,
    ScoreImport,
)
from longlight.clinic.assessments.queries import kept_of
from longlight.clinic.assessments.queries.planning import start_of, zone_of
from longlight.clinic.assessments.rules import (
    CannotImport,
    CannotRecord,
    DoseEntry,
    DueStatus,
    Entry,
    ImportResult,
    MissedEntry,
    ReadFile,
    ScoreEntry,
    Source,
    counts_of,
    key_of,
    reasons_not_to_import,
    reasons_not_to_record,
    sort_out,
)
from longlight.clinic.people.access import require_chart, require_role
from longlight.clinic.people.models import Patient
from longlight.clinic.people.rules import CHART_ROLES, Viewer
from longlight.clinic.record.actions import Pen, correct, patient_chain, writing
from longlight.clinic.record.rules import Actor
from longlight.clinic.safety.actions import raise_alert
from longlight.clinic.safety.rules import Finding, Priority
from longlight.science import instruments
from longlight.science.instruments import Instrument, SafetyFlag

A_DAY = DRAFT_LIFE = timedelta(days=1)


def today_of(patient: Patient, at: datetime) -> date:
    """The calendar day where the patient is."""
    return at.astimezone(ZoneInfo(patient.time_zone or patient.clinic.time_zone)).date()


@dataclass(frozen=True)
class FilledIn:
    """What somebody filled in: the answers by item id, or a total alone."""

    id: UUID  # made by the form, so that a repeated POST is harmless
    instrument_id: str
    on: date
    source: Source
    clock: time | None = None
    answers: Mapping[str, float | None] | None = None
    total_points: float | None = None
    version: str | None = None
    context: Mapping[str, str] = field(default_factory=dict)  # what a threshold or a gate rests on


def record_assessment(
    *, patient_id: UUID, filled_in: FilledIn, viewer: Viewer, at: datetime
) -> Assessment:
    """Keep an assessment and its score; an answer that a safety rule names raises its alert in the same transaction.

    Raises `CannotRecord`, or what the instrument says of an answer or total that it cannot take.
    """
    patient = require_chart(viewer, patient_id, at)
    before: Assessment | None = Assessment.objects.filter(pk=filled_in.id, patient=patient).first()
    if before is not None:
        return before
    reasons = reasons_not_to_record(
        on=filled_in.on,
        today=today_of(patient, at),
        answers=filled_in.answers,
        total_points=filled_in.total_points,
    )
    if reasons:
        raise CannotRecord(" ".join(reasons))
    with writing(by=viewer.actor, at=at) as pen:
        return keep_filled_in(pen, patient, filled_in)


def correct_assessment(
    *, wrong_id: UUID, successor: FilledIn | None, reason: str, viewer: Viewer, at: datetime
) -> Assessment:
    """Mark an assessment as entered in error; `successor` is what takes its place, None when nothing does."""
    require_role(viewer, *CHART_ROLES)
    wrong: Assessment = Assessment.objects.select_related("patient__clinic").get(
        pk=wrong_id, patient__clinic_id=viewer.clinic_id
    )
    patient = require_chart(viewer, wrong.patient_id, at)
    with writing(by=viewer.actor, at=at) as pen:
        right = None if successor is None else keep_filled_in(pen, patient, successor)
        return correct(
            pen,
            wrong,
            successor=right,
            reason=reason,
            chain=patient_chain(patient.id),
            object_kind="assessment",
        )


def keep_filled_in(
    pen: Pen, patient: Patient, filled_in: FilledIn, *, raises_alerts: bool = True
) -> Assessment:
    """Write an assessment and its score inside the caller's write. A check-in raised its alerts answer by answer."""
    instrument = instruments.get(filled_in.instrument_id, filled_in.version)
    flags: Sequence[SafetyFlag] = ()
    if filled_in.answers is None:
        total: float | None = instrument.check_total(filled_in.total_points)
        band = instrument.band_of(filled_in.total_points or 0)
    else:
        score = instrument.score(filled_in.answers, filled_in.context)
        total, band, flags = score.total, score.band, score.safety
    assessment: Assessment = Assessment.objects.create(
        id=filled_in.id,
        patient=patient,
        instrument_id=instrument.id,
        instrument_version=instrument.version,
        source=filled_in.source.value,
        on=filled_in.on,
        clock=filled_in.clock,
        answers=None if filled_in.answers is None else dict(filled_in.answers),
        given_total_points=total if filled_in.answers is None else None,
        content_key=key_of(("filled-in", str(filled_in.id))),
        **_entered(pen),
    )
    _score(pen, assessment, total, band)
    for flag in flags if raises_alerts else ():
        _alert(pen, assessment, instrument, flag)
    return assessment


def _entered(pen: Pen) -> dict[str, object]:
    return {
        "entered_at": pen.at,
        "entered_by_id": pen.by.id,
        "entered_by_name": pen.by.name[:200],
    }


def _score(pen: Pen, assessment: Assessment, total: float | None, band: str | None) -> None:
    Score.objects.create(assessment=assessment, total_points=total, band=band or "")
    pen.note(
        "assessment-recorded",
        chain=patient_chain(assessment.patient_id),
        object_kind="assessment",
        object_id=assessment.id,
        instrument=assessment.instrument_id,
        source=assessment.source,
    )


def _alert(pen: Pen, assessment: Assessment, instrument: Instrument, flag: SafetyFlag) -> None:
    number = instrument.item(flag.item_id).number
    text = instrument.text("en")
    label = text.label_of(number, flag.value) if text else ""
    finding = Finding(
        rule_id=flag.rule_id,
        priority=Priority.HIGH if flag.urgency == "urgent" else Priority.MEDIUM,
        instrument_id=instrument.id,
        item_number=number,
        answer=label or f"{flag.value:g}",
        source_id=assessment.id,
    )
    raise_alert(patient=assessment.patient, finding=finding, by=pen.by, at=pen.at)


def plan_check_in(
    *,
    patient_id: UUID,
    instrument_id: str,
    due_on: date,
    closes_on: date,
    viewer: Viewer,
    at: datetime,
) -> DueAssessment:
    """Plan a check-in. One that is planned for that day already is left as it is."""
    require_role(viewer, *CHART_ROLES)
    patient = require_chart(viewer, patient_id, at)
    instrument = instruments.get(instrument_id)
    if closes_on < due_on:
        raise CannotRecord(_("A check-in closes on the day it is due, or later."))
    zone = zone_of(patient)
    with writing(by=viewer.actor, at=at) as pen:
        standing = DueAssessment.objects.filter(
            patient=patient, instrument_id=instrument.id, due_on=due_on
        ).exclude(status=DueStatus.CANCELLED.value)
        found = standing.first()
        due: DueAssessment = found or DueAssessment.objects.create(
            patient=patient, instrument_id=instrument.id, due_on=due_on, closes_on=closes_on,
            opens_at=start_of(due_on, zone), closes_at=start_of(closes_on + A_DAY, zone),
            planned_at=at, act_at=max(start_of(due_on, zone), at),
        )  # fmt: skip
        pen.note(
            "check-in-checked" if found else "check-in-planned",
            chain=patient_chain(patient.id),
            object_kind="due-assessment",
            object_id=due.id,
        )
    return due


# Files


def preview_import(*, patient: Patient, file: ReadFile, at: datetime) -> ImportResult:
    """What an import would do now. Writes nothing."""
    sorted_out = sort_out(file.entries, kept_of(patient), today_of(patient, at))
    outcomes = tuple(sorted([*sorted_out, *file.unreadable], key=lambda row: row.line))
    return ImportResult(counts_of(outcomes), outcomes)


def import_scores(
    *,
    patient_id: UUID,
    file: ReadFile,
    leave_out_refused: bool,
    viewer: Viewer,
    at: datetime,
    draft_id: UUID | None = None,
) -> ImportResult:
    """Take a file's scores and treatments in, all that can be taken or nothing. Raises `CannotImport`.

    Safe to repeat: what is there already is left as it is. With `draft_id` the upload that it came from is removed.
    """
    require_role(viewer, *CHART_ROLES)
    patient = require_chart(viewer, patient_id, at)
    with writing(by=viewer.actor, at=at) as pen:
        result = _import(pen, patient, file, leave_out_refused=leave_out_refused)
        if draft_id is not None:
            ImportDraft.objects.filter(pk=draft_id, account_id=viewer.account_id).delete()
    return result


def import_scores_here(
    *, patient: Patient, file: ReadFile, leave_out_refused: bool, by: Actor, at: datetime
) -> ImportResult:
    """The same for a command on the server's own machine, whose user holds the database anyway."""
    with writing(by=by, at=at) as pen:
        return _import(pen, patient, file, leave_out_refused=leave_out_refused)


def _import(pen: Pen, patient: Patient, file: ReadFile, *, leave_out_refused: bool) -> ImportResult:
    # Two imports into one record wait for each other, so that the second sees what the first took.
    Patient.objects.select_for_update().get(pk=patient.pk)
    result = preview_import(patient=patient, file=file, at=pen.at)
    reasons = reasons_not_to_import(result.counts, leave_out_refused=leave_out_refused)
    if reasons:
        raise CannotImport(" ".join(reasons))
    kept = ScoreImport.objects.create(
        patient=patient,
        file_name=file.name[:200],
        file_sha256=file.sha256,
        read_as=file.read_as,
        taken=result.counts.taken,
        already_there=result.counts.already_there,
        refused=result.counts.refused,
        rows=[[row.line, row.outcome.value, row.sentence] for row in result.outcomes],
        imported_at=pen.at,
        imported_by_id=pen.by.id,
        imported_by_name=pen.by.name[:200],
    )
    pen.note(
        "scores-imported",
        chain=patient_chain(patient.id),
        object_kind="score-import",
        object_id=kept.id,
        taken=kept.taken,
        already_there=kept.already_there,
        refused=kept.refused,
    )
    for row in result.outcomes:
        if row.entry is not None:
            _take(pen, kept, row.entry)
    return ImportResult(result.counts, result.outcomes, kept.id)


def _take(pen: Pen, kept: ScoreImport, entry: Entry) -> None:
    if isinstance(entry, ScoreEntry):
        _take_score(pen, kept, entry)
    elif isinstance(entry, DoseEntry):
        _take_dose(pen, kept, entry)
    else:
        _take_missed(pen, kept, entry)


def _take_score(pen: Pen, kept: ScoreImport, entry: ScoreEntry) -> None:
    instrument = instruments.get(entry.instrument_id, entry.instrument_version)
    total = instrument.check_total(entry.total_points)
    assessment = Assessment.objects.create(
        patient=kept.patient,
        instrument_id=instrument.id,
        instrument_version=instrument.version,
        source=Source.IMPORT.value,
        on=entry.on,
        clock=entry.clock,
        given_total_points=total,
        score_import=kept,
        content_key=key_of(entry.content),
        **_entered(pen),
    )
    _score(pen, assessment, total, instrument.band_of(total))


def _take_dose(pen: Pen, kept: ScoreImport, entry: DoseEntry) -> None:
    dose = ReportedDose.objects.create(
        patient=kept.patient,
        kind=entry.kind,
        on=entry.on,
        clock=entry.clock,
        dose_mg=entry.dose_mg,
        dose_mg_per_kg=entry.dose_mg_per_kg,
        score_import=kept,
        content_key=key_of(entry.content),
        **_entered(pen),
    )
    pen.note(
        "dose-reported",
        chain=patient_chain(kept.patient_id),
        object_kind="reported-dose",
        object_id=dose.id,
    )


def _take_missed(pen: Pen, kept: ScoreImport, entry: MissedEntry) -> None:
    due = DueAssessment.objects.create(
        patient=kept.patient,
        instrument_id=entry.instrument_id,
        due_on=entry.on,
        closes_on=entry.on,
        status=DueStatus.MISSED.value,
        score_import=kept,
    )
    pen.note(
        "check-in-missed",
        chain=patient_chain(kept.patient_id),
        object_kind="due-assessment",
        object_id=due.id,
    )


def keep_draft(
    *, draft_id: UUID, patient_id: UUID, name: str, content: bytes, viewer: Viewer, at: datetime
) -> ImportDraft:
    """Keep an uploaded file until it is confirmed. The same draft again is the same draft; old ones go."""
    require_role(viewer, *CHART_ROLES)
    patient = require_chart(viewer, patient_id, at)
    before = ImportDraft.objects.filter(pk=draft_id, account_id=viewer.account_id).first()
    if before is not None:
        return before
    with writing(by=viewer.actor, at=at) as pen:
        ImportDraft.objects.filter(uploaded_at__lt=at - DRAFT_LIFE).delete()
        draft = ImportDraft.objects.create(
            id=draft_id,
            patient=patient,
            account_id=viewer.account_id,
            file_name=name[:200],
            content=content,
            uploaded_at=at,
        )
        pen.note(
            "file-uploaded",
            chain=patient_chain(patient.id),
            object_kind="import-draft",
            object_id=draft.id,
        )
    return draft
