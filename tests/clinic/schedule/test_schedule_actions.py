"""Each action: it happens and leaves a trace; it is refused and changes nothing; the wrong person cannot."""

import uuid
from collections.abc import Callable
from contextlib import contextmanager
from datetime import time, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.http import Http404
from tests.clinic.house import NOW, TEN, House

from longlight.clinic.people.models import Patient
from longlight.clinic.people.rules import CARE_ROLES, Role
from longlight.clinic.record.models import AuditRow
from longlight.clinic.schedule import actions, queries
from longlight.clinic.schedule.models import Appointment, Hold, OpeningHours, Resource
from longlight.clinic.schedule.rules import (
    CannotBook,
    CannotChange,
    Hours,
    Reason,
    ResourceKind,
    Status,
)

OUTSIDERS = sorted(set(Role) - CARE_ROLES)


def everything() -> list[list[tuple[Any, ...]]]:
    tables = (Appointment, Hold, Resource, OpeningHours, AuditRow)
    return [list(table.objects.order_by("pk").values_list()) for table in tables]


@contextmanager
def nothing_changes() -> Any:
    before = everything()
    yield
    assert everything() == before


def trace(verb: str) -> AuditRow:
    return AuditRow.objects.filter(verb=verb).latest("pk")


# ---- book


def test_booking_holds_and_leaves_a_trace_in_the_patients_chain(harbor: House) -> None:
    made = actions.book(viewer=harbor.desk, at=NOW, booking=harbor.booking())
    stored = Appointment.objects.get()
    assert (stored.pk, stored.status, stored.start_at, stored.patient_id) == (
        made.pk,
        "booked",
        TEN,
        harbor.patient.pk,
    )
    assert {hold.resource_id for hold in stored.holds.all()} == {
        harbor.chairs[0].pk,
        harbor.nurses[0].pk,
    }
    row = trace("appointment-booked")
    assert (row.chain_kind, row.chain_subject, row.actor_id) == (
        "patient",
        harbor.patient.pk,
        harbor.desk.account_id,
    )
    assert "Ana" not in str(row.details)


@pytest.mark.parametrize(
    ("start", "length", "free"),
    [(-60, 60, True), (-60, 61, False), (119, 10, False), (120, 10, True), (30, 10, False)],
)
def test_a_chair_is_taken_to_the_minute(harbor: House, start: int, length: int, free: bool) -> None:
    actions.book(viewer=harbor.desk, at=NOW, booking=harbor.booking())
    second = harbor.somebody(
        start_at=TEN + timedelta(minutes=start),
        length=timedelta(minutes=length),
        resource_ids=frozenset({harbor.chairs[0].pk, harbor.nurses[1].pk}),
    )
    if free:
        assert actions.book(viewer=harbor.desk, at=NOW, booking=second)
        return
    with nothing_changes(), pytest.raises(CannotBook) as refused:
        actions.book(viewer=harbor.desk, at=NOW, booking=second)
    assert refused.value.reasons == ("Chair 1 is taken from 10:00 to 12:00.",)


def test_a_patient_is_not_in_two_chairs(harbor: House) -> None:
    actions.book(viewer=harbor.desk, at=NOW, booking=harbor.booking())
    other = harbor.booking(resource_ids=frozenset({harbor.chairs[1].pk, harbor.nurses[1].pk}))
    with nothing_changes(), pytest.raises(CannotBook, match="patient already has an appointment"):
        actions.book(viewer=harbor.desk, at=NOW, booking=other)


def test_two_clicks_book_once_and_another_time_under_the_same_id_is_refused(harbor: House) -> None:
    booking = harbor.booking()
    first = actions.book(viewer=harbor.desk, at=NOW, booking=booking)
    with nothing_changes():
        again = actions.book(viewer=harbor.desk, at=NOW + timedelta(seconds=1), booking=booking)
        assert again.pk == first.pk
        with pytest.raises(CannotBook, match="sent before with another time"):
            actions.book(
                viewer=harbor.desk,
                at=NOW,
                booking=harbor.booking(id=booking.id, start_at=TEN + timedelta(days=1)),
            )


