"""What a patient chooses, and what staff choose to send."""

from datetime import date, time, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from longlight.clinic.assessments.models import DueAssessment
from longlight.clinic.assessments.questions import Question
from longlight.clinic.assessments.rules import CallOutcome, HandWay
from longlight.clinic.contact.rules import Channel, PreferredChannel
from longlight.science.instruments import Item
from longlight.science.schedules import Later, Schedule

USUAL_LIFE = timedelta(days=6)
LONGEST_LIFE = timedelta(days=31)


class KeyForm(forms.Form):
    """The key of a page: a repeated POST of the same choice is the same answer."""

    key = forms.UUIDField(
        widget=forms.HiddenInput, error_messages={"required": _("Open this page again.")}
    )


class SeenForm(forms.Form):
    """What stood on the page that somebody has looked at."""

    def __init__(self, due: DueAssessment, *args: Any) -> None:
        super().__init__(*args)
        again = _("Open this page again.")
        self.fields["late"] = forms.ModelMultipleChoiceField(
            queryset=due.late_answers.all(),
            error_messages={
                "required": _("Nothing new stands here."), "invalid_choice": again,
                "invalid_pk_value": again, "invalid_list": again,
            },
        )  # fmt: skip


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


class LaterForm(forms.Form):
    later = forms.ChoiceField(
        label=_("When shall we remind you?"),
        choices=[
            (Later.SHORT.value, _("In a few hours")),
            (Later.EVENING.value, _("This evening")),
            (Later.TOMORROW.value, _("Tomorrow")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose when, or go back.")},
    )


class PreferenceForm(forms.Form):
    channel = forms.ChoiceField(
        label=_("How shall the clinic remind you?"),
        choices=[
            (PreferredChannel.EMAIL.value, _("By e-mail")),
            (PreferredChannel.SMS.value, _("By text message to the telephone")),
            (PreferredChannel.NONE.value, _("By no message: somebody from the clinic calls")),
        ],
        widget=forms.RadioSelect,
    )
    quiet_from = forms.TimeField(
        label=_("No reminders from"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    quiet_until = forms.TimeField(
        label=_("until"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )

    def clean_quiet_until(self) -> time:
        until, begins = self.cleaned_data["quiet_until"], self.cleaned_data.get("quiet_from")
        assert isinstance(until, time)
        if begins is not None:
            quiet_min = (until.hour * 60 + until.minute - begins.hour * 60 - begins.minute) % 1440
            if quiet_min > MOST_QUIET_MIN:
                raise forms.ValidationError(
                    _("Leave at least four hours of the day in which a reminder may come.")
                )
        return until


MOST_QUIET_MIN = 20 * 60


class CallForm(forms.Form):
    key = forms.UUIDField(widget=forms.HiddenInput)
    outcome = forms.ChoiceField(
        label=_("What came of the call?"),
        choices=[
            (CallOutcome.REACHED.value, _("Reached")),
            (CallOutcome.NO_ANSWER.value, _("No answer")),
            (CallOutcome.LEFT_MESSAGE.value, _("Left a message that says nothing but to call")),
            (CallOutcome.WANTS_NO_QUESTIONS.value, _("Reached; wants no more questionnaires")),
        ],
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label=_("In a few words"), max_length=400, required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip


class LadderForm(forms.Form):
    """When reminders go out, by which ways, and how many at most."""

    says_optional = False

    key = forms.UUIDField(widget=forms.HiddenInput)
    as_usual = forms.BooleanField(required=False, widget=forms.HiddenInput)
    hours = forms.CharField(
        label=_("Hours after the questions open"), max_length=80, required=False,
        help_text=_("One for each message, such as 0, 24, 48. The first 0 is at once."),
    )  # fmt: skip
    channels = forms.MultipleChoiceField(
        label=_("Messages go out"), required=False, widget=forms.CheckboxSelectMultiple,
        choices=[
            (Channel.EMAIL.value, _("by e-mail")),
            (Channel.SMS.value, _("by text message, to those who chose it")),
        ],
        help_text=_("Who chose another way, or has no address for it, stands on the list to telephone."),
    )  # fmt: skip
    most_in_a_week = forms.IntegerField(
        label=_("At most so many messages to one patient in seven days"), required=False,
        help_text=_("Empty: no limit. A reminder that the patient asked for comes all the same."),
    )  # fmt: skip

    def clean_hours(self) -> list[int]:
        said = self.cleaned_data["hours"].replace(";", ",").split(",")
        try:
            return [int(each) for each in said if each.strip()]
        except ValueError:
            raise forms.ValidationError(
                _("Write whole hours with commas between them, such as 0, 24, 48.")
            ) from None


class StopForm(forms.Form):
    reason = forms.CharField(label=_("Why it is stopped"), max_length=400)


class AddForm(forms.Form):
    """A questionnaire and when it is asked."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    instrument = forms.ChoiceField(label=_("Questionnaire"))
    schedule = forms.ChoiceField(label=_("When"))
    every_days = forms.IntegerField(
        label=_("Every so many days"), required=False, min_value=1, max_value=365,
        help_text=_("Only where it counts from the start."),
    )  # fmt: skip

    def __init__(
        self,
        instruments: list[tuple[str, str]],
        schedules: tuple[Schedule, ...],
        *args: object,
        **kwargs: object,
    ) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        for name, choices in (
            ("instrument", instruments),
            ("schedule", [(each.id, each.title) for each in schedules]),
        ):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = choices


class EntryForm(forms.Form):
    """How answers came that staff type, and from which day they are."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    way = forms.ChoiceField(label=_("How did the answers come?"), widget=forms.RadioSelect)
    on = forms.DateField(
        label=_("Day they are from"), widget=forms.DateInput(attrs={"type": "date"})
    )
    clock = forms.TimeField(
        label=_("Time, if it is known"), required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )  # fmt: skip
    rated_by = forms.CharField(
        label=_("Rated by"), max_length=200, required=False,
        help_text=_("Who made the rating, where it was not you."),
    )  # fmt: skip

    def __init__(self, *args: object, is_self_rated: bool, today: date, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.today = today
        field = self.fields["way"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = SELF_WAYS if is_self_rated else RATING_WAYS
        if is_self_rated:
            del self.fields["rated_by"]

    def clean_on(self) -> date:
        day = self.cleaned_data["on"]
        assert isinstance(day, date)
        if day > self.today:
            raise forms.ValidationError(_("That day lies ahead: choose today or an earlier one."))
        return day


SELF_WAYS = [
    (HandWay.WITH_PATIENT.value, _("I read it to the patient, who answered")),
    (HandWay.PAPER.value, _("The patient filled it in on paper")),
]
RATING_WAYS = [(HandWay.RATING.value, _("A clinician rated it"))]


NOT_ANSWERED = "-"  # said, so that no item is overlooked; never chosen beforehand


class ItemForm(forms.Form):
    """One item as staff type it: by its published answers, or by number where its wording is not installed."""

    def __init__(
        self, item: Item, label: str, answers: list[tuple[str, str, float]], *args: object, **kwargs: object
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.item = item
        self.values = {code: value for code, _text, value in answers}
        if answers:
            choices = [
                *((code, text) for code, text, _value in answers),
                (NOT_ANSWERED, _("not answered")),
            ]
            told = _("Choose one of the answers that are shown, or that it is not answered.")
            self.fields["answer"] = forms.ChoiceField(
                label=label, choices=choices, widget=forms.RadioSelect,
                error_messages={"required": told, "invalid_choice": told},
            )  # fmt: skip
            return
        self.fields["answer"] = forms.IntegerField(
            label=label, required=False, min_value=int(item.minimum), max_value=int(item.maximum)
        )

    @property
    def value(self) -> float | None:
        """What is answered; None where nothing is."""
        typed = self.cleaned_data["answer"]
        if typed in (None, NOT_ANSWERED):
            return None
        return self.values[typed] if self.values else float(typed)
