"""What staff type about how a patient can be reached, and about a message that did not arrive."""

from dataclasses import asdict
from functools import cache
from zoneinfo import available_timezones

from django import forms
from django.utils.translation import gettext_lazy as _

from longlight.clinic.contact.rules import (
    ContactDetails,
    GivenUpOutcome,
    LeaveMessage,
    PreferredChannel,
)

OUTCOME_WORDS = {
    GivenUpOutcome.TOLD: _("Told in another way"),
    GivenUpOutcome.ADDRESS: _("The address is put right: the next message goes there"),
    GivenUpOutcome.SENT_AGAIN: _("Send it again to the same address"),
    GivenUpOutcome.NOT_NEEDED: _("No longer needed"),
}


@cache
def _zones() -> list[tuple[str, str]]:
    places = (zone for zone in available_timezones() if "/" in zone)
    return [(zone, zone.replace("_", " ")) for zone in sorted(places)]


class ContactForm(forms.Form):
    says_optional = False

    seen = forms.IntegerField(widget=forms.HiddenInput)
    email = forms.EmailField(label=_("E-mail address"), required=False)
    phone = forms.CharField(
        label=_("Phone"),
        max_length=32,
        required=False,
        help_text=_("With + and the country code, so that a text can go there."),
    )
    channel = forms.ChoiceField(
        label=_("How they want to be reminded"),
        required=False,
        choices=[
            ("", _("They have not said")),
            (PreferredChannel.EMAIL.value, _("By e-mail")),
            (PreferredChannel.SMS.value, _("By text message")),
            (PreferredChannel.NONE.value, _("By no message: we call")),
        ],
        widget=forms.RadioSelect,
    )
    leave_message = forms.ChoiceField(
        label=_("May a message be left on the phone?"),
        required=False,
        choices=[
            ("", _("They have not said")),
            (LeaveMessage.YES.value, _("Yes")),
            (LeaveMessage.NO.value, _("No, keep trying")),
        ],
        widget=forms.RadioSelect,
    )
    time_zone = forms.ChoiceField(label=_("Time zone where they live"), required=False)

    def __init__(self, clinic_zone: str, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        field = self.fields["time_zone"]
        assert isinstance(field, forms.ChoiceField)
        own = _("The clinic's (%(zone)s)") % {"zone": clinic_zone}
        field.choices = [("", own), *_zones()]

    @staticmethod
    def initial_of(details: ContactDetails, seen: int) -> dict[str, object]:
        return {"seen": seen, **asdict(details)}

    def details(self) -> ContactDetails:
        said = self.cleaned_data
        return ContactDetails(
            said["email"].strip(), said["phone"].strip(), said["time_zone"], said["channel"],
            said["leave_message"],
        )  # fmt: skip


class SettleForm(forms.Form):
    says_optional = False

    outcome = forms.ChoiceField(
        label=_("What became of it?"),
        choices=[(outcome.value, words) for outcome, words in OUTCOME_WORDS.items()],
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("How and when they were told, or why it is no longer needed."),
    )
