"""What staff read on an alert: the item's words and the answer's, who to tell, what comes next."""

import html
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from tests.cast import Cast

from longlight import instruments
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


def test_nobody_is_told_that_a_message_is_safe_to_leave(cast: Cast) -> None:
    assert "Not known whether it is safe" in shown(cast, flagged(cast, "Several days"))
