"""Who looked at a patient's chart, when and in which part of it: in words, and the director's page of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from longlight.clinic.people.access import ClinicRequest, require_chart, roles
from longlight.clinic.people.models import ROLE_LABELS
from longlight.clinic.people.rules import Role
from longlight.clinic.record.actions import note_read
from longlight.clinic.record.queries import Look, who_looked

MOST_SHOWN = 500
PART_WORDS = {
    "calls": _("calls"),
    "chart": _("chart"),
    "check-ins": _("check-ins"),
    "choice": _("choice"),
    "consent": _("consent"),
    "course": _("course"),
    "dosing-day": _("dosing day"),
    "dosing-record": _("record of a dosing day"),
    "follow-up": _("follow-up"),
    "journal": _("shared journal"),
    "observations": _("observations"),
    "outcomes": _("outcomes"),
    "progress": _("progress"),
    "reminders": _("reminders"),
    "safety": _("safety"),
    "schedule": _("schedule"),
    "screening": _("screening"),
    "therapy-notes": _("therapy notes"),
    "who-looked": _("who looked"),
}


@dataclass(frozen=True)
class LookTold:
    """A look as a page tells it."""

    at: datetime
    name: str
    role: str
    part: str


def told(looks: Iterable[Look]) -> list[LookTold]:
    labels = {role.value: str(label) for role, label in ROLE_LABELS.items()}
    return [
        LookTold(
            look.at,
            look.by.name,
            labels.get(look.by.role, look.by.role),
            str(PART_WORDS.get(look.purpose, look.purpose)),
        )
        for look in looks
    ]


@roles(Role.DIRECTOR)
@require_safe
def chart_looks(request: ClinicRequest, patient_id: UUID) -> HttpResponse:
    """Newest first. Asking who looked is a look of its own."""
    at = timezone.now()
    patient = require_chart(request.viewer, patient_id, at)
    looks = told(who_looked(patient.id, viewer=request.viewer)[:MOST_SHOWN])
    note_read(by=request.viewer.actor, at=at, patient_id=patient.id, purpose="who-looked")
    return render(request, "desks/chart-looks.html", {"patient": patient, "looks": looks})