def test_what_belongs_to_another_clinic_cannot_be_booked(harbor: House, alder: House) -> None:
    theirs = actions.book(viewer=alder.desk, at=NOW, booking=alder.booking())
    with nothing_changes():
        for changes in (
            {"resource_ids": frozenset({alder.chairs[1].pk, harbor.nurses[0].pk})},
            {"patient_id": alder.patient.pk},
            {"id": theirs.pk},
        ):
            with pytest.raises(Http404):
                actions.book(viewer=harbor.desk, at=NOW, booking=harbor.booking(**changes))


@pytest.mark.parametrize("role", OUTSIDERS)
def test_who_does_not_care_for_patients_cannot_touch_appointments(
    harbor: House, role: Role
) -> None:
    made = actions.book(viewer=harbor.desk, at=NOW, booking=harbor.booking())
    viewer = harbor.viewers[role]
    attempts: list[Callable[[], object]] = [
        lambda: actions.book(
            viewer=viewer, at=NOW, booking=harbor.booking(start_at=TEN + timedelta(days=1))
        ),
        lambda: actions.move(
            viewer=viewer,
            at=NOW,
            appointment_id=made.pk,
            version=1,
            booking=harbor.booking(start_at=TEN + timedelta(days=1)),
            reason=Reason.ILL,
        ),
        lambda: actions.cancel(
            viewer=viewer, at=NOW, appointment_id=made.pk, version=1, reason=Reason.ILL
        ),
        lambda: actions.mark(
            viewer=viewer, at=NOW, appointment_id=made.pk, version=1, status=Status.ARRIVED
        ),
    ]
    with nothing_changes():
        for attempt in attempts:
            with pytest.raises(Http404):
                attempt()


def test_a_colleague_elsewhere_cannot_touch_them_either(harbor: House, alder: House) -> None:
    made = actions.book(viewer=harbor.desk, at=NOW, booking=harbor.booking())
    other = alder.desk
    with nothing_changes():
        with pytest.raises(Http404):
            actions.cancel(
                viewer=other, at=NOW, appointment_id=made.pk, version=1, reason=Reason.ILL
            )
        with pytest.raises(Http404):
            actions.mark(
                viewer=other, at=NOW, appointment_id=made.pk, version=1, status=Status.ARRIVED
            )
        with pytest.raises(Http404):
            actions.move(
                viewer=other,
                at=NOW,
                appointment_id=made.pk,
                version=1,
                booking=alder.booking(),
                reason=Reason.ILL,
            )
    assert queries.appointment(other, made.pk) is None


# ---- move


def test_a_move_makes_a_successor_and_keeps_the_old_one(harbor: House) -> None:
    old = actions.book(viewer=harbor.desk, at=NOW, booking=harbor.booking())
    later = harbor.booking(start_at=TEN + timedelta(minutes=30))  # overlaps the old one: allowed
    new = actions.move(
        viewer=harbor.desk,
        at=NOW,
        appointment_id=old.pk,
        version=1,
        booking=later,
        reason=Reason.OTHER,
        text="The bus is late",
    )
    old.refresh_from_db()
    assert (old.status, old.start_at, old.ended_reason, old.ended_text, old.version) == (
        "moved",
        TEN,
        "other",
        "The bus is late",
        2,
    )
    assert (new.moved_from_id, new.patient_id, new.status) == (old.pk, harbor.patient.pk, "booked")
    assert trace("appointment-moved").details["to"] == str(new.pk)
    again = actions.move(
        viewer=harbor.desk,
        at=NOW,
        appointment_id=old.pk,
        version=1,
        booking=later,
        reason=Reason.ILL,
    )
    assert again.pk == new.pk
    assert Appointment.objects.count() == 2


def test_a_move_keeps_whom_it_is_for_whatever_was_sent(harbor: House) -> None:
    old = actions.book(viewer=harbor.desk, at=NOW, booking=harbor.booking())
    stranger = Patient.objects.create(clinic=harbor.clinic, number="LL-0002", name="Other")
    new = actions.move(
        viewer=harbor.desk,
        at=NOW,
        appointment_id=old.pk,
        version=1,
        booking=harbor.booking(start_at=TEN + timedelta(days=1), patient_id=stranger.pk),
        reason=Reason.ILL,
    )
    assert new.patient_id == harbor.patient.pk


