"""A clinic says within what time an alert is claimed, who is told if it is not, and who reads when."""

from datetime import datetime
from uuid import UUID

from longlight.clinic.people.access import Refused
from longlight.clinic.people.rules import Viewer
from longlight.clinic.record.actions import Pen, clinic_chain, writing
from longlight.clinic.safety.access import require_sets_times
from longlight.clinic.safety.models import DutyHours, SafetyPolicy
from longlight.clinic.safety.queries import who_can_be_told
from longlight.clinic.safety.rules import (
    CannotChange,
    Shift,
    Times,
    reasons_not_to_add_shift,
    reasons_not_to_set_times,
)


def set_times(*, times: Times, viewer: Viewer, at: datetime) -> SafetyPolicy:
    """Set the clinic's own times, its backup and who is told out of hours. Alerts that stand keep their due times."""
    require_sets_times(viewer)
    told = {times.backup_id, times.on_call_id} - {None}
    known = {account.pk for account in who_can_be_told(viewer)}
    _refuse(reasons_not_to_set_times(times, all_known=told <= known))
    with writing(by=viewer.actor, at=at) as pen:
        policy, _is_new = SafetyPolicy.objects.update_or_create(
            clinic_id=viewer.clinic_id,
            defaults={
                "claim_high_min": times.claim_high_min,
                "claim_medium_min": times.claim_medium_min,
                "claim_low_min": times.claim_low_min,
                "backup_id": times.backup_id,
                "on_call_id": times.on_call_id,
                "out_of_hours": times.out_of_hours,
            },
        )
        _note(
            pen, "safety-times-set", "safety-policy", policy.pk, viewer,
            high_min=times.claim_high_min, medium_min=times.claim_medium_min,
            low_min=times.claim_low_min, backup=times.backup_id, on_call=times.on_call_id,
        )  # fmt: skip
    return policy


def add_duty(*, shifts: list[Shift], viewer: Viewer, at: datetime) -> None:
    """Say who reads alerts in these weekly stretches. One that is there already is left as it is."""
    require_sets_times(viewer)
    known = {account.pk for account in who_can_be_told(viewer)}
    _refuse(
        [r for s in shifts for r in reasons_not_to_add_shift(s, is_known=s.account_id in known)]
    )
    with writing(by=viewer.actor, at=at) as pen:
        for shift in shifts:
            duty, is_new = DutyHours.objects.get_or_create(
                clinic_id=viewer.clinic_id, weekday=shift.weekday, begins_at=shift.begins_at,
                ends_at=shift.ends_at, account_id=shift.account_id, ended_at=None,
                defaults={"added_at": at},
            )  # fmt: skip
            verb = "duty-added" if is_new else "duty-checked"
            _note(pen, verb, "duty-hours", duty.pk, viewer, weekday=shift.weekday)


def end_duty(*, duty_id: UUID, viewer: Viewer, at: datetime) -> None:
    """This stretch is staffed no more. Raises `Refused` for another clinic's."""
    require_sets_times(viewer)
    with writing(by=viewer.actor, at=at) as pen:
        duty = (
            DutyHours.objects.select_for_update()
            .filter(pk=duty_id, clinic_id=viewer.clinic_id)
            .first()
        )
        if duty is None:
            raise Refused
        is_new = duty.ended_at is None
        if is_new:
            duty.ended_at = at
            duty.save(update_fields=["ended_at"])
        verb = "duty-ended" if is_new else "duty-ended-again"
        _note(pen, verb, "duty-hours", duty.pk, viewer)


def _refuse(reasons: list[str]) -> None:
    if reasons:
        raise CannotChange(" ".join(dict.fromkeys(reasons)))


def _note(
    pen: Pen, verb: str, kind: str, object_id: object, viewer: Viewer, **details: object
) -> None:
    pen.note(
        verb, chain=clinic_chain(viewer.clinic_id), object_kind=kind, object_id=object_id, **details
    )
