"""The patient's journal: one question, a big box, what was written before."""

import uuid
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from longlight.clinic.people.access import ClinicRequest, roles
from longlight.clinic.people.rules import Role
from longlight.clinic.therapy import queries
from longlight.clinic.therapy.actions import journal as actions
from longlight.clinic.therapy.forms import EntryForm
from longlight.clinic.therapy.rules import CannotWrite

ENTRIES_A_PAGE = 20


def _prompt() -> str:
    return _("What would you like to remember of today?")


@require_http_methods(["GET", "HEAD", "POST"])
@roles(Role.PATIENT)
def journal(request: ClinicRequest) -> HttpResponse:
    if request.method != "POST":
        draft = queries.own_draft(viewer=request.viewer)
        form = EntryForm(_prompt(), initial={"id": uuid.uuid4(), "text": draft})
        return _page(request, form, has_draft=bool(draft))
    form = EntryForm(_prompt(), request.POST)
    if "draft" in request.POST:
        return _draft(request, form)
    if not form.is_valid():
        return _page(request, form, status=422)
    try:
        entry = actions.write_entry(
            entry_id=form.cleaned_data["id"],
            prompt=_prompt(),
            text=form.cleaned_data["text"],
            viewer=request.viewer,
            at=timezone.now(),
        )
    except CannotWrite as error:
        return _page(request, form, refusal=str(error), status=409)
    messages.success(request, _("Kept. Nobody but you can read it."))
    return HttpResponseRedirect(reverse("journal-entry", args=[entry.pk]))


def _draft(request: ClinicRequest, form: EntryForm) -> HttpResponse:
    try:
        actions.keep_draft(
            text=request.POST.get("text", ""), viewer=request.viewer, at=timezone.now()
        )
    except CannotWrite as error:
        return _page(request, form, refusal=str(error), status=409)
    messages.success(request, _("Your draft is kept, for you alone."))
    return HttpResponseRedirect(reverse("journal"))


@require_safe
@roles(Role.PATIENT)
def entry(request: ClinicRequest, entry_id: UUID) -> HttpResponse:
    return _entry_page(request, entry_id)


@require_POST
@roles(Role.PATIENT)
def share(request: ClinicRequest, entry_id: UUID) -> HttpResponse:
    try:
        actions.share_entry(entry_id=entry_id, viewer=request.viewer, at=timezone.now())
    except CannotWrite as error:
        return _entry_page(request, entry_id, refusal=str(error), status=409)
    messages.success(request, _("Your care team can read this entry now."))
    return HttpResponseRedirect(reverse("journal-entry", args=[entry_id]))


@require_POST
@roles(Role.PATIENT)
def take_back(request: ClinicRequest, entry_id: UUID) -> HttpResponse:
    try:
        actions.take_back_entry(entry_id=entry_id, viewer=request.viewer, at=timezone.now())
    except CannotWrite as error:
        return _entry_page(request, entry_id, refusal=str(error), status=409)
    messages.success(request, _("This entry is private again."))
    return HttpResponseRedirect(reverse("journal-entry", args=[entry_id]))


@require_http_methods(["GET", "HEAD", "POST"])
@roles(Role.PATIENT)
def destroy(request: ClinicRequest, entry_id: UUID) -> HttpResponse:
    """Asked once more on a page of its own: it cannot be undone."""
    if request.method == "POST":
        actions.destroy_entry(entry_id=entry_id, viewer=request.viewer, at=timezone.now())
        messages.success(request, _("The text is destroyed."))
        return HttpResponseRedirect(reverse("journal"))
    found = queries.own_entry(entry_id=entry_id, viewer=request.viewer)
    return render(request, "therapy/destroy.html", {"each": found})


def _page(
    request: ClinicRequest,
    form: EntryForm,
    *,
    has_draft: bool = False,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    entries = queries.own_entries(viewer=request.viewer).prefetch_related("readings")
    page = Paginator(entries, ENTRIES_A_PAGE).get_page(request.GET.get("page"))
    shown = {
        "form": form,
        "has_draft": has_draft,
        "refusal": refusal,
        "page": page,
        "entries": [queries.readable(each) for each in page],
    }
    return render(request, "therapy/journal.html", shown, status=status)


def _entry_page(
    request: ClinicRequest, entry_id: UUID, *, refusal: str = "", status: int = 200
) -> HttpResponse:
    found = queries.own_entry(entry_id=entry_id, viewer=request.viewer)
    return render(request, "therapy/entry.html", {"each": found, "refusal": refusal}, status=status)