def test_a_move_onto_something_taken_leaves_the_old_time_standing(harbor: House) -> None:
    old = actions.book(viewer=harbor.desk, at=NOW, booking=harbor.booking())
    actions.book(
        viewer=harbor.desk, at=NOW, booking=harbor.somebody(start_at=TEN + timedelta(hours=2))
    )
    with (
        nothing_changes(),
        pytest.raises(CannotBook, match=r"Chair 1 is taken from 12:00 to 14:00"),
    ):
        actions.move(
            viewer=harbor.desk,
            at=NOW,
            appointment_id=old.pk,
            version=1,
            booking=harbor.booking(start_at=TEN + timedelta(hours=1)),
            reason=Reason.ILL,
        )


# ---- cancel, mark


def test_a_cancellation_frees_the_chair_and_keeps_its_reason(harbor: House) -> None:
    made = actions.book(viewer=harbor.desk, at=NOW, booking=harbor.booking())
    for _ in range(2):  # two clicks
        actions.cancel(
            viewer=harbor.desk, at=NOW, appointment_id=made.pk, version=1, reason=Reason.NO_RIDE
        )
    made.refresh_from_db()
    assert (made.status, made.ended_reason, made.ended_by_id) == (
        "cancelled",
        "no-ride",
        harbor.desk.account_id,
    )
    assert AuditRow.objects.filter(verb="appointment-cancelled").count() == 1
    assert actions.book(viewer=harbor.desk, at=NOW, booking=harbor.booking())


def test_a_cancellation_without_a_reason_or_after_a_change_is_refused(harbor: House) -> None:
    made = actions.book(viewer=harbor.desk, at=NOW, booking=harbor.booking())
    with nothing_changes(), pytest.raises(CannotChange, match="Choose a reason"):
        actions.cancel(viewer=harbor.desk, at=NOW, appointment_id=made.pk, version=1, reason=None)
    actions.mark(
        viewer=harbor.desk, at=NOW, appointment_id=made.pk, version=1, status=Status.ARRIVED
    )
    with (
        nothing_changes(),
        pytest.raises(CannotChange, match=r"it is now “Arrived”\. Open it again"),
    ):
        actions.cancel(
            viewer=harbor.viewers[Role.NURSE],
            at=NOW,
            appointment_id=made.pk,
            version=1,
            reason=Reason.ILL,
        )


def test_arrived_and_done_are_marked_and_traced(harbor: House) -> None:
    made = actions.book(viewer=harbor.desk, at=NOW, booking=harbor.booking())
    for version, status in enumerate((Status.ARRIVED, Status.FULFILLED), start=1):
        actions.mark(
            viewer=harbor.desk, at=TEN, appointment_id=made.pk, version=version, status=status
        )
        assert trace("appointment-marked").details == {"status": status.value}
    with nothing_changes(), pytest.raises(CannotChange, match="cannot become “Did not come”"):
        actions.mark(
            viewer=harbor.desk, at=TEN, appointment_id=made.pk, version=3, status=Status.NO_SHOW
        )


def test_nobody_has_missed_what_has_not_begun(harbor: House) -> None:
    made = actions.book(viewer=harbor.desk, at=NOW, booking=harbor.booking())
    with nothing_changes(), pytest.raises(CannotChange, match="not begun"):
        actions.mark(
            viewer=harbor.desk, at=NOW, appointment_id=made.pk, version=1, status=Status.NO_SHOW
        )
    actions.mark(
        viewer=harbor.desk, at=TEN, appointment_id=made.pk, version=1, status=Status.NO_SHOW
    )
    assert not Hold.objects.filter(is_released=False).exists()


def test_the_patient_of_an_appointment_is_named_once(harbor: House, alder: House) -> None:
    made = actions.book(viewer=harbor.desk, at=NOW, booking=harbor.somebody())
    with nothing_changes(), pytest.raises(Http404):
        actions.name_patient(
            viewer=harbor.desk, at=NOW, appointment_id=made.pk, patient_id=alder.patient.pk
        )
    actions.name_patient(
        viewer=harbor.desk, at=NOW, appointment_id=made.pk, patient_id=harbor.patient.pk
    )
    assert trace("appointment-patient-named").chain_subject == harbor.patient.pk
    with nothing_changes(), pytest.raises(CannotChange, match="already for a patient"):
        actions.name_patient(
            viewer=harbor.desk, at=NOW, appointment_id=made.pk, patient_id=harbor.patient.pk
        )


