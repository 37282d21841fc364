"""What the record of a session says, whole, for a signature to stand for; and which records wait for one."""

from typing import Any

from django.db.models import Model, QuerySet

from longlight.clinic.dosing.models import DosingSession
from longlight.clinic.dosing.queries.day import DosingDay
from longlight.clinic.dosing.rules import TO_BE_SIGNED
from longlight.clinic.people.rules import Viewer
from longlight.clinic.record.queries import Signed, signed

RECORD = "dosing-record"
NOT_SAID = frozenset({"version", "signed_at"})  # of the session's own row: bookkeeping
COUNTED_TO = 99


def said_of(day: DosingDay) -> dict[str, object]:
    """Every row of the day as it is kept, struck ones too."""
    return {
        "session": _row(day.session),
        "order": _row(day.order),
        "dose": _row(day.dose),
        "readings": [_row(each) for each in day.readings],
        "happenings": [_row(each) for each in day.happenings],
        "answers": [_row(each) for each in day.answers.values()],
    }


def _row(kept: Model | None) -> dict[str, Any] | None:
    if kept is None:
        return None
    fields = (field.attname for field in kept._meta.concrete_fields)
    return {name: getattr(kept, name) for name in fields if name not in NOT_SAID}


def signed_record(day: DosingDay) -> Signed:
    return signed(RECORD, [day.session.pk])[day.session.pk]


def records_to_sign(*, viewer: Viewer) -> QuerySet[DosingSession]:
    """The clinic's ended sessions that nobody has signed, the newest first."""
    return (
        DosingSession.objects.filter(
            clinic_id=viewer.clinic_id,
            signed_at=None,
            ended_at__isnull=False,
            state__in=[state.value for state in TO_BE_SIGNED],
        )
        .select_related("patient", "planned")
        .order_by("-ended_at")
    )


def count_to_sign(*, viewer: Viewer) -> int:
    """How many wait; counted no further than a page of them."""
    return records_to_sign(viewer=viewer)[: COUNTED_TO + 1].count()
