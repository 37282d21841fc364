"""What changes about people. Each goes through the record's door, in one transaction with its audit row."""

from longlight.clinic.people.actions.accounts import (
    change_membership,
    disable_account,
    enable_account,
    end_sessions,
    note_account_event,
    note_refusal,
    remove_factors,
    reseal_secrets,
)
from longlight.clinic.people.actions.drafts import discard_drafts, keep_draft, kept_draft
from longlight.clinic.people.actions.emergencies import (
    end_emergency,
    open_in_emergency,
    restrict_chart,
    review_emergency,
)
from longlight.clinic.people.actions.invitations import (
    CannotAccept,
    Invited,
    accept_invitation,
    found_clinic,
    invite_administrator,
    invite_patient,
    invite_staff,
    revoke_invitation,
)
from longlight.clinic.people.actions.links import (
    LinkTo,
    finish_link,
    finish_links,
    make_link,
    make_links,
    open_link,
    revoke_links,
)

__all__ = [
    "CannotAccept",
    "Invited",
    "LinkTo",
    "accept_invitation",
    "change_membership",
    "disable_account",
    "discard_drafts",
    "enable_account",
    "end_emergency",
    "end_sessions",
    "finish_link",
    "finish_links",
    "found_clinic",
    "invite_administrator",
    "invite_patient",
    "invite_staff",
    "keep_draft",
    "kept_draft",
    "make_link",
    "make_links",
    "note_account_event",
    "note_refusal",
    "open_in_emergency",
    "open_link",
    "remove_factors",
    "reseal_secrets",
    "restrict_chart",
    "review_emergency",
    "revoke_invitation",
    "revoke_links",
]
