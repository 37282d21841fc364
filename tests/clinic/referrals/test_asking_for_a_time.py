"""Times that people ask for: shown, held, taken meanwhile, confirmed, changed; and the summary that comes along."""

import re
import uuid
from datetime import datetime, timedelta
from html import unescape
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.http import Http404
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from tests.clinic.house import NOW, TEN, House, signed_in
from tests.clinic.referrals.test_referral_actions import ask, claimed, nothing_changes, step, trace
from tests.clinic.referrals.test_referral_pages import filled, hidden
from tests.decision_aid_walk import Visitor

from longlight.clinic.approaches.models import BroughtChoice
from longlight.clinic.approaches.queries.together import brought_of
from longlight.clinic.people.rules import Role
from longlight.clinic.record.models import AuditRow
from longlight.clinic.referrals import actions, queries
from longlight.clinic.referrals.access import token_of
from longlight.clinic.referrals.models import Referral, RequestChange, RequestDesk
from longlight.clinic.referrals.rules import (
    MOST_UNCONFIRMED,
    SLOT_LEAD,
    CannotAsk,
    CannotTriage,
    Changed,
    Concern,
    ContactMethod,
    SlotTaken,
    nearest,
    spread,
)
from longlight.clinic.schedule import actions as schedule
from longlight.clinic.schedule.models import Appointment
from longlight.clinic.schedule.rules import Kind

WEDNESDAY = TEN + timedelta(days=1)  # Wednesday 25 November, 10:00 at the clinic
PRIVATE = "my brother must not know"


@pytest.fixture
def house(harbor: House) -> House:
    actions.arrange_desk(
        viewer=harbor.viewers[Role.DIRECTOR], at=NOW, takes_requests=True, target_h=24,
        readers="Two people", hours="daily", first_talks_with=[harbor.nurses[0].pk],
    )  # fmt: skip
    return harbor


@pytest.fixture
def clock() -> Any:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def desk(house: House) -> RequestDesk:
    found = queries.desk_by_slug(house.clinic.slug)
    assert found is not None
    return found


def take(house: House, start_at: datetime) -> Appointment:
    """Somebody at the clinic books this nurse, for something else."""
    booking = house.somebody(
        start_at=start_at, length=timedelta(minutes=50), kind=Kind.FIRST_TALK,
        resource_ids=frozenset({house.nurses[0].pk}),
    )  # fmt: skip
    return schedule.book(viewer=house.desk, at=NOW, booking=booking)


moments = st.lists(
    st.integers(0, 28 * 96).map(lambda quarter: NOW + timedelta(minutes=15 * quarter)),
    unique=True, max_size=60,
).map(sorted)  # fmt: skip


@given(moments, st.integers(0, 28 * 96))
def test_a_few_times_are_shown_and_the_nearest_are_the_nearest(
    free: list[datetime], quarter: int
) -> None:
    few = spread(free)
    assert len(few) <= 5
    assert few == sorted(set(few) & set(free))
    assert all(sum(one.date() == other.date() for other in few) <= 2 for one in few)
    wanted = NOW + timedelta(minutes=15 * quarter)
    near = nearest(free, wanted)
    assert len(near) == min(3, len(free))
    assert all(
        abs(one - wanted) <= abs(other - wanted) for one in near for other in set(free) - set(near)
    )


def test_the_form_offers_free_times_in_the_clinics_clock_or_ones_own(
    house: House, clock: Any
) -> None:
    slots = queries.slots_offered(desk(house), now=NOW)
    assert slots[0] >= NOW + SLOT_LEAD
    page = Client().get("/request/harbor/").content.decode()
    assert "Wed 25 Nov, 08:00 EST" in page
    assert "contact me instead" in page
    own = Client().post(
        "/request/harbor/", {"step": "zone", "zone": "America/Chicago", "name": "Sol"}
    )
    assert "Wed 25 Nov, 07:00, your time (CST)" in own.content.decode()
    assert 'value="Sol"' in own.content.decode()
    RequestDesk.objects.get().first_talks_with.clear()
    assert "When would suit you?" not in Client().get("/request/harbor/").content.decode()


