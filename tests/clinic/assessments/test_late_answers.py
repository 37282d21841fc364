"""An answer that comes when its check-in takes none is kept as what it is, seen by staff, and told to safety; once."""

import re
from datetime import UTC, datetime, time, timedelta
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.utils import timezone
from tests.cast import Cast

from longlight.clinic.assessments.actions import (
    finish_check_in,
    keep_answer,
    see_late_answers,
    send_check_in,
    withdraw_check_in,
)
from longlight.clinic.assessments.actions.entering import Entry, enter_by_hand
from longlight.clinic.assessments.actions.scores import FilledIn
from longlight.clinic.assessments.models import (
    Assessment,
    DueAssessment,
    KeptAnswer,
    LateAnswer,
)
from longlight.clinic.assessments.queries.history import answers_to_item
from longlight.clinic.assessments.queries.late import late_lines
from longlight.clinic.assessments.rules import CannotAnswer, HandWay, Source
from longlight.clinic.people.access import Refused
from longlight.clinic.people.models import PatientLink
from longlight.clinic.people.rules import HANDS_IN_FOR
from longlight.clinic.record.models import AuditRow
from longlight.clinic.safety.models import Alert, AlertEvent
from longlight.science import instruments

NOW = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)
ITEMS = [item.id for item in instruments.get("phq-9").items]
CLOSED = NOW + timedelta(days=30)
WAYS = ["closed", "sent", "taken-back", "typed"]


@pytest.fixture
def due(cast: Cast) -> DueAssessment:
    today = NOW.date()
    return DueAssessment.objects.create(
        patient=cast.patient.patient, instrument_id="phq-9", due_on=today,
        closes_on=today + timedelta(days=6),
    )  # fmt: skip


def hand_in(cast: Cast, due: DueAssessment, item: int, code: str, **other: object):
    asked = {
        "due_id": due.id, "item_id": ITEMS[item - 1], "code": code, "key": uuid4(),
        "by": cast.patient.viewer, "at": CLOSED, **other,
    }  # fmt: skip
    return keep_answer(**asked)  # type: ignore[arg-type]


def end(cast: Cast, due: DueAssessment, how: str) -> datetime:
    """The check-in ends; when a late answer then comes."""
    if how == "closed":
        return CLOSED
    if how == "taken-back":
        withdraw_check_in(due_id=due.id, viewer=cast.nurse.viewer, at=NOW)
    elif how == "sent":
        hand_in(cast, due, 1, "1", at=NOW)
        finish_check_in(due_id=due.id, by=cast.patient.viewer, at=NOW)
    else:
        typed = FilledIn(
            uuid4(), "phq-9", NOW.date(), Source.INTERVIEW, time(11),
            {**dict.fromkeys(ITEMS, 0), ITEMS[8]: 0},
        )  # fmt: skip
        enter_by_hand(
            patient_id=cast.patient.patient.id, entry=Entry(typed, HandWay.WITH_PATIENT),
            viewer=cast.nurse.viewer, at=NOW,
        )  # fmt: skip
    return NOW + timedelta(hours=2)


@pytest.mark.parametrize("how", WAYS)
def test_it_is_kept_apart_once_and_counts_in_nothing(cast, due, how: str) -> None:
    came_at = end(cast, due, how)
    before = (KeptAnswer.objects.count(), Assessment.objects.count())
    key, chosen_at = uuid4(), NOW - timedelta(minutes=5)
    for _ in range(2):
        late = hand_in(cast, due, 3, "2", key=key, at=came_at, chosen_at=chosen_at)
    assert isinstance(late, LateAnswer)
    kept = LateAnswer.objects.get()
    assert (kept.code, kept.value_points, kept.chosen_at, kept.came_at) == (
        "2", 2, chosen_at, came_at,
    )  # fmt: skip
    assert kept.why == ("sent" if how == "typed" else how)
    assert (KeptAnswer.objects.count(), Assessment.objects.count()) == before
    assert AuditRow.objects.filter(verb="answer-came-late").count() == 1


