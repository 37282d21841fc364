"""Facts are corrected with a successor, never edited or deleted."""

import importlib
from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.apps import apps
from django.db import DatabaseError, IntegrityError, connection, models, transaction

from longlight.clinic.record.actions import correct, patient_chain, writing
from longlight.clinic.record.models import AuditRow, Fact
from longlight.clinic.record.rules import Actor, ActorKind, CannotCorrect

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
NURSE = Actor(ActorKind.STAFF, uuid4(), "N. Urse", "nurse", uuid4())
CHAIN = patient_chain(uuid4())
guards = importlib.import_module("longlight.clinic.migrations._guards")


class Weight(Fact):
    """A fact for the tests alone; its table is made and dropped here."""

    kilograms = models.FloatField()
    checked_at = models.DateTimeField(null=True)

    class Meta(Fact.Meta):
        app_label = "record_tests"


@pytest.fixture
def weights(transactional_db) -> Iterator[None]:
    with connection.schema_editor() as schema:
        schema.create_model(Weight)
        guards.guard_facts("record_tests_weight", filled_later=["checked_at"]).code(apps, schema)
    yield
    with connection.schema_editor() as schema:
        schema.delete_model(Weight)


def weigh(kilograms: float) -> Weight:
    with writing(by=NURSE, at=NOW) as pen:
        weight = Weight.objects.create(kilograms=kilograms)
        pen.note("weighed", chain=CHAIN, object_kind="weight", object_id=weight.pk)
    return weight


def correct_weight(wrong: Weight, kilograms: float | None, reason: str = "scale off") -> Weight:
    with writing(by=NURSE, at=NOW) as pen:
        right = None if kilograms is None else Weight.objects.create(kilograms=kilograms)
        return correct(
            pen, wrong, successor=right, reason=reason, chain=CHAIN, object_kind="weight"
        )


@pytest.mark.usefixtures("weights")
class TestAFact:
    def test_is_marked_and_names_its_successor_who_and_why(self) -> None:
        wrong = weigh(700)
        correct_weight(wrong, 70)
        wrong.refresh_from_db()
        assert (wrong.status, wrong.stands, wrong.kilograms) == ("entered-in-error", False, 700)
        assert (wrong.correction_reason, wrong.corrected_at) == ("scale off", NOW)
        assert (wrong.corrected_by_id, wrong.corrected_by_name) == (NURSE.id, "N. Urse")
        assert wrong.successor is not None
        assert wrong.successor.kilograms == 70
        assert [weight.kilograms for weight in Weight.objects.standing()] == [70]
        row = AuditRow.objects.get(verb="weight-corrected")
        assert (row.object_id, row.details) == (str(wrong.pk), {"successor": wrong.successor_id})

    def test_that_never_happened_has_no_successor(self) -> None:
        wrong = weigh(70)
        correct_weight(wrong, None, "another patient's")
        assert not Weight.objects.standing().exists()

    def test_is_corrected_once(self) -> None:
        wrong = weigh(700)
        correct_weight(wrong, 70)
        with pytest.raises(CannotCorrect, match="already corrected"):
            correct_weight(wrong, 71)
        assert Weight.objects.count() == 2, "the refused successor went with the refusal"

    def test_needs_a_reason(self) -> None:
        wrong = weigh(700)
        with pytest.raises(CannotCorrect, match="Say why"):
            correct_weight(wrong, 70, "  ")

    def test_cannot_be_its_own_successor(self) -> None:
        wrong = weigh(700)
        with (
            pytest.raises(CannotCorrect, match="must be another"),
            writing(by=NURSE, at=NOW) as pen,
        ):
            correct(
                pen, wrong, successor=wrong, reason="scale off", chain=CHAIN, object_kind="weight"
            )

    def test_is_not_edited_deleted_or_corrected_twice_in_the_database(self) -> None:
        wrong = weigh(700)
        correct_weight(wrong, 70)
        for statement in (
            "UPDATE record_tests_weight SET kilograms = 1",
            "UPDATE record_tests_weight SET correction_reason = 'other' WHERE status <> 'final'",
            "DELETE FROM record_tests_weight",
        ):
            with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
                connection.cursor().execute(statement)

    def test_marked_without_a_reason_is_refused_by_the_database(self) -> None:
        wrong = weigh(700)
        with pytest.raises(IntegrityError), transaction.atomic():
            Weight.objects.filter(pk=wrong.pk).update(status="entered-in-error")

    def test_has_what_is_filled_in_later_filled_in_once(self) -> None:
        weight = weigh(70)
        Weight.objects.filter(pk=weight.pk).update(checked_at=NOW)
        with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
            Weight.objects.filter(pk=weight.pk).update(checked_at=None)


@pytest.mark.django_db
def test_every_fact_is_guarded_by_the_database() -> None:
    """Whoever adds a Fact adds `guard_facts` for its table in a migration."""
    tables = {
        model._meta.db_table
        for model in apps.get_app_config("clinic").get_models()
        if issubclass(model, Fact)
    }
    sqlite = "SELECT tbl_name, name FROM sqlite_master WHERE type = 'trigger'"
    postgresql = "SELECT event_object_table, trigger_name FROM information_schema.triggers"
    with connection.cursor() as cursor:
        cursor.execute(sqlite if connection.vendor == "sqlite" else postgresql)
        there = set(cursor.fetchall())
    wanted = {
        (table, f"{table}_refuse_{name}")
        for table in tables
        for name in ("update", "again", "delete")
    }
    assert len(tables) >= 6
    assert wanted - there == set()
