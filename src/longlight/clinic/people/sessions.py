"""What a session says of its visitor: since when, last active when, locked since when, in which standing.

The one place that knows the session's keys.
"""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from allauth.account.internal.flows.login import get_authentication_records
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest

BEGAN_AT = "people.began_at"
ACTIVE_AT = "people.active_at"
LOCKED_AT = "people.locked_at"
STANDING = "people.standing"
LINK = "people.link"
INVITATION = "people.invitation"
DEMO_ENTRY = "people.demo_entry"

# Activity is written down at most this often, so that reading pages does not write the session each time.
ACTIVITY_STEP = timedelta(seconds=15)


def _time(session: SessionBase, key: str) -> datetime | None:
    stamp = session.get(key)
    return datetime.fromtimestamp(stamp, UTC) if isinstance(stamp, int | float) else None


def began_at(session: SessionBase, now: datetime) -> datetime:
    """When the account signed in; noted at the first request after it."""
    begun = _time(session, BEGAN_AT)
    if begun is None:
        session[BEGAN_AT] = session[ACTIVE_AT] = now.timestamp()
        return now
    return begun


def active_at(session: SessionBase, now: datetime) -> datetime:
    return _time(session, ACTIVE_AT) or now


def note_activity(session: SessionBase, now: datetime) -> None:
    if now - active_at(session, datetime.min.replace(tzinfo=UTC)) >= ACTIVITY_STEP:
        session[ACTIVE_AT] = now.timestamp()


def lock(session: SessionBase, now: datetime) -> None:
    if LOCKED_AT not in session:
        session[LOCKED_AT] = now.timestamp()


def is_locked(request: HttpRequest, now: datetime) -> bool:
    """Whether the screen is locked. A proof of who it is, given since, has unlocked it."""
    locked_at = _time(request.session, LOCKED_AT)
    if locked_at is None:
        return False
    proofs = get_authentication_records(request, request.user)
    stamps = [proof["at"] for proof in proofs if proof.get("reauthenticated")]
    if not stamps or max(stamps) < locked_at.timestamp():
        return True
    unlock(request.session, now)
    return False


def unlock(session: SessionBase, now: datetime) -> None:
    del session[LOCKED_AT]
    session[ACTIVE_AT] = now.timestamp()


def chosen_standing(session: SessionBase) -> str:
    return str(session.get(STANDING, ""))


def choose_standing(session: SessionBase, key: str) -> None:
    session[STANDING] = key
    session.cycle_key()


def link_id(session: SessionBase) -> UUID | None:
    kept = session.get(LINK)
    return UUID(kept) if isinstance(kept, str) else None


def carry_link(session: SessionBase, link: UUID) -> None:
    session[LINK] = str(link)
    session.cycle_key()


def drop_link(session: SessionBase) -> None:
    session.pop(LINK, None)


def invitation_hash(session: SessionBase) -> str:
    return str(session.get(INVITATION, ""))


def carry_invitation(session: SessionBase, hashed: str) -> None:
    session[INVITATION] = hashed


def drop_invitation(session: SessionBase) -> None:
    session.pop(INVITATION, None)


def enter_demo(session: SessionBase) -> None:
    session[DEMO_ENTRY] = True


def entered_demo(session: SessionBase) -> bool:
    return bool(session.get(DEMO_ENTRY, False))
