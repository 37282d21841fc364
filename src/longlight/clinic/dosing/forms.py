"""What is typed on a dosing day."""

import uuid
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from longlight.clinic.dosing.queries import AskedCheck
from longlight.clinic.dosing.rules import HappeningKind, SessionState, Signs, questions_about
from longlight.science.protocols import Reason

YES_NO = [("yes", _("Yes")), ("no", _("No"))]
# MOAA/S, from awake to none, in the words of its anchors.
SEDATION = [
    ("", _("choose")),
    (5, _("5 awake")),
    (4, _("4 slow")),
    (3, _("3 loud call")),
    (2, _("2 shaking")),
    (1, _("1 pain")),
    (0, _("0 none")),
]


def _number_box(mode: str = "numeric") -> forms.TextInput:
    # Not type=number: a wheel or an arrow key would change a value that was typed.
    return forms.TextInput(attrs={"inputmode": mode, "autocomplete": "off"})


class ChecksForm(forms.Form):
    """A yes or no for each check that a person answers; nothing is chosen beforehand but what was said before."""

    def __init__(self, asked: Iterable[AskedCheck], *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        for each in asked:
            said = each.answer
            self.fields[each.check.id] = forms.ChoiceField(
                label=each.check.ask,
                choices=YES_NO,
                widget=forms.RadioSelect,
                required=False,
                initial=None if said is None else "yes" if said.holds else "no",
            )

    def answers(self) -> dict[str, bool]:
        return {key: value == "yes" for key, value in self.cleaned_data.items() if value}


class OverridesForm(forms.Form):
    """A prescriber's reason against each check that may be overridden."""

    says_optional = False

    def __init__(self, reasons: Iterable[Reason], *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        for reason in reasons:
            if reason.may_be_overridden:
                self.fields[reason.check_id] = forms.CharField(
                    label=_("Go on all the same, because"),
                    help_text=f"{reason.sentence.said(gettext)} ({reason.source})",
                    max_length=400,
                    required=False,
                )


class OrderForm(forms.Form):
    says_optional = False

    amount = forms.DecimalField(label=_("Dose"), min_value=Decimal("0.001"), decimal_places=3)
    override_reason = forms.CharField(
        label=_("Reason, where a limit is passed"), max_length=400, required=False
    )

    def __init__(self, unit: str, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["amount"].label = _("Dose in %(unit)s") % {"unit": unit}


class SecondCheckForm(forms.Form):
    worked_out_mg = forms.DecimalField(
        label=_("Dose in mg, as you work it out"),
        min_value=Decimal("0.1"),
        decimal_places=1,
        help_text=_("From the weight and the dose per kg. The order's own mg is not shown here."),
    )


class ReadingForm(forms.Form):
    """One set of signs. Nothing is filled in beforehand; what was not measured stays empty."""

    says_optional = False

    key = forms.UUIDField(widget=forms.HiddenInput)
    observed_at = forms.DateTimeField(widget=forms.HiddenInput, required=False)
    systolic_mmhg = forms.IntegerField(
        label=_("Systolic"), required=False, min_value=0, max_value=400, widget=_number_box()
    )
    diastolic_mmhg = forms.IntegerField(
        label=_("Diastolic"), required=False, min_value=0, max_value=300, widget=_number_box()
    )
    heart_rate_bpm = forms.IntegerField(
        label=_("Pulse"), required=False, min_value=0, max_value=400, widget=_number_box()
    )
    oxygen_saturation_percent = forms.IntegerField(
        label=_("SpO₂ %"), required=False, min_value=0, max_value=100, widget=_number_box()
    )
    breaths_per_min = forms.IntegerField(
        label=_("Breaths"), required=False, min_value=0, max_value=120, widget=_number_box()
    )
    weight_kg = forms.DecimalField(
        label=_("Weight kg"),
        required=False,
        min_value=Decimal(1),
        max_value=Decimal(600),
        decimal_places=1,
        widget=_number_box("decimal"),
    )
    sedation_points = forms.TypedChoiceField(
        label=_("Sedation"),
        choices=SEDATION,
        coerce=int,
        empty_value=None,
        required=False,
    )
    dissociation_points = forms.IntegerField(
        label=_("Dissoc. 0–10"), required=False, min_value=0, max_value=10, widget=_number_box()
    )
    note = forms.CharField(label=_("Note"), required=False, max_length=200)
    # Unlikely values that somebody said are right: what was asked about once is not asked again.
    sure = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)

    @classmethod
    def empty(cls) -> "ReadingForm":
        return cls(initial={"key": uuid.uuid4()})

    def signs(self) -> Signs:
        taken = {key: value for key, value in self.cleaned_data.items() if key in _SIGNS}
        return Signs(**taken)

    def questions(self) -> list[str]:
        """What to ask about unlikely values; none when the same values were said to be right."""
        if self.cleaned_data["sure"] == self.said_sure():
            return []
        return list(questions_about(self.signs()).values())

    def said_sure(self) -> str:
        """What the page sends along when these values are right."""
        asked = questions_about(self.signs())
        return ",".join(f"{column}={self.cleaned_data[column]}" for column in asked)

    def observed(self, now: datetime) -> datetime:
        at = self.cleaned_data.get("observed_at")
        return at if isinstance(at, datetime) else now


_SIGNS = frozenset(Signs.__dataclass_fields__)
for _field in ReadingForm.base_fields.values():
    # The summary stands above a row of boxes: its sentence has to name the box.
    _field.error_messages["invalid"] = format_lazy(_("{label}: type a number."), label=_field.label)


class CorrectionForm(ReadingForm):
    reason = forms.CharField(label=_("Why it is corrected"), max_length=400)


class HappeningForm(forms.Form):
    """One tap. `key` and `observed_at` come from the device, so that a tap that waited is kept once and at its time."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    kind = forms.ChoiceField(choices=[(kind.value, kind.value) for kind in HappeningKind])
    observed_at = forms.DateTimeField(widget=forms.HiddenInput, required=False)
    about = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)
    rate_mg_per_min = forms.DecimalField(
        label=_("New rate in mg per minute"),
        required=False,
        min_value=Decimal(0),
        max_value=Decimal(1000),
        decimal_places=3,
        widget=_number_box("decimal"),
    )


class TakeOutForm(forms.Form):
    reason = forms.CharField(label=_("Why it is taken out"), max_length=400)


class EscortForm(forms.Form):
    name = forms.CharField(label=_("Who takes the person home, seen here"), max_length=120)


class StopForm(forms.Form):
    stop_reason = forms.CharField(label=_("Why it is stopped"), max_length=400)


class EndForm(forms.Form):
    to = forms.ChoiceField(
        label=_("How does the session end?"),
        choices=[
            (SessionState.CANCELLED.value, _("Cancelled today, before a dose")),
            (SessionState.LEFT_EARLY.value, _("The person leaves against advice")),
            (SessionState.TRANSFERRED.value, _("Transferred to emergency care")),
        ],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(label=_("Why"), max_length=400)
