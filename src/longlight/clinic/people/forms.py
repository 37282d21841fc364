"""What they typed."""

import uuid
from typing import Any

from allauth.account.forms import LoginForm, ReauthenticateForm
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from longlight.clinic.people.models import ROLE_LABELS
from longlight.clinic.people.rules import STAFF_ROLES

STAFF_CHOICES = [(role.value, label) for role, label in ROLE_LABELS.items() if role in STAFF_ROLES]


class SignInForm(LoginForm):  # type: ignore[misc]
    """The library's form without the link in its hint: the page has a button for it, large enough to touch."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = ""


class ProofForm(ReauthenticateForm):  # type: ignore[misc]
    """The password once more, to unlock or before factors are changed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = ""


# What the library's parsing raises for an answer that no browser gives.
NO_CREDENTIAL = (TypeError, ValueError, KeyError, AttributeError, RecursionError)


class CredentialField(forms.JSONField):
    """What a browser says for a passkey; anything else is refused in a sentence, however it is made."""

    widget = forms.HiddenInput
    refusal = _("That was no answer of a passkey: try again.")

    def to_python(self, value: Any) -> Any:
        try:
            said = super().to_python(value)
        except NO_CREDENTIAL:
            raise forms.ValidationError(self.refusal) from None
        if said is not None and not (
            isinstance(said, dict) and isinstance(said.get("response"), dict)
        ):
            raise forms.ValidationError(self.refusal)
        return said


class _OfAPasskey:
    """A form of the library's with a `CredentialField`, whose parsing ends in a sentence too."""

    def clean_credential(self) -> Any:
        try:
            return super().clean_credential()  # type: ignore[misc]
        except NO_CREDENTIAL:
            raise forms.ValidationError(CredentialField.refusal) from None


class PasskeySignInForm(_OfAPasskey, LoginWebAuthnForm):  # type: ignore[misc]
    credential = CredentialField()


class PasskeySecondForm(_OfAPasskey, AuthenticateWebAuthnForm):  # type: ignore[misc]
    credential = CredentialField()


class PasskeyProofForm(_OfAPasskey, ReauthenticateWebAuthnForm):  # type: ignore[misc]
    credential = CredentialField()


class PasskeyForm(AddWebAuthnForm):  # type: ignore[misc]
    """A new passkey, in the house's words."""

    credential = CredentialField()

    def clean(self) -> Any:
        try:
            return super().clean()
        except NO_CREDENTIAL:
            raise forms.ValidationError(CredentialField.refusal) from None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Name of the passkey")
        self.fields["passwordless"].label = _("Sign in with it alone, without a password")
        self.fields["passwordless"].help_text = ""


class AcceptForm(forms.Form):
    """A new account's password."""

    password = forms.CharField(
        label=_("Choose a password"),
        help_text=_("At least 12 characters. A sentence that only you would think of works well."),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean_password(self) -> str:
        password = str(self.cleaned_data["password"])
        validate_password(password)
        return password


class InviteForm(forms.Form):
    """Someone new on the staff."""

    name = forms.CharField(label=_("Name"), max_length=120)
    email = forms.EmailField(label=_("E-mail address"), help_text=_("The invitation goes there."))
    role = forms.ChoiceField(label=_("Role"), choices=STAFF_CHOICES)
    reason = forms.CharField(
        label=_("Why"), max_length=500, help_text=_("Kept with the role, for reviews.")
    )


class RegisterForm(forms.Form):
    """Somebody who becomes a patient."""

    id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    number = forms.CharField(label=_("Patient's number"), max_length=16)
    name = forms.CharField(label=_("Full name"), max_length=120)
    preferred_name = forms.CharField(
        label=_("Name they like to be called"), max_length=120, required=False
    )
    birth_date = forms.DateField(
        label=_("Date of birth"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )
    phone = forms.CharField(label=_("Phone"), max_length=32, required=False)
    email = forms.EmailField(label=_("E-mail address"), required=False)
    is_somebody_else = forms.BooleanField(
        label=_("This is somebody else, with the same name and date of birth"), required=False
    )


class RoleForm(forms.Form):
    """A role given to someone who works here, or ended."""

    role = forms.ChoiceField(label=_("Role"), choices=STAFF_CHOICES)
    is_active = forms.ChoiceField(
        label=_("Change"), choices=[("yes", _("Give this role")), ("no", _("End this role"))]
    )
    reason = forms.CharField(label=_("Why"), max_length=500)


class ReasonForm(forms.Form):
    """A change to an account that needs a word of explanation."""

    reason = forms.CharField(label=_("Why"), max_length=500)


class EmergencyForm(forms.Form):
    """Why a restricted chart must be opened now."""

    reason = forms.CharField(
        label=_("Why do you need this chart now?"),
        max_length=1000,
        help_text=_("At least 20 characters. The director reads it, and the patient can see it."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
