"""When a demo may be built, and when one of its links may let somebody in."""

import ipaddress
from collections.abc import Mapping
from datetime import date, timedelta

LINK_LIFE = timedelta(hours=12)
FARTHEST_YEARS = 20  # further off, a plan would leave the calendar
# What a proxy adds: with any of these, the address that is seen is not the visitor's own.
FORWARDED_HEADERS = ("HTTP_FORWARDED", "HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_HOST",
                     "HTTP_X_REAL_IP", "HTTP_VIA", "HTTP_X_FORWARDED_PROTO")  # fmt: skip


def is_this_machine(environ: Mapping[str, object]) -> bool:
    """Whether a request came from the machine itself, with nothing in between that could have forwarded it."""
    if any(environ.get(header) for header in FORWARDED_HEADERS):
        return False
    try:
        address = ipaddress.ip_address(str(environ.get("REMOTE_ADDR", "")))
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return (mapped or address).is_loopback


def reasons_not_to_build(
    *, clinics: int, synthetic_clinics: int, accounts: int, today: date, now: date
) -> tuple[str, ...]:
    """Every reason why a demo may not be built here, for this day."""
    reasons = []
    if clinics > synthetic_clinics or (accounts and not clinics):
        reasons.append(
            "This database holds a clinic or an account that is not a demo: use an empty one."
        )
    if abs(today.year - now.year) > FARTHEST_YEARS:
        reasons.append(f"The demo's day lies within {FARTHEST_YEARS} years of today.")
    return tuple(reasons)
