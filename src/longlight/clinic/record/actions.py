"""The one door for writes, and the note that somebody read a chart.

    with writing(by=viewer.actor, at=now) as pen:
        note = Note.objects.create(...)
        pen.note("note-written", chain=patient_chain(patient_id), object_kind="note", object_id=note.id)

Everything inside is one transaction; the audit rows are written in it; a write that notes nothing is undone.
"""

import fcntl
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID, uuid5

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext as _

from longlight.clinic.record.appending import Note, append, is_repeated
from longlight.clinic.record.models import (
    Addendum,
    AuditAnchor,
    AuditHead,
    AuditRow,
    Fact,
    Signature,
)
from longlight.clinic.record.queries import GENESIS_PLACE, anchored_heads
from longlight.clinic.record.rules import (
    GENESIS,
    Actor,
    CannotCorrect,
    CannotSign,
    Chain,
    ChainKind,
    FactStatus,
    chained_hash,
    digest_of,
    reasons_not_to_add,
    reasons_not_to_correct,
    storable,
)

ONE_READ = timedelta(minutes=10)  # a polling monitor is one look


class UnrecordedWrite(Exception):
    """A write went through the door and noted nothing: a fault in the code, and the write is undone."""


@dataclass
class Pen:
    """Gathers the audit notes of one write; the door writes them out before it commits."""

    by: Actor
    at: datetime
    notes: list[Note] = field(default_factory=list)

    def note(
        self, verb: str, *, chain: Chain, object_kind: str, object_id: object, **details: object
    ) -> None:
        """Note one thing done. `details` hold ids, statuses and hashes, never a name, an answer or a text."""
        self.notes.append(
            Note(_row(self, verb, chain, object_kind, str(object_id), details), chain)
        )


def _row(
    pen: Pen, verb: str, chain: Chain, object_kind: str, object_id: str, details: dict[str, object]
) -> AuditRow:
    by = pen.by
    return AuditRow(
        chain_kind=chain.kind.value,
        chain_subject=chain.subject_id,
        at=pen.at,
        actor_kind=by.kind.value,
        actor_id=by.id,
        actor_name=by.name[:200],
        actor_role=by.role,
        clinic_id=by.clinic_id,
        verb=verb,
        object_kind=object_kind,
        object_id=object_id,
        details=storable(details),
    )


def patient_chain(patient_id: UUID) -> Chain:
    return Chain(ChainKind.PATIENT, patient_id)


def account_chain(account_id: UUID) -> Chain:
    return Chain(ChainKind.ACCOUNT, account_id)


def clinic_chain(clinic_id: UUID) -> Chain:
    return Chain(ChainKind.CLINIC, clinic_id)


def ledger_chain(clinic_id: UUID, drug: str) -> Chain:
    """The chain of a clinic's stock of one drug."""
    return Chain(ChainKind.LEDGER, uuid5(clinic_id, drug))


@contextmanager
def writing(*, by: Actor, at: datetime) -> Iterator[Pen]:
    """Open the door: one transaction, its audit rows inside it. Re-entrant: an inner write joins the outer one.

    A write must note something, itself or through the writes inside it; else everything in it is undone.
    """
    with door() as notes:
        before = len(notes)
        yield Pen(by, at, notes)
        if all(note.once_in for note in notes[before:]):  # a look is no note of a write
            raise UnrecordedWrite("a write must note what it did")


class _Standing(threading.local):
    """The door that this thread stands in: the notes gathered so far, or None outside."""

    notes: list[Note] | None = None


_standing = _Standing()
_one_thread = threading.RLock()
os.register_at_fork(after_in_child=_one_thread._at_fork_reinit)  # type: ignore[attr-defined]


@contextmanager
def door() -> Iterator[list[Note]]:
    """The transaction under `writing`. Used bare only for bookkeeping that is no one's record (leases, heartbeats).

    An inner door is a savepoint: when it fails, what it wrote and what it noted go, and the outer one may go on.
    """
    outer = _standing.notes
    if outer is not None:
        before = len(outer)
        try:
            with transaction.atomic():
                yield outer
        except BaseException:
            del outer[before:]
            raise
        return
    with _alone(), transaction.atomic():
        notes: list[Note] = []
        _standing.notes = notes
        try:
            yield notes
            append(notes)
        finally:
            _standing.notes = None


@contextmanager
def _alone() -> Iterator[None]:
    """On SQLite, one writer at a time: a thread lock, then a file lock, kept until after the commit.

    SQLite has writers wait by sleeping and trying again, which starves some for seconds; these locks queue them.
    Inside a transaction that is already open the database's own lock is held, and to wait for another would deadlock.
    """
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        yield
        return
    with _one_thread:
        path = _lock_path()
        if path is None:
            yield
            return
        # Opened anew each time: a lock belongs to an open file, and a forked child would share its parent's.
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)


def _lock_path() -> str | None:
    """The file that writers lock, beside the database; None for a database in memory."""
    name = str(connection.settings_dict["NAME"])
    return None if ":memory:" in name or "mode=memory" in name else f"{name}.lock"


