"""The chains: whatever is written verifies, whatever is changed afterwards is found and named."""

import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from enum import StrEnum
from uuid import UUID, uuid4

import pytest
from django.conf import settings
from django.db import transaction
from hypothesis import HealthCheck, given
from hypothesis import settings as effort
from hypothesis import strategies as st
from tests.guards import guards_lifted

from longlight.clinic.record.actions import anchor_heads, patient_chain, writing
from longlight.clinic.record.models import AuditAnchor, AuditHead, AuditRow
from longlight.clinic.record.queries import verify
from longlight.clinic.record.rules import Actor, ActorKind, Chain, ChainKind, chained_hash, storable

NURSE = Actor(ActorKind.STAFF, UUID(int=5), "N. Urse", "nurse", UUID(int=6))
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
SUBJECTS = [UUID(int=n) for n in range(1, 4)]

# Text as PostgreSQL takes it: no NUL, no half of a surrogate pair.
TEXT = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\x00"), max_size=12)
DETAIL = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXT | st.uuids() | st.decimals() | st.dates()
    | st.datetimes(timezones=st.just(UTC)) | st.sampled_from(ActorKind),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=6,
)  # fmt: skip
MOMENT = st.datetimes(
    datetime(1990, 1, 1), datetime(2090, 1, 1),  # noqa: DTZ001  hypothesis wants them bare
    timezones=st.integers(-840, 840).map(lambda m: timezone(timedelta(minutes=m))),
)  # fmt: skip
NOTE = st.tuples(
    st.sampled_from(list(ChainKind)),
    st.sampled_from(SUBJECTS),
    st.dictionaries(TEXT, DETAIL, max_size=3),
)
WRITE = st.tuples(
    MOMENT, TEXT, st.lists(NOTE, min_size=1, max_size=10)
)  # few chains, or many at once
FEW = effort(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def write(at: datetime, name: str, notes: list) -> None:
    actor = Actor(ActorKind.STAFF, UUID(int=5), name, "nurse", None)
    with writing(by=actor, at=at) as pen:
        for kind, subject, details in notes:
            pen.note(
                "verb", chain=Chain(kind, subject), object_kind="x", object_id=1, given=details
            )


@pytest.mark.django_db
@FEW
@given(st.lists(WRITE, min_size=1, max_size=4))
def test_whatever_is_noted_in_any_zone_verifies_after_the_database_kept_it(writes: list) -> None:
    with transaction.atomic():
        for one in writes:
            write(*one)
        found = verify()
        assert found.is_whole, found.broken
        assert found.rows == sum(len(notes) for _, _, notes in writes)
        transaction.set_rollback(True)


CHANGES = {
    "at": NOW + timedelta(microseconds=1), "actor_kind": "system", "actor_id": uuid4(), "actor_name": "M. Allory",
    "actor_role": "director", "clinic_id": uuid4(), "verb": "other", "object_kind": "y", "object_id": "2",
    "details": {"given": 2}, "row_hash": "f" * 64, "previous_hash": "e" * 64,
}  # fmt: skip


def fill(rows: int = 5) -> None:
    for n in range(rows):
        for subject in SUBJECTS:
            with writing(by=NURSE, at=NOW + timedelta(seconds=n)) as pen:
                pen.note(
                    "verb", chain=patient_chain(subject), object_kind="x", object_id=1, given=1
                )


@pytest.mark.django_db
@pytest.mark.parametrize("column", CHANGES)
@pytest.mark.parametrize("sequence", [1, 3, 5])
def test_a_changed_row_is_named_whatever_changed_in_it(column: str, sequence: int) -> None:
    fill()
    with guards_lifted():
        AuditRow.objects.filter(chain_subject=SUBJECTS[1], sequence=sequence).update(
            **{column: CHANGES[column]}
        )
    (link,) = verify().broken
    assert (link.chain, link.sequence) == (f"patient {SUBJECTS[1]}", sequence)


def test_every_column_that_says_something_is_in_the_list_of_changes() -> None:
    columns = {field.attname for field in AuditRow._meta.concrete_fields}
    assert columns - {"id", "chain_kind", "chain_subject", "sequence"} == set(CHANGES)


@pytest.mark.django_db
@pytest.mark.parametrize("sequence", [1, 3, 5])
def test_a_removed_row_is_named(sequence: int) -> None:
    fill()
    with guards_lifted():
        AuditRow.objects.filter(chain_subject=SUBJECTS[1], sequence=sequence).delete()
    (link,) = verify().broken
    assert (link.chain, link.sequence) == (f"patient {SUBJECTS[1]}", sequence)
    assert "removed" in link.what


@pytest.mark.django_db
def test_rows_changed_places_between_chains_are_found() -> None:
    fill(2)
    with guards_lifted():
        AuditRow.objects.filter(chain_subject=SUBJECTS[0]).update(chain_subject=UUID(int=99))
        AuditHead.objects.filter(chain_subject=SUBJECTS[0]).update(chain_subject=UUID(int=99))
    assert [link.chain for link in verify().broken] == [f"patient {UUID(int=99)}"]


@pytest.mark.django_db
def test_an_end_cut_off_together_with_its_head_is_found_by_the_anchor() -> None:
    fill()
    anchor_heads(at=NOW)
    with guards_lifted():
        AuditRow.objects.filter(chain_subject=SUBJECTS[1], sequence__gt=3).delete()
        third = AuditRow.objects.get(chain_subject=SUBJECTS[1], sequence=3)
        AuditHead.objects.filter(chain_subject=SUBJECTS[1]).update(
            sequence=3, row_hash=third.row_hash
        )
    (link,) = verify().broken
    assert (link.sequence, link.what) == (4, "the row was removed; an anchor knows it")


@pytest.mark.django_db
def test_a_chain_removed_whole_is_found_by_the_anchor() -> None:
    fill()
    assert anchor_heads(at=NOW) is not None
    with guards_lifted():
        AuditRow.objects.filter(chain_subject=SUBJECTS[1]).delete()
        AuditHead.objects.filter(chain_subject=SUBJECTS[1]).delete()
    (link,) = verify().broken
    assert (link.chain, link.what) == (f"patient {SUBJECTS[1]}", "the whole chain was removed")


@pytest.mark.django_db
def test_a_chain_removed_with_its_anchors_is_found_by_the_copy_outside() -> None:
    fill()
    anchor_heads(at=NOW)
    outside = list(AuditAnchor.objects.all())
    with guards_lifted():
        AuditRow.objects.filter(chain_subject=SUBJECTS[1]).delete()
        AuditHead.objects.filter(chain_subject=SUBJECTS[1]).delete()
        AuditAnchor.objects.all().delete()
    assert verify().is_whole, "nothing inside the database knows"
    broken = [str(link) for link in verify(outside).broken]
    assert any(str(SUBJECTS[1]) in link and "whole chain" in link for link in broken)
    assert any("kept outside is not in the database" in link for link in broken)


@pytest.mark.django_db
def test_a_removed_head_and_a_changed_anchor_are_found() -> None:
    fill(1)
    anchor_heads(at=NOW)
    with guards_lifted():
        AuditHead.objects.filter(chain_subject=SUBJECTS[0]).delete()
        AuditAnchor.objects.update(at=NOW + timedelta(days=1))
    whats = [link.what for link in verify().broken]
    assert whats == [
        "the anchor was changed, or another key wrote it",
        "the head of the chain was removed",
    ]


@pytest.mark.django_db
def test_an_anchor_holds_only_what_moved_and_none_is_made_when_nothing_did() -> None:
    fill(1)
    first = anchor_heads(at=NOW)
    assert first is not None
    assert [head[1] for head in first.heads] == [str(subject) for subject in SUBJECTS]
    assert anchor_heads(at=NOW) is None
    with writing(by=NURSE, at=NOW) as pen:
        pen.note("verb", chain=patient_chain(SUBJECTS[2]), object_kind="x", object_id=1)
    second = anchor_heads(at=NOW)
    assert second is not None
    assert [head[1:3] for head in second.heads] == [[str(SUBJECTS[2]), 2]]
    assert second.previous_hash == first.row_hash
    assert verify().is_whole


@pytest.mark.django_db
def test_another_key_verifies_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    fill(2)
    monkeypatch.setattr(settings, "AUDIT_KEY", "another")
    assert [link.sequence for link in verify().broken] == [1, 1, 1]


def test_the_hash_is_what_a_few_lines_of_another_program_would_compute() -> None:
    said = {"b": NOW, "a": [1, None, True, 0.5]}
    text = '{"after":"00","said":{"a":[1,null,true,"0.5"],"b":"2026-11-23T12:00:00.000000+00:00"}}'
    by_hand = hmac.new(b"key", text.encode(), hashlib.sha256).hexdigest()
    assert chained_hash(said, "00", "key") == by_hand


class Word(StrEnum):
    YES = "yes"


@given(DETAIL)
def test_what_is_storable_survives_json_and_is_storable_again(value: object) -> None:
    kept = storable(value)
    assert json.loads(json.dumps(kept, allow_nan=False)) == kept == storable(kept)


def test_storable_keeps_words_and_numbers_as_they_read() -> None:
    given = {"status": Word.YES, "dose": Decimal("0.50"), "ids": (UUID(int=1),), "n": 3}
    assert storable(given) == {
        "status": "yes", "dose": "0.50", "ids": ["00000000-0000-0000-0000-000000000001"], "n": 3,
    }  # fmt: skip
