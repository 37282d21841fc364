"""What staff type about a course."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from longlight.clinic.courses.rules import CourseStatus, VisitTime
from longlight.clinic.schedule.forms import TimeForm
from longlight.clinic.schedule.models import Resource
from longlight.clinic.schedule.rules import CannotBook, ResourceKind, instant
from longlight.science.protocols import Protocol


class NewCourseForm(forms.Form):
    protocol = forms.ChoiceField(label=_("Protocol"), widget=forms.RadioSelect)
    start_on = forms.DateField(
        label=_("Day of the first dose"), widget=forms.DateInput(attrs={"type": "date"})
    )

    def __init__(
        self, adopted: tuple[Protocol, ...], today: date, *args: object, **kwargs: object
    ) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.today = today
        field = self.fields["protocol"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(each.id, each.title) for each in adopted]

    def clean_start_on(self) -> date:
        day = self.cleaned_data["start_on"]
        assert isinstance(day, date)
        if day < self.today:
            raise forms.ValidationError(_("Choose today or a later day."))
        return day


class MoveForm(forms.Form):
    day = forms.DateField(label=_("New day"), widget=forms.DateInput(attrs={"type": "date"}))
    reason = forms.CharField(label=_("Why it is moved"), max_length=400)


class BookedMoveForm(TimeForm):
    """A new time for a visit that has one; plan and appointment move together."""

    reason = forms.CharField(label=_("Why it is moved"), max_length=300)
    version = forms.IntegerField(widget=forms.HiddenInput)
    field_order = ["day", "clock", "which", "length_min", "chair", "room", "staff", "reason"]

    def __init__(self, data: Mapping[str, Any] | None = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        del self.fields["note"]


class MissedForm(forms.Form):
    reason = forms.CharField(
        label=_("What is known of why"),
        max_length=300,
        required=False,
        help_text=_("Nothing clinical. It stands in the plan."),
    )


class WishForm(forms.Form):
    """What a proposal of times starts from."""

    clock = forms.TimeField(
        label=_("Time of day that suits"),
        initial=time(9),
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time", "step": "300"}),
    )

    def __init__(self, data: Mapping[str, Any] | None, resources: Iterable[Resource]) -> None:
        super().__init__(data)
        found = list(resources)
        for name, kind, label in (
            ("chair", ResourceKind.CHAIR, _("Chair for treatments")),
            ("nurse", ResourceKind.STAFF, _("Who is there at treatments")),
            ("talker", ResourceKind.STAFF, _("Who talks with them")),
            ("room", ResourceKind.ROOM, _("Room for talks")),
        ):
            own = [(one.pk, one.name) for one in found if one.kind == kind.value]
            self.fields[name] = forms.TypedChoiceField(
                label=label,
                choices=[("", _("None")), *own],
                coerce=int,
                empty_value=None,
                required=False,
            )

    def held(self, *names: str) -> frozenset[int]:
        return frozenset(
            pk for pk in (self.cleaned_data.get(name) for name in names) if pk is not None
        )


class SeriesForm(forms.Form):
    """A day and a time for each visit that is to be booked."""

    reason = forms.CharField(
        label=_("Why, where a day lies outside the protocol's"), max_length=300, required=False
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None,
        *,
        visits: Iterable[UUID],
        starts: Mapping[UUID, datetime],
        zone: str,
    ) -> None:
        super().__init__(data)
        self.zone, self.visits = zone, list(visits)
        self.row_errors: dict[UUID, list[str]] = {}
        for visit in self.visits:
            start = starts.get(visit)
            self.fields[f"take_{visit}"] = forms.BooleanField(
                required=False, initial=start is not None
            )
            self.fields[f"day_{visit}"] = forms.DateField(
                required=False,
                initial=start and start.date(),
                widget=forms.DateInput(
                    format="%Y-%m-%d", attrs={"type": "date", "class": "input slim"}
                ),
            )
            self.fields[f"clock_{visit}"] = forms.TimeField(
                required=False,
                initial=start and start.time(),
                widget=forms.TimeInput(
                    format="%H:%M", attrs={"type": "time", "step": "300", "class": "input slim"}
                ),
            )

    def times(self, holds: Mapping[UUID, frozenset[int]]) -> list[VisitTime]:
        """The visits that are ticked, as instants; what is wrong with one stands in `row_errors`."""
        found = []
        for visit in self.visits:
            said = self.cleaned_data
            if not said.get(f"take_{visit}"):
                continue
            day, clock = said.get(f"day_{visit}"), said.get(f"clock_{visit}")
            if day is None or clock is None:
                self.row_errors[visit] = [str(_("Give a day and a time, or take the tick away."))]
                continue
            try:
                start = instant(day, clock, self.zone)
            except CannotBook as refused:
                self.row_errors[visit] = list(refused.reasons)
            else:
                found.append(VisitTime(visit, start, day, holds[visit]))
        return found


class CancelForm(forms.Form):
    reason = forms.CharField(label=_("Why it is cancelled"), max_length=400)


class EndForm(forms.Form):
    status = forms.ChoiceField(
        label=_("How did it end?"),
        choices=[
            (CourseStatus.COMPLETED.value, _("Completed")),
            (CourseStatus.STOPPED.value, _("Stopped")),
            (CourseStatus.CANCELLED.value, _("Cancelled before it began")),
        ],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("Why"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