def test_a_time_is_held_told_of_and_booked_only_when_staff_confirm(
    house: House, clock: Any
) -> None:
    client = Client()
    said = filled(client, clock) | {"slot": WEDNESDAY.isoformat()}
    check = client.post("/request/harbor/", said | {"step": "check"})
    assert "Wed 25 Nov, 10:00 EST" in check.content.decode()
    for _ in range(2):  # two clicks hold one time
        sent = client.post("/request/harbor/", hidden(check) | {"step": "send"})
    referral = Referral.objects.get()
    assert Appointment.objects.get() == referral.appointment
    assert referral.appointment.start_at == WEDNESDAY
    receipt = client.get(sent["Location"]).content.decode()
    assert "not booked until the clinic confirms it" in receipt
    assert "Wednesday 25 November 2026, 10:00 EST" in receipt
    worker = signed_in(house.accounts[Role.FRONT_DESK])
    assert "Wed 25 Nov, 10:00" in worker.get("/requests/").content.decode()
    for verb in ("claim", "confirm"):
        referral.refresh_from_db()
        url = reverse(f"referral-{verb}", args=[referral.pk])
        assert worker.post(url, {"version": referral.version}).status_code == 302
    referral.refresh_from_db()
    assert (referral.status, referral.first_contact_at is not None) == ("booked", True)
    assert "Your first talk is booked." in client.get(sent["Location"]).content.decode()
    assert trace("referral-time-confirmed").actor_role == "front-desk"


def test_a_time_just_taken_leaves_three_near_ones_and_every_other_answer(
    house: House, clock: Any
) -> None:
    client = Client()
    said = filled(client, clock) | {"slot": WEDNESDAY.isoformat(), "goals": "to sleep again"}
    take(house, WEDNESDAY)
    for stage in ("check", "send"):
        answer = client.post("/request/harbor/", said | {"step": stage})
        page = unescape(answer.content.decode())
        assert answer.status_code == 422
        assert "That time is not free any more" in page
        times = re.findall(r'name="slot" value="(2026[^"]+)"', page)
        near = [abs(datetime.fromisoformat(moment) - WEDNESDAY) for moment in times]
        assert len(times) == 3
        assert max(near) <= timedelta(hours=2)
        assert 'value="Sol Marten"' in page
        assert "to sleep again" in page
    assert not Referral.objects.exists()


def test_two_who_want_one_time_get_one_and_a_sentence(house: House) -> None:
    ask(house, start_at=WEDNESDAY)
    with nothing_changes(), pytest.raises(SlotTaken, match="everything else you said"):
        ask(house, start_at=WEDNESDAY)


@pytest.mark.parametrize(
    "start_at", [NOW + timedelta(hours=1), WEDNESDAY + timedelta(days=400), TEN.replace(minute=7)]
)
def test_a_time_that_was_never_offered_is_not_given(house: House, start_at: datetime) -> None:
    with nothing_changes(), pytest.raises(SlotTaken):
        ask(house, start_at=start_at)


def test_who_asks_about_work_takes_no_time_of_care(house: House) -> None:
    with nothing_changes(), pytest.raises(CannotAsk, match="first talks about care"):
        ask(house, start_at=WEDNESDAY, concern=Concern.WORK)


def test_when_too_many_times_wait_for_a_yes_no_more_are_shown(house: House, clock: Any) -> None:
    free = queries.free_times(desk(house), now=NOW)
    for number in range(MOST_UNCONFIRMED):
        ask(house, start_at=free[number * 4])
    assert queries.slots_offered(desk(house), now=NOW) == []
    assert "When would suit you?" not in Client().get("/request/harbor/").content.decode()
    first = Referral.objects.order_by("appointment__start_at").first()
    assert first is not None
    actions.withdraw(at=NOW, referral_id=first.pk)
    assert free[0] in queries.free_times(desk(house), now=NOW)


