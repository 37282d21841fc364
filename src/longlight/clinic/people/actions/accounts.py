"""Accounts and roles: given, ended, and what happened to them noted."""

from datetime import datetime
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.db.models import F
from django.utils.translation import gettext as _

from longlight.clinic.people.access import Refused, Visitor, require_role
from longlight.clinic.people.models import Account, Membership, MembershipChange
from longlight.clinic.people.queries import staff, standings_of
from longlight.clinic.people.rules import Role, Viewer, reasons_not_to_change_membership
from longlight.clinic.people.sealing import reseal
from longlight.clinic.record.actions import Pen, account_chain, writing
from longlight.clinic.record.rules import Actor, ActorKind

SECOND_FACTOR = "second-factor"  # what sealed secrets of sign-in are for


class CannotChange(Exception):
    """A change that the rules do not allow; its sentences say why."""


def actor_of(account: Account) -> Actor:
    """An account as the actor of what it does to itself, before it may have said in which role."""
    standings = standings_of(account)
    if standings:
        return standings[0].viewer.actor
    return Actor(ActorKind.STAFF, account.id, account.name, "none", None)


def note_account_event(
    *, account: Account, verb: str, at: datetime, by: Actor | None = None, **details: object
) -> None:
    """Note that something happened to an account: a sign-in, a new factor, a changed password."""
    with writing(by=by or actor_of(account), at=at) as pen:
        _note(pen, verb, account.id, **details)


def note_refusal(*, visitor: Visitor, url_name: str, method: str, at: datetime) -> None:
    """Note that an account was refused a page: one row, in the account's own chain."""
    account = Account.objects.filter(pk__in=[visitor.account_id]).first()
    if account is None:
        return
    by = visitor.viewer.actor if visitor.viewer is not None else actor_of(account)
    with writing(by=by, at=at) as pen:
        pen.note(
            "refused",
            chain=account_chain(account.id),
            object_kind="url",
            object_id=url_name[:64],
            method=method,
        )


def change_membership(
    *, viewer: Viewer, account_id: UUID, role: Role, is_active: bool, reason: str, at: datetime
) -> Membership:
    """Give someone who works at the clinic a role there, or end one. Who, when and why are kept."""
    require_role(viewer, Role.ADMINISTRATOR)
    account = _colleague(viewer, account_id)
    _require_no_reasons(
        reasons_not_to_change_membership(
            by=viewer.account_id, of=account_id, role=role, reason=reason
        )
    )
    with writing(by=viewer.actor, at=at) as pen:
        membership = set_membership(
            pen, account=account, clinic_id=viewer.clinic_id, role=role, is_active=is_active,
            reason=reason,
        )  # fmt: skip
        if not is_active:
            _end_all_sessions(pen, account.id)
    return membership


def set_membership(
    pen: Pen, *, account: Account, clinic_id: UUID, role: Role, is_active: bool, reason: str
) -> Membership:
    """The write itself, for actions that already stand inside the door."""
    membership, _ = Membership.objects.update_or_create(
        account=account, clinic_id=clinic_id, role=role.value, defaults={"is_active": is_active}
    )
    MembershipChange.objects.create(
        membership=membership, is_active=is_active, at=pen.at, by_id=pen.by.id,
        by_name=pen.by.name, reason=reason.strip(),
    )  # fmt: skip
    verb = "role-given" if is_active else "role-ended"
    _note(pen, verb, account.id, role=role.value, clinic_id=str(clinic_id))
    return membership


def disable_account(*, viewer: Viewer, account_id: UUID, reason: str, at: datetime) -> None:
    """End every role that someone has at the clinic; with none left anywhere, the account itself. At once."""
    require_role(viewer, Role.ADMINISTRATOR)
    account = _colleague(viewer, account_id)
    _require_no_reasons(
        reasons_not_to_change_membership(
            by=viewer.account_id, of=account_id, role=Role.NURSE, reason=reason
        )
    )
    with writing(by=viewer.actor, at=at) as pen:
        for membership in account.memberships.filter(clinic_id=viewer.clinic_id, is_active=True):
            set_membership(
                pen, account=account, clinic_id=viewer.clinic_id, role=Role(membership.role),
                is_active=False, reason=reason,
            )  # fmt: skip
        if not standings_of(account):
            Account.objects.filter(pk=account.id).update(is_active=False)
            _note(pen, "account-disabled", account.id)
        _end_all_sessions(pen, account.id)


def enable_account(*, viewer: Viewer, account_id: UUID, reason: str, at: datetime) -> None:
    """Let a disabled account sign in again. It has no role until one is given."""
    require_role(viewer, Role.ADMINISTRATOR)
    account = _colleague(viewer, account_id)
    if not reason.strip():
        raise CannotChange(_("Say why."))
    with writing(by=viewer.actor, at=at) as pen:
        Account.objects.filter(pk=account.id).update(is_active=True)
        _note(pen, "account-enabled", account.id)


def remove_factors(*, viewer: Viewer, account_id: UUID, reason: str, at: datetime) -> None:
    """Take away a colleague's second factors (a lost phone): every session ends, and set-up comes next."""
    require_role(viewer, Role.ADMINISTRATOR)
    account = _colleague(viewer, account_id)
    if viewer.account_id == account_id:
        raise CannotChange(_("Change your own factors on your security page."))
    if any(s.viewer.clinic_id != viewer.clinic_id for s in standings_of(account)):
        raise CannotChange(
            _("This person also works at another clinic: they change their factors.")
        )
    if not reason.strip():
        raise CannotChange(_("Say why."))
    with writing(by=viewer.actor, at=at) as pen:
        Authenticator.objects.filter(user_id=account.id).delete()
        _note(pen, "factors-removed", account.id)
        _end_all_sessions(pen, account.id)


def end_sessions(*, account: Account, by: Actor, at: datetime) -> None:
    """End every session of an account, at once and everywhere."""
    with writing(by=by, at=at) as pen:
        _end_all_sessions(pen, account.id)


def reseal_secrets(*, by: Actor, at: datetime) -> int:
    """Seal every second-factor secret with the newest key, so that the one before can be thrown away."""
    changed = 0
    for found in Authenticator.objects.exclude(type=Authenticator.Type.WEBAUTHN):
        with writing(by=by, at=at) as pen:
            factor = Authenticator.objects.select_for_update().get(pk=found.pk)
            for field in {"secret", "seed"} & set(factor.data):
                factor.data[field] = reseal(factor.data[field], purpose=SECOND_FACTOR)
            factor.save(update_fields=["data"])
            _note(pen, "factor-resealed", factor.user_id)
        changed += 1
    return changed


def _colleague(viewer: Viewer, account_id: UUID) -> Account:
    membership = staff(viewer=viewer).filter(account_id=account_id).first()
    if membership is None:
        raise Refused
    return membership.account


def _end_all_sessions(pen: Pen, account_id: UUID) -> None:
    Account.objects.filter(pk=account_id).update(sign_in_epoch=F("sign_in_epoch") + 1)
    _note(pen, "sessions-ended", account_id)


def _note(pen: Pen, verb: str, account_id: UUID, **details: object) -> None:
    pen.note(
        verb,
        chain=account_chain(account_id),
        object_kind="account",
        object_id=account_id,
        **details,
    )


def _require_no_reasons(reasons: tuple[str, ...]) -> None:
    if reasons:
        raise CannotChange(" ".join(reasons))