@pytest.mark.parametrize("how", WAYS)
def test_item_nine_raises_its_alert_with_the_time_at_which_it_was_chosen(
    cast, due, how: str
) -> None:
    came_at, chosen_at = end(cast, due, how), NOW - timedelta(hours=3)
    key = uuid4()
    for _ in range(2):
        hand_in(cast, due, 9, "1", key=key, at=came_at, chosen_at=chosen_at)
    alert = Alert.objects.get()
    assert (alert.priority, alert.raised_at) == ("high", came_at)
    raised = AlertEvent.objects.exclude(kind__in=["told", "not-told"]).get()
    assert (raised.answer, raised.chosen_at) == ("Several days", chosen_at)
    page = cast.nurse.client().get(f"/safety/{alert.id}/").text
    assert "The answer was chosen 23 Nov" in page
    assert "came late" in page


def test_what_was_chosen_later_and_came_before_is_said_last(cast, due) -> None:
    hand_in(cast, due, 9, "0", at=NOW)
    finish_check_in(due_id=due.id, by=cast.patient.viewer, at=NOW)
    hand_in(cast, due, 9, "2", chosen_at=NOW - timedelta(minutes=5))
    told = AlertEvent.objects.filter(answer__gt="").order_by("pk")
    assert [each.answer for each in told] == ["More than half the days", "Not at all"]


def test_before_its_day_it_is_refused_and_not_late(cast, due) -> None:
    with pytest.raises(CannotAnswer, match="open on"):
        hand_in(cast, due, 1, "1", at=NOW - timedelta(days=1))
    assert not LateAnswer.objects.exists()


@pytest.mark.parametrize("who", ["other_patient", "patient_of_b", "nurse"])
def test_of_somebody_else_it_is_refused(cast, due, who: str) -> None:
    with pytest.raises(Refused):
        hand_in(cast, due, 9, "1", by=getattr(cast, who).viewer)
    assert (LateAnswer.objects.count(), Alert.objects.count()) == (0, 0)


def test_that_it_was_seen_is_kept_once_and_nothing_else_changes(cast, due) -> None:
    hand_in(cast, due, 3, "2")
    these = {"due_id": due.id, "late_ids": [LateAnswer.objects.get().pk], "at": CLOSED}
    assert see_late_answers(viewer=cast.nurse.viewer, **these) == 1
    assert see_late_answers(viewer=cast.director.viewer, **these) == 0
    kept = LateAnswer.objects.get()
    assert kept.seen_by_name == cast.nurse.viewer.name
    for change in ({"code": "0"}, {"seen_by_name": "somebody else"}):
        with pytest.raises(DatabaseError), transaction.atomic():
            LateAnswer.objects.update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        LateAnswer.objects.all().delete()


@pytest.mark.parametrize("who", ["nurse_of_b", "front_desk", "patient"])
def test_it_is_not_seen_by_who_may_not_open_the_chart(cast, due, who: str) -> None:
    hand_in(cast, due, 3, "2")
    with pytest.raises(Refused):
        see_late_answers(
            due_id=due.id, late_ids=[LateAnswer.objects.get().pk],
            viewer=getattr(cast, who).viewer, at=CLOSED,
        )  # fmt: skip
    assert LateAnswer.objects.get().seen_at is None


def test_the_item_over_time_lists_it_as_late(cast, due) -> None:
    hand_in(cast, due, 9, "1", chosen_at=NOW)
    (found,) = answers_to_item(
        viewer=cast.nurse.viewer, patient=cast.patient.patient, instrument_id="phq-9",
        item_number=9, at=CLOSED,
    )  # fmt: skip
    assert (found.on, found.words, found.is_late) == (NOW.date(), "Several days", True)


def test_staff_are_told_whether_it_was_chosen_while_the_window_was_open(cast, due) -> None:
    hand_in(cast, due, 1, "1", chosen_at=NOW)
    hand_in(cast, due, 2, "1", chosen_at=CLOSED - timedelta(days=1))
    _due, lines = late_lines(due_id=due.id, viewer=cast.nurse.viewer)
    assert [(each.number, each.was_in_window) for each in lines] == [(1, True), (2, False)]


