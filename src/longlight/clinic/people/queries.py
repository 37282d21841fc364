"""What is known of people."""

from django.contrib.auth.models import AnonymousUser

from longlight.clinic.people.models import Account, Membership
from longlight.clinic.people.rules import Role, Viewer


def viewer_of(account: Account | AnonymousUser) -> Viewer | None:
    """The viewer an account is: its active membership, or the patient it belongs to; None for a stranger."""
    if not isinstance(account, Account):
        return None
    membership = Membership.objects.filter(account=account, is_active=True).order_by("pk").first()
    if membership is not None:
        return Viewer(account.id, account.name, Role(membership.role), membership.clinic_id)
    patient = getattr(account, "patient", None)
    if patient is None:
        return None
    return Viewer(account.id, account.name, Role.PATIENT, patient.clinic_id, patient.id)
