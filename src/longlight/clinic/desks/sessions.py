"""A patient's dosing days side by side: dose, highest pressure, dissociation, and what the score did the day after."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.core.cache import cache
from django.db import DatabaseError
from django.db.models import Max
from django.utils.translation import gettext as _

from longlight import __version__
from longlight.clinic.dosing.models import Dose, Reading
from longlight.clinic.people.models import Patient
from longlight.clinic.record.prepared import Prepared
from longlight.science.trajectory import Trajectory
from longlight.ui.figures.sessions import small_multiple
from longlight.ui.figures.theme import drawn_svg

MOST = 12  # the newest sessions; more cannot be told apart at this size
BEFORE, AFTER = timedelta(days=4), timedelta(days=2)
KEPT_S = 30 * 24 * 60 * 60


@dataclass(frozen=True)
class Multiple:
    """One number over the sessions; without its drawing the words remain."""

    title: str
    words: str
    svg: str


def multiples_of(patient: Patient, trajectory: Trajectory) -> tuple[Multiple, ...]:
    """Only what was measured in at least two sessions. Two queries, however many there are."""
    doses = _LATEST_DOSES(patient_id=patient.pk)[::-1]
    peaks = {
        row["session_id"]: row
        for row in Reading.objects.standing()
        .filter(session_id__in=[dose.session_id for dose in doses])
        .values("session_id")
        .annotate(systolic=Max("systolic_mmhg"), dissociation=Max("dissociation_points"))
    }
    nothing: dict[str, Any] = {}
    found = [peaks.get(dose.session_id, nothing) for dose in doses]
    name = trajectory.instruments[0] if trajectory.instruments else ""
    kinds: tuple[tuple[str, str, Sequence[float | None]], ...] = (
        (_("Dose"), _("mg"), [float(dose.order.dose_mg) for dose in doses]),
        (_("Highest systolic"), _("mmHg"), [each.get("systolic") for each in found]),
        (_("Dissociation"), _("0 to 10, nurse-rated"), [e.get("dissociation") for e in found]),
        (
            _("Change by the day after"),
            _("points, lower is better"),
            [_change(trajectory, name, _wall_clock(patient, dose.started_at)) for dose in doses],
        ),
    )
    made = (_multiple(title, unit, values) for title, unit, values in kinds)
    return tuple(each for each in made if each is not None)


_LATEST_DOSES = Prepared(
    lambda patient_id: (
        Dose.objects.standing()
        .filter(session__patient_id=patient_id)
        .select_related("order")
        .order_by("-started_at")[:MOST]
    ),
    patient_id=UUID,
)


def _wall_clock(patient: Patient, at: datetime) -> datetime:
    """A moment as a trajectory tells it: by the clock where the patient is."""
    zone = ZoneInfo(patient.time_zone or patient.clinic.time_zone)
    return at.astimezone(zone).replace(tzinfo=None)


def _change(trajectory: Trajectory, name: str, at: datetime) -> float | None:
    """The first score within two days after, less the last within four days before."""
    scored = [p for p in trajectory.of_instrument(name) if p.value_points is not None]
    before = [p.value_points for p in scored if at - BEFORE <= p.at <= at]
    after = [p.value_points for p in scored if at < p.at <= at + AFTER]
    if not before or not after or before[-1] is None or after[0] is None:
        return None
    return after[0] - before[-1]


def _multiple(title: str, unit: str, values: Sequence[float | None]) -> Multiple | None:
    known = [value for value in values if value is not None]
    if len(known) < 2:
        return None
    low, high = f"{min(known):g}", f"{max(known):g}"
    words = (
        _("%(low)s %(unit)s each time") % {"low": low, "unit": unit}
        if low == high
        else _("%(low)s to %(high)s %(unit)s") % {"low": low, "high": high, "unit": unit}
    )
    return Multiple(title, words, _svg(values))


def _svg(values: Sequence[float | None]) -> str:
    said = repr((tuple(values), __version__))
    key = "sessions-" + hashlib.sha256(said.encode()).hexdigest()
    try:
        kept = cache.get(key)
        if isinstance(kept, str):
            return kept
        chart = small_multiple(range(1, len(values) + 1), values)
        svg = drawn_svg(chart.to_json())
        cache.set(key, svg, KEPT_S)
    except (DatabaseError, ValueError):
        return ""
    return svg
