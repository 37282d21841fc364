"""What the staff typed who work on requests. Parsing only."""

import uuid
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from longlight.clinic.referrals.models import METHODS, REACHED, REASONS, STATUSES
from longlight.clinic.referrals.rules import CLOSINGS, ContactMethod, Reached, Reason, Status
from longlight.clinic.schedule.models import Resource


class StepForm(forms.Form):
    """One press by staff, on the version of the request that they saw."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def refuse(self, reasons: Iterable[str]) -> None:
        self.add_error(None, list(reasons))


class ContactForm(StepForm):
    """An attempt to reach who asked."""

    id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    method = forms.ChoiceField(label=_("How"), choices=METHODS[:3], widget=forms.RadioSelect)
    outcome = forms.ChoiceField(label=_("How it went"), choices=REACHED, widget=forms.RadioSelect)
    text = forms.CharField(
        label=_("Note"), max_length=300, required=False, help_text=_("Nothing clinical.")
    )

    def said(self) -> tuple[ContactMethod, Reached, str]:
        cleaned = self.cleaned_data
        return ContactMethod(cleaned["method"]), Reached(cleaned["outcome"]), cleaned["text"]


class CloseForm(StepForm):
    """How a request ends, when nothing is booked."""

    outcome = forms.ChoiceField(
        label=_("Outcome"),
        choices=[
            (value, label) for value, label in STATUSES if value in {end.value for end in CLOSINGS}
        ],
        widget=forms.RadioSelect,
    )
    reason = forms.ChoiceField(
        label=_("Reason, when it is not for us"),
        choices=[("", _("None")), *REASONS],
        required=False,
    )
    duplicate_of = forms.CharField(
        label=_("Number of the request that it repeats"), max_length=12, required=False
    )
    text = forms.CharField(
        label=_("In words"), max_length=300, required=False, help_text=_("Nothing clinical.")
    )

    @property
    def chosen_outcome(self) -> Status:
        return Status(self.cleaned_data["outcome"])

    @property
    def chosen_reason(self) -> Reason | None:
        chosen = self.cleaned_data["reason"]
        return Reason(chosen) if chosen else None


class RegisterForm(StepForm):
    """A request becomes a patient."""

    number = forms.CharField(label=_("Patient's number"), max_length=16)
    name = forms.CharField(label=_("Full name"), max_length=120)
    preferred_name = forms.CharField(
        label=_("Name they like to be called"), max_length=120, required=False
    )
    birth_date = forms.DateField(
        label=_("Date of birth"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )
    email = forms.EmailField(
        label=_("E-mail address"),
        required=False,
        help_text=_("Needed only if they want pages of their own."),
    )


class DeskForm(forms.Form):
    """What the clinic promises about requests."""

    takes_requests = forms.BooleanField(label=_("We take requests"), required=False)
    target_h = forms.IntegerField(
        label=_("First answer within, hours"),
        min_value=1,
        max_value=24 * 14,
        help_text=_("The public page says so."),
    )
    readers = forms.CharField(
        label=_("Who reads them"), max_length=120, help_text=_("Such as: two people at the desk")
    )
    hours = forms.CharField(
        label=_("When"), max_length=120, help_text=_("Such as: on weekdays from 9 to 5")
    )
    first_talks_with = forms.TypedMultipleChoiceField(
        label=_("First talks are held with"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "Their free times are shown on the request form. With nobody marked, you contact people."
        ),
    )

    def __init__(self, *args: Any, staff: Iterable[Resource], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["first_talks_with"]
        field.choices = [(one.pk, one.name) for one in staff]  # type: ignore[attr-defined]
