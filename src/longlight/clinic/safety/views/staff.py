"""The safety inbox, and an alert with what was done about it."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from longlight.clinic.contact.queries import heartbeat
from longlight.clinic.people.access import ClinicRequest, roles
from longlight.clinic.people.rules import Role
from longlight.clinic.safety import queries
from longlight.clinic.safety.access import WORKS_ON_ALERTS
from longlight.clinic.safety.views import words

those_who_work_on_alerts = roles(*WORKS_ON_ALERTS)


@require_GET
@those_who_work_on_alerts
def safety_inbox(request: ClinicRequest) -> HttpResponse:
    """What is open, gravest and oldest first."""
    at = timezone.now()
    inbox = queries.inbox(viewer=request.viewer)
    missing = queries.not_arrived(viewer=request.viewer)
    clinic = request.clinic
    return render(
        request,
        "safety/inbox.html",
        {
            "not_arrived": [words.not_arrived(*each, at) for each in missing.about_alerts],
            "jobs_given_up": missing.jobs,
            "can_wait": [
                *(words.row(line, at) for line in inbox.can_wait),
                *([words.others_not_arrived(missing.others)] if missing.others else []),
            ],
            "reading": queries.reading_at(clinic=clinic, at=at),
            "on_duty": [account.name for account in queries.told_at_once(clinic=clinic, at=at)],
            "sets_times": request.viewer.role is Role.DIRECTOR,
            "minds_messages": request.viewer.role is Role.DIRECTOR,
            "rows": [words.row(line, at) for line in inbox.pressing],
            "closed": [words.row(line, at) for line in inbox.closed],
            "policy": inbox.policy,
            "worker": heartbeat(at=at),
            "at": at,
        },
    )
