"""Two clicks, two tabs: each write on the path happens once, and the second answer is a page, never a fault."""

import re
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.db.models import Model
from tests import walk
from tests.cast import Cast, Person

from longlight.clinic.courses.models import Course
from longlight.clinic.followup.models import BoosterDecision
from longlight.clinic.screening.models import Consent, ScreeningDecision, ScreeningFinding
from longlight.clinic.therapy.models import JournalEntry, PsychotherapyNote, TherapyNote
from longlight.science import protocols

pytestmark = pytest.mark.django_db
NOW = datetime.now(UTC)
Sent = tuple[Person, str, dict[str, object], type[Model]]


def findings(cast: Cast) -> Sent:
    answers: dict[str, object] = {f.id: "no" for f in protocols.findings_for("medicine")}
    url = f"/patients/{cast.patient.patient.id}/screening/medicine/findings"
    return cast.nurse, url, answers, ScreeningFinding


def decision(cast: Cast) -> Sent:
    who, url, answers, _ = findings(cast)
    who.client().post(url, answers)
    url = url.replace("findings", "decision")
    return cast.prescriber, url, {"outcome": "fit", "reasons": "Seen."}, ScreeningDecision


def consent(cast: Cast) -> Sent:
    url = f"/patients/{cast.patient.patient.id}/consent/ketamine-off-label/1/"
    return cast.nurse, url, {"signature": cast.patient.patient.name, "agreed": "on"}, Consent


def course(cast: Cast) -> Sent:
    walk.adopt(cast)
    walk.screen_as_fit(cast)
    walk.sign_consent(cast)
    said = {"protocol": walk.PROTOCOL, "start_on": str(NOW.date() + timedelta(days=3))}
    return cast.prescriber, f"/patients/{cast.patient.patient.id}/course/", said, Course


def note(cast: Cast) -> Sent:
    said = {
        "id": uuid.uuid4(),
        "kind": "integration",
        "on": str(NOW.date() - timedelta(days=1)),
        "text": "Calm.",
    }
    return cast.therapist, f"/patients/{cast.patient.patient.id}/therapy/new", said, TherapyNote


def private_note(cast: Cast) -> Sent:
    said = {"id": uuid.uuid4(), "on": str(NOW.date() - timedelta(days=1)), "text": "Mine."}
    url = f"/patients/{cast.patient.patient.id}/psychotherapy/"
    return cast.therapist, url, said, PsychotherapyNote


def journal(cast: Cast) -> Sent:
    return cast.patient, "/journal/", {"id": uuid.uuid4(), "text": "Rain."}, JournalEntry


def booster(cast: Cast) -> Sent:
    planned = walk.plan_course(cast).sessions.filter(kind="dosing", dose_number=7).get()
    said = {"session_id": planned.pk, "choice": "accepted", "reason": "Well."}
    url = f"/patients/{cast.patient.patient.id}/follow-up/booster"
    return cast.prescriber, url, said, BoosterDecision


@pytest.mark.parametrize(
    "make", [findings, decision, consent, course, note, private_note, journal, booster],
    ids=lambda make: make.__name__,
)  # fmt: skip
def test_a_page_sent_twice_writes_once(cast: Cast, make: Callable[[Cast], Sent]) -> None:
    who, url, said, kept = make(cast)
    tab, other_tab = who.client(), who.client()
    assert tab.post(url, said).status_code == 302
    rows = kept._default_manager.count()
    assert rows
    again = other_tab.post(url, said)
    assert again.status_code in {302, 409}
    assert kept._default_manager.count() == rows
    if again.status_code == 409:
        notice = re.search(r'class="notice[^>]*>(.*?)</div>', again.content.decode(), re.DOTALL)
        assert notice
        assert re.search(r"(already|is running)[^<]*\.", notice[1])
