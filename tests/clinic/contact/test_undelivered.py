"""A message that did not arrive: work that a named person claims and closes; above the alerts only where one waits."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from tests.cast import Cast

from longlight.clinic.contact.actions import (
    claim_undelivered,
    close_undelivered,
    lease_next,
    put_back,
    queue_message,
    try_again,
)
from longlight.clinic.contact.models import GivenUp, Job, Message
from longlight.clinic.contact.queries import open_undelivered, refusing_addresses
from longlight.clinic.contact.rules import CannotSettle, Channel, GivenUpOutcome, MessageKind
from longlight.clinic.people.access import Refused
from longlight.clinic.people.models import Patient
from longlight.clinic.people.rules import system_actor
from longlight.clinic.record.actions import clinic_chain, patient_chain, writing
from longlight.clinic.record.models import AuditRow
from longlight.clinic.safety.models import Alert
from longlight.clinic.safety.queries import not_arrived

NOW = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)
TO = "gone@a.example"


def give_up(
    clinic: Any,
    patient: Patient | None,
    *,
    key: str = "",
    kind: MessageKind = MessageKind.QUESTIONS_WAITING,
    trouble: str = "address-refused: 550",
) -> GivenUp:
    chain = patient_chain(patient.id) if patient else clinic_chain(clinic.id)
    with writing(by=system_actor("test", clinic.id), at=NOW) as pen:
        queue_message(
            pen, kind, clinic=clinic, channel=Channel.EMAIL, to=TO, chain=chain,
            link="https://clinic.example/l/x", key=key or str(uuid4()),
            patient_id=patient.id if patient else None,
        )  # fmt: skip
    lease = lease_next(at=NOW)
    assert lease is not None
    assert put_back(lease, at=NOW, trouble=trouble, at_once_dead=True) is True
    return GivenUp.objects.get(job_id=lease.id)


def an_alert(patient: Patient, **fields: object) -> Alert:
    return Alert.objects.create(
        clinic_id=patient.clinic_id, patient=patient, rule_id="phq-9:self-harm-thoughts",
        source_id=uuid4(), instrument_id="phq-9", item_number=9, raised_at=NOW,
        **({"priority": "high"} | fields),
    )  # fmt: skip


@pytest.fixture
def lost(cast: Cast) -> GivenUp:
    return give_up(cast.clinic_a, cast.patient.patient)


@pytest.mark.django_db
class TestWork:
    def test_is_claimed_and_closed_by_a_named_person_and_leaves_a_trace(self, cast, lost) -> None:
        nurse = cast.nurse.viewer
        claim_undelivered(given_up_id=lost.pk, viewer=nurse, at=NOW)
        claim_undelivered(given_up_id=lost.pk, viewer=nurse, at=NOW)
        close_undelivered(
            given_up_id=lost.pk, outcome=GivenUpOutcome.TOLD, note="telephoned at noon",
            viewer=nurse, at=NOW,
        )  # fmt: skip
        lost.refresh_from_db()
        assert (lost.status, lost.outcome, lost.closed_by_name) == (
            "closed", "told-otherwise", nurse.name,
        )  # fmt: skip
        message, job = Message.objects.get(pk=lost.message_id), Job.objects.get(pk=lost.job_id)
        assert (message.sealed_text, message.sent_at, job.done_at) == ("", None, NOW)
        verbs = AuditRow.objects.filter(
            chain_subject=cast.patient.patient.id, verb__startswith="undelivered", actor_id=nurse.account_id,
        ).order_by("sequence")  # fmt: skip
        assert [row.verb for row in verbs] == [
            "undelivered-claimed", "undelivered-claim-repeated", "undelivered-closed",
        ]  # fmt: skip
        assert not open_undelivered(viewer=nurse).exists()

    @pytest.mark.parametrize(
        ("claimed_by", "outcome", "note", "word"),
        [
            (None, GivenUpOutcome.TOLD, "by telephone", "Claim it first"),
            ("prescriber", GivenUpOutcome.TOLD, "by telephone", "take it over"),
            ("nurse", GivenUpOutcome.TOLD, " ", "how they were told"),
            ("nurse", GivenUpOutcome.NOT_NEEDED, "", "no longer needed"),
        ],
    )
    def test_that_cannot_be_closed_so_stays_as_it_is(
        self, cast, lost, claimed_by, outcome, note, word
    ) -> None:
        if claimed_by:
            claim_undelivered(given_up_id=lost.pk, viewer=getattr(cast, claimed_by).viewer, at=NOW)
        rows = AuditRow.objects.count()
        with pytest.raises(CannotSettle, match=word):
            close_undelivered(
                given_up_id=lost.pk, outcome=outcome, note=note, viewer=cast.nurse.viewer, at=NOW
            )
        lost.refresh_from_db()
        assert (lost.closed_at, lost.outcome, AuditRow.objects.count()) == (None, "", rows)

    @pytest.mark.parametrize("who", ["nurse_of_b", "administrator", "researcher", "patient"])
    def test_is_not_there_for_others(self, cast, lost, who) -> None:
        viewer = getattr(cast, who).viewer
        assert not open_undelivered(viewer=viewer).exists()
        with pytest.raises(Refused):
            claim_undelivered(given_up_id=lost.pk, viewer=viewer, at=NOW)
        lost.refresh_from_db()
        assert lost.status == "new"

    def test_about_a_restricted_chart_is_for_those_who_may_open_it(self, cast, lost) -> None:
        Patient.objects.filter(pk=lost.patient_id).update(is_restricted=True)
        assert not open_undelivered(viewer=cast.front_desk.viewer).exists()
        assert not open_undelivered(viewer=cast.nurse.viewer).exists()
        assert open_undelivered(viewer=cast.director.viewer).count() == 1

    @pytest.mark.parametrize("by_outbox", [False, True])
    def test_sent_again_is_due_at_once_and_comes_back_if_it_is_lost_again(
        self, cast, lost, by_outbox
    ) -> None:
        if by_outbox:
            by = cast.director.viewer
            assert try_again(lost.job_id, clinic_id=by.clinic_id, by=by.actor, at=NOW)
        else:
            claim_undelivered(given_up_id=lost.pk, viewer=cast.nurse.viewer, at=NOW)
            close_undelivered(
                given_up_id=lost.pk, outcome=GivenUpOutcome.SENT_AGAIN, note="",
                viewer=cast.nurse.viewer, at=NOW,
            )  # fmt: skip
        lost.refresh_from_db()
        assert (lost.status, lost.outcome) == ("closed", "sent-again")
        lease = lease_next(at=NOW)
        assert lease is not None
        assert lease.id == lost.job_id
        put_back(lease, at=NOW, trouble="x", at_once_dead=True)
        assert GivenUp.objects.filter(job_id=lost.job_id, status="new").count() == 1

    def test_says_to_which_address_nothing_goes_until_somebody_has_seen_to_it(
        self, cast, lost
    ) -> None:
        patient_id = cast.patient.patient.id
        assert refusing_addresses([patient_id]) == {(patient_id, TO)}
        GivenUp.objects.filter(pk=lost.pk).update(trouble="TimeoutError")
        assert refusing_addresses([patient_id]) == set()


@pytest.mark.django_db
class TestAboveTheAlerts:
    def test_stands_a_message_that_told_of_an_alert_until_it_is_claimed(self, cast) -> None:
        alert = an_alert(cast.patient.patient)
        key = f"tell-alert:{alert.id}:{cast.nurse.account.id}"
        lost = give_up(cast.clinic_a, None, key=key, kind=MessageKind.STAFF_REVIEW)
        found = not_arrived(viewer=cast.nurse.viewer)
        assert (found.about_alerts, found.others) == (((lost, alert),), 0)
        page = cast.nurse.client().get("/safety/").content.decode()
        assert "Somebody was not told of an alert" in page
        Alert.objects.update(status="claimed", claimed_by=cast.nurse.account)
        found = not_arrived(viewer=cast.nurse.viewer)
        assert (found.about_alerts, found.others) == ((), 1)

    def test_stands_one_to_a_patient_whose_alert_is_open(self, cast, lost) -> None:
        alert = an_alert(cast.patient.patient)
        assert not_arrived(viewer=cast.nurse.viewer).about_alerts == ((lost, alert),)
        page = cast.nurse.client().get(f"/safety/{alert.id}/").content.decode()
        assert TO in page

    def test_stands_nothing_that_can_wait(self, cast, lost) -> None:
        an_alert(cast.patient.patient, priority="low")
        found = not_arrived(viewer=cast.nurse.viewer)
        assert (found.about_alerts, found.others) == ((), 1)
        page = cast.nurse.client().get("/safety/").content.decode()
        assert "1 message did not arrive" in page
        assert "Somebody was not told" not in page

    def test_stands_nothing_for_who_does_not_work_on_alerts(self, cast, lost) -> None:
        an_alert(cast.patient.patient)
        assert not_arrived(viewer=cast.front_desk.viewer).about_alerts == ()


@pytest.mark.django_db
def test_the_whole_task_on_the_pages_with_its_mistakes(cast: Cast, lost: GivenUp) -> None:
    desk = cast.front_desk.client()
    page = desk.get("/undelivered/").content.decode()
    assert "no such address" in page
    own = f"/undelivered/{lost.pk}/"
    assert "Claim this" in desk.get(own).content.decode()
    refused = desk.post(f"{own}settle", {"outcome": "told-otherwise", "note": "called"})
    assert (refused.status_code, "Claim it first" in refused.content.decode()) == (409, True)
    assert desk.post(f"{own}claim").status_code == 302
    assert desk.post(f"{own}settle", {}).status_code == 422
    refused = desk.post(f"{own}settle", {"outcome": "told-otherwise"})
    assert (refused.status_code, "how they were told" in refused.content.decode()) == (409, True)
    done = desk.post(f"{own}settle", {"outcome": "told-otherwise", "note": "called at noon"})
    assert (done.status_code, done["Location"]) == (302, "/undelivered/")
    assert "Everything has arrived" in desk.get("/undelivered/").content.decode()
    assert "called at noon" in desk.get("/undelivered/?show=settled").content.decode()
    assert desk.post(f"{own}claim").status_code == 409
    assert cast.nurse_of_b.client().get(own).status_code == 404
