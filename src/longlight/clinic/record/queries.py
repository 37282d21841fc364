"""What the record says: is it whole, and who looked."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from uuid import UUID

from django.conf import settings

from longlight.clinic.record.models import (
    Addendum,
    AuditAnchor,
    AuditHead,
    AuditRow,
    Signature,
)
from longlight.clinic.record.rules import (
    GENESIS,
    Actor,
    ActorKind,
    ChainKind,
    OnLooker,
    chained_hash,
    digest_of,
)


@dataclass(frozen=True)
class Place:
    """A place in a chain: how far, and the hash of the row there."""

    sequence: int
    row_hash: str


GENESIS_PLACE = Place(0, GENESIS)


@dataclass(frozen=True)
class BrokenLink:
    """The first place at which a chain does not hold."""

    chain: str
    sequence: int
    what: str

    def __str__(self) -> str:
        return f"{self.chain}, row {self.sequence}: {self.what}"


@dataclass(frozen=True)
class Verification:
    """What a check of the whole trail found: how much was checked, and the first broken link of each chain."""

    chains: int
    rows: int
    anchors: int
    broken: tuple[BrokenLink, ...]

    @property
    def is_whole(self) -> bool:
        return not self.broken


@dataclass(frozen=True)
class Promise:
    """Something outside a chain that knows one of its rows: its head, or an anchor."""

    place: Place
    who: str


def verify(kept_outside: Iterable[AuditAnchor] = ()) -> Verification:
    """Check every row, head and anchor; `kept_outside` are the anchors that were kept in a file.

    Writing may go on meanwhile: heads are read first, so every place they promise is there to be found.
    """
    heads = {
        head.chain_name: Place(head.sequence, head.row_hash) for head in AuditHead.objects.all()
    }
    inside, broken = _whole_anchors(AuditAnchor.objects.order_by("sequence"), "anchors")
    outside, broken_outside = _whole_anchors(kept_outside, "anchors kept outside")
    broken += broken_outside + _missing_anchors(inside, outside)
    anchored = anchored_heads([*inside, *outside])
    rows = AuditRow.objects.order_by("chain_kind", "chain_subject", "sequence").iterator()
    counts = []
    for name, chain_rows in groupby(rows, key=lambda row: row.chain_name):
        promises = [Promise(anchored.pop(name), "an anchor knows it")] if name in anchored else []
        if name in heads:
            promises.append(Promise(heads.pop(name), "the head knows it"))
        elif link := _has_no_head(name):
            broken.append(link)
        walk = _Walk(name, promises)
        counts.append(walk.follow(chain_rows))
        broken += walk.broken[:1]
    broken += [
        BrokenLink(name, 1, "the whole chain was removed")
        for name in sorted({*heads, *anchored})
        if GENESIS_PLACE not in (heads.get(name), anchored.get(name))
    ]
    return Verification(len(counts), sum(counts), len(inside), tuple(broken))


class _Walk:
    """Follows one chain from its first row and gathers what breaks."""

    def __init__(self, name: str, promises: list[Promise]) -> None:
        self.name, self.broken = name, list[BrokenLink]()
        self.promised = sorted(promises, key=lambda promise: promise.place.sequence)

    def follow(self, rows: Iterable[AuditRow]) -> int:
        """How many rows there are."""
        count, place = 0, GENESIS_PLACE
        for row in rows:
            count += 1
            if not self.broken:
                self._check(row, place)
            place = Place(row.sequence, row.row_hash)
        for promise in self.promised:
            if promise.place.sequence > place.sequence:
                self._break(place.sequence + 1, f"the row was removed; {promise.who}")
        return count

    def _check(self, row: AuditRow, before: Place) -> None:
        if row.sequence != before.sequence + 1:
            self._break(before.sequence + 1, "the row was removed")
        elif row.row_hash != chained_hash(row.said(), row.previous_hash, settings.AUDIT_KEY):
            self._break(row.sequence, "the row was changed, or another key wrote it")
        elif row.previous_hash != before.row_hash:
            self._break(row.sequence, "it does not follow the row before")
        elif any(
            promise.place.sequence == row.sequence and promise.place.row_hash != row.row_hash
            for promise in self.promised
        ):
            self._break(row.sequence, "another row stood here: the head or an anchor knows it")

    def _break(self, sequence: int, what: str) -> None:
        self.broken.append(BrokenLink(self.name, sequence, what))


def _has_no_head(name: str) -> BrokenLink | None:
    """A chain whose head was removed; one that began after the heads were read has one by now."""
    kind, _, subject = name.partition(" ")
    if AuditHead.objects.filter(chain_kind=kind, chain_subject=subject).exists():
        return None
    return BrokenLink(name, 1, "the head of the chain was removed")


def _whole_anchors(
    anchors: Iterable[AuditAnchor], name: str
) -> tuple[list[AuditAnchor], list[BrokenLink]]:
    """The anchors up to the first that does not hold, and what is wrong with that one."""
    whole: list[AuditAnchor] = []
    before = GENESIS_PLACE
    for anchor in anchors:
        says = chained_hash(anchor.said(), anchor.previous_hash, settings.AUDIT_KEY)
        if anchor.row_hash != says:
            what = "the anchor was changed, or another key wrote it"
            return whole, [BrokenLink(name, anchor.sequence, what)]
        if anchor.sequence != before.sequence + 1 or anchor.previous_hash != before.row_hash:
            return whole, [BrokenLink(name, before.sequence + 1, "the anchor was removed")]
        whole.append(anchor)
        before = Place(anchor.sequence, anchor.row_hash)
    return whole, []


def _missing_anchors(
    inside: Iterable[AuditAnchor], outside: Iterable[AuditAnchor]
) -> list[BrokenLink]:
    known = {anchor.sequence: anchor.row_hash for anchor in inside}
    for anchor in outside:
        if known.get(anchor.sequence) != anchor.row_hash:
            what = "the anchor that was kept outside is not in the database"
            return [BrokenLink("anchors", anchor.sequence, what)]
    return []


def anchored_heads(anchors: Iterable[AuditAnchor]) -> dict[str, Place]:
    """How far each chain had come, by the newest anchor that names it."""
    places: dict[str, Place] = {}
    for anchor in anchors:
        for kind, subject, sequence, row_hash in anchor.heads:
            places[f"{kind} {subject}"] = Place(sequence, row_hash)
    return places


@dataclass(frozen=True)
class Look:
    """Somebody looked at a chart."""

    at: datetime
    by: Actor
    purpose: str


def who_looked(patient_id: UUID, *, viewer: OnLooker, since: datetime | None = None) -> list[Look]:
    """Who looked at a patient's chart, newest first: in the viewer's clinic, and for a patient only their own chart.

    A patient's own looks are left out: the list answers who *else* did.
    """
    if viewer.patient_id not in (None, patient_id):
        return []
    rows = AuditRow.objects.filter(
        chain_kind=ChainKind.READS.value,
        chain_subject=patient_id,
        clinic_id=viewer.clinic_id,
    ).exclude(actor_kind=ActorKind.PATIENT.value)
    if since is not None:
        rows = rows.filter(at__gte=since)
    return [_look(row) for row in rows.order_by("-at", "-sequence")]


def _look(row: AuditRow) -> Look:
    by = Actor(
        ActorKind(row.actor_kind), row.actor_id, row.actor_name, row.actor_role, row.clinic_id
    )
    return Look(row.at, by, str(row.details.get("purpose", "")))


def newest_rows(*, limit: int, clinic_id: UUID | None = None) -> list[AuditRow]:
    """The newest audit rows, newest first: for an administrator on the server's own machine."""
    rows = (
        AuditRow.objects.all()
        if clinic_id is None
        else AuditRow.objects.filter(clinic_id=clinic_id)
    )
    return list(rows.order_by("-at", "-id")[:limit])


