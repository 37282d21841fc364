"""The door of the demo: a link from the command line signs in as a role, once, from this machine only."""

from allauth.account.adapter import get_adapter
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from longlight.clinic.demo.actions import take_link
from longlight.clinic.demo.rules import is_this_machine
from longlight.clinic.people import sessions
from longlight.clinic.people.access import public
from longlight.clinic.people.queries import is_demo_database


@public
@require_safe
def enter(request: HttpRequest, token: str) -> HttpResponse:
    if not is_this_machine(request.META) or not is_demo_database():
        raise Http404
    account = take_link(token=token, at=timezone.now())
    if account is None:
        return render(request, "demo/link_used.html", status=410)
    request.session.flush()
    get_adapter(request).login(request, account)
    sessions.enter_demo(request.session)
    return redirect("people-start")
