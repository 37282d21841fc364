"""The record of a session is signed once it has ended; then nothing in it changes, and what comes later stands under it."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse
from tests.cast import Cast
from tests.walk import MORNING, arrive, make_fit_to_leave, make_ready, plan_course

from longlight.clinic.dosing import actions
from longlight.clinic.dosing.models import DosingSession, Reading
from longlight.clinic.dosing.queries import (
    count_to_sign,
    dosing_day,
    prediction_of,
    said_of,
    signed_record,
)
from longlight.clinic.dosing.rules import CannotDo, HappeningKind, Signs
from longlight.clinic.people.access import Refused
from longlight.clinic.record.models import Addendum, AuditRow, Signature
from longlight.clinic.record.rules import CannotSign

pytestmark = pytest.mark.django_db
EVENING = MORNING + timedelta(hours=4)


@pytest.fixture
def ended(cast: Cast) -> DosingSession:
    session = arrive(cast, plan_course(cast))
    make_ready(cast, session)
    nurse = {"session_id": session.pk, "viewer": cast.nurse.viewer}
    actions.clear(overrides={}, at=MORNING, **nurse)
    actions.start_dose(at=MORNING, **nurse)
    actions.end_dose(stop_reason="", at=MORNING + timedelta(minutes=40), **nurse)
    make_fit_to_leave(cast, session, at=EVENING)
    actions.ready_to_leave(at=EVENING, **nurse)
    return actions.leave(at=EVENING, **nurse)


def sign(cast: Cast, session: DosingSession, role: str = "nurse") -> Signature:
    viewer = getattr(cast, role).viewer
    return actions.sign_record(session_id=session.pk, viewer=viewer, at=EVENING)


def add(cast: Cast, session: DosingSession, text: str, key: object = None) -> Addendum:
    return actions.add_to_record(
        session_id=session.pk, addendum_id=key or uuid4(), text=text,  # type: ignore[arg-type]
        viewer=cast.prescriber.viewer, at=EVENING,
    )  # fmt: skip


def test_a_record_is_signed_once_by_each_and_leaves_the_list(
    cast: Cast, ended: DosingSession
) -> None:
    assert count_to_sign(viewer=cast.nurse.viewer) == 1
    assert count_to_sign(viewer=cast.nurse_of_b.viewer) == 0
    for _twice in range(2):
        sign(cast, ended)
    sign(cast, ended, "prescriber")
    assert Signature.objects.count() == 2
    assert count_to_sign(viewer=cast.nurse.viewer) == 0
    day = dosing_day(session_id=ended.pk, viewer=cast.nurse.viewer, at=EVENING)
    assert signed_record(day).still_says(said_of(day))
    assert AuditRow.objects.filter(verb="dosing-record-signed").count() == 2


def test_what_is_signed_is_not_changed(cast: Cast, ended: DosingSession) -> None:
    reading = Reading.objects.filter(session=ended, systolic_mmhg=124).get()
    key = uuid4()
    tapped = {"session_id": ended.pk, "key": key, "viewer": cast.nurse.viewer, "at": EVENING}
    actions.note_happening(kind=HappeningKind.NAUSEA, observed_at=MORNING, **tapped)
    sign(cast, ended)
    rows = AuditRow.objects.count()
    with pytest.raises(CannotDo, match="signed"):
        actions.correct_reading(
            wrong_key=reading.key, key=uuid4(), signs=Signs(90), reason="typed wrongly",
            viewer=cast.nurse.viewer, at=EVENING,
        )  # fmt: skip
    with pytest.raises(CannotDo, match="addendum"):
        actions.record_reading(
            session_id=ended.pk, key=uuid4(), signs=Signs(140), observed_at=MORNING,
            viewer=cast.nurse.viewer, at=EVENING,
        )  # fmt: skip
    with pytest.raises(CannotDo, match="signed"):
        actions.take_out_happening(reason="It was not.", **tapped)
    assert AuditRow.objects.count() == rows
    day = dosing_day(session_id=ended.pk, viewer=cast.nurse.viewer, at=EVENING)
    assert signed_record(day).still_says(said_of(day))
    # A row that had waited and was kept before is still answered as kept.
    repeated = actions.note_happening(kind=HappeningKind.NAUSEA, observed_at=MORNING, **tapped)
    assert repeated.key == key


def test_what_was_changed_behind_the_record_shows(cast: Cast, ended: DosingSession) -> None:
    sign(cast, ended)
    DosingSession.objects.filter(pk=ended.pk).update(escort_name="Somebody else")
    page = cast.nurse.client().get(reverse("dosing-record", args=[ended.pk])).content.decode()
    assert "is not what was signed" in page


def test_the_curve_of_a_day_ends_with_the_day(cast: Cast, ended: DosingSession) -> None:
    """A record is read years later: drawn on to now, its curve would have a million points."""
    years_later = EVENING + timedelta(days=700)
    day = dosing_day(session_id=ended.pk, viewer=cast.nurse.viewer, at=years_later)
    prediction = prediction_of(day)
    assert prediction is not None
    assert prediction.t_min[-1] <= 4 * 60 + 2
    assert len(prediction.t_min) < 200
    assert day.minutes_since_dose == 200  # from the end of the dose to when the person left


def test_nothing_is_signed_before_the_end_nor_by_others(cast: Cast) -> None:
    session = arrive(cast, plan_course(cast))
    rows = AuditRow.objects.count()
    with pytest.raises(CannotDo, match="once it has ended"):
        sign(cast, session)
    for role in ("therapist", "front_desk", "director"):
        with pytest.raises(Refused):
            sign(cast, session, role)
    with pytest.raises(CannotDo, match="no such session"):
        sign(cast, session, "nurse_of_b")
    assert (Signature.objects.count(), AuditRow.objects.count()) == (0, rows)


def test_an_addendum_stands_under_a_signed_record(cast: Cast, ended: DosingSession) -> None:
    with pytest.raises(CannotSign, match="not signed yet"):
        add(cast, ended, "Called in the evening: slept well.")
    sign(cast, ended)
    key = uuid4()
    for _twice in range(2):
        add(cast, ended, "Called in the evening: slept well.", key)
    with pytest.raises(CannotSign, match="Write what"):
        add(cast, ended, "  ")
    assert Addendum.objects.get().by_name == cast.prescriber.viewer.name
    page = cast.therapist.client().get(reverse("dosing-record", args=[ended.pk])).content.decode()
    assert "Called in the evening" in page
    assert "Sign this record" not in page
    with pytest.raises(DatabaseError), transaction.atomic():
        Addendum.objects.update(text="nothing")
    with pytest.raises(DatabaseError), transaction.atomic():
        Signature.objects.all().delete()


def test_the_pages_sign_and_add(cast: Cast, ended: DosingSession) -> None:
    nurse = cast.nurse.client()
    listed = nurse.get(reverse("dosing-to-sign")).content.decode()
    assert cast.patient.patient.name in listed
    assert nurse.post(reverse("dosing-sign", args=[ended.pk])).status_code == 302
    assert "Nothing to sign" in nurse.get(reverse("dosing-to-sign")).content.decode()
    under = reverse("dosing-addendum", args=[ended.pk])
    empty = nurse.post(under, {"id": str(uuid4()), "text": ""})
    assert empty.status_code == 422
    assert nurse.post(under, {"id": str(uuid4()), "text": "Left an umbrella."}).status_code == 302
    page = nurse.get(reverse("dosing-record", args=[ended.pk])).content.decode()
    assert "Left an umbrella." in page
    assert "What stands above is what was signed." in page
