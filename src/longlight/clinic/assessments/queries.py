"""What is known of a patient's scores. The caller asked `people.access` whether the viewer may open the chart."""

from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cache
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy

from longlight.clinic.assessments.models import (
    Assessment,
    DueAssessment,
    ImportDraft,
    KeptAnswer,
    ReportedDose,
    ScoreImport,
)
from longlight.clinic.assessments.rules import (
    DueStatus,
    Kept,
    Source,
    in_the_way,
    key_of,
    moment_of,
)
from longlight.clinic.people.models import Patient
from longlight.clinic.people.rules import Viewer
from longlight.science import instruments
from longlight.science.instruments import Instrument, Item, TextPack
from longlight.science.instruments.text import TextOption
from longlight.science.trajectory import DosePoint, ScorePoint, Trajectory

SOURCE_LABELS = {
    Source.IMPORT: gettext_lazy("file"),
    Source.PAPER: gettext_lazy("paper"),
    Source.INTERVIEW: gettext_lazy("interview"),
    Source.PHONE: gettext_lazy("own screen"),
}


@cache
def short_title(instrument_id: str) -> str:
    """What people call an instrument; its id when this installation no longer knows it."""
    try:
        return instruments.get(instrument_id).short_title
    except instruments.UnknownInstrument:
        return instrument_id


@dataclass(frozen=True)
class AssessmentLine:
    """One assessment as a chart lists it: what, when, the number, and who put it there."""

    id: UUID
    on: date
    clock: time | None
    instrument_id: str
    title: str
    total_points: float | None
    band: str
    source: str
    entered_by_name: str
    entered_at: datetime
    stands: bool
    correction_reason: str

    @property
    def number(self) -> str:
        return "–" if self.total_points is None else f"{self.total_points:g}"

    @property
    def source_label(self) -> str:
        return str(SOURCE_LABELS[Source(self.source)])


def assessments(*, viewer: Viewer, patient_id: UUID) -> QuerySet[Assessment]:
    """A patient's assessments, corrected ones too, in the viewer's clinic alone."""
    return (
        Assessment.objects.filter(patient__clinic_id=viewer.clinic_id, patient_id=patient_id)
        .select_related("score")
        .order_by("on", "clock", "entered_at")
    )


def assessment_lines(*, viewer: Viewer, patient_id: UUID) -> list[AssessmentLine]:
    """The chart's table, newest first."""
    return [
        AssessmentLine(
            each.id,
            each.on,
            each.clock,
            each.instrument_id,
            short_title(each.instrument_id),
            each.score.total_points,
            each.score.band,
            each.source,
            each.entered_by_name,
            each.entered_at,
            each.stands,
            each.correction_reason,
        )
        for each in reversed(assessments(viewer=viewer, patient_id=patient_id))
    ]


def reported_doses(*, viewer: Viewer, patient_id: UUID) -> QuerySet[ReportedDose]:
    return ReportedDose.objects.filter(
        patient__clinic_id=viewer.clinic_id, patient_id=patient_id
    ).order_by("on", "clock")


def check_ins(*, viewer: Viewer, patient_id: UUID) -> QuerySet[DueAssessment]:
    """Every planned check-in, by day."""
    return DueAssessment.objects.filter(
        patient__clinic_id=viewer.clinic_id, patient_id=patient_id
    ).order_by("due_on")


def trajectory_of(*, viewer: Viewer, patient_id: UUID) -> Trajectory:
    """What stands: scores, check-ins that were not answered, and treatments."""
    standing = assessments(viewer=viewer, patient_id=patient_id).standing()  # type: ignore[attr-defined]
    scores = [
        ScorePoint(
            moment_of(each.on, each.clock),
            each.instrument_id,
            each.score.total_points,
            day_only=each.clock is None,
        )
        for each in standing
    ]
    missed = check_ins(viewer=viewer, patient_id=patient_id).filter(status=DueStatus.MISSED.value)
    scores += [
        ScorePoint(moment_of(each.due_on, None), each.instrument_id, None) for each in missed
    ]
    doses = reported_doses(viewer=viewer, patient_id=patient_id).filter(status="final")
    return Trajectory.of(
        scores,
        [
            DosePoint(
                moment_of(each.on, each.clock),
                each.kind,
                each.dose_mg,
                each.dose_mg_per_kg,
                day_only=each.clock is None,
            )
            for each in doses
        ],
    )


def open_check_in(*, viewer: Viewer, patient_id: UUID, today: date) -> DueAssessment | None:
    """The check-in that can be answered today, the oldest first."""
    return (
        check_ins(viewer=viewer, patient_id=patient_id)
        .filter(status=DueStatus.DUE.value, due_on__lte=today, closes_on__gte=today)
        .first()
    )


def next_check_in(*, viewer: Viewer, patient_id: UUID, today: date) -> DueAssessment | None:
    """The first one that is planned for a later day."""
    return (
        check_ins(viewer=viewer, patient_id=patient_id)
        .filter(status=DueStatus.DUE.value, due_on__gt=today)
        .first()
    )


def open_and_coming(*, viewer: Viewer, patient_id: UUID) -> QuerySet[DueAssessment]:
    """Every check-in that is still to be answered."""
    return check_ins(viewer=viewer, patient_id=patient_id).filter(status=DueStatus.DUE.value)


