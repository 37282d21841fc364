"""The lock screen, the end of a sign-in, and what was typed meanwhile."""

import time
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.cast import PASSWORD, TOTP_SECRET, Cast

from longlight.clinic.people.models import Invitation, KeptDraft
from longlight.clinic.people.refill import refill
from longlight.clinic.people.rules import Gate
from longlight.server.access_table import places

TYPED = {
    "name": "Zoë <b> Quint",
    "email": "zoe@cast.example",
    "role": "nurse",
    "reason": "night\nshifts",
}
INVITE = "/people/invite/"


@pytest.fixture
def clock(db: None) -> Iterator[time_machine.Traveller]:
    cache.clear()
    with time_machine.travel(time.time(), tick=False) as traveller:
        yield traveller


@pytest.fixture
def desk(cast: Cast, clock: time_machine.Traveller) -> Client:
    client = cast.administrator.client()
    assert client.get(INVITE).status_code == 200
    return client


def minutes(count: int) -> timedelta:
    return timedelta(minutes=count)


def unlock(client: Client) -> None:
    answer = client.post(reverse("account_reauthenticate"), {"password": PASSWORD, "next": INVITE})
    assert answer["Location"] == INVITE


def test_the_screen_locks_after_ten_minutes_whatever_is_asked(
    desk: Client, clock: time_machine.Traveller
) -> None:
    clock.shift(minutes(11))
    for path in (INVITE, "/people/", "/no-such-page/"):
        answer = desk.get(path)
        assert answer["Location"].startswith(reverse("people-locked")), path
    shown = desk.get(INVITE, follow=True).content.decode()
    assert "Screen locked" in shown
    assert "Administrator of" not in shown
    unlock(desk)
    assert desk.get(INVITE).status_code == 200


def test_staying_active_keeps_it_open(desk: Client, clock: time_machine.Traveller) -> None:
    for _ in range(4):
        clock.shift(minutes(9))
        assert desk.get(INVITE).status_code == 200


def test_polling_does_not_keep_it_open(cast: Cast, clock: time_machine.Traveller) -> None:
    client = cast.nurse.client()
    client.get("/account/")
    polled = [place for place in places() if place.is_polled and not place.parts]
    for _ in range(4):
        clock.shift(minutes(3))
        for place in polled:
            client.get(place.route)
    assert client.get("/account/")["Location"].startswith(reverse("people-locked"))
    for place in polled:
        opens_locked = Gate.LOCKED in place.rule.gates
        assert client.get(place.route).status_code == (200 if opens_locked else 204), place.route


def test_a_form_sent_too_late_is_kept_sealed_and_comes_back_unsent(
    desk: Client, clock: time_machine.Traveller
) -> None:
    clock.shift(minutes(11))
    late = desk.post(INVITE, TYPED, headers={"Referer": f"http://testserver{INVITE}"})
    assert late["Location"].startswith(reverse("people-locked"))
    draft = KeptDraft.objects.get()
    assert "Quint" not in draft.sealed_fields
    unlock(desk)
    page = desk.get(INVITE).content.decode()
    assert "What you had typed is back" in page
    assert 'value="Zoë &lt;b&gt; Quint"' in page
    assert '<option value="nurse" selected>' in page
    assert Invitation.objects.count() == 0
    assert desk.post(INVITE, TYPED).status_code == 302
    assert Invitation.objects.count() == 1
    assert not KeptDraft.objects.exists()


def test_a_draft_can_be_thrown_away(desk: Client, clock: time_machine.Traveller) -> None:
    clock.shift(minutes(11))
    desk.post(INVITE, TYPED, headers={"Referer": f"http://testserver{INVITE}"})
    unlock(desk)
    desk.post(reverse("people-discard-draft"), {"action": INVITE, "next": INVITE})
    assert "Quint" not in desk.get(INVITE).content.decode()


def test_a_draft_is_never_shown_to_somebody_else(
    desk: Client, cast: Cast, clock: time_machine.Traveller
) -> None:
    clock.shift(minutes(11))
    desk.post(INVITE, TYPED, headers={"Referer": f"http://testserver{INVITE}"})
    colleague = cast.front_desk.client()
    assert b"Quint" not in colleague.get("/account/").content


def test_a_forged_form_is_not_kept(cast: Cast, clock: time_machine.Traveller) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.administrator.account)
    client.get(INVITE)
    clock.shift(minutes(11))
    client.post(INVITE, TYPED)
    assert not KeptDraft.objects.exists()


