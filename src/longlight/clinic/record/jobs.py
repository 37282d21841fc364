"""Every night: an anchor over all chains, and its copy in a file outside the database.

Only that copy finds a chain that was removed whole together with the anchors that knew it. Whoever guards against
someone with the run of this machine carries the file away as well (docs/how-to/back-up-and-restore.md).
"""

import json
import os
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from django.conf import settings

from longlight.clinic.record.actions import anchor_heads
from longlight.clinic.record.models import AuditAnchor
from longlight.clinic.record.rules import instant


def anchor(*, at: datetime) -> None:
    """Anchor what moved, and bring the file up to date. Safe to repeat: nothing moved, nothing written."""
    anchor_heads(at=at)
    keep_anchors_outside()


def anchors_file() -> Path:
    return Path(settings.HOME) / "anchors.jsonl"


def keep_anchors_outside() -> None:
    """Append to the file each anchor that it does not hold yet, one line each, and see it onto the disk."""
    path = anchors_file()
    last = max((anchor.sequence for anchor in anchors_kept_outside()), default=0)
    lines = [
        json.dumps(_as_kept(anchor), separators=(",", ":")) + "\n"
        for anchor in AuditAnchor.objects.filter(sequence__gt=last).order_by("sequence")
    ]
    if not lines:
        return
    with path.open("a", encoding="ascii") as file:
        file.write("".join(lines))
        file.flush()
        os.fsync(file.fileno())


def anchors_kept_outside() -> list[AuditAnchor]:
    """The anchors in the file. A line that a power cut left half-written at the end is passed over."""
    try:
        text = anchors_file().read_text(encoding="ascii")
    except FileNotFoundError:
        return []
    return [
        _as_read(json.loads(line)) for line in text.splitlines(keepends=True) if line.endswith("\n")
    ]


def _as_kept(anchor: AuditAnchor) -> dict[str, object]:
    return {
        "sequence": anchor.sequence,
        "at": instant(anchor.at),
        "heads": anchor.heads,
        "previous_hash": anchor.previous_hash,
        "row_hash": anchor.row_hash,
    }


def _as_read(kept: Mapping[str, object]) -> AuditAnchor:
    fields = dict(kept)
    fields["at"] = datetime.fromisoformat(str(fields["at"]))
    return AuditAnchor(**fields)