class TestPages:
    """By link and signed in, as the phone's script and a page without script use them."""

    @pytest.fixture
    def linked(self, cast: Cast) -> tuple[Client, str]:
        now = timezone.now()
        sent = send_check_in(
            patient_id=cast.patient.patient.id, instrument_id="phq-9",
            closes_on=now.date() + timedelta(days=3), by_mail=False, key=uuid4(),
            viewer=cast.nurse.viewer, at=now,
        )  # fmt: skip
        self.address = "/l/" + str(sent.address).rsplit("/", 1)[1]
        client = Client()
        return client, client.get(self.address)["Location"]

    def over(self, how: str, cast: Cast) -> None:
        """The link's days pass with its check-in's, or the clinic takes it back."""
        due = DueAssessment.objects.get()
        now = timezone.now()
        if how == "taken-back":
            withdraw_check_in(due_id=due.pk, viewer=cast.nurse.viewer, at=now)
            return
        PatientLink.objects.update(expires_at=now - timedelta(minutes=1))
        DueAssessment.objects.update(
            closes_at=now - timedelta(minutes=1), closes_on=now.date() - timedelta(days=1)
        )

    def post(self, client: Client, url: str, code: str, key: UUID | None = None):
        fields = {"key": str(key or uuid4()), "answer": code, "waited_ms": "7200000"}
        return client.post(url, fields, headers={"Accept": "application/json"})

    @pytest.mark.parametrize("how", ["closed", "taken-back"])
    def test_a_link_that_is_over_takes_in_what_waited_and_opens_nothing(
        self, cast, linked, how: str
    ) -> None:
        client, base = linked
        self.over(how, cast)
        asked = client.get(base, headers={"Accept": "application/json"})
        assert set(asked.json()) == {"token"}
        told = self.post(client, f"{base}questions/9/", "1")
        assert told.status_code == 202
        assert "Need help now?" in told.json()["sentence"]
        assert LateAnswer.objects.get().why == how
        chosen_at = AlertEvent.objects.filter(kind="raised").get().chosen_at
        assert chosen_at == LateAnswer.objects.get().chosen_at
        for url in (base, f"{base}questions/1/"):
            page = client.get(url)
            assert (page.status_code, "This link is over" in page.text) == (410, True)
        assert client.get(f"{base}questions/1/", headers={"Accept": "application/json"}).json()
        for page in ("all/", "check/", "thanks/", "later/", "stopped/", "help/9/"):
            assert client.get(f"{base}{page}").status_code == 404
        assert client.post(f"{base}send/").status_code == 404
        assert not KeptAnswer.objects.exists()

    def test_a_link_that_is_over_does_not_answer_a_check_in_that_is_open_again(
        self, cast, linked
    ) -> None:
        client, base = linked
        PatientLink.objects.update(expires_at=timezone.now() - timedelta(minutes=1))
        assert self.post(client, f"{base}questions/1/", "1").status_code == 202
        assert LateAnswer.objects.get().why == "link-over"
        assert (
            client.post(f"{base}questions/1/", {"key": uuid4(), "answer": "1"}).status_code == 410
        )
        assert (LateAnswer.objects.count(), KeptAnswer.objects.count()) == (1, 0)

    def test_a_phone_that_lost_its_session_hands_in_by_the_old_address(self, cast, linked) -> None:
        _client, base = linked
        self.over("closed", cast)
        anew = Client()
        assert self.post(anew, f"{base}questions/1/", "1").status_code == 404
        assert anew.get(self.address).status_code == 410
        assert self.post(anew, f"{base}questions/1/", "1").status_code == 202

    @pytest.mark.parametrize("how", ["closed", "taken-back"])
    def test_a_month_after_it_was_over_a_link_takes_nothing_in(self, cast, linked, how) -> None:
        client, base = linked
        self.over(how, cast)
        for which in ("expires_at", "revoked_at"):
            ended = PatientLink.objects.exclude(**{which: None})
            ended.update(**{which: timezone.now() - HANDS_IN_FOR + timedelta(hours=1)})
        assert self.post(client, f"{base}questions/1/", "1").status_code == 202
        for which in ("expires_at", "revoked_at"):
            ended = PatientLink.objects.exclude(**{which: None})
            ended.update(**{which: timezone.now() - HANDS_IN_FOR})
        for browser in (client, Client()):
            assert browser.get(self.address).status_code == 410
            assert self.post(browser, f"{base}questions/9/", "1").status_code == 404
        assert (LateAnswer.objects.count(), Alert.objects.count()) == (1, 0)

    def test_a_newer_link_leaves_what_waits_for_an_older_one_its_way(self, cast, linked) -> None:
        client, base = linked
        self.over("closed", cast)
        DueAssessment.objects.update(status="missed")
        now = timezone.now()
        newer = send_check_in(
            patient_id=cast.patient.patient.id, instrument_id="gad-7", closes_on=now.date(),
            by_mail=False, key=uuid4(), viewer=cast.nurse.viewer, at=now,
        )  # fmt: skip
        client.get("/l/" + str(newer.address).rsplit("/", 1)[1])
        assert self.post(client, f"{base}questions/1/", "1").status_code == 202

    def test_a_page_without_script_keeps_it_too_and_says_so(self, cast, linked) -> None:
        _client, _base = linked
        client = cast.patient.client()
        due = DueAssessment.objects.get()
        self.over("closed", cast)
        told = client.post(
            f"/check-ins/{due.pk}/questions/9/", {"key": uuid4(), "answer": "1", "do": "continue"}
        )
        assert (told.status_code, "came after that" in told.text) == (410, True)
        assert LateAnswer.objects.get().code == "1"
        assert Alert.objects.count() == 1
        every = {"key": uuid4(), **{f"{item}-answer": "0" for item in ITEMS[:2]}}
        assert "3 answers of yours" in client.post(f"/check-ins/{due.pk}/all/", every).text

    def test_where_its_wording_never_was_an_answer_waits_on_the_phone(
        self, linked, monkeypatch
    ) -> None:
        client, base = linked
        monkeypatch.setattr(
            "longlight.clinic.assessments.views.answering.questions_answered", lambda due: None
        )
        assert self.post(client, f"{base}questions/1/", "1").status_code == 503

    def test_staff_find_it_look_at_it_and_say_so(self, cast, linked) -> None:
        client, base = linked
        nurse = cast.nurse.client()
        assert "Answers came too late" not in nurse.get("/board/").text
        self.over("closed", cast)
        self.post(client, f"{base}questions/3/", "2")
        assert "Answers came too late" in nurse.get("/board/").text
        listed = nurse.get("/questionnaires/?show=late")
        assert (cast.patient.patient.name in listed.text, "1 answer" in listed.text) == (True, True)
        url = f"/check-ins/{DueAssessment.objects.get().pk}/late/"
        page = nurse.get(url).text
        assert ("More than half the days" in page, "its window was over" in page) == (True, True)
        self.post(client, f"{base}questions/4/", "1")  # comes while the page is being read
        shown = re.findall(r'name="late" value="([^"]+)"', page)
        for odd in ([], ["x"], [str(uuid4())]):
            assert nurse.post(url, {"late": odd}).status_code == 422
        assert nurse.post(url, {"late": shown})["Location"] == "/questionnaires/?show=late"
        unseen = LateAnswer.objects.get(seen_at=None)
        assert unseen.value_points == 1
        assert "1 answer" in nurse.get("/questionnaires/?show=late").text
        nurse.post(url, {"late": [str(unseen.pk), *shown]})
        assert "Nothing came too late" in nurse.get("/questionnaires/?show=late").text
        assert f"seen by {cast.nurse.viewer.name}" in nurse.get(url).text
