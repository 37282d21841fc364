"""What is added under a signed record, whichever step's it is."""

import uuid

from django import forms
from django.utils.translation import gettext_lazy as _

from longlight.clinic.record.rules import LONGEST_ADDENDUM_CHARACTERS


class AddendumForm(forms.Form):
    """`id` is made by the page: sent twice, it is kept once."""

    says_optional = False

    id = forms.UUIDField(widget=forms.HiddenInput)
    text = forms.CharField(
        label=_("What is to be added"),
        max_length=LONGEST_ADDENDUM_CHARACTERS,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    @classmethod
    def empty(cls) -> "AddendumForm":
        return cls(initial={"id": uuid.uuid4()})