def test_confirming_is_refused_where_nothing_is_held_and_to_who_may_not(
    house: House, alder: House
) -> None:
    bare = claimed(house)
    held = claimed(house, start_at=WEDNESDAY)
    with nothing_changes():
        with pytest.raises(CannotTriage, match="No time is held"):
            actions.confirm_time(step=step(house, bare), link="x")
        for role in (Role.RESEARCHER, Role.ADMINISTRATOR, Role.PATIENT):
            with pytest.raises(Http404):
                actions.confirm_time(step=step(house, held, role), link="x")
        with pytest.raises(Http404):
            actions.confirm_time(step=step(alder, held), link="x")
    # Staff may offer another time instead: the one that was asked for is free again.
    actions.book_time(
        step=step(house, held), is_agreed=False, link="https://x.example/",
        booking=house.somebody(
            kind=Kind.FIRST_TALK, length=timedelta(minutes=50), start_at=WEDNESDAY + timedelta(days=1),
            resource_ids=frozenset({house.nurses[1].pk}),
        ),
    )  # fmt: skip
    assert WEDNESDAY in queries.free_times(desk(house), now=NOW)


def test_a_change_by_the_link_keeps_what_was_and_frees_the_old_time(
    house: House, clock: Any
) -> None:
    referral = claimed(house, start_at=WEDNESDAY)
    actions.confirm_time(step=step(house, referral), link="https://x.example/")
    page = reverse("referral-change", args=[token_of(referral.pk)])
    client = Client()
    shown = client.get(page)
    assert "sol@example.org" not in shown.content.decode()
    later = WEDNESDAY + timedelta(hours=3)
    said = hidden(shown) | {
        "slot": later.isoformat(), "contact_method": "phone", "contact_value": "215 555 0199",
        "leave_message": "no", "best_time": "evening", "note": PRIVATE,
    }  # fmt: skip
    wrong = client.post(page, said | {"contact_value": "1"})
    assert (wrong.status_code, RequestChange.objects.count()) == (422, 0)
    for _ in range(2):
        assert client.post(page, said).status_code == 302
    referral.refresh_from_db()
    assert referral.status == "claimed"  # what was agreed must be agreed anew
    assert (referral.contact_value, referral.leave_message) == ("+12155550199", "no")
    assert referral.appointment is not None
    assert referral.appointment.start_at == later
    assert WEDNESDAY in queries.free_times(desk(house), now=NOW)
    change = RequestChange.objects.get()
    assert (change.was_contact_value, change.was_start_at) == ("sol@example.org", WEDNESDAY)
    staff = signed_in(house.accounts[Role.NURSE]).get(reverse("referral", args=[referral.pk]))
    assert "sol@example.org" in staff.content.decode()
    assert PRIVATE in staff.content.decode()
    told = [row.said() for row in AuditRow.objects.all()]
    assert not any(PRIVATE in str(row) or "555" in str(row) for row in told)
    assert trace("referral-changed").actor_kind == "link"


def test_a_change_is_refused_when_empty_taken_or_too_late(house: House, clock: Any) -> None:
    referral = ask(house, start_at=WEDNESDAY)
    page = reverse("referral-change", args=[token_of(referral.pk)])
    take(house, WEDNESDAY + timedelta(hours=2))
    with nothing_changes():
        empty = Client().post(page, hidden(Client().get(page)) | {"slot": "keep"})
        assert empty.status_code == 422
        assert "Nothing has been changed" in empty.content.decode()
        with pytest.raises(SlotTaken):
            actions.change(
                at=NOW, referral_id=referral.pk,
                changed=Changed(uuid.uuid4(), start_at=WEDNESDAY + timedelta(hours=2)),
            )  # fmt: skip
        with pytest.raises(CannotTriage, match="safe to leave"):
            actions.change(
                at=NOW, referral_id=referral.pk,
                changed=Changed(uuid.uuid4(), contact_method=ContactMethod.TEXT),
            )  # fmt: skip
        assert Client().post(page[:-8] + "x/change/", {}).status_code == 404
    actions.withdraw(at=NOW, referral_id=referral.pk)
    with nothing_changes(), pytest.raises(CannotTriage, match="cannot be changed"):
        actions.change(at=NOW, referral_id=referral.pk, changed=Changed(uuid.uuid4(), note="but"))