@dataclass(frozen=True)
class Question:
    """One item as a patient is asked it: the published wording, and the stretch of time it is about."""

    number: int  # its place, from 1
    item: Item
    lead: str
    recall: str  # said apart where the lead does not say it
    text: str
    options: tuple[TextOption, ...]

    def label(self, code: str) -> str:
        """The words of an answer; *not answered* for none."""
        chosen = next((option.text for option in self.options if option.code == code), "")
        return chosen or str(gettext_lazy("not answered"))


@dataclass(frozen=True)
class Questions:
    """What a check-in asks, in the published order."""

    instrument: Instrument
    text: TextPack
    each: tuple[Question, ...]


@cache
def _questions(instrument_id: str, version: str | None) -> Questions | None:
    """What an instrument asks a patient; None without wording, and where a clinician or a gate must ask first."""
    try:
        instrument = instruments.get(instrument_id, version)
    except instruments.UnknownInstrument:
        return None
    text = instrument.text()
    if text is None or instrument.completed_by != "patient" or instrument.gate is not None:
        return None
    lead = text.stem or text.instruction
    said = text.recall_period.casefold() in f"{lead} {text.items[0].text}".casefold()
    recall = "" if said else text.recall_period
    each = []
    for number, item in enumerate(instrument.items, 1):
        words = text.item(item.number)
        if not words.options:
            return None
        each.append(Question(number, item, words.lead or lead, recall, words.text, words.options))
    return Questions(instrument, text, tuple(each))


def questions_of(due: DueAssessment) -> Questions | None:
    """What a check-in asks; the version of its first answer holds to the end."""
    first = due.kept_answers.first()
    return _questions(due.instrument_id, first.instrument_version if first else None)


def answerable(instrument_id: str) -> bool:
    """Whether a patient can be asked this instrument on a page."""
    return _questions(instrument_id, None) is not None


def sendable() -> list[tuple[str, str]]:
    """What staff can send: id and name, by name."""
    named = [(each, short_title(each)) for each in instruments.ids() if answerable(each)]
    return sorted(named, key=lambda pair: pair[1])


def newest_answers(due: DueAssessment) -> dict[str, KeptAnswer]:
    """The answer that holds for each item: the one kept last."""
    return {answer.item_id: answer for answer in due.kept_answers.order_by("sequence")}


@dataclass(frozen=True)
class CheckInLine:
    """A check-in as staff see it: how far it is, and whether it can be taken back."""

    due: DueAssessment
    title: str
    answered: int
    asked: int
    last_kept_at: datetime | None
    is_open: bool


def check_in_lines(*, viewer: Viewer, patient_id: UUID) -> list[CheckInLine]:
    """Every check-in of a patient, newest first."""
    found = check_ins(viewer=viewer, patient_id=patient_id).prefetch_related("kept_answers")
    return [_check_in_line(due) for due in reversed(found)]


def _check_in_line(due: DueAssessment) -> CheckInLine:
    kept = list(due.kept_answers.all())
    newest = {answer.item_id: answer for answer in kept}
    questions = _questions(due.instrument_id, None)
    return CheckInLine(
        due,
        short_title(due.instrument_id),
        sum(not answer.is_skipped for answer in newest.values()),
        len(questions.each) if questions else 0,
        kept[-1].kept_at if kept else None,
        due.status == DueStatus.DUE,
    )


def kept_of(patient: Patient) -> Kept:
    """What a patient's record holds already, for sorting out an import."""
    contents: set[str] = set()
    places: dict[str, str] = {}
    for each in Assessment.objects.filter(patient=patient).select_related("score"):
        contents.add(each.content_key)
        if each.stands:
            clock = each.clock.isoformat() if each.clock else ""
            place = key_of(("score", each.instrument_id, each.on.isoformat(), clock))
            total = each.score.total_points
            number = "without a total" if total is None else f"{total:g}"
            places[place] = in_the_way(short_title(each.instrument_id), number, each.on)
    for dose in ReportedDose.objects.filter(patient=patient):
        contents.add(dose.content_key)
        if dose.stands:
            clock = dose.clock.isoformat() if dose.clock else ""
            place = key_of(("dose", dose.kind.casefold(), dose.on.isoformat(), clock))
            places[place] = in_the_way(dose.kind, _amount(dose), dose.on)
    for due in DueAssessment.objects.filter(patient=patient):
        place = key_of(("missed", due.instrument_id, due.due_on.isoformat()))
        if due.status == DueStatus.MISSED:
            contents.add(place)
        else:
            places[place] = in_the_way(
                short_title(due.instrument_id), f"check-in ({due.status})", due.due_on
            )
    return Kept(frozenset(contents), places)


def _amount(dose: ReportedDose) -> str:
    if dose.dose_mg is not None:
        return f"{dose.dose_mg:g} mg"
    return f"{dose.dose_mg_per_kg:g} mg/kg" if dose.dose_mg_per_kg is not None else ""


def score_import(*, viewer: Viewer, import_id: UUID) -> ScoreImport | None:
    return (
        ScoreImport.objects.filter(patient__clinic_id=viewer.clinic_id, pk=import_id)
        .select_related("patient")
        .first()
    )


def import_draft(*, viewer: Viewer, draft_id: UUID) -> ImportDraft | None:
    """The viewer's own draft."""
    return (
        ImportDraft.objects.filter(
            patient__clinic_id=viewer.clinic_id, account_id=viewer.account_id, pk=draft_id
        )
        .select_related("patient")
        .first()
    )
