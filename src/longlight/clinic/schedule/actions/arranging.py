"""What can be booked, and when the clinic is open."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.http import Http404
from django.utils.translation import gettext as _

from longlight.clinic.people.rules import Viewer
from longlight.clinic.record.actions import clinic_chain, writing
from longlight.clinic.schedule.access import require_may_arrange
from longlight.clinic.schedule.models import Hold, OpeningHours, Resource
from longlight.clinic.schedule.rules import CannotBook, Hours, ResourceKind


def add_resource(
    *,
    viewer: Viewer,
    at: datetime,
    kind: ResourceKind,
    name: str,
    account_id: UUID | None = None,
) -> Resource:
    """Add a chair, a room or a member of staff that can be booked."""
    require_may_arrange(viewer)
    if not name.strip():
        raise CannotBook(_("Give it a name."))
    if Resource.objects.filter(clinic_id=viewer.clinic_id, kind=kind.value, name=name).exists():
        raise CannotBook(
            _("There is already one called {name}: choose another name.").format(name=name)
        )
    with writing(by=viewer.actor, at=at) as pen:
        resource = Resource.objects.create(
            clinic_id=viewer.clinic_id, kind=kind.value, name=name, account_id=account_id
        )
        pen.note(
            "resource-added",
            chain=clinic_chain(viewer.clinic_id),
            object_kind="resource",
            object_id=resource.pk,
            kind=kind.value,
        )
    return resource


def retire_resource(*, viewer: Viewer, at: datetime, resource_id: int) -> Resource:
    """Book it no more. Refused while something is booked on it; its past stays."""
    require_may_arrange(viewer)
    with writing(by=viewer.actor, at=at) as pen:
        found = Resource.objects.select_for_update(no_key=True).filter(
            pk=resource_id, clinic_id=viewer.clinic_id
        )
        resource = found.first()
        if resource is None:
            raise Http404
        if Hold.objects.filter(resource=resource, is_released=False, end_at__gt=at).exists():
            raise CannotBook(
                _("{name} has appointments to come: move them first.").format(name=resource.name)
            )
        resource.is_active = False
        resource.save(update_fields=["is_active"])
        pen.note(
            "resource-retired",
            chain=clinic_chain(viewer.clinic_id),
            object_kind="resource",
            object_id=resource.pk,
        )
    return resource


def set_opening_hours(*, viewer: Viewer, at: datetime, hours: Iterable[Hours]) -> None:
    """Say when the clinic is open, for the whole week at once."""
    require_may_arrange(viewer)
    rows = list(hours)
    if any(row.closes_at <= row.opens_at or not 0 <= row.weekday <= 6 for row in rows):
        raise CannotBook(_("Each closing time must be later than its opening time."))
    with writing(by=viewer.actor, at=at) as pen:
        OpeningHours.objects.filter(clinic_id=viewer.clinic_id).delete()
        OpeningHours.objects.bulk_create(
            OpeningHours(
                clinic_id=viewer.clinic_id,
                weekday=row.weekday,
                opens_at=row.opens_at,
                closes_at=row.closes_at,
            )
            for row in rows
        )
        pen.note(
            "opening-hours-set",
            chain=clinic_chain(viewer.clinic_id),
            object_kind="clinic",
            object_id=viewer.clinic_id,
            stretches=[f"{row.weekday} {row.opens_at}-{row.closes_at}" for row in rows],
        )
