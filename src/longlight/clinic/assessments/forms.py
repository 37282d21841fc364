"""What a patient chooses, and what staff choose to send."""

from datetime import date, timedelta

from django import forms
from django.utils.translation import gettext_lazy as _

from longlight.clinic.assessments.queries import Question

USUAL_LIFE = timedelta(days=6)
LONGEST_LIFE = timedelta(days=31)


class KeyForm(forms.Form):
    """The key of a page: a repeated POST of the same choice is the same answer."""

    key = forms.UUIDField(
        widget=forms.HiddenInput, error_messages={"required": _("Open this page again.")}
    )


class AnswerForm(forms.Form):
    """One question. `shown` is what stood chosen when the page was made: leaving it is no new choice."""

    answer = forms.ChoiceField(
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose an answer, or skip this question."),
            "invalid_choice": _("Choose one of the answers that are shown, or skip this question."),
        },
    )
    shown = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, question: Question, *args: object, needed: bool, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.question = question
        field = self.fields["answer"]
        assert isinstance(field, forms.ChoiceField)
        field.label, field.required = question.text, needed
        field.choices = [(option.code, option.text) for option in question.options]

    @property
    def chosen(self) -> str:
        """What is chosen anew; empty where nothing is, or where it stood so before."""
        answer = str(self.cleaned_data["answer"])
        return "" if answer == self.cleaned_data["shown"] else answer


class SendForm(forms.Form):
    key = forms.UUIDField(widget=forms.HiddenInput)
    instrument = forms.ChoiceField(label=_("Questionnaire"))
    closes_on = forms.DateField(
        label=_("Open until the end of"), widget=forms.DateInput(attrs={"type": "date"})
    )
    way = forms.ChoiceField(
        label=_("How does the link reach the patient?"),
        choices=[
            ("mail", _("By e-mail, which says nothing but that there are questions")),
            ("hand", _("I hand it over: show it to me once")),
        ],
        widget=forms.RadioSelect,
    )

    def __init__(
        self, sendable: list[tuple[str, str]], today: date, *args: object, **kwargs: object
    ) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.today = today
        field = self.fields["instrument"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = sendable

    def clean_closes_on(self) -> date:
        day = self.cleaned_data["closes_on"]
        assert isinstance(day, date)
        if not self.today <= day <= self.today + LONGEST_LIFE:
            raise forms.ValidationError(_("Choose today or a day in the next 31 days."))
        return day
