"""What became of the courses that began, and who stands behind a number."""

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
    shown = {
        "rows": queries.cohort_table(viewer=request.viewer, today=timezone.localdate()),
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
    found = [
        each.patient
        for each in queries.members(viewer=request.viewer, today=timezone.localdate(at))
        if each.protocol_id == protocol_id and Group(group) in each.groups
    ]
    named = [patient for patient in found if may_see_chart(request.viewer, patient, at)]
    for patient in named:
        note_read(by=request.viewer.actor, at=at, patient_id=patient.id, purpose="outcomes")
    shown = {
        "label": GROUP_LABELS[Group(group)],
        "patients": sorted(named, key=lambda patient: patient.name),
        "withheld": len(found) - len(named),
    }
    return render(request, "outcomes/behind.html", shown)
