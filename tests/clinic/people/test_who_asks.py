"""Who asks is read anew with every request, in one query, and never remembered from the one before."""

from io import BytesIO
from typing import Any
from unittest.mock import patch

import pytest
from django.contrib.auth import SESSION_KEY
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import URLResolver
from tests.cast import Cast

from longlight.clinic.people.backend import AccountBackend
from longlight.clinic.people.models import Account, Membership
from longlight.clinic.people.queries import account_at, known_of

pytestmark = pytest.mark.django_db


def test_an_account_and_its_roles_are_one_query(cast: Cast) -> None:
    with CaptureQueriesContext(connection) as asked:
        account = account_at(cast.nurse.account.id)
        assert account is not None
        known = known_of(account)
    assert len(asked) == 1
    assert account == cast.nurse.account
    assert known == known_of(Account.objects.get(pk=account.pk))
    browser = cast.nurse.client()
    with CaptureQueriesContext(connection) as asked:
        assert browser.get("/account/").status_code == 200
    table = f'FROM "{Membership._meta.db_table}"'
    assert sum(table in each["sql"] for each in asked) == 1


def test_what_was_read_along_serves_once(cast: Cast) -> None:
    account = account_at(cast.nurse.account.id)
    assert account is not None
    assert known_of(account).standings
    Membership.objects.filter(account=account).update(is_active=False)
    assert known_of(account).standings == ()


def test_a_patient_has_an_account_and_no_role(cast: Cast) -> None:
    account = account_at(cast.patient.account.id)
    assert account == cast.patient.account
    assert [each.viewer for each in known_of(account).standings] == [cast.patient.viewer]


def test_nobody_is_found_by_another_id_or_once_the_account_is_closed(cast: Cast) -> None:
    nurse = cast.nurse.account
    assert account_at(cast.clinic_a.id) is None
    browser = cast.nurse.client()
    assert browser.get("/board/").status_code == 200
    Account.objects.filter(pk=nurse.pk).update(is_active=False)
    assert AccountBackend().get_user(nurse.pk) is None
    assert browser.get("/board/").status_code != 200
    assert browser.session[SESSION_KEY] == str(
        nurse.pk
    )  # only closed: opened again, the sign-in goes on


def test_a_page_is_looked_for_once(cast: Cast) -> None:
    from longlight.server.wsgi import application

    looked_for: list[str] = []
    plain = URLResolver.resolve

    def counted(self: URLResolver, path: Any) -> Any:
        if str(self.pattern) == "^/":
            looked_for.append(path)
        return plain(self, path)

    def ask(path: str) -> str:
        said: list[str] = []
        environ = {
            "REQUEST_METHOD": "GET", "PATH_INFO": path, "SERVER_NAME": "testserver", "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1", "wsgi.url_scheme": "http", "wsgi.input": BytesIO(),
        }  # fmt: skip
        with patch.object(URLResolver, "resolve", counted):
            application(environ, lambda status, _headers: said.append(status))
        return said[0]

    assert ask("/privacy/") == "200 OK"
    assert looked_for == ["/privacy/"]
    assert ask("/no/such/page/").startswith("404")
