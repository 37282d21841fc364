"""What staff typed about an appointment. Parsing only: what may be chosen is handed in by the view."""

import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.dates import WEEKDAYS
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from longlight.clinic.schedule.models import (
    KIND_LABELS,
    REASON_LABELS,
    RESOURCE_LABELS,
    Resource,
)
from longlight.clinic.schedule.rules import (
    FIRST_DAY,
    LAST_DAY,
    LONGEST,
    CannotBook,
    Hours,
    Kind,
    Reason,
    ResourceKind,
    TimeComesTwice,
    Which,
    instant,
)

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise


def _with_day(words: "StrPromise", day: object) -> str:
    return str(words) % {"day": day}


_label_of_day = lazy(_with_day, str)


def _date() -> forms.DateInput:
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


def _clock() -> forms.TimeInput:
    return forms.TimeInput(format="%H:%M", attrs={"type": "time", "step": "300"})


def _day() -> forms.DateField:
    """A day of the calendar that the schedule keeps: a year that was mistyped lies outside."""
    begins = _("Check the year: the calendar begins on %(limit_value)s.")
    ends = _("Check the year: the calendar ends on %(limit_value)s.")
    return forms.DateField(
        label=_("Day"),
        widget=_date(),
        validators=[MinValueValidator(FIRST_DAY, begins), MaxValueValidator(LAST_DAY, ends)],
    )


class DayForm(forms.Form):
    """Which day to show."""

    day = _day()


class TimeForm(forms.Form):
    """A time by the clinic's clock, and what is held. `start_at` of the cleaned values is an instant."""

    # Which of them may stay empty depends on the others: on what it is for, and on who comes.
    says_optional = False

    id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    day = _day()
    clock = forms.TimeField(
        label=_("Time"), widget=_clock(), help_text=_("By the clinic's clock, such as 14:30.")
    )
    which = forms.ChoiceField(
        label=_("The clocks go back and this time comes twice: which one?"),
        choices=[(Which.FIRST.value, _("The first")), (Which.SECOND.value, _("The second"))],
        widget=forms.RadioSelect,
        required=False,
    )
    length_min = forms.IntegerField(
        label=_("Length in minutes"),
        min_value=1,
        max_value=int(LONGEST / timedelta(minutes=1)),
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    note = forms.CharField(
        label=_("Note for colleagues, if any"),
        max_length=300,
        required=False,
        help_text=_("Where and how, nothing clinical."),
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        zone: str,
        resources: Iterable[Resource],
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial=dict(initial or {}))
        self.zone = zone
        self.resource_ids = {str(resource.pk) for resource in resources}
        for kind, label in RESOURCE_LABELS.items():
            choices = [(one.pk, one.name) for one in resources if one.kind == kind.value]
            self.fields[kind.value] = forms.TypedChoiceField(
                label=label,
                choices=[("", _("None")), *choices],
                coerce=int,
                empty_value=None,
                required=False,
            )
        self.asks_which = bool(self.data.get("which"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "day" in cleaned and "clock" in cleaned:
            which = cleaned.get("which")
            try:
                cleaned["start_at"] = instant(
                    cleaned["day"], cleaned["clock"], self.zone, Which(which) if which else None
                )
            except TimeComesTwice as twice:
                self.asks_which = True
                self.add_error("which", list(twice.reasons))
            except CannotBook as refused:
                self.add_error("clock", list(refused.reasons))
        return cleaned

    @property
    def start_at(self) -> datetime:
        start_at: datetime = self.cleaned_data["start_at"]
        return start_at

    @property
    def length(self) -> timedelta:
        return timedelta(minutes=self.cleaned_data["length_min"])

    @property
    def held(self) -> frozenset[int]:
        chosen = (self.cleaned_data.get(kind.value) for kind in ResourceKind)
        return frozenset(pk for pk in chosen if pk is not None)

    def refuse(self, reasons: Iterable[str]) -> None:
        self.add_error(None, list(reasons))


class BookForm(TimeForm):
    """A new appointment."""

    kind = forms.ChoiceField(
        label=_("What for"), choices=[(kind.value, label) for kind, label in KIND_LABELS.items()]
    )
    patient_number = forms.CharField(
        label=_("Patient's number"),
        max_length=16,
        required=False,
        help_text=_("Such as LL-0412. Leave it empty for somebody who is not a patient yet."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    called = forms.CharField(
        label=_("Name, when not yet a patient"),
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    field_order = [
        "kind", "patient_number", "called", "day", "clock", "which", "length_min",
        "chair", "room", "staff", "note",
    ]  # fmt: skip

    @property
    def chosen_kind(self) -> Kind:
        return Kind(self.cleaned_data["kind"])


class ReasonForm(forms.Form):
    """Why an appointment is given up or moved."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.ChoiceField(
        label=_("Reason"),
        choices=[("", _("Choose a reason"))]
        + [(reason.value, label) for reason, label in REASON_LABELS.items()],
        error_messages={"required": _("Choose a reason.")},
    )
    text = forms.CharField(
        label=_("In words"),
        max_length=300,
        required=False,
        help_text=_("Needed for “Something else”. Nothing clinical."),
    )

    @property
    def chosen(self) -> Reason:
        return Reason(self.cleaned_data["reason"])

    def refuse(self, reasons: Iterable[str]) -> None:
        self.add_error(None, list(reasons))


class MoveForm(TimeForm, ReasonForm):
    """A new time for an appointment, and why."""

    field_order = [
        "day", "clock", "which", "length_min", "chair", "room", "staff", "note", "reason", "text",
    ]  # fmt: skip


class MarkForm(forms.Form):
    """One press: arrived, done, did not come, or back."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    status = forms.ChoiceField(
        choices=[(value, value) for value in ("booked", "arrived", "fulfilled", "no-show")]
    )


class ResourceForm(forms.Form):
    """A chair, a room or a member of staff that can be booked."""

    kind = forms.ChoiceField(
        label=_("What"),
        choices=[(kind.value, label) for kind, label in RESOURCE_LABELS.items()],
        widget=forms.RadioSelect,
    )
    name = forms.CharField(label=_("Name"), max_length=80)

    @property
    def kind_of_resource(self) -> ResourceKind:
        return ResourceKind(self.cleaned_data["kind"])


class HoursForm(forms.Form):
    """When the clinic is open, one stretch for each weekday; a day without times is a closed day."""

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, initial: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(data, initial=dict(initial or {}))
        for number, day in WEEKDAYS.items():
            for end, words in (("opens", _("%(day)s, opens")), ("closes", _("%(day)s, closes"))):
                self.fields[f"{end}_{number}"] = forms.TimeField(
                    label=_label_of_day(words, day), widget=_clock(), required=False
                )

    @staticmethod
    def initial_of(hours: Iterable[Hours]) -> dict[str, object]:
        found: dict[str, object] = {}
        for row in hours:
            found |= {f"opens_{row.weekday}": row.opens_at, f"closes_{row.weekday}": row.closes_at}
        return found

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for number in WEEKDAYS:
            opens, closes = cleaned.get(f"opens_{number}"), cleaned.get(f"closes_{number}")
            if (opens is None) != (closes is None) or (opens and closes and closes <= opens):
                self.add_error(
                    f"closes_{number}",
                    _("Give an opening time and a later closing time, or neither."),
                )
        return cleaned

    def hours(self) -> list[Hours]:
        said = self.cleaned_data
        return [
            Hours(number, said[f"opens_{number}"], said[f"closes_{number}"])
            for number in WEEKDAYS
            if said[f"opens_{number}"]
        ]
