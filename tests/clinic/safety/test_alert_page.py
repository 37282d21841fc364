"""What staff read on an alert: the item's words and the answer's, who to tell, what comes next."""

import html
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from tests.cast import Cast

from longlight import instruments
from longlight.clinic.assessments.actions import finish_check_in, keep_answer
from longlight.clinic.assessments.models import DueAssessment
from longlight.clinic.people.models import Patient
from longlight.clinic.record.rules import Actor
from longlight.clinic.safety.actions import raise_alert
from longlight.clinic.safety.models import Alert
from longlight.clinic.safety.rules import Finding, Priority

pytestmark = pytest.mark.django_db
MORNING = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)


def flagged(cast: Cast, answer: str, at: datetime = MORNING) -> Alert:
    finding = Finding("phq-9:item-9", Priority.HIGH, "phq-9", 9, answer, uuid4())
    actor: Actor = cast.nurse.viewer.actor
    return raise_alert(patient=cast.patient.patient, finding=finding, by=actor, at=at)


def shown(cast: Cast, alert: Alert) -> str:
    return html.unescape(cast.nurse.client().get(f"/safety/{alert.id}/").content.decode())


def test_the_item_stands_in_its_own_words_beside_the_answer(cast: Cast) -> None:
    text = instruments.get("phq-9").text("en")
    assert text is not None
    page = shown(cast, flagged(cast, "Several days"))
    assert text.item(9).text in page
    assert "<b>Several days</b>" in page


def test_earlier_flags_on_the_item_are_listed_with_their_answers(cast: Cast) -> None:
    flagged(cast, "Nearly every day", MORNING - timedelta(days=14))
    page = shown(cast, flagged(cast, "Several days"))
    assert "<td>Nearly every day</td>" in page
    assert "No earlier alert" not in page


def answered(cast: Cast, code: str, days_ago: int, *, is_sent: bool) -> DueAssessment:
    """A check-in of so many days ago in which item 9 was answered."""
    at = datetime.now(UTC) - timedelta(days=days_ago)
    due = DueAssessment.objects.create(
        patient=cast.patient.patient, instrument_id="phq-9", due_on=at.date() - timedelta(days=1),
        closes_on=at.date() + timedelta(days=1),
    )  # fmt: skip
    for item in range(1, 10):
        if is_sent or item == 9:
            keep_answer(
                due_id=due.pk, item_id=f"phq9_{item}", code=code if item == 9 else "0",
                key=uuid4(), by=cast.patient.viewer, at=at,
            )  # fmt: skip
    if is_sent:
        finish_check_in(due_id=due.pk, by=cast.patient.viewer, at=at)
    return due


def test_answers_that_raised_no_alert_stand_there_too_with_those_that_did(cast: Cast) -> None:
    answered(cast, "0", 21, is_sent=True)
    answered(cast, "2", 14, is_sent=False)
    answered(cast, "1", 2, is_sent=True)
    alert = Alert.objects.latest("raised_at")
    page = shown(cast, alert)
    table = page.split("This item before")[1].split("</table>")[0]
    assert [words for words in ("Several days", "More than half the days", "Not at all") if words in table] == [
        "Several days", "More than half the days", "Not at all",
    ]  # fmt: skip
    assert table.index("Several days") < table.index("More than half") < table.index("Not at all")
    assert table.count("this alert") == 1
    assert "not sent" in table
    assert "Earlier alerts" not in page, "nothing is said twice"


def test_who_may_not_open_the_chart_reads_no_earlier_answers(cast: Cast) -> None:
    answered(cast, "0", 21, is_sent=True)
    alert = flagged(cast, "Several days")
    Patient.objects.filter(pk=cast.patient.patient.id).update(is_restricted=True)
    assert "Not at all" not in shown(cast, alert)
    Patient.objects.filter(pk=cast.patient.patient.id).update(is_restricted=False)
    assert "Not at all" in shown(cast, alert)


def test_nobody_is_told_that_a_message_is_safe_to_leave(cast: Cast) -> None:
    assert "Not known whether it is safe" in shown(cast, flagged(cast, "Several days"))
