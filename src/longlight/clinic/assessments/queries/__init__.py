"""What is known of a patient's scores. The caller asked `people.access` whether the viewer may open the chart."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cache
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from longlight.clinic.assessments.models import (
    Assessment,
    DueAssessment,
    ImportDraft,
    KeptAnswer,
    ReportedDose,
    ScoreImport,
    SiteText,
)
from longlight.clinic.assessments.questions import Question, Questions, questions_in
from longlight.clinic.assessments.rules import (
    DUE_WORDS,
    DueStatus,
    Kept,
    Source,
    Window,
    in_the_way,
    key_of,
    text_sha256,
)
from longlight.clinic.people.models import Patient
from longlight.clinic.people.rules import Viewer
from longlight.clinic.record.rules import FactStatus
from longlight.science import instruments
from longlight.science.instruments import Instrument, TextPack

SOURCE_LABELS = {
    Source.IMPORT: gettext_lazy("file"),
    Source.PAPER: gettext_lazy("paper"),
    Source.INTERVIEW: gettext_lazy("interview"),
    Source.PHONE: gettext_lazy("own screen"),
    Source.RATING: gettext_lazy("clinician's rating"),
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


def assessment_lines(
    *, viewer: Viewer, patient_id: UUID, most: int | None = None
) -> list[AssessmentLine]:
    """What was scored, newest first, corrected ones too; the newest `most` where a page has no room for more."""
    newest = assessments(viewer=viewer, patient_id=patient_id).reverse()
    rows = newest.values_list(
        "id", "on", "clock", "instrument_id", "score__total_points", "score__band", "source",
        "entered_by_name", "entered_at", "status", "correction_reason",
    )  # fmt: skip
    return [
        AssessmentLine(
            pk, on, clock, instrument, short_title(instrument), total, band, source, name, at,
            status == FactStatus.FINAL, why,
        )
        for pk, on, clock, instrument, total, band, source, name, at, status, why in rows[:most]
    ]  # fmt: skip


def reported_doses(*, viewer: Viewer, patient_id: UUID) -> QuerySet[ReportedDose]:
    return ReportedDose.objects.filter(
        patient__clinic_id=viewer.clinic_id, patient_id=patient_id
    ).order_by("on", "clock")


def check_ins(*, viewer: Viewer, patient_id: UUID) -> QuerySet[DueAssessment]:
    """Every planned check-in, by day."""
    return DueAssessment.objects.filter(
        patient__clinic_id=viewer.clinic_id, patient_id=patient_id
    ).order_by("due_on")


def window_of(due: DueAssessment, at: datetime) -> Window | None:
    """The moments of a check-in that has some."""
    if due.opens_at is None or due.closes_at is None:
        return None
    return Window(due.opens_at, due.closes_at, at)


@cache
def clinician_rated() -> frozenset[str]:
    """The scales that staff rate: never sent to a patient, never on a patient's page."""
    every = (instruments.get(each) for each in instruments.ids())
    return frozenset(each.id for each in every if each.completed_by != "patient")


def next_check_in(*, viewer: Viewer, patient_id: UUID, today: date) -> DueAssessment | None:
    """The first one that is planned for a later day."""
    return (
        check_ins(viewer=viewer, patient_id=patient_id)
        .filter(status=DueStatus.DUE.value, due_on__gt=today)
        .exclude(instrument_id__in=clinician_rated())
        .first()
    )


def open_and_coming(*, viewer: Viewer, patient_id: UUID) -> QuerySet[DueAssessment]:
    """Every check-in that is still to be answered."""
    return check_ins(viewer=viewer, patient_id=patient_id).filter(status=DueStatus.DUE.value)


def text_of(instrument: Instrument) -> tuple[TextPack | None, UUID | None]:
    """The wording to show: the one that is shipped, else the site's own with its id; None where there is none."""
    shipped = instrument.text()
    if shipped is not None:
        return shipped, None
    own = standing_text(instrument.id, instrument.version)
    return (None, None) if own is None else (pack_of(own), own.pk)


def answered_text_of(instrument: Instrument) -> tuple[TextPack | None, UUID | None]:
    """The wording that answers are read by: the one to show, else the last that was shown while it was allowed."""
    shown = text_of(instrument)
    if shown[0] is not None:
        return shown
    once = SiteText.objects.filter(
        instrument_id=instrument.id, instrument_version=instrument.version
    ).order_by("-added_at")
    read = ((pack_of(each), each.pk) for each in once)
    return next((each for each in read if each[0] is not None), (None, None))


def standing_text(instrument_id: str, version: str) -> SiteText | None:
    """The wording that the site added last and has not taken away, while its permission lasts."""
    today = timezone.now().date()
    return (
        SiteText.objects.filter(
            Q(expires_on=None) | Q(expires_on__gte=today),
            instrument_id=instrument_id, instrument_version=version, withdrawn_at=None,
        )
        .order_by("-added_at")
        .first()
    )  # fmt: skip


def pack_of(own: SiteText) -> TextPack | None:
    """A site's pack, read again; None where it no longer is what was added, or no longer fits."""
    if text_sha256(own.toml) != own.sha256:
        return None
    return _read_pack(own.instrument_id, own.instrument_version, own.toml)


