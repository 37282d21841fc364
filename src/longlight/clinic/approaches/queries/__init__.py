"""What is known of the protocols a clinic works by."""

from dataclasses import dataclass

from longlight.clinic.approaches.models import Adoption
from longlight.clinic.approaches.rules import unverified_count
from longlight.clinic.people.rules import Viewer
from longlight.science import protocols


@dataclass(frozen=True)
class OfferedProtocol:
    """A protocol that Longlight has, and the clinic's adoption of it, if any."""

    protocol: protocols.Protocol
    approach_title: str
    unverified: int
    adoption: Adoption | None


def adopted(*, viewer: Viewer) -> tuple[protocols.Protocol, ...]:
    """The protocol versions that the viewer's clinic works by."""
    standing = Adoption.objects.filter(clinic_id=viewer.clinic_id, retired_at=None)
    return tuple(
        protocols.get(adoption.protocol_id, adoption.protocol_version)
        for adoption in standing.order_by("protocol_id")
    )


def offered(*, viewer: Viewer) -> tuple[OfferedProtocol, ...]:
    """Every protocol, with whether the clinic has adopted it."""
    standing = {
        adoption.protocol_id: adoption
        for adoption in Adoption.objects.filter(
            clinic_id=viewer.clinic_id, retired_at=None
        ).select_related("adopted_by")
    }
    return tuple(
        OfferedProtocol(
            protocol,
            protocols.approach(protocol.approach).title,
            unverified_count(protocol),
            standing.get(protocol.id),
        )
        for protocol in protocols.all()
    )
