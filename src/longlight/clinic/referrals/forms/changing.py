"""What somebody changes of their request by its link. Parsing only."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from longlight.clinic.referrals.forms.times import slot_choices, start_at
from longlight.clinic.referrals.models import BEST_TIMES, LEAVE_MESSAGES, METHODS
from longlight.clinic.referrals.rules import (
    BestTime,
    CannotAsk,
    Changed,
    ContactMethod,
    LeaveMessage,
    contact_value,
)

KEEP = "keep"


class ChangeForm(forms.Form):
    """What somebody changes of their request by its link. What was said before is not shown: the link may be seen."""

    use_required_attribute = False
    id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    slot = forms.ChoiceField(
        label=_("Another time?"),
        widget=forms.RadioSelect,
        required=False,
        initial=KEEP,
        error_messages={"invalid_choice": _("That time is not free any more. Choose another.")},
    )
    contact_method = forms.ChoiceField(
        label=_("How should we reach you?"),
        choices=[("", _("As I said before")), *METHODS],
        widget=forms.RadioSelect,
        required=False,
    )
    contact_value = forms.CharField(
        label=_("Phone number or e-mail address"),
        max_length=254,
        required=False,
        help_text=_("Only if you chose another way to reach you."),
    )
    leave_message = forms.ChoiceField(
        label=_("Is it safe to leave a message there?"),
        choices=LEAVE_MESSAGES,
        widget=forms.RadioSelect,
        required=False,
    )
    best_time = forms.ChoiceField(
        label=_("Best time to reach you"),
        choices=[("", _("As I said before")), *BEST_TIMES],
        required=False,
    )
    note = forms.CharField(
        label=_("Anything to add"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        slots: Sequence[datetime] = (),
        clinic_zone: str = "UTC",
    ) -> None:
        super().__init__(data)
        if not slots:
            del self.fields["slot"]
            return
        times = slot_choices(slots, clinic_zone, is_own=False)
        field = self.fields["slot"]
        field.choices = [(KEEP, _("No, leave the time as it is")), *times]  # type: ignore[attr-defined]
        field.help_text = _("By the clinic's own clock. The clinic confirms it anew.")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("contact_method"):
            method = ContactMethod(cleaned["contact_method"])
            try:
                cleaned["contact_value"] = contact_value(method, cleaned.get("contact_value", ""))
            except CannotAsk as refused:
                self.add_error("contact_value", str(refused))
            if method is not ContactMethod.NONE and not cleaned.get("leave_message"):
                self.add_error("leave_message", _("Say whether it is safe to leave a message."))
        return cleaned

    def changed(self) -> Changed:
        said = self.cleaned_data
        method, safe, best = said["contact_method"], said["leave_message"], said["best_time"]
        return Changed(
            id=said["id"],
            contact_method=ContactMethod(method) if method else None,
            contact_value=said["contact_value"],
            leave_message=LeaveMessage(safe) if safe else None,
            best_time=BestTime(best) if best else None,
            start_at=start_at(said.get("slot", "")),
            note=said["note"],
        )
