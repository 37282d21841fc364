"""What somebody had typed when their screen locked: kept sealed, returned to the form, never sent by itself."""

import json
from datetime import datetime
from uuid import UUID

from longlight.clinic.people.models import Account, KeptDraft
from longlight.clinic.people.rules import DRAFT_LIFE
from longlight.clinic.people.sealing import CannotUnseal, seal, unseal
from longlight.clinic.record.actions import writing
from longlight.clinic.record.rules import Actor, Chain, ChainKind

DRAFT = "draft"
Fields = dict[str, list[str]]


def keep_draft(
    *, account: Account, page: str, action: str, fields: Fields, by: Actor, at: datetime
) -> None:
    """Keep what was typed into a form. A later draft of the same form takes the place of an earlier one."""
    with writing(by=by, at=at) as pen:
        KeptDraft.objects.filter(account=account, kept_at__lt=at - DRAFT_LIFE).delete()
        draft, _ = KeptDraft.objects.update_or_create(
            account=account,
            page=page,
            action=action,
            defaults={"sealed_fields": seal(json.dumps(fields), purpose=DRAFT), "kept_at": at},
        )
        pen.note(
            "draft-kept",
            chain=Chain(ChainKind.ACCOUNT, account.id),
            object_kind="draft",
            object_id=draft.id,
        )


def kept_draft(*, account_id: UUID, page: str, at: datetime) -> tuple[str, Fields] | None:
    """The form's address and the fields of the newest draft for a page, while it is kept."""
    draft = (
        KeptDraft.objects.filter(account_id=account_id, page=page, kept_at__gt=at - DRAFT_LIFE)
        .order_by("-kept_at")
        .first()
    )
    if draft is None:
        return None
    try:
        fields: Fields = json.loads(unseal(draft.sealed_fields, purpose=DRAFT))
    except CannotUnseal:
        return None
    return draft.action, fields


def discard_drafts(*, account: Account, action: str, by: Actor, at: datetime) -> None:
    """Forget the drafts of a form that was sent, or that its writer gave up."""
    drafts = KeptDraft.objects.filter(account=account, action=action)
    if not drafts.exists():
        return
    with writing(by=by, at=at) as pen:
        drafts.delete()
        pen.note(
            "draft-discarded",
            chain=Chain(ChainKind.ACCOUNT, account.id),
            object_kind="account",
            object_id=account.id,
        )