@dataclass(frozen=True)
class Signed:
    """Who signed a record, and what was added under it since, each oldest first."""

    signatures: tuple[Signature, ...] = ()
    addenda: tuple[Addendum, ...] = ()

    @property
    def is_signed(self) -> bool:
        return bool(self.signatures)

    def is_signed_by(self, account_id: UUID) -> bool:
        return any(each.by_id == account_id for each in self.signatures)

    def still_says(self, said: object) -> bool:
        """Whether what the record says now is what everyone signed."""
        digest = digest_of(said)
        return all(each.digest == digest for each in self.signatures)


def signed(object_kind: str, object_ids: Collection[UUID]) -> dict[UUID, Signed]:
    """Of these records, each with its signatures and addenda. Two queries, however many they are."""
    which = {"object_kind": object_kind, "object_id__in": list(object_ids)}
    signatures: dict[UUID, list[Signature]] = {each: [] for each in object_ids}
    addenda: dict[UUID, list[Addendum]] = {each: [] for each in object_ids}
    for signature in Signature.objects.filter(**which).order_by("signed_at", "pk"):
        signatures[signature.object_id].append(signature)
    for addendum in Addendum.objects.filter(**which).order_by("written_at", "pk"):
        addenda[addendum.object_id].append(addendum)
    return {key: Signed(tuple(signatures[key]), tuple(addenda[key])) for key in signatures}
