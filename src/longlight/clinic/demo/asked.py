"""The demo's questionnaires: some open, one put off, one answered this morning, somebody who has gone quiet.

Two answers of that one come in late: the phone had no connection until the check-in was over.
"""

from datetime import date, datetime, timedelta
from uuid import UUID

from longlight.clinic.assessments.actions import finish_check_in, keep_answer, plan_check_in
from longlight.clinic.assessments.actions.attending import log_call, put_off
from longlight.clinic.assessments.actions.rounds import look_round
from longlight.clinic.assessments.actions.scheduling import Addition, add_rule
from longlight.clinic.assessments.models import AddedRule, DueAssessment
from longlight.clinic.assessments.queries import questions_of
from longlight.clinic.assessments.rules import CallOutcome
from longlight.clinic.demo.people import HARBOR, RIDGE, DemoClinic, demo_id, not_before
from longlight.clinic.demo.staff import staff_of
from longlight.clinic.people.rules import Role, Viewer, system_actor
from longlight.clinic.record.actions import clinic_chain, writing
from longlight.science.schedules import Later

QUIET = ((HARBOR, "LL-0403", False), (HARBOR, "LL-0411", True))  # and whether somebody called
WEEKS_QUIET = 6
ASKED_AGO, OPEN_FOR = timedelta(days=2), timedelta(days=5)
OVERDUE, PUT_OFF, ANSWERED = (HARBOR, "LL-0402"), (HARBOR, "LL-0409"), (HARBOR, "LL-0407")
ONE_MIN = timedelta(minutes=1)


def build_asked(today: date, at: datetime) -> None:
    """Ask as the worker would have; what an earlier build left stays."""
    at = not_before(today, at)
    if AddedRule.objects.filter(pk=demo_id("rule", QUIET[0][1])).exists():
        return
    for clinic, number, is_called in QUIET:
        _go_quiet(clinic, number, is_called, at)
    for clinic in (HARBOR, RIDGE):
        _forget_the_past(clinic, at)
    for clinic, number in (OVERDUE, PUT_OFF, ANSWERED):
        _ask(clinic, number, today, at - ASKED_AGO)
    for clinic in (HARBOR, RIDGE):
        for patient in clinic.patients:
            _look(clinic, patient.number, at - timedelta(hours=3))
    _answer(*ANSWERED, at - timedelta(hours=2))
    _put_off(*PUT_OFF, at - timedelta(hours=1))
    _come_late(HARBOR, QUIET[1][1], at - timedelta(hours=1))


def _forget_the_past(clinic: DemoClinic, at: datetime) -> None:
    """Courses of the past were written down without a worker: what nobody was asked then, nobody has missed."""
    with writing(by=system_actor("longlight demo", clinic.id), at=at) as pen:
        DueAssessment.objects.filter(
            patient__clinic_id=clinic.id, status="due", opened_at=None, closes_at__lte=at,
            plan_key__isnull=False,
        ).update(status="cancelled", dropped_at=at, act_at=None)  # fmt: skip
        pen.note(
            "past-questionnaires-dropped", chain=clinic_chain(clinic.id), object_kind="clinic",
            object_id=clinic.id,
        )  # fmt: skip


def _ask(clinic: DemoClinic, number: str, today: date, at: datetime) -> None:
    day = today - ASKED_AGO
    plan_check_in(
        patient_id=_patient(clinic, number), instrument_id="gad-7", due_on=day,
        closes_on=day + OPEN_FOR, viewer=staff_of(clinic).nurse, at=at,
    )  # fmt: skip
    _look(clinic, number, at)


def _patient(clinic: DemoClinic, number: str) -> UUID:
    return demo_id("patient", clinic.slug, number)


def _look(clinic: DemoClinic, number: str, at: datetime) -> None:
    patient_id = _patient(clinic, number)
    look_round(first=patient_id, last=patient_id, at=at)


def _go_quiet(clinic: DemoClinic, number: str, is_called: bool, at: datetime) -> None:
    """Asked every week, and nothing came back."""
    begun, nurse = at - timedelta(weeks=WEEKS_QUIET), staff_of(clinic).nurse
    weekly = Addition(demo_id("rule", number), "every-so-many-days", "phq-9", 7)
    add_rule(addition=weekly, patient_id=_patient(clinic, number), viewer=nurse, at=begun)
    for half_week in range(1, 2 * WEEKS_QUIET):
        _look(clinic, number, begun + half_week * timedelta(days=3.5))
    if is_called:
        log_call(
            call_id=demo_id("call", number), patient_id=_patient(clinic, number),
            outcome=CallOutcome.NO_ANSWER, note="", viewer=nurse, at=at - timedelta(days=1),
        )  # fmt: skip


def _viewer(clinic: DemoClinic, number: str) -> Viewer:
    name = next(each.name for each in clinic.patients if each.number == number)
    account_id = demo_id("account", clinic.slug, number)
    return Viewer(account_id, name, Role.PATIENT, clinic.id, _patient(clinic, number))


def _open(clinic: DemoClinic, number: str, at: datetime) -> tuple[Viewer, DueAssessment | None]:
    """The patient, and what they can answer first."""
    viewer = _viewer(clinic, number)
    asked = DueAssessment.objects.filter(
        patient_id=_patient(clinic, number),
        instrument_id="gad-7",
        status="due",
        opens_at__lte=at,
        closes_at__gt=at,
    )
    return viewer, asked.first()


def _answer(clinic: DemoClinic, number: str, at: datetime) -> None:
    viewer, due = _open(clinic, number, at)
    questions = questions_of(due) if due else None
    if due is None or questions is None:
        return
    for question in questions.each:
        keep_answer(
            due_id=due.pk, item_id=question.id, code=question.options[0].code,
            key=demo_id("answer", number, question.id), by=viewer, at=at,
        )  # fmt: skip
    finish_check_in(due_id=due.pk, by=viewer, at=at + 2 * ONE_MIN)


def _put_off(clinic: DemoClinic, number: str, at: datetime) -> None:
    viewer, due = _open(clinic, number, at)
    if due is not None:
        put_off(due_id=due.pk, later=Later.SHORT, by=viewer, at=at)


def _come_late(clinic: DemoClinic, number: str, at: datetime) -> None:
    """The first two answers of the check-in that was missed last, chosen on the day before it closed."""
    missed = DueAssessment.objects.filter(patient_id=_patient(clinic, number), status="missed")
    due = missed.order_by("closes_at").last()
    questions = questions_of(due) if due else None
    if due is None or due.closes_at is None or questions is None:
        return
    for question in questions.each[:2]:
        keep_answer(
            due_id=due.pk, item_id=question.id, code=question.options[1].code,
            key=demo_id("late", number, question.id), by=_viewer(clinic, number), at=at,
            chosen_at=due.closes_at - timedelta(days=1),
        )  # fmt: skip