@cache
def _read_pack(instrument_id: str, version: str, toml: str) -> TextPack | None:
    try:
        return instruments.get(instrument_id, version).site_text(toml)
    except instruments.InstrumentError:
        return None


TextOf = Callable[[Instrument], tuple[TextPack | None, UUID | None]]


def _questions(
    instrument_id: str, version: str | None = None, worded: TextOf = text_of
) -> Questions | None:
    try:
        instrument = instruments.get(instrument_id, version)
    except instruments.UnknownInstrument:
        return None
    text, _own = worded(instrument)
    return None if text is None else questions_in(instrument, text)


def questions_of(due: DueAssessment) -> Questions | None:
    """What a check-in asks; the version of its first answer holds to the end."""
    return _questions(due.instrument_id, _version_begun(due))


def questions_answered(due: DueAssessment) -> Questions | None:
    """What was asked where an answer comes from: its wording may have gone while the answer waited on a phone."""
    return _questions(due.instrument_id, _version_begun(due), answered_text_of)


def _version_begun(due: DueAssessment) -> str | None:
    first = due.kept_answers.first()
    return first.instrument_version if first else None


def question_count(due: DueAssessment) -> int:
    """How many questions a patient is told of; those that the clinic asks at a visit, where no page can."""
    questions = questions_of(due)
    if questions is not None:
        return len(questions.each)
    try:
        items = instruments.get(due.instrument_id).items
    except instruments.UnknownInstrument:
        return 0
    return len([item for item in items if item.required])


def answerable(instrument_id: str) -> bool:
    """Whether a patient can be asked this instrument on a page."""
    return _questions(instrument_id) is not None


def filled_by_staff() -> frozenset[str]:
    """What no patient can be asked on a page: rated by staff, or without its wording here."""
    own = SiteText.objects.filter(withdrawn_at=None).values_list("instrument_id", flat=True)
    return _asked_nowhere() - {each for each in set(own) if answerable(each)}


@cache
def _asked_nowhere() -> frozenset[str]:
    """The instruments that come without questions for a patient: a site's wording may add them."""
    every = (instruments.get(each) for each in instruments.ids())
    return frozenset(
        each.id
        for each in every
        if (text := each.text()) is None or questions_in(each, text) is None
    )


def sendable() -> list[tuple[str, str]]:
    """What staff can send: id and name, by name."""
    named = [(each, short_title(each)) for each in instruments.ids() if answerable(each)]
    return sorted(named, key=lambda pair: pair[1])


def newest_answers(due: DueAssessment) -> dict[str, KeptAnswer]:
    """The answer that holds for each question: the one chosen last, whenever it came in."""
    found = sorted(due.kept_answers.all(), key=lambda each: (each.counts_from, each.sequence))
    return {answer.item_id: answer for answer in found}


def asked_of(questions: Questions, answers: Mapping[str, KeptAnswer]) -> tuple[Question, ...]:
    """The questions that are asked after these answers."""
    codes = {item_id: answer.code for item_id, answer in answers.items()}
    values = {item_id: answer.value_points for item_id, answer in answers.items()}
    return questions.asked(codes, values)


@dataclass(frozen=True)
class ScoreTold:
    """A score as its patient is told it: the number, the range it lies in, and which way is better."""

    title: str
    number: str  # empty where too much was left open for one
    lowest: str
    highest: str
    band: str
    is_higher_better: bool


def score_told(assessment: Assessment) -> ScoreTold:
    """The score of what was sent."""
    instrument = instruments.get(assessment.instrument_id, assessment.instrument_version)
    total = assessment.score.total_points
    low, high = instrument.total_range or (0, 0)
    return ScoreTold(
        instrument.short_title, "" if total is None else f"{total:g}", f"{low:g}", f"{high:g}",
        assessment.score.band, instrument.direction == "higher-better",
    )  # fmt: skip


@dataclass(frozen=True)
class CheckInLine:
    """A check-in as staff see it: how far it is, and whether it can be taken back."""

    due: DueAssessment
    title: str
    answered: int
    asked: int
    last_kept_at: datetime | None
    is_open: bool

    @property
    def state(self) -> str:
        return str(DUE_WORDS[DueStatus(self.due.status)])


def check_in_lines(*, viewer: Viewer, patient_id: UUID) -> list[CheckInLine]:
    """Every check-in of a patient, newest first."""
    found = check_ins(viewer=viewer, patient_id=patient_id).prefetch_related("kept_answers")
    return [_check_in_line(due) for due in reversed(found)]


def _check_in_line(due: DueAssessment) -> CheckInLine:
    kept = list(due.kept_answers.all())
    newest = newest_answers(due)
    questions = _questions(due.instrument_id, None)
    asked = asked_of(questions, newest) if questions else ()
    return CheckInLine(
        due,
        short_title(due.instrument_id),
        sum(each.id in newest and not newest[each.id].is_skipped for each in asked),
        len(asked),
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
            number = _("without a total") if total is None else f"{total:g}"
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
            stands = _("check-in (%(status)s)") % {"status": DUE_WORDS[DueStatus(due.status)]}
            places[place] = in_the_way(short_title(due.instrument_id), stands, due.due_on)
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
