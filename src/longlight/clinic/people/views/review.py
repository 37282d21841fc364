"""For directors and administrators: what the trail noticed of sign-ins and refusals this week."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from longlight.clinic.people.access import ClinicRequest, roles
from longlight.clinic.people.actions.reviewing import review_week
from longlight.clinic.people.models import ROLE_LABELS
from longlight.clinic.people.queries import (
    Noticed,
    emergencies,
    last_week_review,
    noticed_this_week,
)
from longlight.clinic.people.rules import REVIEWERS, Role
from longlight.ui.parts import Column, Table


@roles(*REVIEWERS)
@require_http_methods(["GET", "POST"])
def week(request: ClinicRequest) -> HttpResponse:
    """Look at it, and say that it was looked at."""
    now = timezone.now()
    if request.method == "POST":
        review_week(viewer=request.viewer, at=now)
        messages.success(request, _("Kept: you looked at this week."))
        return redirect("people-review")
    found = noticed_this_week(viewer=request.viewer, at=now)
    is_director = request.viewer.role is Role.DIRECTOR
    open_ones = (
        emergencies(viewer=request.viewer).filter(reviewed_at=None).count() if is_director else 0
    )
    shown = {
        "table": _table(found) if found else None,
        "standing_out": [each.name for each in found if each.stands_out],
        "last": last_week_review(viewer=request.viewer),
        "emergencies": open_ones,
        "is_director": is_director,
    }
    return render(request, "people/review.html", shown)


def _table(found: list[Noticed]) -> Table:
    labels = {role.value: str(label) for role, label in ROLE_LABELS.items()}
    rows = [
        (
            each.name,
            labels.get(each.role, "–"),
            str(each.failed),
            str(each.refused),
            date_format(timezone.localtime(each.last_at), "j M Y, H:i"),
        )
        for each in found
    ]
    columns = (
        Column(_("Who")), Column(_("Role")), Column(_("Failed sign-ins"), is_number=True),
        Column(_("Pages refused"), is_number=True), Column(_("Last")),
    )  # fmt: skip
    return Table(_("The last seven days"), columns, rows)
