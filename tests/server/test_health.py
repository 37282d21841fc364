"""Liveness touches nothing; readiness tells a database that is away or behind."""

import pytest
from django.db import connection
from django.test import Client


def test_the_process_answers_without_the_database(client: Client) -> None:
    # No django_db mark: any query would fail the test.
    assert client.get("/healthz").json() == {"status": "ok"}


@pytest.mark.django_db
def test_ready_when_the_database_is_up_to_date(client: Client) -> None:
    assert client.get("/readyz").status_code == 200


@pytest.mark.django_db
def test_not_ready_when_a_migration_waits(client: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'clinic'")
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["reason"] == "migrations are waiting"


@pytest.mark.django_db
def test_not_ready_when_the_database_does_not_answer(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object, **__: object) -> None:
        raise OSError("gone")

    monkeypatch.setattr("longlight.server.health.MigrationExecutor", away)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["reason"] == "the database does not answer"
