"""What became of the courses that began, and who stands behind a number."""

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from longlight.clinic.outcomes import queries
from longlight.clinic.outcomes.rules import Group
from longlight.clinic.people.access import ClinicRequest, may_see_chart, roles
from longlight.clinic.people.rules import Role
from longlight.clinic.record.actions import note_read
from longlight.science import outcomes

PEOPLE_A_PAGE = 50
SEES_LISTS = (Role.DIRECTOR, Role.PRESCRIBER)
SEES_TABLE = (*SEES_LISTS, Role.RESEARCHER)
GROUP_LABELS = {
    Group.STARTED: _("Began"),
    Group.WAITING: _("Window still open"),
    Group.MISSING: _("Missing"),
    Group.SCORED: _("With a score"),
    Group.RESPONSE: _("Response"),
    Group.REMISSION: _("Remission"),
}


@require_safe
@roles(*SEES_TABLE)
def table(request: ClinicRequest) -> HttpResponse:
    rows = queries.cohort_table(viewer=request.viewer, today=timezone.localdate())
    shown = {
        "rows": [(row, [(GROUP_LABELS[cell.group], cell) for cell in row.cells]) for row in rows],
        "labels": list(GROUP_LABELS.values()),
        "rules": outcomes.criteria(),
        "sees_lists": request.viewer.role in SEES_LISTS,
    }
    return render(request, "outcomes/table.html", shown)


@require_safe
@roles(*SEES_LISTS)
def behind(request: ClinicRequest, protocol_id: str, group: str) -> HttpResponse:
    """The people behind one number; a restricted chart is counted, not named."""
    if group not in set(Group):
        raise Http404
    at = timezone.now()
    found = queries.people_behind(
        viewer=request.viewer, protocol_id=protocol_id, group=Group(group), today=timezone.localdate(at)
    )  # fmt: skip
    page = Paginator(found, PEOPLE_A_PAGE).get_page(request.GET.get("page"))
    here = queries.named(list(page))
    named = [patient for patient in here if may_see_chart(request.viewer, patient, at)]
    for patient in named:
        note_read(by=request.viewer.actor, at=at, patient_id=patient.id, purpose="outcomes")
    shown = {
        "label": GROUP_LABELS[Group(group)],
        "count": len(found),
        "page": page,
        "patients": named,
        "withheld": len(here) - len(named),
    }
    return render(request, "outcomes/behind.html", shown)