def note_read(*, by: Actor, at: datetime, patient_id: UUID, purpose: str) -> None:
    """Note that a chart was read: one row per viewer, patient and purpose in ten minutes."""
    chain = Chain(ChainKind.READS, patient_id)
    pen = Pen(by, at)
    row = _row(pen, "chart-read", chain, "chart", str(patient_id), {"purpose": purpose})
    if is_repeated(row, ONE_READ):  # most looks end here, without waiting at the door
        return
    with door() as notes:
        notes.append(Note(row, chain, once_in=ONE_READ))


FactT = TypeVar("FactT", bound=Fact)


def correct(
    pen: Pen, wrong: FactT, *, successor: FactT | None, reason: str, chain: Chain, object_kind: str
) -> FactT:
    """Mark a fact as entered in error, inside the caller's `writing`, and name what takes its place (or nothing).

    Raises `CannotCorrect`. Of two corrections at once one wins and the other is refused.
    """
    model = type(wrong)
    locked: FactT = model._base_manager.select_for_update().get(pk=wrong.pk)
    reasons = reasons_not_to_correct(locked.status, reason)
    if successor is not None and (successor.pk == wrong.pk or not successor.stands):
        reasons.append(_("The entry that takes its place must be another one, and stand itself."))
    if reasons:
        raise CannotCorrect(" ".join(reasons))
    locked.status = FactStatus.ENTERED_IN_ERROR.value
    locked.successor = successor
    locked.correction_reason = reason.strip()
    locked.corrected_at, locked.corrected_by_id = pen.at, pen.by.id
    locked.corrected_by_name = pen.by.name[:200]
    locked.save(
        update_fields=[
            "status", "successor", "correction_reason",
            "corrected_at", "corrected_by_id", "corrected_by_name",
        ]
    )  # fmt: skip
    pen.note(
        f"{object_kind}-corrected",
        chain=chain,
        object_kind=object_kind,
        object_id=wrong.pk,
        successor=None if successor is None else successor.pk,
    )
    return locked


@dataclass(frozen=True)
class Signable:
    """A record that may be signed: which it is, and in which chain that is noted."""

    object_kind: str
    object_id: UUID
    chain: Chain

    @property
    def which(self) -> dict[str, Any]:
        return {"object_kind": self.object_kind, "object_id": self.object_id}


def sign(pen: Pen, signable: Signable, *, said: object) -> Signature:
    """Put the writer's name under what is `said`, inside the caller's `writing`. Signing twice changes nothing."""
    if pen.by.id is None:
        raise CannotSign(_("Only a person signs."))
    signature, is_new = Signature.objects.get_or_create(
        **signable.which,
        by_id=pen.by.id,
        defaults={
            "digest": digest_of(said), "signed_at": pen.at, "by_name": pen.by.name[:200],
            "by_role": pen.by.role,
        },
    )  # fmt: skip
    verb = f"{signable.object_kind}-signed" if is_new else f"{signable.object_kind}-signed-again"
    pen.note(verb, chain=signable.chain, **signable.which, digest=signature.digest)
    return signature


def add_to_signed(pen: Pen, signable: Signable, *, addendum_id: UUID, text: str) -> Addendum:
    """Add a text under a signed record, inside the caller's `writing`. `addendum_id` sent twice is one addendum."""
    before: Addendum | None = Addendum.objects.filter(pk=addendum_id, **signable.which).first()
    if pen.by.id is None:
        raise CannotSign(_("Only a person adds to a record."))
    if before is None:
        is_signed = Signature.objects.filter(**signable.which).exists()
        if reasons := reasons_not_to_add(text, is_signed=is_signed):
            raise CannotSign(" ".join(reasons))
    added = before or Addendum.objects.create(
        id=addendum_id, **signable.which, text=text.strip(), written_at=pen.at, by_id=pen.by.id,
        by_name=pen.by.name[:200], by_role=pen.by.role,
    )  # fmt: skip
    pen.note(
        f"{signable.object_kind}-addendum",
        chain=signable.chain,
        **signable.which,
        addendum=added.pk,
    )
    return added


def anchor_heads(*, at: datetime) -> AuditAnchor | None:
    """Seal where every chain ends tonight; None when nothing moved since the last anchor. `jobs` keeps a copy outside."""
    with door():
        last = AuditAnchor.objects.order_by("-sequence").first()
        moved = _moved_heads()
        if not moved:
            return None
        anchor = AuditAnchor(
            sequence=last.sequence + 1 if last else 1,
            at=at,
            heads=moved,
            previous_hash=last.row_hash if last else GENESIS,
        )
        anchor.row_hash = chained_hash(anchor.said(), anchor.previous_hash, settings.AUDIT_KEY)
        anchor.save(force_insert=True)
        return anchor


def _moved_heads() -> list[list[object]]:
    anchored = anchored_heads(AuditAnchor.objects.order_by("sequence"))
    return [
        [head.chain_kind, str(head.chain_subject), head.sequence, head.row_hash]
        for head in AuditHead.objects.order_by("chain_kind", "chain_subject")
        if head.sequence > anchored.get(head.chain_name, GENESIS_PLACE).sequence
    ]
