"""The staff's home (whom the clinic cares for) and a patient's chart."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from longlight.clinic.assessments import queries
from longlight.clinic.assessments.actions import today_of
from longlight.clinic.assessments.queries.trajectory import trajectory_of
from longlight.clinic.contact.queries import leave_words_of
from longlight.clinic.courses.queries import active_course
from longlight.clinic.desks.doses import with_given_doses
from longlight.clinic.desks.figures import figure_of
from longlight.clinic.desks.panel import CoursePlace, place_of, safety_facts
from longlight.clinic.desks.sessions import multiples_of
from longlight.clinic.desks.views.choosing import told_choices
from longlight.clinic.followup.queries import statuses
from longlight.clinic.followup.views.words import STAFF_WORDS
from longlight.clinic.people.access import ClinicRequest, may_see_chart, require_chart, roles
from longlight.clinic.people.models import Patient
from longlight.clinic.people.queries import patients
from longlight.clinic.people.rules import CARE_ROLES, CHART_ROLES, REGISTER_ROLES, Role, Viewer
from longlight.clinic.record.actions import note_read
from longlight.clinic.safety.queries import open_alerts_of
from longlight.clinic.screening.queries import known_allergies
from longlight.clinic.screening.views.words import allergy_fact
from longlight.clinic.therapy.queries import open_topics
from longlight.science import protocols
from longlight.science.outcomes import Judged
from longlight.science.trajectory import DosePoint, ScorePoint, Trajectory
from longlight.ui.parts import Fact, TimelineEntry

PATIENTS_A_PAGE = 50
SCALES_AT_ONCE = 2
LATELY = 8
LINES_ON_A_CHART = 40


@dataclass(frozen=True)
class PatientRow:
    """A line of the list. Names and numbers only: a list of scores would be a look into every chart."""

    patient: Patient
    may_open: bool


@roles(*CARE_ROLES, Role.RESEARCHER)
@require_safe
def home(request: ClinicRequest) -> HttpResponse:
    """Whom the clinic cares for; searched by name or number."""
    asked = request.GET.get("q", "").strip()[:100]
    now = timezone.now()
    found = _searched(patients(viewer=request.viewer), asked)
    page = Paginator(found, PATIENTS_A_PAGE).get_page(request.GET.get("page"))
    rows = [PatientRow(patient, may_see_chart(request.viewer, patient, now)) for patient in page]
    shown = {
        "rows": rows,
        "page": page,
        "asked": asked,
        "sees_patients": request.viewer.role in CARE_ROLES,
        "sees_charts": request.viewer.role in CHART_ROLES,
        "may_register": request.viewer.role in REGISTER_ROLES,
    }
    return render(request, "desks/staff-home.html", shown)


def _searched(found: QuerySet[Patient], asked: str) -> QuerySet[Patient]:
    for word in asked.split():
        found = found.filter(
            Q(name__icontains=word) | Q(preferred_name__icontains=word) | Q(number__icontains=word)
        )
    return found.order_by("name", "number")


@roles(*CHART_ROLES)
@require_safe
def chart(request: ClinicRequest, patient_id: UUID) -> HttpResponse:
    """A patient's chart: trajectory, where it stands, what is due, who put what in and when."""
    now = timezone.now()
    patient = require_chart(request.viewer, patient_id, now)
    note_read(by=request.viewer.actor, at=now, patient_id=patient.id, purpose="chart")
    trajectory = with_given_doses(
        trajectory_of(viewer=request.viewer, patient_id=patient.id), patient
    )
    chosen = [name for name in request.GET.getlist("measure") if name in trajectory.instruments]
    measures = chosen or _most_scored(trajectory)
    course = active_course(patient_id=patient.id, viewer=request.viewer, at=now)
    place = place_of(course, today_of(patient, now))
    figure = figure_of(trajectory.only(*measures))
    lines = queries.assessment_lines(
        viewer=request.viewer, patient_id=patient.id, most=LINES_ON_A_CHART + 1
    )
    shown = {
        "patient": patient,
        "identity": _identity(patient, place, request.viewer, today_of(patient, now)),
        "place": place,
        "leave_words": leave_words_of([patient.pk])[patient.pk],
        "may_reach": request.viewer.role in REGISTER_ROLES,
        "safety_facts": safety_facts(viewer=request.viewer, patient_id=patient.id),
        "topics": open_topics(patient_id=patient.id),
        "multiples": multiples_of(patient, trajectory),
        "figure": figure,
        "picks": _picks(trajectory, measures),
        "lines": lines[:LINES_ON_A_CHART],
        "has_more_lines": len(lines) > LINES_ON_A_CHART,
        "upcoming": [
            Fact(queries.short_title(due.instrument_id), date_format(due.due_on, "j M Y"))
            for due in queries.open_and_coming(viewer=request.viewer, patient_id=patient.id)
        ],
        "lately": _lately(trajectory),
        "statuses": [
            Fact(each.title, str(STAFF_WORDS[each.judged.status]), _definition(each.judged))
            for each in statuses(viewer=request.viewer, patient_id=patient.id)
            if each.judged
        ],
    }
    return render(request, "desks/chart.html", shown | told_choices(request.viewer, patient))


