"""A clinic says how it reminds its patients, or goes back to what is usual; open check-ins follow at the next round."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from longlight.clinic.assessments.actions.scheduling import FOR_EVERYBODY
from longlight.clinic.assessments.models import DueAssessment, ReminderLadder
from longlight.clinic.assessments.rules import (
    CannotSetReminders,
    DueStatus,
    reasons_not_to_remind_so,
)
from longlight.clinic.contact.rules import Channel
from longlight.clinic.people.access import require_role
from longlight.clinic.people.rules import Viewer
from longlight.clinic.record.actions import clinic_chain, writing


@dataclass(frozen=True)
class Ladder:
    """What a clinic chooses. `id` is made by the form, so that a repeated POST sets once."""

    id: UUID
    reminders_h: Sequence[int]
    channels: Collection[Channel]
    most_in_a_week: int | None


def set_reminders(*, ladder: Ladder, viewer: Viewer, at: datetime) -> ReminderLadder:
    """Remind by the clinic's own ladder from now on. Raises `CannotSetReminders`."""
    require_role(viewer, *FOR_EVERYBODY)
    reasons = reasons_not_to_remind_so(
        ladder.reminders_h, has_channel=bool(ladder.channels), most_in_a_week=ladder.most_in_a_week
    )
    if reasons:
        raise CannotSetReminders(" ".join(reasons))
    return _keep(ladder, viewer, at)


def remind_as_usual(*, ladder_id: UUID, viewer: Viewer, at: datetime) -> ReminderLadder:
    """Go back to the usual ladder."""
    require_role(viewer, *FOR_EVERYBODY)
    return _keep(Ladder(ladder_id, [], [], None), viewer, at)


def _keep(ladder: Ladder, viewer: Viewer, at: datetime) -> ReminderLadder:
    before = ReminderLadder.objects.filter(pk=ladder.id, clinic_id=viewer.clinic_id).first()
    if before is not None:
        return before
    with writing(by=viewer.actor, at=at) as pen:
        kept: ReminderLadder = ReminderLadder.objects.create(
            id=ladder.id, clinic_id=viewer.clinic_id, reminders_h=list(ladder.reminders_h),
            channels=sorted(each.value for each in ladder.channels),
            most_in_a_week=ladder.most_in_a_week, set_at=at, set_by_name=viewer.name[:200],
        )  # fmt: skip
        DueAssessment.objects.filter(
            patient__clinic_id=viewer.clinic_id, status=DueStatus.DUE.value, opened_at__isnull=False
        ).update(act_at=at)
        pen.note(
            "reminders-set", chain=clinic_chain(viewer.clinic_id), object_kind="reminder-ladder",
            object_id=kept.pk, hours=kept.reminders_h, channels=kept.channels,
            most_in_a_week=kept.most_in_a_week,
        )  # fmt: skip
    return kept
