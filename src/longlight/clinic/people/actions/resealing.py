"""Sealed texts sealed anew with the newest key, a batch at a time, so that the key before it can be thrown away."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Model

from longlight.clinic.people.sealing import reseal
from longlight.clinic.record.actions import clinic_chain, writing
from longlight.clinic.record.rules import Actor

ROWS_AT_ONCE = 200
INSTALLATION = UUID(int=0)  # the chain of what concerns every clinic


def reseal_column(model: type[Model], column: str, *, purpose: str, by: Actor, at: datetime) -> int:
    """Seal one column's texts anew. Safe to repeat after a stop. Raises `CannotUnseal` at a text that no key opens."""
    rows: Any = model._default_manager
    keys = list(rows.exclude(**{column: ""}).order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(keys), ROWS_AT_ONCE):
        with writing(by=by, at=at) as pen:
            batch = rows.select_for_update().filter(pk__in=keys[start : start + ROWS_AT_ONCE])
            for row in batch:
                setattr(row, column, reseal(getattr(row, column), purpose=purpose))
                row.save(update_fields=[column])
            pen.note(
                "texts-resealed",
                chain=clinic_chain(INSTALLATION),
                object_kind=model._meta.model_name or "",
                object_id=column,
            )
    return len(keys)
