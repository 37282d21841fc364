"""Keeping an aid half done or finished, because a person asked; and destroying it, on request or by date."""

import json
from datetime import datetime, timedelta
from uuid import NAMESPACE_URL, UUID, uuid5

from django.utils.translation import gettext as _

from longlight.clinic.approaches.models import KeptChoice
from longlight.clinic.approaches.queries.kept import PURPOSE
from longlight.clinic.approaches.rules.choosing import Answers, CannotKeep, Step, is_token
from longlight.clinic.people.queries import token_hash
from longlight.clinic.people.rules import system_actor
from longlight.clinic.people.sealing import seal
from longlight.clinic.record.actions import Pen, clinic_chain, writing
from longlight.clinic.record.rules import Actor, ActorKind
from longlight.science.evidence import DecisionAid

KEPT_FOR = timedelta(days=90)
MOST_IN_AN_HOUR = 2000
# What strangers keep belongs to no clinic: its notes stand in one chain of the installation.
INSTALLATION = uuid5(NAMESPACE_URL, "longlight:kept-choices")
SOMEBODY = Actor(ActorKind.PUBLIC, None, "somebody with the link", "public", None)


def keep_choice(
    *, token: str, answers: Answers, step: Step, aid: DecisionAid, at: datetime
) -> KeptChoice:
    """Keep what was said, under a token that the page made; a second time under the same token replaces the first."""
    if not is_token(token):
        raise CannotKeep(_("This page is too old to be kept. Start again, and then keep it."))
    kept_lately = KeptChoice.objects.filter(kept_at__gt=at - timedelta(hours=1)).count()
    if kept_lately >= MOST_IN_AN_HOUR:
        raise CannotKeep(_("Too many are being kept right now. Print the page, or try in an hour."))
    with writing(by=SOMEBODY, at=at) as pen:
        kept, _is_new = KeptChoice.objects.update_or_create(
            token_hash=token_hash(token),
            defaults={
                "sealed_body": seal(json.dumps(answers.as_json()), purpose=PURPOSE),
                "step": step.value,
                "aid_version": aid.version,
                "evidence_read_until": aid.evidence_read_until,
                "kept_at": at,
                "expires_at": at + KEPT_FOR,
            },
        )
        _note(pen, "choice-kept", kept.id)
    return kept


def destroy_choice(*, token: str, at: datetime) -> None:
    """Destroy what was kept. Nothing to destroy is no fault: the person wants it gone, and it is."""
    found = KeptChoice.objects.filter(token_hash=token_hash(token)).first()
    if found is None:
        return
    with writing(by=SOMEBODY, at=at) as pen:
        _note(pen, "choice-destroyed", found.id)
        found.delete()


def destroy_expired(*, at: datetime) -> int:
    """Destroy every kept choice whose time is over."""
    over = list(KeptChoice.objects.filter(expires_at__lte=at))
    if over:
        with writing(by=system_actor("longlight worker"), at=at) as pen:
            for kept in over:
                _note(pen, "choice-expired", kept.id)
            KeptChoice.objects.filter(pk__in=[kept.pk for kept in over]).delete()
    return len(over)


def _note(pen: Pen, verb: str, kept_id: UUID) -> None:
    pen.note(verb, chain=clinic_chain(INSTALLATION), object_kind="kept-choice", object_id=kept_id)
