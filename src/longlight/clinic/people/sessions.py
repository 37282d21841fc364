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
LINKS_BEFORE = "people.links-before"
MOST_LINKS_BEFORE = 5
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


def link_ids(session: SessionBase) -> list[UUID]:
    """The links that this browser came by, the newest first: of one patient, and a few at most."""
    newest = session.get(LINK)
    before = session.get(LINKS_BEFORE, [])
    return [UUID(each) for each in [newest, *before] if isinstance(each, str)]


def carry_link(session: SessionBase, link: UUID, *, is_same_patient: bool) -> None:
    """Carry a link; those before it go on only for the patient whose it is, so that what still waits can be sent."""
    if session.get(LINK) == str(link):
        return  # opened once more: another tab that asks just now keeps its session
    before = [str(each) for each in link_ids(session) if each != link] if is_same_patient else []
    session[LINK], session[LINKS_BEFORE] = str(link), before[:MOST_LINKS_BEFORE]
    session.cycle_key()


def carry_over_link(session: SessionBase, link: UUID) -> None:
    """Carry a link that is over, behind those that are not: it opens nothing, and hands in what waited."""
    known = link_ids(session)
    if not known:
        carry_link(session, link, is_same_patient=False)
    elif link not in known:
        before = [str(each) for each in [*known[1:], link]]
        session[LINKS_BEFORE] = before[-MOST_LINKS_BEFORE:]


def drop_link(session: SessionBase) -> None:
    session.pop(LINK, None)
    session.pop(LINKS_BEFORE, None)


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
