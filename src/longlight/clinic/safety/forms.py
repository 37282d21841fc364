"""What staff type about an alert."""

from django import forms
from django.utils.translation import gettext_lazy as _

from longlight.clinic.safety.rules import ContactResult, Outcome

CONTACT_WORDS = {
    ContactResult.REACHED: _("Reached"),
    ContactResult.NO_ANSWER: _("No answer"),
    ContactResult.LEFT_MESSAGE: _("Left a message"),
}
OUTCOME_WORDS = {
    Outcome.ASSESSED: _("Structured assessment done"),
    Outcome.PLAN_UPDATED: _("Safety plan updated"),
    Outcome.ESCALATED: _("Escalated"),
    Outcome.NO_FURTHER_ACTION: _("No further action"),
}


class ContactForm(forms.Form):
    says_optional = False

    result = forms.ChoiceField(
        label=_("How did it go?"),
        choices=[(result.value, words) for result, words in CONTACT_WORDS.items()],
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Kept in the chart. Everyone who works on alerts can read it."),
    )


class OutcomeForm(forms.Form):
    says_optional = False

    outcome = forms.ChoiceField(
        label=_("What came of it?"),
        choices=[(outcome.value, words) for outcome, words in OUTCOME_WORDS.items()],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Needed where nothing further is done."),
    )
