"""Who may work the queue; the link that opens one request; where a request comes from."""

import ipaddress
from uuid import UUID

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.http import Http404, HttpRequest
from django.utils.crypto import salted_hmac

from longlight.clinic.people.rules import Role, Viewer

TRIAGE = frozenset({Role.FRONT_DESK, Role.NURSE, Role.DIRECTOR})
ARRANGERS = frozenset({Role.DIRECTOR, Role.ADMINISTRATOR})
_LINK = "longlight.clinic.referrals.link"
_ADDRESS = "longlight.clinic.referrals.address"


def require_may_triage(viewer: Viewer) -> None:
    if viewer.role not in TRIAGE:
        raise Http404


def require_may_arrange(viewer: Viewer) -> None:
    if viewer.role not in ARRANGERS:
        raise Http404


def token_of(referral_id: UUID) -> str:
    """The token that opens one request: signed, for this purpose only, the same whenever it is asked for."""
    token: str = Signer(salt=_LINK, sep=".").sign(referral_id.hex)
    return token


def referral_id_of(token: str) -> UUID | None:
    """Which request a token opens; None for one that we did not sign."""
    try:
        return UUID(hex=Signer(salt=_LINK, sep=".").unsign(token))
    except (BadSignature, ValueError):
        return None


def address_hash(request: HttpRequest) -> str:
    """Where a request comes from, as a keyed hash: enough to count by, not to find anybody."""
    return salted_hmac(_ADDRESS, _address(request), algorithm="sha256").hexdigest()


def _address(request: HttpRequest) -> str:
    """The visitor's address: as the outermost of our own proxies saw it. What they did not write is not believed."""
    seen: str = request.META.get("REMOTE_ADDR", "")
    proxies = settings.ENVIRONMENT.trusted_proxies
    if proxies:
        said = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
        seen = said[-proxies].strip() if len(said) >= proxies else seen
    try:
        address = ipaddress.ip_address(seen)
    except ValueError:
        return seen
    # One household holds a whole /64 of IPv6 addresses: it is counted as one.
    if address.version == 6:
        return str(ipaddress.ip_network(f"{address}/64", strict=False))
    return str(address)
