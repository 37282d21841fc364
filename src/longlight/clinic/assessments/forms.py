"""What a patient chooses, and what staff choose to send."""

from datetime import date, timedelta

from django import forms
from django.utils.translation import gettext_lazy as _

from longlight.clinic.assessments.questions import Question

USUAL_LIFE = timedelta(days=6)
LONGEST_LIFE = timedelta(days=31)


class KeyForm(forms.Form):
    """The key of a page: a repeated POST of the same choice is the same answer."""

    key = forms.UUIDField(
        widget=forms.HiddenInput, error_messages={"required": _("Open this page again.")}
    )


class SentForm(KeyForm):
    """What a device says besides the choice: how long it had to keep it before it could be sent."""

    waited_ms = forms.IntegerField(required=False, min_value=0, max_value=10**13)

    @property
    def waited(self) -> timedelta:
        return timedelta(milliseconds=self.cleaned_data["waited_ms"] or 0)


class AnswerForm(forms.Form):
    """One question. `shown` is what stood chosen when the page was made: leaving it is no new choice."""

    shown = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, question: Question, *args: object, needed: bool, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.question = question
        self.fields["answer"] = _number(question) if question.is_number else _choice(question)
        self.fields["answer"].label = question.text
        self.fields["answer"].required = needed

    @property
    def chosen(self) -> str:
        """What is chosen anew; empty where nothing is, or where it stood so before."""
        said = self.cleaned_data["answer"]
        answer = "" if said is None else str(said)
        return "" if answer == self.cleaned_data["shown"] else answer


def _choice(question: Question) -> forms.ChoiceField:
    return forms.ChoiceField(
        choices=[(option.code, option.text) for option in question.options],
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose an answer, or skip this question."),
            "invalid_choice": _("Choose one of the answers that are shown, or skip this question."),
        },
    )


def _number(question: Question) -> forms.IntegerField:
    assert question.item is not None
    lowest, highest = int(question.item.minimum), int(question.item.maximum)
    sentence = _("Give a whole number from %(low)s to %(high)s, or skip this question.") % {
        "low": lowest,
        "high": highest,
    }
    return forms.IntegerField(
        min_value=lowest,
        max_value=highest,
        widget=forms.NumberInput(attrs={"class": "input slim", "inputmode": "numeric"}),
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), sentence),
    )


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
