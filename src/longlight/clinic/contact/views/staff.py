"""Whether messages leave, and what was given up."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from longlight.clinic.contact.access import MINDS_THE_OUTBOX
from longlight.clinic.contact.actions import try_again
from longlight.clinic.contact.queries import dead_letters, heartbeat
from longlight.clinic.people.access import ClinicRequest, roles

those_who_mind_messages = roles(*MINDS_THE_OUTBOX)


@those_who_mind_messages
@require_safe
def outbox(request: ClinicRequest) -> HttpResponse:
    """Is the worker alive, and what did it give up? Neither to whom nor about what."""
    return render(
        request,
        "contact/outbox.html",
        {
            "worker": heartbeat(at=timezone.now()),
            "letters": dead_letters(viewer=request.viewer)[:200],
        },
    )


@those_who_mind_messages
@require_POST
def again(request: ClinicRequest, job_id: UUID) -> HttpResponse:
    viewer = request.viewer
    if not try_again(job_id, clinic_id=viewer.clinic_id, by=viewer.actor, at=timezone.now()):
        raise Http404
    return redirect("contact-outbox")