@dataclass(frozen=True)
class Pick:
    """A measure of the picker: whether it is drawn, and where a press leads, which draws it or leaves it out."""

    title: str
    is_drawn: bool
    query: str


def _picks(trajectory: Trajectory, drawn: list[str]) -> list[Pick]:
    """One for each measure; none where there is nothing to choose. The last one drawn cannot be left out."""
    names = trajectory.instruments
    if len(names) < 2:
        return []
    picks = []
    for name in names:
        wanted = [n for n in names if (n in drawn) != (n == name)]
        query = QueryDict(mutable=True)
        query.setlist("measure", wanted or [name])
        picks.append(Pick(queries.short_title(name), name in drawn, query.urlencode()))
    return picks


def _identity(
    patient: Patient, place: CoursePlace | None, viewer: Viewer, today: date
) -> list[Fact]:
    """Two identifiers, what the person is treated by, and what must not be missed."""
    facts = [Fact(_("Born"), _born(patient, today)), Fact(_("Record"), patient.number)]
    facts.append(allergy_fact(known_allergies(patient.pk)))
    if place is not None:
        facts.append(Fact(_("Approach"), protocols.approach(place.course.approach_id).title))
        facts.append(Fact(_("Phase"), place.phase))
    if waiting := open_alerts_of(viewer=viewer, patient_id=patient.id):
        facts.append(Fact(_("Safety"), _("%(n)s open") % {"n": waiting}, is_alert=True))
    return facts


def _born(patient: Patient, today: date) -> str:
    """The day, and the age today."""
    born = patient.birth_date
    if born is None:
        return _("not known")
    years = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    return f"{date_format(born, 'j M Y')} ({years})"


def _definition(judged: Judged) -> str:
    """What the status means: the rule of its own name, in the instrument's words."""
    named = [each for each in judged.criteria if each.kind == judged.status]
    return named[0].meaning if named else ""


def _most_scored(trajectory: Trajectory) -> list[str]:
    """The instruments that say most, in the order of their first score."""
    by_count = sorted(
        trajectory.instruments, key=lambda name: -len(trajectory.of_instrument(name))
    )[:SCALES_AT_ONCE]
    return [name for name in trajectory.instruments if name in by_count]


def _lately(trajectory: Trajectory) -> list[TimelineEntry]:
    happened: list[tuple[datetime, ScorePoint | DosePoint]] = [
        (point.at, point) for point in trajectory.scores if point.value_points is not None
    ]
    happened += [(dose.at, dose) for dose in trajectory.doses]
    happened.sort(key=lambda each: each[0], reverse=True)
    return [_lately_entry(at, each) for at, each in happened[:LATELY]]


def _lately_entry(at: datetime, happened: ScorePoint | DosePoint) -> TimelineEntry:
    day = date_format(at, "j M Y")
    if isinstance(happened, DosePoint):
        return TimelineEntry(day, happened.kind.capitalize(), is_dose=True)
    title = queries.short_title(happened.instrument)
    return TimelineEntry(day, f"{title} {happened.value_points:g}")
