"""That somebody looked at what the trail noticed in a week."""

from datetime import datetime

from longlight.clinic.people.access import require_role
from longlight.clinic.people.rules import REVIEWERS, Viewer
from longlight.clinic.record.actions import clinic_chain, writing


def review_week(*, viewer: Viewer, at: datetime) -> None:
    """Keep who looked, and when."""
    require_role(viewer, *REVIEWERS)
    with writing(by=viewer.actor, at=at) as pen:
        pen.note(
            "week-reviewed",
            chain=clinic_chain(viewer.clinic_id),
            object_kind="clinic",
            object_id=viewer.clinic_id,
        )
