"""The second person's check on a page of its own: reached from their own board, by a link, or by a square to scan."""

from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from longlight.clinic.dosing import actions
from longlight.clinic.dosing.actions.locking import AT_THE_CHAIR
from longlight.clinic.dosing.forms import SecondCheckForm
from longlight.clinic.dosing.queries import DosingDay
from longlight.clinic.dosing.rules import CannotDo, SessionState
from longlight.clinic.dosing.views.page import day_of
from longlight.clinic.people.access import ClinicRequest, roles
from longlight.clinic.record.actions import note_read


@require_http_methods(["GET", "HEAD", "POST"])
@roles(*AT_THE_CHAIR)
def second(request: ClinicRequest, session_id: UUID) -> HttpResponse:
    day = day_of(request, session_id)
    note_read(
        by=request.viewer.actor, at=day.at, patient_id=day.session.patient_id, purpose="dosing-day"
    )
    form = SecondCheckForm(request.POST if request.method == "POST" else None)
    refusal = ""
    if request.method == "POST" and form.is_valid():
        try:
            actions.check_order(
                session_id=session_id,
                worked_out_mg=form.cleaned_data["worked_out_mg"],
                viewer=request.viewer,
                at=timezone.now(),
            )
        except CannotDo as error:
            refusal = str(error)
        else:
            return HttpResponseRedirect(reverse("dosing-second", args=[session_id]))
    status = 409 if refusal else 422 if form.errors else 200
    shown = {
        "day": day,
        "patient": day.session.patient,
        "form": form,
        "refusal": refusal,
        "why_not": _why_not(day, request.viewer.account_id),
    }
    return render(request, "dosing/second.html", shown, status=status)


def _why_not(day: DosingDay, account_id: UUID) -> str:
    """Why there is nothing for this person to check; empty when there is."""
    order = day.order
    if order is None:
        return _("Nothing is ordered yet.")
    if order.checked_at is not None:
        return _("Checked by %(name)s: %(mg)s mg.") % {
            "name": order.checked_by_name,
            "mg": order.dose_mg,
        }
    if order.ordered_by_id == account_id:
        return _("You ordered this dose: someone else checks it.")
    if day.state is not SessionState.ARRIVED:
        return _("The check comes before the session is cleared.")
    return ""
