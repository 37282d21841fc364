"""A clinic's own ladder of reminders; addresses that refuse; and visits that are moved outside their course."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.cast import Cast
from tests.clinic.assessments.test_planning import (
    BEFORE,
    DAY,
    HOUR,
    NOW,
    due,
    follow,
    work,
)

from longlight.clinic.assessments.actions.reminding import Ladder, remind_as_usual, set_reminders
from longlight.clinic.assessments.actions.rounds import notice_moved_visits
from longlight.clinic.assessments.models import DueAssessment, QuestionnairePlan, ReminderLadder
from longlight.clinic.assessments.queries.reminding import reminding_of
from longlight.clinic.assessments.rules import CannotSetReminders
from longlight.clinic.assessments.views.words import ladder_words, window_in_words
from longlight.clinic.contact.actions import lease_next, put_back
from longlight.clinic.contact.models import Job, Message
from longlight.clinic.contact.rules import Channel
from longlight.clinic.people.access import Refused
from longlight.clinic.record.models import AuditRow
from longlight.clinic.schedule.models import Appointment
from longlight.science.schedules import Wall, is_quiet, not_too_many

NEW_YORK = ZoneInfo("America/New_York")
MAIL, BOTH = [Channel.EMAIL], [Channel.EMAIL, Channel.SMS]


def ladder(cast: Cast, hours: list[int], *, channels=BOTH, most: int | None = None, who="director"):
    return set_reminders(
        ladder=Ladder(uuid4(), hours, channels, most), viewer=getattr(cast, who).viewer, at=NOW
    )


def asked(cast: Cast, *, until: datetime, step: timedelta = HOUR) -> list[datetime]:
    """When a message went out, while the worker looks every hour."""
    at = NOW
    while at < until:
        work(at)
        at += step
    sent = Message.objects.filter(patient_id=cast.patient.patient.id).order_by("queued_at")
    return list(sent.values_list("queued_at", flat=True))


@pytest.fixture
def weekly(cast: Cast) -> DueAssessment:
    """One questionnaire, open from midnight in New York for five days."""
    opens = datetime(2026, 11, 24, 5, tzinfo=UTC)
    return DueAssessment.objects.create(
        patient=cast.patient.patient, instrument_id="phq-9", due_on=date(2026, 11, 24),
        closes_on=date(2026, 11, 28), opens_at=opens, closes_at=opens + 5 * DAY, act_at=opens,
    )  # fmt: skip


@pytest.mark.django_db
class TestALadder:
    def test_of_the_clinics_own_is_climbed_and_leaves_a_trace(self, cast, weekly) -> None:
        ladder(cast, [0, 6, 72])
        sent = asked(cast, until=NOW + 6 * DAY)
        first = datetime(2026, 11, 24, 14, tzinfo=UTC)  # nine in New York: the quiet is over
        assert sent == [first, first + 6 * HOUR, weekly.opens_at + 72 * HOUR + 9 * HOUR]
        row = AuditRow.objects.get(verb="reminders-set")
        assert (row.actor_id, row.details["hours"]) == (cast.director.account.id, [0, 6, 72])

    def test_as_usual_is_that_of_the_customs(self, cast, weekly) -> None:
        ladder(cast, [0])
        remind_as_usual(ladder_id=uuid4(), viewer=cast.director.viewer, at=NOW + HOUR)
        standing = reminding_of([cast.clinic_a.id])[cast.clinic_a.id]
        assert (standing.hours, standing.own) == ([0, 24, 48], None)
        assert len(asked(cast, until=NOW + 6 * DAY)) == 3

    def test_of_another_clinic_changes_nothing_here(self, cast, weekly) -> None:
        set_reminders(
            ladder=Ladder(uuid4(), [0], MAIL, None), viewer=cast.director_of_b.viewer, at=NOW
        ) if hasattr(cast, "director_of_b") else ReminderLadder.objects.create(
            id=uuid4(), clinic=cast.clinic_b, reminders_h=[0], channels=["email"], set_at=NOW,
            set_by_name="x",
        )  # fmt: skip
        assert len(asked(cast, until=NOW + 6 * DAY)) == 3

    def test_never_sends_more_in_a_week_than_the_clinic_allows(self, cast, weekly) -> None:
        ladder(cast, [0, 12, 24, 48, 72], most=2)
        assert len(asked(cast, until=NOW + 6 * DAY)) == 2

    def test_without_the_patients_channel_leaves_it_to_the_telephone(self, cast, weekly) -> None:
        ladder(cast, [0], channels=[Channel.SMS])
        assert asked(cast, until=NOW + 2 * DAY) == []
        weekly.refresh_from_db()
        assert weekly.unreachable_at is not None

    def test_shortened_while_questions_are_open_ends_their_reminders(self, cast, weekly) -> None:
        asked(cast, until=NOW + DAY)
        set_reminders(
            ladder=Ladder(uuid4(), [0], BOTH, None), viewer=cast.director.viewer, at=NOW + DAY
        )
        assert len(asked(cast, until=NOW + 6 * DAY)) == 1

    @pytest.mark.parametrize(
        ("hours", "channels", "most", "word"),
        [
            ([], BOTH, None, "1 to 10 messages"),
            ([24, 0], BOTH, None, "each later"),
            ([0, 0], BOTH, None, "each later"),
            ([0, 1000], BOTH, None, "two weeks"),
            ([-1], BOTH, None, "at once"),
            ([0], [], None, "at least one way"),
            ([0], BOTH, 0, "no limit"),
        ],
    )
    def test_that_cannot_be_is_refused_and_changes_nothing(
        self, cast, hours, channels, most, word
    ) -> None:
        with pytest.raises(CannotSetReminders, match=word):
            ladder(cast, hours, channels=channels, most=most)
        assert not ReminderLadder.objects.exists()

    @pytest.mark.parametrize("who", ["nurse", "front_desk", "administrator", "patient"])
    def test_is_not_for_others_to_set(self, cast, who) -> None:
        with pytest.raises(Refused):
            ladder(cast, [0], who=who)
        assert not ReminderLadder.objects.exists()

    def test_is_set_and_unset_on_its_page_with_mistakes_told(self, cast) -> None:
        client, page = cast.director.client(), "/questionnaires/reminders/"
        assert "This is what is usual" in client.get(page).text
        typed = {"key": uuid4(), "hours": "0, soon", "channels": ["email"]}
        refused = client.post(page, typed)
        assert (refused.status_code, "Write whole hours" in refused.text) == (422, True)
        refused = client.post(page, typed | {"hours": "24, 0"})
        assert (refused.status_code, "each later" in refused.text) == (422, True)
        typed |= {"hours": "0, 12", "most_in_a_week": "4"}
        assert [client.post(page, typed).status_code for _ in range(2)] == [302, 302]
        assert ReminderLadder.objects.count() == 1
        shown = client.get(page).text
        assert "again after 12 hours, by e-mail alone. At most 4 in seven days" in shown
        assert "again after 12 hours" in cast.nurse.client().get("/questionnaires/").text
        assert client.post(page, {"key": uuid4(), "as_usual": "on"}).status_code == 302
        assert "This is what is usual" in client.get(page).text


@given(
    sent=st.lists(st.integers(0, 24 * 20), max_size=12),
    most=st.integers(1, 6),
    after_h=st.integers(0, 24 * 20),
)
def test_a_limit_holds_in_every_seven_days_and_never_in_the_quiet(sent, most, after_h) -> None:
    wall = Wall(NEW_YORK, datetime(2026, 1, 1, 20).time(), datetime(2026, 1, 1, 9).time())  # noqa: DTZ001
    begin = datetime(2026, 10, 25, tzinfo=UTC)  # over the change of the clocks
    went: list[datetime] = []
    for hour in sorted(sent):
        went.append(not_too_many(begin + hour * HOUR, went, most, wall))
    when = not_too_many(begin + after_h * HOUR, went, most, wall)
    for moment in [*went, when]:
        week = [each for each in [*went, when] if moment - 7 * DAY < each <= moment]
        assert len(week) <= most
        assert not is_quiet(moment, NEW_YORK, wall.quiet_from, wall.quiet_until)


@pytest.mark.django_db
def test_an_address_that_refused_is_not_written_to_again(cast: Cast, weekly) -> None:
    work(datetime(2026, 11, 24, 15, tzinfo=UTC))
    lease = lease_next(at=datetime(2026, 11, 24, 15, tzinfo=UTC))
    assert lease is not None
    put_back(lease, at=NOW + DAY, trouble="address-refused: 550", at_once_dead=True)
    assert len(asked(cast, until=NOW + 6 * DAY)) == 1
    weekly.refresh_from_db()
    assert weekly.unreachable_at is not None
    assert Job.objects.filter(name="send-message").count() == 1


@pytest.mark.django_db
class TestAMovedVisit:
    def booked(self, cast: Cast, start_at: datetime, at: datetime, **fields: object) -> Appointment:
        return Appointment.objects.create(
            clinic=cast.clinic_a, patient=cast.patient.patient, kind="dosing", status="booked",
            start_at=start_at, end_at=start_at + 2 * HOUR, booked_at=at, booked_by_name="desk", **fields,
        )  # fmt: skip

    def test_moves_its_questions_at_the_next_beat_of_the_worker(self, cast) -> None:
        monday = datetime(2026, 11, 30, tzinfo=UTC)
        first = self.booked(cast, monday + 18 * HOUR, NOW - HOUR)
        follow(cast)
        assert due(cast, 0, BEFORE).closes_at == monday + 18 * HOUR
        later = NOW + HOUR
        Appointment.objects.filter(pk=first.pk).update(status="moved", ended_at=later)
        self.booked(cast, monday + 21 * HOUR, later, moved_from=first)
        notice_moved_visits(at=later + timedelta(minutes=5))
        work(later + timedelta(minutes=5))
        assert due(cast, 0, BEFORE).closes_at == monday + 21 * HOUR

    def test_makes_no_work_where_nothing_was_moved(self, cast) -> None:
        self.booked(cast, NOW + 7 * DAY, NOW - HOUR)
        follow(cast)
        before = QuestionnairePlan.objects.values_list("look_at", flat=True).get()
        notice_moved_visits(at=NOW + HOUR)
        assert QuestionnairePlan.objects.values_list("look_at", flat=True).get() == before


def test_days_are_told_as_days_and_hours_as_hours() -> None:
    day = datetime(2026, 3, 7, 5, tzinfo=UTC)  # midnight in New York, the day before the change
    assert window_in_words(day, day + 47 * HOUR, NEW_YORK) == ("7 Mar", "8 Mar")
    assert window_in_words(day, day + 24 * HOUR, NEW_YORK) == ("7 Mar", "")
    assert window_in_words(day + 10 * HOUR, day + 47 * HOUR, NEW_YORK) == ("7 Mar 10:00", "8 Mar")
    assert window_in_words(day, day + 34 * HOUR, NEW_YORK) == ("7 Mar", "8 Mar 11:00")


@pytest.mark.django_db
def test_the_usual_ladder_in_words(cast: Cast) -> None:
    standing = reminding_of([cast.clinic_a.id])[cast.clinic_a.id]
    assert ladder_words(standing) == (
        "A message goes out when the questions open, and again after 24 and 48 hours."
    )
