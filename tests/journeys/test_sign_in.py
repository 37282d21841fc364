"""Signing in as a person does: an invitation, an authenticator app, recovery codes, a passkey, the lock screen."""

import base64
import hashlib
import hmac
import struct
import time
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect
from tests.installation import Installation
from tests.journeys import checks
from tests.journeys.conftest import Visit

PASSWORD = "seven slow herons at low tide"


def totp(secret: str) -> str:
    """RFC 6238, by hand: what an authenticator app shows."""
    mac = hmac.new(
        base64.b32decode(secret), struct.pack(">Q", int(time.time()) // 30), hashlib.sha1
    )
    start = mac.digest()[-1] & 15
    number = struct.unpack(">I", mac.digest()[start : start + 4])[0] & 0x7FFFFFFF
    return f"{number % 10**6:06}"


@pytest.fixture
def invitation(installation: Installation, site: str, request: pytest.FixtureRequest) -> str:
    made = installation.command(
        "account", "create-admin", "--clinic", "Harbor Light Clinic", "--name", "Robin Vale",
        "--email", f"{request.node.name.replace('_', '-')}@journey.example", "--address", site,
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    return urlsplit(made.stdout.strip()).path


def accept(page: Page) -> None:
    page.get_by_label("Choose a password").fill(PASSWORD)
    page.get_by_role("button", name="Accept").click()
    expect(page.get_by_role("heading", name="Your account")).to_be_visible()


def set_up_app(page: Page) -> list[str]:
    """Set up the authenticator app; the recovery codes that are shown."""
    page.get_by_role("link", name="Authenticator app").click()
    page.get_by_label("Authenticator code").fill(totp(page.locator("code").inner_text()))
    page.get_by_role("button", name="Turn it on").click()
    expect(page.get_by_text("Shown once")).to_be_visible()
    return page.locator("main li code").all_inner_texts()


def sign_out(page: Page, site: str) -> None:
    page.goto(f"{site}/sign-out/")
    page.locator("main").get_by_role("button", name="Sign out").click()
    page.goto(f"{site}/sign-in/")


def give_password(page: Page, email: str) -> None:
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.locator("main form").get_by_role("button", name="Sign in").click()


def look_over(page: Page) -> None:
    found = checks.axe_violations(page) + checks.sideways_scroll(page) + checks.small_targets(page)
    assert found == []


def test_app_then_recovery_code_without_script(visit: Visit, site: str, invitation: str) -> None:
    page = visit(invitation, width=390, script=False)
    email = page.locator("main").inner_text().split("Your account will be ")[1].split(". ")[0]
    accept(page)
    page.goto(f"{site}/people/")
    expect(page.get_by_text("One step before you begin")).to_be_visible()
    secret_page = page.get_by_role("link", name="Authenticator app")
    secret_page.click()
    secret = page.locator("code").inner_text()
    page.get_by_label("Authenticator code").fill(totp(secret))
    page.get_by_role("button", name="Turn it on").click()
    codes = page.locator("main li code").all_inner_texts()
    assert len(codes) == 10
    for code_now in (lambda: totp(secret), lambda: codes[0]):
        sign_out(page, site)
        give_password(page, email)
        page.get_by_label("Code").fill(
            code_now()
        )  # one that was read before these pages may be over
        page.locator("main").get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("heading", name="People")).to_be_visible()


def test_a_passkey_signs_in_by_itself(visit: Visit, site: str, invitation: str) -> None:
    page = visit(invitation)
    key = page.context.new_cdp_session(page)
    key.send("WebAuthn.enable")
    key.send(
        "WebAuthn.addVirtualAuthenticator",
        {"options": {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True,
                     "hasUserVerification": True, "isUserVerified": True,
                     "automaticPresenceSimulation": True}},
    )  # fmt: skip
    accept(page)
    page.get_by_role("link", name="Passkeys").click()
    look_over(page)
    page.get_by_text("Sign in with it alone").click()
    page.get_by_role("button", name="Add the passkey").click()
    expect(page.get_by_text("Shown once")).to_be_visible()
    look_over(page)
    sign_out(page, site)
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("heading", name="People")).to_be_visible()
    look_over(page)


def test_the_screen_locks_by_itself_and_keeps_what_was_typed(
    visit: Visit, site: str, invitation: str
) -> None:
    page = visit(invitation)
    accept(page)
    set_up_app(page)
    page.clock.install()
    page.goto(f"{site}/people/invite/")
    page.get_by_label("Name").fill("Zoë <b> Quint")
    page.get_by_label("Why").fill("night shifts")
    page.clock.fast_forward("10:30")
    expect(page.get_by_role("heading", name="Screen locked")).to_be_visible()
    expect(page.get_by_text("Robin Vale")).to_have_count(0)
    look_over(page)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Unlock").click()
    expect(page.get_by_text("What you had typed is back")).to_be_visible()
    expect(page.get_by_label("Name")).to_have_value("Zoë <b> Quint")
    expect(page.get_by_label("Why")).to_have_value("night shifts")
    look_over(page)
    page.goto(f"{site}/people/")
    expect(page.get_by_text("Quint")).to_have_count(0)  # nothing was sent
