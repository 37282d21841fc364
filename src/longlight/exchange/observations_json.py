"""A patient's observations as JSON, a page at a time: see docs/reference/observations-json.md."""

from uuid import UUID

import orjson
from django.http import HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from longlight.clinic.desks.observations import (
    MOST,
    Entry,
    NoSuchPlace,
    Page,
    Place,
    observations,
    read_limit,
    unit_of,
)
from longlight.clinic.people.access import ClinicRequest, require_chart, roles
from longlight.clinic.people.rules import CHART_ROLES
from longlight.clinic.record.actions import note_read


@roles(*CHART_ROLES)
@require_safe
def chart_observations(request: ClinicRequest, patient_id: UUID) -> HttpResponse:
    now = timezone.now()
    patient = require_chart(request.viewer, patient_id, now)
    try:
        most = read_limit(request.GET.get("limit", ""), MOST)
        before = Place.read(request.GET["before"]) if "before" in request.GET else None
    except NoSuchPlace as refused:
        return JsonResponse({"error": str(refused)}, status=400)
    note_read(by=request.viewer.actor, at=now, patient_id=patient.id, purpose="observations")
    page = observations(viewer=request.viewer, patient=patient, before=before, most=most)
    told = orjson.dumps(_told(page, patient_id, most))
    return HttpResponse(told, content_type="application/json")


def _told(page: Page, patient_id: UUID, most: int) -> dict[str, object]:
    here = reverse("chart-observations-json", args=[patient_id])
    return {
        "patient": str(patient_id),
        "count": page.count,
        "observations": [one for entry in page.entries for one in _each(entry)],
        "next": f"{here}?limit={most}&before={page.next}" if page.next else None,
    }


def _each(entry: Entry) -> list[dict[str, object]]:
    at = entry.place.at
    shared = {
        "entry": entry.place.id,
        "kind": entry.kind,
        "at": at.date().isoformat() if entry.is_day_only else at.isoformat().replace("+00:00", "Z"),
        "status": entry.status,
        "by": entry.by_name,
    }
    return [
        {**shared, "code": code, "value": value, "unit": unit_of(code)}
        for code, value in entry.values
    ]
