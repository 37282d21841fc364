"""Everything that was measured of a patient, as a page: a line for each time, newest first."""

from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from longlight.clinic.assessments.queries import short_title
from longlight.clinic.desks.observations import (
    Entry,
    NoSuchPlace,
    Place,
    observations,
    read_limit,
    unit_of,
)
from longlight.clinic.people.access import ClinicRequest, require_chart, roles
from longlight.clinic.people.rules import CHART_ROLES
from longlight.clinic.record.actions import note_read

USUALLY = 200
NAMES = {
    "heart_rate_bpm": gettext_lazy("Pulse"),
    "oxygen_saturation_percent": gettext_lazy("SpO₂"),
    "breaths_per_min": gettext_lazy("Breaths"),
    "weight_kg": gettext_lazy("Weight"),
}


@dataclass(frozen=True)
class Line:
    """One entry as a line of the table."""

    when: str
    what: str
    values: str
    by_name: str
    correction_reason: str


@roles(*CHART_ROLES)
@require_safe
def observation_list(request: ClinicRequest, patient_id: UUID) -> HttpResponse:
    """`?limit=` as many as wanted, `?before=` where the page before ended."""
    now = timezone.now()
    patient = require_chart(request.viewer, patient_id, now)
    refusal, before, most = "", None, USUALLY
    try:
        most = read_limit(request.GET.get("limit", ""), USUALLY)
        before = Place.read(request.GET["before"]) if "before" in request.GET else None
    except NoSuchPlace:
        refusal = _("That place in the list is not known. Here is its beginning.")
    note_read(by=request.viewer.actor, at=now, patient_id=patient.id, purpose="observations")
    page = observations(viewer=request.viewer, patient=patient, before=before, most=most)
    zone = ZoneInfo(patient.time_zone or patient.clinic.time_zone)
    shown = {
        "patient": patient,
        "lines": [_line(entry, zone) for entry in page.entries],
        "count": page.count,
        "next": page.next,
        "most": most,
        "is_first": before is None,
        "refusal": refusal,
    }
    return render(request, "desks/observations.html", shown, status=400 if refusal else 200)


def _line(entry: Entry, zone: ZoneInfo) -> Line:
    here = entry.place.at.astimezone(zone)
    day = date_format(here, "j M Y")
    when = day if entry.is_day_only else f"{day}, {here:%H:%M}"
    if entry.kind == "score":
        code, total = entry.values[0]
        number = _("no total") if total is None else f"{total:g}"
        return Line(when, short_title(code), number, entry.by_name, entry.correction_reason)
    told = " · ".join([*_signs(dict(entry.values)), *([entry.note] if entry.note else [])])
    return Line(when, _("Signs"), told or "–", entry.by_name, entry.correction_reason)


def _signs(values: dict[str, float | None]) -> list[str]:
    """Each sign with its name and unit; the two pressures as one."""
    told = []
    pressures = [values.pop(code, None) for code in ("systolic_mmhg", "diastolic_mmhg")]
    if any(value is not None for value in pressures):
        told.append("{}/{} mmHg".format(*("–" if v is None else f"{v:g}" for v in pressures)))
    for code, value in values.items():
        name = NAMES.get(code) or code.rpartition("_")[0].capitalize()
        told.append(f"{name} {value:g} {unit_of(code)}")
    return told
