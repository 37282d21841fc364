"""What staff type about an alert."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from longlight.clinic.safety.rules import (
    LONGEST_STEP_CHARACTERS,
    STEPS_TO_CALL,
    ContactResult,
    Outcome,
    PlanStep,
    Shift,
    Times,
)

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise


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


class TimesForm(forms.Form):
    """Within how many minutes an alert is claimed, who is told if not, and what holds out of hours."""

    claim_high_min = forms.IntegerField(label=_("High: claimed within (minutes)"), min_value=1)
    claim_medium_min = forms.IntegerField(label=_("Medium: claimed within (minutes)"), min_value=1)
    claim_low_min = forms.IntegerField(label=_("Low: claimed within (minutes)"), min_value=1)
    backup = forms.ChoiceField(
        label=_("Backup"), help_text=_("Told when an alert is not claimed in time.")
    )
    on_call = forms.ChoiceField(
        label=_("On call out of hours"),
        required=False,
        help_text=_("Told at once of a high alert that comes while nobody is on duty."),
    )
    out_of_hours = forms.CharField(
        label=_("What patients read about the hours when nobody reads"),
        max_length=200,
        help_text=_("Such as: At night nobody reads. The on-call line answers: 555 0100."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, people: Iterable[tuple[str, str]], *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        known = list(people)
        _choose(self, "backup", known)
        _choose(self, "on_call", [("", _("Nobody")), *known])

    def times(self) -> Times:
        said = self.cleaned_data
        return Times(
            said["claim_high_min"], said["claim_medium_min"], said["claim_low_min"],
            UUID(said["backup"]), UUID(said["on_call"]) if said["on_call"] else None,
            said["out_of_hours"],
        )  # fmt: skip


class DutyForm(forms.Form):
    """Who reads alerts on which weekdays, from when to when."""

    says_optional = False

    who = forms.ChoiceField(label=_("Who"))
    days = forms.MultipleChoiceField(
        label=_("Days"),
        choices=[(str(number), day) for number, day in WEEKDAYS.items()],
        widget=forms.CheckboxSelectMultiple,
    )
    begins_at = forms.TimeField(label=_("From"), widget=forms.TimeInput(attrs={"type": "time"}))
    ends_at = forms.TimeField(label=_("To"), widget=forms.TimeInput(attrs={"type": "time"}))

    def __init__(self, people: Iterable[tuple[str, str]], *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        _choose(self, "who", list(people))

    def shifts(self) -> list[Shift]:
        said = self.cleaned_data
        who = UUID(said["who"])
        return [Shift(int(day), said["begins_at"], said["ends_at"], who) for day in said["days"]]


def _choose(form: forms.Form, name: str, choices: Sequence[tuple[str, object]]) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = list(choices)


@dataclass(frozen=True)
class StepWords:
    """What a step is called in its owner's voice, and what belongs into it."""

    title: "StrPromise"
    hint: "StrPromise"


# The functions of the six steps are Stanley and Brown's (Cogn Behav Pract 2012;19:256-264); the words are ours.
STEP_WORDS = {
    PlanStep.SIGNS: StepWords(
        _("How I notice that it is getting hard"),
        _("Thoughts, feelings, places or times of day that tell me a crisis may be coming."),
    ),
    PlanStep.ALONE: StepWords(
        _("What I can do by myself"),
        _("Things that take my mind off it for a while, without anyone else."),
    ),
    PlanStep.DISTRACTION: StepWords(
        _("People and places that take my mind off it"),
        _("Company that does me good, without having to talk about it."),
    ),
    PlanStep.HELPERS: StepWords(
        _("People I can ask for help"), _("Those I would tell that I am having a hard time.")
    ),
    PlanStep.PROFESSIONALS: StepWords(
        _("Professionals and services I can call"),
        _("My clinic, my doctor, a place that is open at night."),
    ),
    PlanStep.SURROUNDINGS: StepWords(
        _("How I make the place around me safer"),
        _("What I give to someone to keep, or put out of reach for the time being, and who helps."),
    ),
}
CALLED = _("One a line. A telephone number in a line becomes a button to call.")
ONE_A_LINE = _("One a line.")


class PlanForm(forms.Form):
    """A whole plan. `based_on` is the version that it was begun from; 0 where there was none."""

    says_optional = False

    id = forms.UUIDField(widget=forms.HiddenInput)
    based_on = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    opens_by_link = forms.BooleanField(
        label=_("Show my plan also when I come by a link of the clinic, without signing in"),
        required=False,
        help_text=_("Whoever has such a link of mine could then read the plan too."),
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        for place, (step, words) in enumerate(STEP_WORDS.items(), 1):
            self.fields[step.value] = forms.CharField(
                label=f"{place}. {words.title}",
                help_text=format_lazy(
                    "{} {}", words.hint, CALLED if step in STEPS_TO_CALL else ONE_A_LINE
                ),
                required=False,
                max_length=LONGEST_STEP_CHARACTERS,
                widget=forms.Textarea(attrs={"rows": 3}),
            )
        self.order_fields([step.value for step in PlanStep])

    @property
    def steps(self) -> dict[PlanStep, str]:
        return {step: self.cleaned_data[step.value] for step in PlanStep}
