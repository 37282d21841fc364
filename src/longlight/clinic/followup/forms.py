"""What a prescriber types about a booster."""

from django import forms
from django.utils.translation import gettext_lazy as _

from longlight.clinic.followup.rules import BoosterChoice


class BoosterForm(forms.Form):
    session_id = forms.UUIDField(widget=forms.HiddenInput)
    choice = forms.ChoiceField(
        label=_("Is it wanted?"),
        choices=[
            (BoosterChoice.ACCEPTED.value, _("Accept: it stays in the plan")),
            (BoosterChoice.DECLINED.value, _("Decline: it is cancelled")),
        ],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(label=_("Why"), max_length=400)
