"""What staff type about a course."""

from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _

from longlight.clinic.courses.rules import CourseStatus
from longlight.science.protocols import Protocol


class NewCourseForm(forms.Form):
    protocol = forms.ChoiceField(label=_("Protocol"), widget=forms.RadioSelect)
    start_on = forms.DateField(
        label=_("Day of the first dose"), widget=forms.DateInput(attrs={"type": "date"})
    )

    def __init__(
        self, adopted: tuple[Protocol, ...], today: date, *args: object, **kwargs: object
    ) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.today = today
        field = self.fields["protocol"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(each.id, each.title) for each in adopted]

    def clean_start_on(self) -> date:
        day = self.cleaned_data["start_on"]
        assert isinstance(day, date)
        if day < self.today:
            raise forms.ValidationError(_("Choose today or a later day."))
        return day


class MoveForm(forms.Form):
    day = forms.DateField(label=_("New day"), widget=forms.DateInput(attrs={"type": "date"}))
    reason = forms.CharField(label=_("Why it is moved"), max_length=400)


class CancelForm(forms.Form):
    reason = forms.CharField(label=_("Why it is cancelled"), max_length=400)


class EndForm(forms.Form):
    status = forms.ChoiceField(
        label=_("How did it end?"),
        choices=[
            (CourseStatus.COMPLETED.value, _("Completed")),
            (CourseStatus.STOPPED.value, _("Stopped")),
            (CourseStatus.CANCELLED.value, _("Cancelled before it began")),
        ],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("Why"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