# ---- setting up


def test_only_a_director_or_an_administrator_sets_up(harbor: House) -> None:
    for role in set(Role) - {Role.DIRECTOR, Role.ADMINISTRATOR}:
        viewer = harbor.viewers[role]
        with nothing_changes():
            with pytest.raises(Http404):
                actions.add_resource(viewer=viewer, at=NOW, kind=ResourceKind.ROOM, name="Room 9")
            with pytest.raises(Http404):
                actions.set_opening_hours(viewer=viewer, at=NOW, hours=[])
    director = harbor.viewers[Role.DIRECTOR]
    actions.add_resource(viewer=director, at=NOW, kind=ResourceKind.ROOM, name="Room 9")
    assert trace("resource-added").details == {"kind": "room"}
    with nothing_changes(), pytest.raises(CannotBook, match="already one called Room 9"):
        actions.add_resource(viewer=director, at=NOW, kind=ResourceKind.ROOM, name="Room 9")
    with nothing_changes(), pytest.raises(CannotBook, match="later than its opening"):
        actions.set_opening_hours(viewer=director, at=NOW, hours=[Hours(0, time(9), time(9))])


# ---- the databases' own refusals, past the actions


def test_the_database_refuses_an_overlap_by_itself(harbor: House) -> None:
    first = actions.book(viewer=harbor.desk, at=NOW, booking=harbor.booking())
    held = first.holds.first()
    assert held is not None
    attempts: list[Callable[[], object]] = [
        lambda: Hold.objects.create(
            appointment=Appointment.objects.create(**_bare(harbor)),
            resource=held.resource,
            start_at=held.end_at - timedelta(minutes=1),
            end_at=held.end_at + timedelta(minutes=1),
        ),
        lambda: Appointment.objects.create(**_bare(harbor, patient=harbor.patient)),
        lambda: Hold.objects.filter(pk=held.pk).update(start_at=TEN - timedelta(hours=1)),
        lambda: Appointment.objects.filter(pk=first.pk).update(start_at=TEN - timedelta(hours=1)),
        lambda: Appointment.objects.filter(pk=first.pk).update(patient=None),
        lambda: Hold.objects.filter(pk=held.pk).delete(),
    ]
    with nothing_changes():
        for attempt in attempts:
            with pytest.raises(IntegrityError), transaction.atomic():
                attempt()


def _bare(harbor: House, patient: Patient | None = None) -> dict[str, Any]:
    return {
        "id": uuid.uuid4(),
        "clinic": harbor.clinic,
        "patient": patient,
        "kind": "review",
        "status": "booked",
        "start_at": TEN + timedelta(minutes=119),
        "end_at": TEN + timedelta(minutes=150),
        "booked_at": NOW,
        "booked_by_name": "nobody",
    }


def test_what_is_over_stays_over_in_the_database(harbor: House) -> None:
    made = actions.book(viewer=harbor.desk, at=NOW, booking=harbor.booking())
    actions.cancel(viewer=harbor.desk, at=NOW, appointment_id=made.pk, version=1, reason=Reason.ILL)
    with nothing_changes():
        with pytest.raises(IntegrityError), transaction.atomic():
            Appointment.objects.filter(pk=made.pk).update(status="booked")
        with pytest.raises(IntegrityError), transaction.atomic():
            Hold.objects.filter(appointment=made).update(is_released=False)


def test_the_next_free_times_skip_what_is_booked_and_closed(harbor: House) -> None:
    actions.book(viewer=harbor.desk, at=NOW, booking=harbor.booking())
    found = queries.next_openings(
        clinic=harbor.clinic,
        resource_ids={harbor.chairs[0].pk},
        length=timedelta(hours=3),
        after=TEN,
    )
    assert [f"{moment:%a %H:%M}" for moment in found] == ["Tue 12:00", "Tue 12:15", "Tue 12:30"]
