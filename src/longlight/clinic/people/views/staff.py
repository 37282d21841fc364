"""The administrator's pages: who works here, in which role; who is invited; who may no longer."""

from uuid import UUID

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from longlight.clinic.people.access import ClinicRequest, Refused, roles
from longlight.clinic.people.actions import (
    Invited,
    change_membership,
    disable_account,
    enable_account,
    invite_patient,
    invite_staff,
    remove_factors,
    revoke_invitation,
)
from longlight.clinic.people.actions.accounts import CannotChange
from longlight.clinic.people.forms import InviteForm, ReasonForm, RoleForm
from longlight.clinic.people.queries import has_second_factor, open_invitations, staff
from longlight.clinic.people.rules import CARE_ROLES, Role

administrators = roles(Role.ADMINISTRATOR)


@administrators
@require_safe
def people(request: ClinicRequest) -> HttpResponse:
    """Everyone who works at the clinic, and open invitations."""
    now = timezone.now()
    page = {
        "memberships": staff(viewer=request.viewer),
        "invitations": open_invitations(viewer=request.viewer, at=now),
    }
    return render(request, "people/staff.html", page)


@administrators
def invite(request: ClinicRequest) -> HttpResponse:
    form = InviteForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            invited = invite_staff(
                viewer=request.viewer, email=typed["email"], name=typed["name"],
                role=Role(typed["role"]), reason=typed["reason"], at=timezone.now(),
            )  # fmt: skip
        except CannotChange as refusal:
            form.add_error(None, str(refusal))
        else:
            mail_invitation(request, invited)
            return redirect("people-staff")
    return render(request, "people/invite.html", {"form": form}, status=422 if form.errors else 200)


def mail_invitation(request: ClinicRequest, invited: Invited) -> None:
    link = request.build_absolute_uri(reverse("people-invitation", args=[invited.token]))
    get_adapter(request).send_mail(
        "people/email/invitation", invited.invitation.email, {"link": link}
    )
    messages.success(request, _("The invitation is on its way. It lasts 72 hours."))


@administrators
@require_POST
def revoke(request: ClinicRequest, invitation_id: UUID) -> HttpResponse:
    revoke_invitation(viewer=request.viewer, invitation_id=invitation_id, at=timezone.now())
    messages.success(request, _("The invitation no longer works."))
    return redirect("people-staff")


@administrators
def person(request: ClinicRequest, account_id: UUID) -> HttpResponse:
    """One colleague: roles, and what may be done about the account."""
    memberships = list(staff(viewer=request.viewer).filter(account_id=account_id))
    if not memberships:
        raise Refused
    form = RoleForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            change_membership(
                viewer=request.viewer, account_id=account_id, role=Role(typed["role"]),
                is_active=typed["is_active"] == "yes", reason=typed["reason"], at=timezone.now(),
            )  # fmt: skip
        except CannotChange as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("people-person", account_id=account_id)
    page = {
        "form": form,
        "reason_form": ReasonForm(prefix="account"),
        "account": memberships[0].account,
        "memberships": memberships,
        "has_second_factor": has_second_factor(account_id),
    }
    return render(request, "people/person.html", page, status=422 if form.errors else 200)


ACCOUNT_CHANGES = {
    "disable": disable_account,
    "enable": enable_account,
    "remove-factors": remove_factors,
}


@administrators
@require_POST
def change_account(request: ClinicRequest, account_id: UUID, change: str) -> HttpResponse:
    """Disable, enable, or take away lost factors; with a reason."""
    if change not in ACCOUNT_CHANGES:
        raise Refused
    reason = request.POST.get("account-reason", "")
    try:
        ACCOUNT_CHANGES[change](
            viewer=request.viewer, account_id=account_id, reason=reason, at=timezone.now()
        )
    except CannotChange as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Done. It holds at once, in every open session."))
    return redirect("people-person", account_id=account_id)


@roles(*CARE_ROLES)
@require_POST
def invite_a_patient(request: ClinicRequest, patient_id: UUID) -> HttpResponse:
    """Invite a patient to their own pages."""
    try:
        invited = invite_patient(viewer=request.viewer, patient_id=patient_id, at=timezone.now())
    except CannotChange as refusal:
        messages.error(request, str(refusal))
    else:
        mail_invitation(request, invited)
    return redirect("people-start")
