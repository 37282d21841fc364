"""The one door for writes, and the note that somebody read a chart.

    with writing(by=viewer.actor, at=now) as pen:
        note = Note.objects.create(...)
        pen.note("note-written", chain=patient_chain(patient_id), object_kind="note", object_id=note.id)

Everything inside is one transaction; the audit rows are written in it; a write that notes nothing is refused.
"""

import hashlib
import hmac
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction

from longlight.clinic.record.models import AuditHead, AuditRow
from longlight.clinic.record.rules import Actor, Chain, ChainKind

GENESIS = "0" * 64


class UnrecordedWrite(Exception):
    """A write went through the door and noted nothing: a fault in the code, and the write is undone."""


@dataclass
class Pen:
    """Gathers the audit notes of one write; the door writes them out before it commits."""

    by: Actor
    at: datetime
    notes: list[AuditRow] = field(default_factory=list)

    def note(
        self, verb: str, *, chain: Chain, object_kind: str, object_id: object, **details: object
    ) -> None:
        """Note one thing done. `details` hold ids, statuses and hashes, never a name, an answer or a text."""
        self.notes.append(
            AuditRow(
                chain_kind=chain.kind.value,
                chain_subject=chain.subject_id,
                at=self.at,
                actor_kind=self.by.kind.value,
                actor_id=self.by.id,
                actor_name=self.by.name,
                actor_role=self.by.role,
                clinic_id=self.by.clinic_id,
                verb=verb,
                object_kind=object_kind,
                object_id=str(object_id),
                details=details,
            )
        )


def patient_chain(patient_id: UUID) -> Chain:
    return Chain(ChainKind.PATIENT, patient_id)


@contextmanager
def writing(*, by: Actor, at: datetime) -> Iterator[Pen]:
    """Open the door: one transaction, its audit rows inside it. Re-entrant: an inner write joins the outer one."""
    with transaction.atomic():
        pen = Pen(by, at)
        yield pen
        if not pen.notes:
            raise UnrecordedWrite("a write must note what it did")
        _append(pen.notes)


def _append(rows: list[AuditRow]) -> None:
    for row in sorted(rows, key=lambda row: (row.chain_kind, str(row.chain_subject))):
        head, _ = AuditHead.objects.select_for_update().get_or_create(
            chain_kind=row.chain_kind,
            chain_subject=row.chain_subject,
            defaults={"sequence": 0, "row_hash": GENESIS},
        )
        row.sequence = head.sequence + 1
        row.previous_hash = head.row_hash
        row.row_hash = row_hash(row)
        row.save(force_insert=True)
        head.sequence, head.row_hash = row.sequence, row.row_hash
        head.save()


def row_hash(row: AuditRow) -> str:
    """HMAC-SHA-256 over everything the row says and the hash before it, keyed outside the database."""
    said = {
        name: str(getattr(row, name))
        for name in (
            "chain_kind", "chain_subject", "sequence", "at", "actor_kind", "actor_id", "actor_name",
            "actor_role", "clinic_id", "verb", "object_kind", "object_id", "previous_hash",
        )
    }  # fmt: skip
    said["details"] = json.dumps(row.details, sort_keys=True, default=str)
    text = json.dumps(said, sort_keys=True)
    return hmac.new(settings.AUDIT_KEY.encode(), text.encode(), hashlib.sha256).hexdigest()


def note_read(*, by: Actor, at: datetime, patient_id: UUID, purpose: str) -> None:
    """Note that a chart was read: one row per viewer, patient and purpose in ten minutes."""
    with writing(by=by, at=at) as pen:
        pen.note(
            "chart-read",
            chain=Chain(ChainKind.READS, patient_id),
            object_kind="chart",
            object_id=patient_id,
            purpose=purpose,
        )
