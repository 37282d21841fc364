"""Invitations: the only way to a new account."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.cast import MADE_AT, PASSWORD, Cast

from longlight.clinic.people.access import Refused
from longlight.clinic.people.actions import (
    change_membership,
    disable_account,
    enable_account,
    found_clinic,
    invite_administrator,
    invite_patient,
    invite_staff,
    remove_factors,
    revoke_invitation,
)
from longlight.clinic.people.actions.accounts import CannotChange
from longlight.clinic.people.models import Account, Invitation, Membership, MembershipChange
from longlight.clinic.people.queries import open_invitations, staff
from longlight.clinic.people.rules import Role, system_actor
from longlight.clinic.record.models import AuditRow

CHOSEN = "seven slow herons at low tide"


@pytest.fixture(autouse=True)
def _fresh_limits(db: None) -> None:
    cache.clear()


def invited_link(cast: Cast) -> str:
    cast.administrator.client().post(
        reverse("people-invite"),
        {
            "name": "New Nurse",
            "email": "New@cast.example",
            "role": "nurse",
            "reason": "night shifts",
        },
    )
    found = re.search(r"http://testserver(/invitation/\S+)", mail.outbox[-1].body)
    assert found
    return found[1]


def test_an_invited_nurse_chooses_a_password_and_must_set_up_a_second_factor(cast: Cast) -> None:
    link = invited_link(cast)
    assert mail.outbox[-1].to == ["new@cast.example"]
    assert "Nurse" not in mail.outbox[-1].body
    client = Client()
    opened = client.get(link)
    assert opened["Location"] == reverse("people-accept")  # the token left the address
    assert client.post(reverse("people-accept"), {"password": "short"}).status_code == 422
    taken = client.post(reverse("people-accept"), {"password": CHOSEN})
    assert taken["Location"] == reverse("mfa_index")
    assert client.get("/people/")["Location"].startswith(reverse("mfa_index"))
    assert client.get(reverse("mfa_activate_totp")).status_code == 200  # without asking again
    account = Account.objects.get(email="new@cast.example")
    change = MembershipChange.objects.get(membership__account=account)
    assert (change.reason, change.is_active) == ("night shifts", True)


def test_an_invitation_works_once_and_its_token_is_kept_nowhere(cast: Cast) -> None:
    link = invited_link(cast)
    token = link.rpartition("/")[2]
    assert token not in str(list(Invitation.objects.values()))
    for client, status in ((Client(), 302), (Client(), 410)):
        client.get(link)
        assert client.post(reverse("people-accept"), {"password": CHOSEN}).status_code == status
    assert Account.objects.filter(email="new@cast.example").count() == 1


@pytest.mark.parametrize("field", ["expires_at", "revoked_at"])
def test_an_invitation_that_is_over_or_taken_back_opens_nothing(cast: Cast, field: str) -> None:
    link = invited_link(cast)
    Invitation.objects.update(**{field: timezone.now() - timedelta(seconds=1)})
    client = Client()
    client.get(link)
    assert client.get(reverse("people-accept")).status_code == 410
    assert client.post(reverse("people-accept"), {"password": CHOSEN}).status_code == 410
    assert not Account.objects.filter(email="new@cast.example").exists()


def test_an_invitation_lasts_72_hours(cast: Cast) -> None:
    made = invite_staff(
        viewer=cast.administrator.viewer, email="n@cast.example", name="N", role=Role.NURSE,
        reason="growth", at=MADE_AT,
    ).invitation  # fmt: skip
    last = MADE_AT + timedelta(hours=72) - timedelta(seconds=1)
    assert list(open_invitations(viewer=cast.administrator.viewer, at=last)) == [made]
    after = last + timedelta(seconds=1)
    assert not open_invitations(viewer=cast.administrator.viewer, at=after)


def test_someone_with_an_account_accepts_by_signing_in(cast: Cast) -> None:
    made = invite_staff(
        viewer=cast.administrator.viewer, email=cast.nurse_of_b.account.email, name="N",
        role=Role.NURSE, reason="helps out", at=timezone.now(),
    )  # fmt: skip
    stranger = Client()
    stranger.get(reverse("people-invitation", args=[made.token]))
    assert stranger.post(reverse("people-accept"), {"password": CHOSEN}).status_code == 422
    client = cast.nurse_of_b.client()
    client.get(reverse("people-invitation", args=[made.token]))
    assert client.post(reverse("people-accept")).status_code == 302
    page = client.get("/people/")
    assert page["Location"].startswith(reverse("people-choose"))  # two clinics: say which


def test_the_role_comes_from_the_membership_that_was_chosen(cast: Cast) -> None:
    account = cast.nurse_of_b.account
    both = Membership.objects.create(account=account, clinic=cast.clinic_a, role="director")
    client = cast.nurse_of_b.client()
    refused = client.post(reverse("people-choose"), {"standing": f"membership:{10**6}"})
    assert refused.status_code == 422
    client.post(reverse("people-choose"), {"standing": f"membership:{both.pk}"})
    assert client.get(reverse("people-emergencies")).status_code == 200
    Membership.objects.filter(pk=both.pk).update(is_active=False)
    assert client.get(reverse("people-emergencies")).status_code == 404


def test_a_patient_is_invited_to_the_own_record(cast: Cast) -> None:
    patient = cast.patient.patient
    patient.account, patient.email = None, "fresh@cast.example"
    patient.save()
    made = invite_patient(viewer=cast.front_desk.viewer, patient_id=patient.id, at=timezone.now())
    client = Client()
    client.get(reverse("people-invitation", args=[made.token]))
    assert client.post(reverse("people-accept"), {"password": CHOSEN}).status_code == 302
    patient.refresh_from_db()
    assert patient.account is not None
    assert patient.account.email == "fresh@cast.example"
    assert client.get(reverse("people-my-emergencies")).status_code == 200


def test_nobody_but_an_administrator_of_the_clinic_changes_anything(cast: Cast) -> None:
    now, target = timezone.now(), cast.nurse.account.id
    wrong = [person for name, person in cast.people() if name not in {"administrator", "stranger"}]
    for person in wrong:
        with pytest.raises(Refused):
            invite_staff(viewer=person.viewer, email="x@cast.example", name="X", role=Role.NURSE,
                         reason="because", at=now)  # fmt: skip
        with pytest.raises(Refused):
            disable_account(viewer=person.viewer, account_id=target, reason="because", at=now)
        with pytest.raises(Refused):
            remove_factors(viewer=person.viewer, account_id=target, reason="because", at=now)
        with pytest.raises(Refused):
            change_membership(viewer=person.viewer, account_id=target, role=Role.DIRECTOR,
                              is_active=True, reason="because", at=now)  # fmt: skip
    for action in (disable_account, enable_account, remove_factors):
        with pytest.raises(Refused):
            action(viewer=cast.administrator.viewer, account_id=cast.nurse_of_b.account.id,
                   reason="because", at=now)  # fmt: skip
    assert cast.nurse.account.memberships.get().role == "nurse"
    assert Invitation.objects.count() == 0


def test_a_role_is_given_and_ended_with_who_when_and_why(cast: Cast) -> None:
    by, now = cast.administrator.viewer, timezone.now()
    change_membership(viewer=by, account_id=cast.nurse.account.id, role=Role.THERAPIST,
                      is_active=True, reason="trained", at=now)  # fmt: skip
    row = AuditRow.objects.get(verb="role-given", chain_subject=cast.nurse.account.id)
    assert (row.actor_id, row.details["role"]) == (by.account_id, "therapist")
    kept = MembershipChange.objects.get(
        membership__role="therapist", membership__account=cast.nurse.account
    )
    assert (kept.by_id, kept.at, kept.reason) == (by.account_id, now, "trained")


def test_nobody_changes_their_own_role(cast: Cast) -> None:
    with pytest.raises(CannotChange, match="own role"):
        change_membership(
            viewer=cast.administrator.viewer, account_id=cast.administrator.account.id,
            role=Role.DIRECTOR, is_active=True, reason="because", at=timezone.now(),
        )  # fmt: skip


def test_closing_an_account_ends_its_sessions_at_once_and_it_can_be_opened_again(
    cast: Cast,
) -> None:
    client = cast.nurse.client()
    assert client.get("/account/").status_code == 200
    by, now = cast.administrator.viewer, timezone.now()
    disable_account(viewer=by, account_id=cast.nurse.account.id, reason="left", at=now)
    assert client.get("/account/").status_code == 404
    assert not Account.objects.get(pk=cast.nurse.account.id).is_active
    enable_account(viewer=by, account_id=cast.nurse.account.id, reason="back", at=now)
    assert client.get("/account/").status_code == 404  # the old session stays ended


def test_taking_away_lost_factors_leaves_only_the_set_up(cast: Cast) -> None:
    remove_factors(viewer=cast.administrator.viewer, account_id=cast.nurse.account.id,
                   reason="phone lost", at=timezone.now())  # fmt: skip
    client = Client()
    client.post(reverse("account_login"), {"login": cast.nurse.account.email, "password": PASSWORD})
    assert client.get("/people/")["Location"].startswith(reverse("mfa_index"))


def test_only_the_clinics_own_invitations_are_taken_back(cast: Cast) -> None:
    made = invite_administrator(clinic=cast.clinic_b, email="b@cast.example", name="B",
                                by=system_actor("test"), at=timezone.now())  # fmt: skip
    with pytest.raises(Refused):
        revoke_invitation(
            viewer=cast.administrator.viewer, invitation_id=made.invitation.id, at=timezone.now()
        )
    assert Invitation.objects.get().revoked_at is None


def test_a_clinic_is_founded_once(db: None) -> None:
    by = system_actor("test")
    assert found_clinic(name="New", by=by, at=MADE_AT) == found_clinic(
        name="New", by=by, at=MADE_AT
    )


def test_staff_are_told_of_the_own_clinic_only(cast: Cast) -> None:
    for _, person in cast.people():
        if person.viewer:
            assert {m.clinic_id for m in staff(viewer=person.viewer)} == {person.viewer.clinic_id}
