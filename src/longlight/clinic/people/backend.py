"""How a session's account is found: by the sign-in library's backend, but for the query that every request asks."""

from uuid import UUID

from allauth.account.auth_backends import AuthenticationBackend

from longlight.clinic.people.models import Account
from longlight.clinic.people.queries import account_at


class AccountBackend(AuthenticationBackend):  # type: ignore[misc]
    def get_user(self, user_id: UUID) -> Account | None:
        account = account_at(user_id)
        return account if account is not None and self.user_can_authenticate(account) else None
