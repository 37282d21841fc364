"""Frozen values from TOML tables: a typo in a clinical file is an error that says where."""

from dataclasses import dataclass
from decimal import Decimal

import pytest

from longlight.science.marks import Mark
from longlight.science.tables import MalformedTable, build


@dataclass(frozen=True)
class Limit:
    value: Decimal
    mark: Mark


@dataclass(frozen=True)
class Rule:
    id: str
    limits: tuple[Limit, ...] = ()
    first: Limit | None = None
    is_hard: bool = False


def test_nested_tables_become_nested_values() -> None:
    table = {
        "id": "a",
        "limits": [{"value": 1, "mark": "read"}],
        "first": {"value": 2, "mark": "choice"},
    }
    assert build(Rule, table) == Rule(
        "a", (Limit(Decimal(1), Mark.READ),), Limit(Decimal(2), Mark.CHOICE)
    )


@pytest.mark.parametrize(
    ("table", "told"),
    [
        ({"id": "a", "limit": []}, "no field is called limit"),
        ({}, "id missing"),
        ({"id": 3}, "'3' is not a str"),
        ({"id": "a", "is_hard": 1}, "'1' is not a bool"),
        ({"id": "a", "first": {"value": "x", "mark": "read"}}, r"Rule\.first\.value"),
        ({"id": "a", "limits": [{"value": 1, "mark": "sure"}]}, r"limits\[0\]\.mark: 'sure'"),
    ],
)
def test_a_malformed_table_is_refused_where_it_is_wrong(
    table: dict[str, object], told: str
) -> None:
    with pytest.raises(MalformedTable, match=told):
        build(Rule, table)
