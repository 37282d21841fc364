"""What a password may be; how secrets are kept."""

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client, override_settings
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from tests.cast import TOTP_SECRET, Cast

from longlight.clinic.people.actions import reseal_secrets
from longlight.clinic.people.models import Clinic
from longlight.clinic.people.rules import system_actor
from longlight.clinic.people.sealing import CannotUnseal, seal, unseal


@pytest.fixture(autouse=True)
def _clinic(db: None) -> None:
    Clinic.objects.create(name="Harborview Wellness", slug="harborview")


@pytest.mark.parametrize(
    "password",
    [
        "heron tides",  # 11
        "q" * 129,
        "q1w2e3r4t5y6", "1234567890123",  # common
        "Harborview2026!", "L0nglight-1234", "ketamine-1234", "nurse-nurse-1", "Wellness-2026",
    ],
)  # fmt: skip
def test_it_is_refused(password: str) -> None:
    with pytest.raises(ValidationError):
        validate_password(password)


@pytest.mark.parametrize(
    "password",
    [
        "heron tides!",
        "q7" * 64,
        "seven herons at the harborview pier",
        "   spaces around   ",
        "ünïcödé ßtrings 漢字",
        "'; DROP TABLE--",
    ],
)
def test_it_is_taken(password: str) -> None:
    validate_password(password)


@pytest.mark.parametrize("password", ["  spaces around it  ", "<b>ünïcödé</b> 漢字 \t ok"])
def test_odd_passwords_round_trip_exactly(cast: Cast, password: str) -> None:
    cast.patient.account.set_password(password)
    cast.patient.account.save()
    url, email = reverse("account_login"), cast.patient.account.email
    assert Client().post(url, {"login": email, "password": password}).status_code == 302
    assert (
        Client().post(url, {"login": email, "password": password.strip()[:-1]}).status_code == 422
    )
    assert Client().post(url, {"login": email, "password": password.upper()}).status_code == 422


def test_production_hashes_with_argon2_at_djangos_price() -> None:
    from longlight.server import settings

    assert settings.PASSWORD_HASHERS[0].rpartition(".")[2] == Argon2PasswordHasher.__name__
    assert Argon2PasswordHasher.memory_cost >= 19 * 1024  # KiB: the least that OWASP asks for


@given(st.text(), st.text(max_size=30))
def test_a_sealed_text_opens_for_its_purpose_alone(text: str, purpose: str) -> None:
    text = text.encode("utf-8", "ignore").decode()
    purpose = purpose.encode("utf-8", "ignore").decode()
    sealed = seal(text, purpose=purpose)
    assert unseal(sealed, purpose=purpose) == text
    with pytest.raises(CannotUnseal):
        unseal(sealed, purpose=purpose + "!")


def test_keys_change_without_losing_what_was_sealed(cast: Cast) -> None:
    from allauth.mfa.models import Authenticator
    from django.conf import settings
    from django.utils import timezone

    old, new = settings.FIELD_KEY, "n" * 40 + "0123456789abcdef"
    with override_settings(FIELD_KEYS=[new, old]):
        assert reseal_secrets(by=system_actor("test"), at=timezone.now()) > 0
    factor = Authenticator.objects.get(user=cast.nurse.account)
    with override_settings(FIELD_KEYS=[new]):
        assert unseal(factor.data["secret"], purpose="second-factor") == TOTP_SECRET
    with pytest.raises(CannotUnseal, match="LONGLIGHT_FIELD_KEY"):
        unseal(factor.data["secret"], purpose="second-factor")