def test_the_database_keeps_changes_and_summaries_as_they_were(house: House) -> None:
    referral = ask(house, brought={"leaning": "to wait"})
    actions.change(at=NOW, referral_id=referral.pk, changed=Changed(uuid.uuid4(), note="later"))
    for table, column in ((RequestChange, "note"), (BroughtChoice, "aid_version")):
        with pytest.raises(IntegrityError), transaction.atomic():
            table.objects.update(**{column: "other"})
        with pytest.raises(IntegrityError), transaction.atomic():
            table.objects.all().delete()


def with_summary(house: House, clock: Any) -> tuple[Visitor, dict[str, str]]:
    """Somebody who thought it through, and went on to this clinic with the summary in hand."""
    visitor = Visitor().to("values").press(values__cost="5").to("summary")
    carried = {"carried": visitor.hidden("carried"), "step": "summary", "leaning": PRIVATE}
    listed = visitor.client.post("/request/", carried)
    passed_on = hidden(listed)
    form = visitor.client.post("/request/harbor/with-summary/", passed_on)
    assert form.status_code == 200
    visitor.client = Client()
    clock.shift(timedelta(seconds=10))
    said = hidden(form) | {
        "concern": "care", "name": "Sol Marten", "contact_method": "none", "best_time": "any",
        "slot": "contact-me", "goals": "to work again", "brings_summary": "on",
    }  # fmt: skip
    return visitor, said


def test_the_summary_and_the_goals_come_along_and_stand_in_the_chart(
    house: House, clock: Any
) -> None:
    visitor, said = with_summary(house, clock)
    check = visitor.client.post("/request/harbor/", said | {"step": "check"})
    assert "Send my summary along" in check.content.decode()
    assert not BroughtChoice.objects.exists()
    sent = visitor.client.post("/request/harbor/", hidden(check) | {"step": "send"})
    assert PRIVATE not in visitor.client.get(sent["Location"]).content.decode()
    referral = Referral.objects.get()
    assert referral.brought is not None
    assert referral.brought.aid_version == "1"
    front = signed_in(house.accounts[Role.FRONT_DESK]).get(reverse("referral", args=[referral.pk]))
    assert "to work again" in front.content.decode()
    assert PRIVATE not in front.content.decode()
    nurse = signed_in(house.accounts[Role.NURSE])
    read = nurse.get(reverse("referral", args=[referral.pk])).content.decode()
    assert PRIVATE in read
    assert "It matters very much" in read
    patient = actions.register(
        step=step(house, actions.claim(step=step(house, referral))),
        number="LL-0900", name="Sol Marten", birth_date=None,
    )  # fmt: skip
    found = brought_of(patient_id=patient.pk, viewer=house.viewers[Role.NURSE], at=NOW)
    assert found is not None
    assert (found.answers.leaning, found.answers.values) == (PRIVATE, {"cost": "5"})
    chart = nurse.get(reverse("chart", args=[patient.pk])).content.decode()
    assert PRIVATE in chart
    assert "to work again" in chart
    assert not any(PRIVATE in str(row.said()) for row in AuditRow.objects.all())


def test_a_summary_stays_with_who_does_not_send_it(house: House, clock: Any) -> None:
    visitor, said = with_summary(house, clock)
    del said["brings_summary"]
    assert visitor.client.post("/request/harbor/", said | {"step": "send"}).status_code == 302
    assert Referral.objects.get().brought is None
    assert not BroughtChoice.objects.exists()


def test_a_summary_that_is_not_ours_is_left_out(house: House, clock: Any) -> None:
    _, said = with_summary(house, clock)
    sent = Client().post("/request/harbor/", said | {"carried": "forged:x", "step": "send"})
    assert sent.status_code == 302
    assert Referral.objects.get().brought is None
    plain = Client().post("/request/harbor/with-summary/", {"carried": "forged:x"})
    assert plain["Location"] == "/request/harbor/"
