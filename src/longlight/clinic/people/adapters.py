"""How the sign-in library (django-allauth) is bent to the house: no open sign-up, sealed secrets, noted events.

Mail leaves through `send_mail`, which `contact` overrides to put it into the outbox; everything that this step
mails (codes, invitations, notices) goes through it.
"""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.userkit import filter_users_by_email
from allauth.mfa.adapter import DefaultMFAAdapter
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from longlight.clinic.people.actions import note_account_event
from longlight.clinic.people.actions.accounts import SECOND_FACTOR
from longlight.clinic.people.models import Account
from longlight.clinic.people.sealing import seal, unseal
from longlight.ui.qr import square_svg


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts come from invitations alone, and what happens to one is noted in its chain."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def format_email_subject(self, subject: str) -> str:
        return str(subject)

    def login(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        super().login(request, user)
        assert isinstance(user, Account)
        note_account_event(account=user, verb="signed-in", at=timezone.now())

    def logout(self, request: HttpRequest) -> None:
        account = request.user
        super().logout(request)
        if isinstance(account, Account):
            note_account_event(account=account, verb="signed-out", at=timezone.now())

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        # An unknown address leaves no row, so that a flood of them fills nothing; the request log has a line.
        for account in filter_users_by_email(credentials.get("email", "")):
            note_account_event(account=account, verb="sign-in-failed", at=timezone.now())

    def send_notification_mail(
        self,
        template_prefix: str,
        user: AbstractBaseUser,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        """Called by the library whenever a password or a factor changed: noted, then told to the owner."""
        assert isinstance(user, Account)
        verb = template_prefix.rpartition("/")[2].replace("_", "-")
        note_account_event(account=user, verb=verb, at=timezone.now())
        super().send_notification_mail("people/email/security_changed", user, context, email)


class FactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Second factors: their secrets are sealed before they reach the database."""

    def encrypt(self, text: str) -> str:
        return seal(text, purpose=SECOND_FACTOR)

    def decrypt(self, encrypted_text: str) -> str:
        return unseal(encrypted_text, purpose=SECOND_FACTOR)

    def build_totp_svg(self, url: str) -> SafeString:
        return square_svg(url, _("A square to scan with your authenticator app"))

    def get_totp_issuer(self) -> str:
        return "Longlight"

    def generate_authenticator_name(self, user: AbstractBaseUser, type: str) -> str:
        return _("Passkey")
