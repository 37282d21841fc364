"""Which of their measures a patient follows."""

from collections.abc import Collection
from datetime import datetime

from longlight.clinic.assessments.models import FollowedMeasures
from longlight.clinic.people.access import Refused, require_role
from longlight.clinic.people.rules import Role, Viewer
from longlight.clinic.record.actions import patient_chain, writing


def follow_measures(*, instrument_ids: Collection[str], viewer: Viewer, at: datetime) -> None:
    """Keep the choice. None chosen is a choice too: Progress then shows no figure."""
    require_role(viewer, Role.PATIENT)
    if viewer.patient_id is None:
        raise Refused
    with writing(by=viewer.actor, at=at) as pen:
        FollowedMeasures.objects.update_or_create(
            patient_id=viewer.patient_id,
            defaults={"instrument_ids": sorted(set(instrument_ids)), "chosen_at": at},
        )
        pen.note(
            "measures-followed",
            chain=patient_chain(viewer.patient_id),
            object_kind="patient",
            object_id=viewer.patient_id,
            count=len(set(instrument_ids)),
        )
