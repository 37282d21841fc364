"""Signing in: password and second factor, in each of the ways there are."""

import re
import time
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from tests.cast import PASSWORD, TOTP_SECRET, Cast, Person

from longlight.clinic.people.models import Account
from longlight.clinic.record.models import AuditRow


@pytest.fixture(autouse=True)
def _fresh_limits(db: None) -> None:
    cache.clear()


def totp_now() -> str:
    return format_hotp_value(hotp_value(TOTP_SECRET, int(time.time()) // 30))


def give_password(client: Client, person: Person, password: str = PASSWORD, **extra: Any) -> Any:
    return client.post(
        reverse("account_login"), {"login": person.account.email, "password": password}, **extra
    )


def is_in(client: Client) -> bool:
    return client.get(reverse("mfa_index")).status_code == 200


def test_a_patient_signs_in_with_a_password(cast: Cast) -> None:
    client = Client()
    assert give_password(client, cast.patient).status_code == 302
    assert is_in(client)


def test_staff_are_asked_for_the_second_factor_and_it_counts_once(cast: Cast) -> None:
    first, second = Client(), Client()
    for client in (first, second):
        answer = give_password(client, cast.nurse)
        assert answer["Location"] == reverse("mfa_authenticate")
        assert not is_in(client)
    code = totp_now()
    assert first.post(reverse("mfa_authenticate"), {"code": code}).status_code == 302
    assert is_in(first)
    assert second.post(reverse("mfa_authenticate"), {"code": code}).status_code == 422
    assert not is_in(second)


def test_a_mailed_code_still_asks_for_the_second_factor(cast: Cast) -> None:
    client = Client()
    client.post(reverse("account_request_login_code"), {"email": cast.nurse.account.email})
    code = re.search(r"^([A-Z0-9-]{6,})$", mail.outbox[0].body, re.MULTILINE)
    assert code
    answer = client.post(reverse("account_confirm_login_code"), {"code": code[1]})
    assert answer["Location"] == reverse("mfa_authenticate")
    assert not is_in(client)


def test_a_mailed_code_is_over_after_three_minutes(cast: Cast) -> None:
    client = Client()
    with time_machine.travel(time.time()) as clock:
        client.post(reverse("account_request_login_code"), {"email": cast.patient.account.email})
        code = re.search(r"^([A-Z0-9-]{6,})$", mail.outbox[0].body, re.MULTILINE)
        assert code
        clock.shift(3 * 60 + 1)
        client.post(reverse("account_confirm_login_code"), {"code": code[1]})
    assert not is_in(client)


def test_a_new_password_by_mailed_code_still_asks_for_the_second_factor(cast: Cast) -> None:
    client = Client()
    client.post(reverse("account_reset_password"), {"email": cast.nurse.account.email})
    code = re.search(r"^([A-Z0-9-]{6,})$", mail.outbox[0].body, re.MULTILINE)
    assert code
    client.post(reverse("account_confirm_password_reset_code"), {"code": code[1]})
    chosen = "seven slow herons at low tide"
    client.post(
        reverse("account_complete_password_reset"), {"password1": chosen, "password2": chosen}
    )
    assert not is_in(client)
    assert give_password(client, cast.nurse, chosen)["Location"] == reverse("mfa_authenticate")


def test_an_unknown_address_is_answered_like_a_known_one(cast: Cast) -> None:
    pages = []
    for email in ("nobody@cast.example", cast.patient.account.email):
        client = Client()
        answer = client.post(
            reverse("account_request_login_code"), {"email": email}, follow=True
        ).content.decode()
        pages.append(re.sub(r'value="[A-Za-z0-9]{64}"', "", answer))
    assert pages[0] == pages[1]
    assert len(mail.outbox) == 1


def test_the_sixth_wrong_password_is_refused_and_the_owner_still_gets_in(cast: Cast) -> None:
    client = Client()
    for _ in range(5):
        give_password(client, cast.patient, "wrong wrong wrong")
    answer = give_password(client, cast.patient)
    assert answer.status_code == 422
    assert not is_in(client)
    client.post(reverse("account_request_login_code"), {"email": cast.patient.account.email})
    code = re.search(r"^([A-Z0-9-]{6,})$", mail.outbox[0].body, re.MULTILINE)
    assert code
    client.post(reverse("account_confirm_login_code"), {"code": code[1]})
    assert is_in(client)


def test_a_forged_forwarding_header_changes_no_limit(cast: Cast) -> None:
    for turn in range(11):
        client = Client()
        answer = client.post(
            reverse("account_login"),
            {"login": f"nobody{turn}@cast.example", "password": "wrong wrong wrong"},
            headers={"X-Forwarded-For": f"203.0.113.{turn}"},
        )
    assert "Too many" in answer.content.decode()


def test_a_closed_account_gets_in_nowhere_and_its_sessions_end(cast: Cast) -> None:
    client = cast.nurse.client()
    assert is_in(client)
    Account.objects.filter(pk=cast.nurse.account.pk).update(is_active=False)
    assert not is_in(client)
    give_password(client, cast.nurse)
    assert not is_in(client)


def test_signing_in_takes_a_new_session_id_and_leaves_a_note(cast: Cast) -> None:
    client = Client()
    client.get(reverse("account_login"))
    give_password(client, cast.patient)
    one = client.cookies["sessionid"].value
    client.post(reverse("account_logout"))
    give_password(client, cast.patient)
    assert client.cookies["sessionid"].value != one
    verbs = AuditRow.objects.filter(chain_subject=cast.patient.account.id)
    assert {"signed-in", "signed-out"} <= set(verbs.values_list("verb", flat=True))


def test_a_new_password_ends_every_other_session(cast: Cast) -> None:
    here, there = cast.patient.client(), cast.patient.client()
    proof = here.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    assert proof.status_code == 302
    chosen = "seven slow herons at low tide"
    changed = here.post(
        reverse("account_change_password"),
        {"oldpassword": PASSWORD, "password1": chosen, "password2": chosen},
    )
    assert changed.status_code == 302
    assert is_in(here)
    assert not is_in(there)


def test_factor_secrets_are_sealed_in_the_database(cast: Cast) -> None:
    stored = str(list(Authenticator.objects.values_list("data", flat=True)))
    assert TOTP_SECRET not in stored
    assert "gAAAA" in stored


def test_factors_are_changed_only_after_a_fresh_proof(cast: Cast) -> None:
    client = cast.nurse.client()
    with time_machine.travel(time.time()) as clock:
        asked = client.post(reverse("mfa_deactivate_totp"))
        assert asked["Location"].startswith(reverse("account_reauthenticate"))
        client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
        assert client.get(reverse("mfa_deactivate_totp")).status_code == 200
        clock.shift(5 * 60 + 1)
        asked = client.post(reverse("mfa_deactivate_totp"))
        assert asked["Location"].startswith(reverse("account_reauthenticate"))
    assert Authenticator.objects.filter(user=cast.nurse.account, type="totp").exists()


def test_staff_without_a_second_factor_reach_only_its_set_up(cast: Cast) -> None:
    Authenticator.objects.filter(user=cast.administrator.account).delete()
    client = cast.administrator.client()
    for path in (reverse("people-staff"), "/no-such-page/", reverse("people-choose")):
        answer = client.get(path)
        assert answer.status_code == 302 or path == reverse("people-choose")
    assert client.get(reverse("people-staff"))["Location"].startswith(reverse("mfa_index"))
    assert client.get(reverse("mfa_index")).status_code == 200


def test_there_is_no_signing_up_and_no_default_account(db: None) -> None:
    assert Account.objects.count() == 0
    for path in ("/accounts/signup/", "/signup/", "/sign-up/", "/account/signup/"):
        assert Client().get(path).status_code == 404
