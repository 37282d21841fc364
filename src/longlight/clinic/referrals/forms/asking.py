"""What was typed by somebody who asks, or who changes what they asked. Parsing only."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from django import forms
from django.core.signing import BadSignature, Signer
from django.utils.translation import gettext_lazy as _

from longlight.clinic.approaches.forms import carried_in
from longlight.clinic.referrals.forms.times import (
    CONTACT_ME,
    ZONES,
    first_talk_minutes,
    slot_choices,
    start_at,
)
from longlight.clinic.referrals.models import (
    BEST_TIMES,
    CONCERNS,
    INTERESTS,
    LEAVE_MESSAGES,
    METHODS,
)
from longlight.clinic.referrals.rules import (
    LONGEST_FILLING,
    Asked,
    BestTime,
    CannotAsk,
    Concern,
    ContactMethod,
    Interest,
    LeaveMessage,
    contact_value,
    reason_against_filling,
)

_STAMP = "longlight.clinic.referrals.stamp"


def stamp(at: datetime) -> str:
    """When a page was made, signed: nobody can pretend to have had it for longer."""
    signed: str = Signer(salt=_STAMP).sign(str(int(at.timestamp())))
    return signed


def _stamped_at(text: str) -> datetime | None:
    try:
        return datetime.fromtimestamp(int(Signer(salt=_STAMP).unsign(text)), tz=UTC)
    except (BadSignature, ValueError):
        return None


class _NeededAtTimes:
    """Shown as needed; whether it is, another answer decides (`AskForm.clean`)."""

    def validate(self, value: object) -> None:
        if value:
            super().validate(value)  # type: ignore[misc]


class NeededText(_NeededAtTimes, forms.CharField):
    pass


class NeededChoice(_NeededAtTimes, forms.ChoiceField):
    pass


class AskForm(forms.Form):
    """The request for an appointment. No account, no diagnosis, and as little as will do."""

    use_required_attribute = False
    id = forms.UUIDField(widget=forms.HiddenInput)
    stamp = forms.CharField(widget=forms.HiddenInput, required=False)
    carried = forms.CharField(widget=forms.HiddenInput, required=False, max_length=60_000)
    zone = forms.ChoiceField(label=_("Your time zone"), choices=ZONES, required=False)
    slot = forms.ChoiceField(
        label=_("When would suit you?"),
        widget=forms.RadioSelect,
        required=False,
        error_messages={
            "required": _("Choose a time, or “Contact me instead”."),
            "invalid_choice": _("That time is not free any more. Choose another."),
        },
    )
    concern = forms.ChoiceField(
        label=_("What is it about?"),
        choices=CONCERNS,
        widget=forms.RadioSelect,
        error_messages={"required": _("Say what it is about.")},
    )
    name = forms.CharField(
        label=_("Your name, or what we may call you"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Enter a name, or what we may call you.")},
    )
    contact_method = forms.ChoiceField(
        label=_("How should we reach you?"),
        choices=METHODS,
        widget=forms.RadioSelect,
        error_messages={"required": _("Say how we should reach you, or choose “none of these”.")},
    )
    contact_value = NeededText(
        label=_("Phone number or e-mail address"),
        max_length=254,
        help_text=_("Needed unless you chose “none of these”."),
        widget=forms.TextInput(attrs={"autocomplete": "on"}),
    )
    leave_message = NeededChoice(
        label=_("Is it safe to leave a message there?"),
        choices=LEAVE_MESSAGES,
        widget=forms.RadioSelect,
        help_text=_("We would say only that the clinic has news for you. Nothing about care."),
    )
    best_time = forms.ChoiceField(label=_("Best time to reach you"), choices=BEST_TIMES)
    interest = forms.ChoiceField(
        label=_("Which way of working with ketamine interests you?"),
        choices=INTERESTS,
        widget=forms.RadioSelect,
        required=False,
    )
    goals = forms.CharField(
        label=_("What do you hope will be different?"),
        max_length=500,
        required=False,
        help_text=_("In your own words. It comes along to your first talk."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    brings_summary = forms.BooleanField(
        label=_("Send my summary along"),
        required=False,
        help_text=_(
            "Clinical staff read it and it is kept: what matters to you, your questions, which way you lean. "
            "Leave it out if you would rather bring it yourself."
        ),
    )
    note = forms.CharField(
        label=_("Anything you want to say first"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    profession = forms.CharField(label=_("Your profession"), max_length=80, required=False)
    practice = forms.CharField(
        label=_("Your practice or place of work"),
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    person_called = forms.CharField(
        label=_("What may we call the person?"),
        max_length=120,
        required=False,
        help_text=_("A first name is enough. Please give no diagnosis here."),
    )
    person_agreed = forms.BooleanField(
        label=_("The person knows about this referral and agrees"), required=False
    )
    website = forms.CharField(
        label=_("Leave this box empty"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
        help_text=_("It is here to catch programs that fill in everything."),
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        now: datetime,
        readers: str = "",
        slots: Sequence[datetime] = (),
        clinic_zone: str = "UTC",
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        fresh = {"id": uuid.uuid4(), "stamp": stamp(now), "best_time": BestTime.ANY.value}
        super().__init__(data, initial=fresh | dict(initial or {}))
        self.now = now
        self.fields["note"].help_text = readers
        self._offer(slots, clinic_zone)
        if not (self["carried"].value() or ""):
            del self.fields["brings_summary"]
        for name in (
            "concern",
            "name",
            "contact_method",
            "contact_value",
            "leave_message",
            "best_time",
        ):
            self.fields[name].label = f"{self.fields[name].label} *"

    def _offer(self, slots: Sequence[datetime], clinic_zone: str) -> None:
        """The free times, or no question about them where the clinic offers none."""
        if not slots:
            del self.fields["slot"], self.fields["zone"]
            return
        said = self["zone"].value()
        chosen = said if said in dict(ZONES) else ""
        times = slot_choices(slots, chosen or clinic_zone, is_own=bool(chosen))
        field = self.fields["slot"]
        field.choices = [*times, (CONTACT_ME, _("None of these: contact me instead"))]  # type: ignore[attr-defined]
        field.required = True
        field.label = f"{field.label} *"
        if not chosen:
            field.help_text = _(
                "Times are by the clinic's own clock. A first talk, %(n)s minutes."
            ) % {"n": first_talk_minutes()}

    def clean_website(self) -> str:
        if self.cleaned_data["website"]:
            raise forms.ValidationError(
                _("Empty the box “Leave this box empty”, then send it again.")
            )
        return ""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        begun = _stamped_at(cleaned.get("stamp", ""))
        against = (
            str(_("Look over your answers and send them again."))
            if begun is None
            else reason_against_filling(begun, self.now)
        )
        if against:
            self._renew_stamp(begun)
            self.add_error(None, against)
        self._check_contact(cleaned)
        if cleaned.get("concern") == Concern.CLINICIAN:
            self._check_clinician(cleaned)
        return cleaned

    def _renew_stamp(self, begun: datetime | None) -> None:
        """A page from long ago, or with a stamp that is not ours, begins anew; a quick one keeps its beginning."""
        if begun is None or self.now - begun > LONGEST_FILLING:
            self.data = {**self.data.dict()} if hasattr(self.data, "dict") else {**self.data}
            self.data["stamp"] = stamp(self.now)

    def _check_contact(self, cleaned: dict[str, Any]) -> None:
        if "contact_method" not in cleaned or "contact_value" not in cleaned:
            return
        method = ContactMethod(cleaned["contact_method"])
        try:
            cleaned["contact_value"] = contact_value(method, cleaned["contact_value"])
        except CannotAsk as refused:
            self.add_error("contact_value", str(refused))
        if method is not ContactMethod.NONE and not cleaned.get("leave_message"):
            self.add_error("leave_message", _("Say whether it is safe to leave a message."))

    def _check_clinician(self, cleaned: dict[str, Any]) -> None:
        if not cleaned.get("profession"):
            self.add_error("profession", _("Enter your profession."))
        if not cleaned.get("practice"):
            self.add_error("practice", _("Enter your practice or place of work."))
        if not cleaned.get("person_agreed"):
            self.add_error(
                "person_agreed",
                _("Ask the person first, then confirm that they agree to be referred."),
            )

    def asked(self, clinic_id: uuid.UUID) -> Asked:
        said = self.cleaned_data
        is_clinician = said["concern"] == Concern.CLINICIAN
        return Asked(
            id=said["id"],
            clinic_id=clinic_id,
            concern=Concern(said["concern"]),
            name=said["name"],
            contact_method=ContactMethod(said["contact_method"]),
            contact_value=said["contact_value"],
            leave_message=LeaveMessage(said["leave_message"]) if said["leave_message"] else None,
            best_time=BestTime(said["best_time"]),
            interest=Interest(said["interest"]) if said["interest"] else None,
            note=said["note"],
            goals=said["goals"],
            start_at=start_at(said.get("slot", "")),
            brought=self._brought(),
            profession=said["profession"] if is_clinician else "",
            practice=said["practice"] if is_clinician else "",
            person_called=said["person_called"],
            person_agreed=is_clinician and said["person_agreed"],
        )

    def _brought(self) -> Mapping[str, object] | None:
        """The summary of the decision aid, if it came along and the person wants to send it."""
        if not self.cleaned_data.get("brings_summary"):
            return None
        found = carried_in(self.cleaned_data["carried"])
        return None if found is None else found.answers.as_json()

    def answers(self) -> list[tuple[str, str]]:
        """What was answered, in words, for the page that asks to check it."""
        told = []
        for bound in self.visible_fields():
            value = self.cleaned_data.get(bound.name)
            if bound.name in {"website", "zone"} or not value:
                continue
            choices = dict(getattr(bound.field, "choices", ()))
            text = _("Yes") if value is True else choices.get(value, value)
            told.append((str(bound.label).removesuffix(" *"), str(text)))
        return told
