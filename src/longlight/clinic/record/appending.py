"""Audit rows at the ends of their chains: each row bears the hash of the one before, and a chain's head says where it ends.

The door calls it in its own transaction, before it commits (see `record.actions`).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet

from longlight.clinic.record.models import AuditHead, AuditRow
from longlight.clinic.record.prepared import Prepared, PreparedInsert, changed
from longlight.clinic.record.rules import GENESIS, Chain, ChainKind, chained_hash

CHAIN = ["chain_kind", "chain_subject"]
A_FEW = 4  # so many chains are written one by one; more of them together
HEADS_A_QUERY = 400


@dataclass(frozen=True)
class Note:
    """An audit row to be, without its place in the chain. With `once_in`, it is left out when one like it is near."""

    row: AuditRow
    chain: Chain
    once_in: timedelta | None = None


def append(notes: list[Note]) -> None:
    """Write the notes at the ends of their chains. Heads are locked in one order everywhere, so nobody waits in a ring."""
    by_chain: dict[Chain, list[Note]] = {}
    for note in sorted(
        notes, key=lambda note: note.chain
    ):  # stable: within a chain, as it happened
        by_chain.setdefault(note.chain, []).append(note)
    heads = _locked_heads(list(by_chain))
    rows: list[AuditRow] = []
    moved: list[AuditHead] = []
    for chain, chain_notes in by_chain.items():
        before = len(rows)
        for note in chain_notes:
            if note.once_in is None or not is_repeated(note.row, note.once_in):
                rows.append(_link(note.row, heads[chain]))
        moved += [heads[chain]] if len(rows) > before else []
    if len(rows) <= A_FEW:
        for row in rows:
            _KEEP_ROW(row)
    else:
        AuditRow.objects.bulk_create(rows)
    _move(moved)


_KEEP_ROW = PreparedInsert(AuditRow)


def _move(heads: list[AuditHead]) -> None:
    """Say where chains end now."""
    if len(heads) <= A_FEW:
        for head in heads:
            changed(_MOVE_HEAD, (head.sequence, head.row_hash, head.pk))
        return
    AuditHead.objects.bulk_create(
        [
            AuditHead(
                chain_kind=head.chain_kind, chain_subject=head.chain_subject,
                sequence=head.sequence, row_hash=head.row_hash,
            )
            for head in heads
        ],
        update_conflicts=True, unique_fields=CHAIN, update_fields=["sequence", "row_hash"],
    )  # fmt: skip


def _locked_heads(chains: list[Chain]) -> dict[Chain, AuditHead]:
    """The heads of these chains, given in order and locked in that order; one is made where there was none."""
    if len(chains) <= A_FEW:
        return {chain: _locked_head(chain) for chain in chains}
    known = {_chain_of(head) for part in _parts(chains) for head in _heads(part)}
    found: dict[Chain, AuditHead] = {}
    for is_known, alike in groupby(chains, key=known.__contains__):
        for part in _parts(list(alike)):
            if not is_known:
                _begin(part)
            heads = _heads(part).select_for_update().order_by("chain_subject")
            found |= {_chain_of(head): head for head in heads}
    return found


def _parts(chains: list[Chain]) -> Iterator[list[Chain]]:
    """Chains of one kind, so many at a time, in their order."""
    for _kind, alike in groupby(chains, key=lambda chain: chain.kind):
        of_kind = list(alike)
        for start in range(0, len(of_kind), HEADS_A_QUERY):
            yield of_kind[start : start + HEADS_A_QUERY]


def _heads(chains: list[Chain]) -> QuerySet[AuditHead]:
    """The heads of chains of one kind."""
    return AuditHead.objects.filter(
        chain_kind=chains[0].kind.value, chain_subject__in=[chain.subject_id for chain in chains]
    )


def _chain_of(head: AuditHead) -> Chain:
    return Chain(ChainKind(head.chain_kind), head.chain_subject)


def _locked_head(chain: Chain) -> AuditHead:
    end = {"kind": chain.kind.value, "subject_id": chain.subject_id}
    head = _HEADS.first(**end)
    if head is None:
        _begin([chain])
        (head,) = _HEADS(**end)
    return head


_MOVE_HEAD = f"UPDATE {AuditHead._meta.db_table} SET sequence = %s, row_hash = %s WHERE id = %s"  # noqa: S608  names of ours

# Of nearly every write, by itself.
_HEADS = Prepared(
    lambda kind, subject_id: AuditHead.objects.select_for_update().filter(
        chain_kind=kind, chain_subject=subject_id
    ),
    kind=str,
    subject_id=UUID,
)


def _begin(chains: list[Chain]) -> None:
    """Make the heads of chains. Two may begin a chain at once: one head is kept, and whoever came later waits here.

    The conflict is answered by an update that changes nothing, because that locks the head, one after the other.
    """
    AuditHead.objects.bulk_create(
        [
            AuditHead(
                chain_kind=chain.kind.value, chain_subject=chain.subject_id,
                sequence=0, row_hash=GENESIS,
            )
            for chain in chains
        ],
        update_conflicts=True, unique_fields=CHAIN, update_fields=["chain_kind"],
    )  # fmt: skip


def _link(row: AuditRow, head: AuditHead) -> AuditRow:
    row.sequence = head.sequence + 1
    row.previous_hash = head.row_hash
    row.row_hash = row_hash(row)
    head.sequence, head.row_hash = row.sequence, row.row_hash
    return row


def row_hash(row: AuditRow) -> str:
    """The hash of a row: over everything it says and the hash before it, keyed outside the database."""
    return chained_hash(row.said(), row.previous_hash, settings.AUDIT_KEY)


def is_repeated(row: AuditRow, within: timedelta) -> bool:
    """Whether the chain holds a row like this one, by the same actor, so near."""
    # Both ways in time: of two requests at once the later one may come first, and a clock may be set back.
    near = _ROWS_BETWEEN(
        kind=row.chain_kind, subject_id=row.chain_subject, after=row.at - within, before=row.at + within,
        verb=row.verb,
    )  # fmt: skip
    said = (row.actor_kind, row.actor_id, row.actor_name, row.actor_role, row.details)
    return said in near


_ROWS_BETWEEN = Prepared(
    lambda kind, subject_id, after, before, verb: AuditRow.objects.filter(
        chain_kind=kind, chain_subject=subject_id, at__gt=after, at__lt=before, verb=verb
    ).values_list("actor_kind", "actor_id", "actor_name", "actor_role", "details"),
    kind=str,
    subject_id=UUID,
    after=datetime,
    before=datetime,
    verb=str,
)
