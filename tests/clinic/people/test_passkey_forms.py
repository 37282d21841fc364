"""What no browser says for a passkey is refused in a sentence at every door that asks for one."""

import pytest
from allauth.core import context
from django.test import Client, RequestFactory
from tests.cast import Cast

from longlight.clinic.people.forms import (
    PasskeyForm,
    PasskeyProofForm,
    PasskeySecondForm,
    PasskeySignInForm,
)

ODD = {
    "too many digits": "9" * 5000,
    "too deep": "[" * 20_000,
    "a list": "[]",
    "a number": "1",
    "nothing": "null",
    "no response": '{"id": 1}',
    "an empty response": '{"id": "AAAA", "rawId": "AAAA", "type": "public-key", "response": {}}',
    "a response that is none": '{"id": "AAAA", "rawId": "AAAA", "response": []}',
    "half a character": '{"id": "\\ud800", "rawId": "\\ud800", "response": {"clientDataJSON": "\\ud800"}}',
    "bytes that say nothing": (
        '{"id": "AAAA", "rawId": "AAAA", "type": "public-key", "response": {"clientDataJSON": "e30",'
        ' "attestationObject": "oA", "authenticatorData": "AA", "signature": "AA", "userHandle": "_w"}}'
    ),
}


@pytest.mark.parametrize("form", [PasskeyForm, PasskeyProofForm, PasskeySecondForm, None])
@pytest.mark.parametrize("odd", ODD)
def test_an_odd_credential_is_refused(cast: Cast, form, odd: str) -> None:
    request = RequestFactory().post("/")
    request.session = Client().session
    with context.request_context(request):
        typed = {"credential": ODD[odd], "name": "key"}
        filled = form(typed, user=cast.nurse.account) if form else PasskeySignInForm(typed)
        assert not filled.is_valid()
        assert str(next(iter(filled.errors.values()))[0]).endswith((".", "!"))


def test_the_door_itself_answers(cast: Cast) -> None:
    told = Client(raise_request_exception=False).post(
        "/sign-in/passkey/", {"credential": ODD["too many digits"]}
    )
    assert told.status_code < 500
