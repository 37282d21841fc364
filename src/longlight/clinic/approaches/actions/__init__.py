"""What changes which protocols a clinic works by."""

from datetime import datetime

from django.utils.translation import gettext as _

from longlight.clinic.approaches.models import Adoption
from longlight.clinic.approaches.rules import (
    CannotAdopt,
    reasons_not_to_adopt,
    unverified_count,
)
from longlight.clinic.people.access import require_role
from longlight.clinic.people.rules import Role, Viewer
from longlight.clinic.record.actions import clinic_chain, writing
from longlight.science import protocols


def adopt(
    *, protocol_id: str, version: str, has_signed_off: bool, viewer: Viewer, at: datetime
) -> Adoption:
    """Adopt a version; an older one of the same protocol is retired, and running courses keep it."""
    require_role(viewer, Role.PRESCRIBER, Role.DIRECTOR)
    protocol = protocols.get(protocol_id, version)
    if reasons := reasons_not_to_adopt(
        unverified=unverified_count(protocol), has_signed_off=has_signed_off
    ):
        raise CannotAdopt(" ".join(reasons))
    with writing(by=viewer.actor, at=at) as pen:
        standing = Adoption.objects.select_for_update().filter(
            clinic_id=viewer.clinic_id, protocol_id=protocol_id, retired_at=None
        )
        same = standing.filter(protocol_version=version).first()
        if same is None:
            standing.update(retired_at=at)
            same = Adoption.objects.create(
                clinic_id=viewer.clinic_id,
                protocol_id=protocol_id,
                protocol_version=version,
                content_hash=protocols.content_hash(protocol),
                adopted_by_id=viewer.account_id,
                adopted_at=at,
            )
        pen.note(
            "protocol-adopted",
            chain=clinic_chain(viewer.clinic_id),
            object_kind="adoption",
            object_id=same.id,
            protocol=protocol_id,
            version=version,
        )
    return same


def retire(*, protocol_id: str, viewer: Viewer, at: datetime) -> None:
    """Stop offering a protocol. Courses that run on it go on."""
    require_role(viewer, Role.PRESCRIBER, Role.DIRECTOR)
    with writing(by=viewer.actor, at=at) as pen:
        standing = (
            Adoption.objects.select_for_update()
            .filter(clinic_id=viewer.clinic_id, protocol_id=protocol_id, retired_at=None)
            .first()
        )
        if standing is None:
            raise CannotAdopt(_("This clinic does not work by that protocol."))
        standing.retired_at = at
        standing.save(update_fields=["retired_at"])
        pen.note(
            "protocol-retired",
            chain=clinic_chain(viewer.clinic_id),
            object_kind="adoption",
            object_id=standing.id,
        )