def test_the_page_itself_locks_and_brings_what_was_typed(desk: Client) -> None:
    sent = {f"draft.{name}": value for name, value in TYPED.items()}
    desk.post(reverse("people-lock"), sent | {"draft-page": INVITE, "draft-action": INVITE})
    assert desk.get(INVITE)["Location"].startswith(reverse("people-locked"))
    unlock(desk)
    assert "Quint" in desk.get(INVITE).content.decode()


def test_a_code_from_the_app_unlocks_too(desk: Client) -> None:
    desk.post(reverse("people-lock"))
    code = format_hotp_value(hotp_value(TOTP_SECRET, int(time.time()) // 30))
    desk.post(reverse("mfa_reauthenticate"), {"code": code})
    assert desk.get(INVITE).status_code == 200


def test_a_wrong_password_unlocks_nothing(desk: Client) -> None:
    desk.post(reverse("people-lock"))
    assert desk.post(reverse("account_reauthenticate"), {"password": "wrong"}).status_code == 422
    assert desk.get(INVITE).status_code == 302


def test_a_patient_is_signed_out_after_thirty_minutes_and_staying_is_one_tap(
    cast: Cast, clock: time_machine.Traveller
) -> None:
    client = cast.patient.client()
    page = reverse("people-my-emergencies")
    client.get(page)
    clock.shift(minutes(29))
    assert client.post(reverse("people-stay")).status_code == 204
    clock.shift(minutes(29))
    assert client.get(page).status_code == 200
    clock.shift(minutes(31))
    assert client.get(page)["Location"].startswith(reverse("account_login"))
    assert client.get(page).status_code == 404


def test_twelve_hours_end_every_sign_in(desk: Client, clock: time_machine.Traveller) -> None:
    for _ in range(12 * 60 // 9 - 1):
        clock.shift(minutes(9))
        desk.get(INVITE)
    clock.shift(minutes(9))
    assert desk.get(INVITE)["Location"].startswith(reverse("account_login"))


def test_an_address_elsewhere_is_never_gone_to(desk: Client) -> None:
    for evil in ("//evil.example/", "https://evil.example/", "javascript:alert(1)"):
        answer = desk.get(reverse("people-locked"), {"next": evil})
        assert answer["Location"] == "/"


def test_signed_in_pages_are_not_kept_by_browsers(desk: Client) -> None:
    assert desk.get(INVITE)["Cache-Control"] == "no-store"
    out = desk.post(reverse("account_logout"))
    assert out["Clear-Site-Data"] == '"cache"'


FORM = (
    '<form method="get" action="/a/"><input name="t" value="1"></form>'
    '<form method="post" action="/b/"><input type="hidden" name="csrf" value="new">'
    '<input name="t" value="old"><input type="checkbox" name="c" value="x" checked>'
    '<input type="radio" name="r" value="1" checked><input type="radio" name="r" value="2">'
    '<textarea name="a">old &amp; gone</textarea><input type="password" name="p">'
    '<select name="s"><option value="1" selected>1</option><option value="2">2</option></select></form>'
    "<p>&copy; &#169; <!-- kept --></p>"
)


def test_refilling_touches_only_the_typed_fields_of_the_one_form() -> None:
    fields = {
        "t": ['"><script>'],
        "r": ["2"],
        "a": ["</textarea>\n&"],
        "s": ["2"],
        "csrf": ["stolen"],
        "p": ["x"],
    }
    html, found = refill(FORM, page="/x/", action="/b/", fields=fields, notice="<i>back</i>")
    assert found
    assert html == (
        '<form method="get" action="/a/"><input name="t" value="1"></form>'
        '<i>back</i><form method="post" action="/b/"><input type="hidden" name="csrf" value="new">'
        '<input name="t" value="&quot;&gt;&lt;script&gt;"><input type="checkbox" name="c" value="x">'
        '<input type="radio" name="r" value="1"><input type="radio" name="r" value="2" checked>'
        '<textarea name="a">\n&lt;/textarea&gt;\n&amp;</textarea><input type="password" name="p">'
        '<select name="s"><option value="1">1</option><option value="2" selected>2</option></select></form>'
        "<p>&copy; &#169; <!-- kept --></p>"
    )


def test_a_page_without_the_form_stays_as_it_is() -> None:
    html, found = refill(FORM, page="/x/", action="/elsewhere/", fields={"t": ["n"]}, notice="n")
    assert (html, found) == (FORM, False)


def test_a_draft_is_over_after_twelve_hours(desk: Client, clock: time_machine.Traveller) -> None:
    sent = {"draft.name": "Quint", "draft-page": INVITE, "draft-action": INVITE}
    desk.post(reverse("people-lock"), sent)
    KeptDraft.objects.update(kept_at=timezone.now() - timedelta(hours=12))
    unlock(desk)
    assert "Quint" not in desk.get(INVITE).content.decode()
