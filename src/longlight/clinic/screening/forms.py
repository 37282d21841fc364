"""What staff type at a screening. The questions come from the rules, in their order."""

import uuid

from django import forms
from django.utils.translation import gettext_lazy as _

from longlight.clinic.screening.models import AllergyStatement
from longlight.clinic.screening.queries import Screening
from longlight.clinic.screening.rules import LONGEST_ALLERGIES_CHARACTERS
from longlight.science.protocols import Answer, Outcome

ANSWER_WORDS = [
    (Answer.YES.value, _("Yes")),
    (Answer.NO.value, _("No")),
    (Answer.UNKNOWN.value, _("Not known yet")),
]
OUTCOME_WORDS = {
    Outcome.FIT: _("Fit for this approach"),
    Outcome.NOT_NOW: _("Not now"),
    Outcome.NOT_FOR_US: _("Not for us"),
}


class FindingsForm(forms.Form):
    """A question for each finding; nothing is chosen beforehand except what was said before."""

    def __init__(self, screening: Screening, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        for known in screening.findings:
            self.fields[known.finding.id] = forms.ChoiceField(
                label=known.finding.question,
                help_text=f"{known.finding.why} ({known.finding.source})",
                choices=ANSWER_WORDS,
                widget=forms.RadioSelect,
                required=False,
                initial=known.answer.value if known.said else None,
            )

    def answers(self) -> dict[str, Answer]:
        return {key: Answer(value) for key, value in self.cleaned_data.items() if value}


class AllergiesForm(forms.Form):
    says_optional = False

    id = forms.UUIDField(widget=forms.HiddenInput)
    known = forms.ChoiceField(
        label=_("Are allergies known?"),
        choices=[("none", _("None are known")), ("some", _("Yes, these"))],
        widget=forms.RadioSelect,
    )
    text = forms.CharField(
        label=_("Which, and what happened"),
        max_length=LONGEST_ALLERGIES_CHARACTERS,
        required=False,
        help_text=_("Such as: penicillin, a rash in 2019"),
    )

    @classmethod
    def of(cls, known: AllergyStatement | None) -> "AllergiesForm":
        """The form as it opens: what is known stands in it, to be changed."""
        said = {} if known is None else {"known": "some" if known.text else "none"}
        return cls(initial={"id": uuid.uuid4(), "text": known.text if known else "", **said})


class DecisionForm(forms.Form):
    """The decision, its reasons, and a reason for each caution that holds."""

    says_optional = False

    outcome = forms.ChoiceField(
        label=_("Decision"),
        choices=[(outcome.value, words) for outcome, words in OUTCOME_WORDS.items()],
        widget=forms.RadioSelect,
    )
    reasons = forms.CharField(
        label=_("Reasons"), max_length=4000, widget=forms.Textarea(attrs={"rows": 4})
    )

    def __init__(self, screening: Screening, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.cautions = [finding.id for finding in screening.assessment.cautions]
        for finding in screening.assessment.cautions:
            self.fields[f"override-{finding.id}"] = forms.CharField(
                label=_("Why this does not stand in the way: %(question)s")
                % {"question": finding.question},
                help_text=_("Needed only where you decide that the person is fit."),
                max_length=1000,
                required=False,
            )

    def overrides(self) -> dict[str, str]:
        return {key: self.cleaned_data[f"override-{key}"] for key in self.cautions}


class ConsentForm(forms.Form):
    says_optional = False

    signature = forms.CharField(
        label=_("Name of the person who agrees, as it stands in the chart"), max_length=120
    )
    agreed = forms.BooleanField(label=_("I agree."), required=False)
