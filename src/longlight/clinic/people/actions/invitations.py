"""Invitations: the only way to a new account. A token is told once, to the one who mails it, and never kept."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from allauth.account.models import EmailAddress
from django.utils.text import slugify
from django.utils.translation import gettext as _

from longlight.clinic.people.access import Refused, require_role
from longlight.clinic.people.actions.accounts import CannotChange, set_membership
from longlight.clinic.people.models import Account, Clinic, Invitation, Patient
from longlight.clinic.people.queries import invitation_by_hash, patients, token_hash
from longlight.clinic.people.rules import CARE_ROLES, INVITATION_LIFE, STAFF_ROLES, Role, Viewer
from longlight.clinic.record.actions import Pen, clinic_chain, patient_chain, writing
from longlight.clinic.record.rules import Actor


class CannotAccept(Exception):
    """The invitation cannot be taken up like this; the sentence says what to do."""


@dataclass(frozen=True)
class Invited:
    """A new invitation, and its token: mail it now, for it is kept nowhere."""

    invitation: Invitation
    token: str


def invite_staff(
    *, viewer: Viewer, email: str, name: str, role: Role, reason: str, at: datetime
) -> Invited:
    """Invite someone to work at the clinic in a role."""
    require_role(viewer, Role.ADMINISTRATOR)
    if role not in STAFF_ROLES:
        raise CannotChange(_("Patients are invited from their record."))
    if not reason.strip():
        raise CannotChange(_("Say why."))
    return _invite(
        by=viewer.actor, clinic_id=viewer.clinic_id, email=email, name=name, role=role,
        patient=None, reason=reason, at=at,
    )  # fmt: skip


def invite_patient(*, viewer: Viewer, patient_id: UUID, at: datetime) -> Invited:
    """Invite a patient to their own pages, at the address in their record."""
    require_role(viewer, *CARE_ROLES)
    patient = patients(viewer=viewer).filter(pk=patient_id).first()
    if patient is None:
        raise Refused
    if patient.account_id is not None:
        raise CannotChange(_("This patient already signs in."))
    if not patient.email:
        raise CannotChange(_("Write down the patient's e-mail address first."))
    return _invite(
        by=viewer.actor, clinic_id=viewer.clinic_id, email=patient.email, name=patient.name,
        role=Role.PATIENT, patient=patient, reason=_("patient of the clinic"), at=at,
    )  # fmt: skip


def found_clinic(*, name: str, by: Actor, at: datetime) -> Clinic:
    """The clinic of this name; a new one if there is none."""
    found = Clinic.objects.filter(name=name).first()
    if found is not None:
        return found
    with writing(by=by, at=at) as pen:
        clinic = Clinic(name=name, slug=slugify(name)[:50] or "clinic")
        if Clinic.objects.filter(slug=clinic.slug).exists():
            clinic.slug = str(clinic.id)
        clinic.save(force_insert=True)
        pen.note(
            "clinic-founded",
            chain=clinic_chain(clinic.id),
            object_kind="clinic",
            object_id=clinic.id,
        )
    return clinic


def invite_administrator(
    *, clinic: Clinic, email: str, name: str, by: Actor, at: datetime
) -> Invited:
    """Invite a clinic's administrator from the server's own command line."""
    return _invite(
        by=by, clinic_id=clinic.id, email=email, name=name, role=Role.ADMINISTRATOR, patient=None,
        reason=_("invited from the command line"), at=at,
    )  # fmt: skip


def _invite(
    *, by: Actor, clinic_id: UUID, email: str, name: str, role: Role, patient: Patient | None,
    reason: str, at: datetime,
) -> Invited:  # fmt: skip
    token = secrets.token_urlsafe(32)
    address = email.strip().lower()
    with writing(by=by, at=at) as pen:
        # A newer invitation to the same address takes the place of an older one.
        Invitation.objects.filter(
            clinic_id=clinic_id, email=address, used_at=None, revoked_at=None
        ).update(revoked_at=at)
        invitation = Invitation.objects.create(
            clinic_id=clinic_id, email=address, name=name.strip(), role=role.value, patient=patient,
            reason=reason.strip(), token_hash=token_hash(token), invited_by_id=by.id,
            invited_by_name=by.name, invited_at=at, expires_at=at + INVITATION_LIFE,
        )  # fmt: skip
        _note(pen, "invited", invitation)
    return Invited(invitation, token)


def revoke_invitation(*, viewer: Viewer, invitation_id: UUID, at: datetime) -> None:
    """Take back an invitation that nobody has used."""
    require_role(viewer, Role.ADMINISTRATOR)
    with writing(by=viewer.actor, at=at) as pen:
        invitation = (
            Invitation.objects.select_for_update()
            .filter(clinic_id=viewer.clinic_id, pk=invitation_id, used_at=None, revoked_at=None)
            .first()
        )
        if invitation is None:
            raise Refused
        invitation.revoked_at = at
        invitation.save(update_fields=["revoked_at"])
        _note(pen, "invitation-revoked", invitation)


def accept_invitation(
    *, hashed: str, password: str | None, account: Account | None, by: Actor, at: datetime
) -> Account:
    """Take up an invitation, once: with a new account and its password, or as the account signed in."""
    with writing(by=by, at=at) as pen:
        # Marked as used first, and only where it is unused: of two at once, one wins.
        won = Invitation.objects.filter(
            token_hash=hashed, used_at=None, revoked_at=None, expires_at__gt=at
        )
        invitation = invitation_by_hash(hashed, at)
        if invitation is None or not won.update(used_at=at):
            raise CannotAccept(
                _("This invitation was used or is over: ask the clinic for a new one.")
            )
        holder = _holder(invitation, account, password, at)
        _admit(pen, invitation, holder)
        _note(pen, "invitation-accepted", invitation, account_id=str(holder.id))
    return holder


def _holder(
    invitation: Invitation, account: Account | None, password: str | None, at: datetime
) -> Account:
    existing = Account.objects.filter(email__iexact=invitation.email).first()
    if existing is not None:
        if account is None or account.id != existing.id:
            raise CannotAccept(
                _("There is an account with this address: sign in, then open the link again.")
            )
        return existing
    if password is None:
        raise CannotAccept(_("Choose a password."))
    made = Account(email=invitation.email, name=invitation.name, created_at=at)
    made.set_password(password)
    made.save(force_insert=True)
    # The link came by mail, so the address is theirs.
    EmailAddress.objects.create(user=made, email=made.email, verified=True, primary=True)
    return made


def _admit(pen: Pen, invitation: Invitation, holder: Account) -> None:
    if invitation.patient is None:
        set_membership(
            pen, account=holder, clinic_id=invitation.clinic_id, role=Role(invitation.role),
            is_active=True, reason=invitation.reason,
        )  # fmt: skip
        return
    linked = Patient.objects.filter(pk=invitation.patient.pk, account=None).update(account=holder)
    if not linked:
        raise CannotAccept(_("This record already has an account: ask the clinic."))
    pen.note(
        "patient-linked",
        chain=patient_chain(invitation.patient.pk),
        object_kind="account",
        object_id=holder.id,
    )


def _note(pen: Pen, verb: str, invitation: Invitation, **details: object) -> None:
    pen.note(
        verb,
        chain=clinic_chain(invitation.clinic_id),
        object_kind="invitation",
        object_id=invitation.id,
        role=invitation.role,
        **details,
    )
