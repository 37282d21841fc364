"""Links with which a patient does one thing without signing in.

    token = make_link(patient=patient, purpose=LinkPurpose.QUESTIONNAIRE, object_id=due.id,
                      expires_at=at + timedelta(days=7), by=viewer.actor, at=at)
    url = reverse("people-link", args=[token])      # /l/<token>: mail it; the token is kept nowhere

Opening it turns the token into a narrow session and leads to the URL named `link-<purpose>`, whose view states
`@by_link(purpose)` and finds `request.link`. When the one thing is done, the step calls `finish_link`.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from longlight.clinic.people.models import Patient, PatientLink
from longlight.clinic.people.queries import link_bearer_by_token, token_hash
from longlight.clinic.people.rules import LinkBearer, LinkPurpose
from longlight.clinic.record.actions import Pen, patient_chain, writing
from longlight.clinic.record.rules import Actor


@dataclass(frozen=True)
class LinkTo:
    """What a link is to open, for whom, and until when."""

    patient: Patient
    purpose: LinkPurpose
    object_id: UUID
    expires_at: datetime


def make_link(
    *,
    patient: Patient,
    purpose: LinkPurpose,
    object_id: UUID,
    expires_at: datetime,
    by: Actor,
    at: datetime,
) -> str:
    """Make a link and tell its token, once. `by` must act for the patient's clinic."""
    (token,) = make_links([LinkTo(patient, purpose, object_id, expires_at)], by=by, at=at)
    return token


def make_links(wanted: Sequence[LinkTo], *, by: Actor, at: datetime) -> list[str]:
    """Make many links of one clinic and tell their tokens, once, in the same order."""
    if any(by.clinic_id != each.patient.clinic_id for each in wanted):
        raise ValueError("a link is made by the patient's own clinic")
    tokens = [secrets.token_urlsafe(32) for _ in wanted]
    if not wanted:
        return tokens
    with writing(by=by, at=at) as pen:
        links = PatientLink.objects.bulk_create(
            PatientLink(
                patient=each.patient, purpose=each.purpose.value, object_id=each.object_id,
                token_hash=token_hash(token), made_at=at, expires_at=each.expires_at,
            )
            for each, token in zip(wanted, tokens, strict=True)
        )  # fmt: skip
        for link in links:
            _note(pen, "link-made", link)
    return tokens


def open_link(*, token: str, at: datetime) -> LinkBearer | None:
    """Who comes by this token; None when it is unknown, over, revoked, or its one thing is done. Noted."""
    bearer = link_bearer_by_token(token, at)
    if bearer is None:
        return None
    with writing(by=bearer.actor, at=at) as pen:
        _note(pen, "link-opened", PatientLink.objects.get(pk=bearer.link_id))
    return bearer


def finish_link(*, link: LinkBearer, at: datetime) -> None:
    """The one thing is done: the link opens nothing any more."""
    with writing(by=link.actor, at=at) as pen:
        found = PatientLink.objects.select_for_update().get(pk=link.link_id)
        found.used_at = found.used_at or at
        found.save(update_fields=["used_at"])
        _note(pen, "link-used", found)


def finish_links(
    *, patient: Patient, purpose: LinkPurpose, object_id: UUID, by: Actor, at: datetime
) -> None:
    """The one thing is done, by whichever way in: every open link to it opens nothing any more."""
    for found in PatientLink.objects.filter(
        patient=patient, purpose=purpose.value, object_id=object_id, used_at=None, revoked_at=None
    ):
        with writing(by=by, at=at) as pen:
            PatientLink.objects.filter(pk=found.pk, used_at=None).update(used_at=at)
            _note(pen, "link-used", found)


def revoke_links(
    *, patient: Patient, purpose: LinkPurpose, object_id: UUID, by: Actor, at: datetime
) -> None:
    """Take back every open link to one thing, such as a questionnaire that is no longer due."""
    for found in PatientLink.objects.filter(
        patient=patient, purpose=purpose.value, object_id=object_id, used_at=None, revoked_at=None
    ):
        with writing(by=by, at=at) as pen:
            PatientLink.objects.filter(pk=found.pk, revoked_at=None).update(revoked_at=at)
            _note(pen, "link-revoked", found)


def _note(pen: Pen, verb: str, link: PatientLink) -> None:
    pen.note(
        verb,
        chain=patient_chain(link.patient_id),
        object_kind="link",
        object_id=link.id,
        purpose=link.purpose,
    )
