"""The protocols a clinic may work by, each with its sources, and adopting one."""

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from longlight.clinic.approaches import actions, queries
from longlight.clinic.approaches.rules import CannotAdopt
from longlight.clinic.people.access import ClinicRequest, roles
from longlight.clinic.people.rules import CHART_ROLES, Role
from longlight.science import protocols
from longlight.ui.sentences import MARK_WORDS


@require_GET
@roles(*CHART_ROLES)
def protocol_list(request: ClinicRequest) -> HttpResponse:
    return render(
        request, "approaches/protocols.html", {"offered": queries.offered(viewer=request.viewer)}
    )


@require_GET
@roles(*CHART_ROLES)
def protocol(request: ClinicRequest, protocol_id: str) -> HttpResponse:
    return _page(request, protocol_id)


@require_POST
@roles(Role.PRESCRIBER, Role.DIRECTOR)
def adopt(request: ClinicRequest, protocol_id: str) -> HttpResponse:
    try:
        actions.adopt(
            protocol_id=protocol_id,
            version=request.POST.get("version", ""),
            has_signed_off=request.POST.get("signed_off") == "yes",
            viewer=request.viewer,
            at=timezone.now(),
        )
    except protocols.UnknownProtocol:
        # Of a protocol that there is none of, the page itself is a 404.
        return _page(request, protocol_id, refusal=_("Choose a version that there is."), status=422)
    except CannotAdopt as refusal:
        return _page(request, protocol_id, refusal=str(refusal), status=409)
    messages.success(request, _("Adopted. New courses can be made from it."))
    return HttpResponseRedirect(reverse("protocol", args=[protocol_id]))


@require_POST
@roles(Role.PRESCRIBER, Role.DIRECTOR)
def retire(request: ClinicRequest, protocol_id: str) -> HttpResponse:
    try:
        actions.retire(protocol_id=protocol_id, viewer=request.viewer, at=timezone.now())
    except CannotAdopt as refusal:
        return _page(request, protocol_id, refusal=str(refusal), status=409)
    messages.success(request, _("No new course is made from it. Running courses go on."))
    return HttpResponseRedirect(reverse("protocol", args=[protocol_id]))


def _page(
    request: ClinicRequest, protocol_id: str, *, refusal: str = "", status: int = 200
) -> HttpResponse:
    found = [o for o in queries.offered(viewer=request.viewer) if o.protocol.id == protocol_id]
    if not found:
        raise Http404
    offer = found[0]
    return render(
        request,
        "approaches/protocol.html",
        {
            "offer": offer,
            "protocol": offer.protocol,
            "numbers": [
                (number, MARK_WORDS[number.mark])
                for number in protocols.sourced_numbers(offer.protocol)
            ],
            "may_adopt": request.viewer.role in {Role.PRESCRIBER, Role.DIRECTOR},
            "refusal": refusal,
        },
        status=status,
    )
