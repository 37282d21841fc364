"""What staff type about a session of talk, and patients into their journal."""

import uuid
from collections.abc import Iterable
from datetime import date

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from longlight.clinic.courses.models import PlannedSession
from longlight.clinic.therapy.rules import (
    LONGEST_TEXT_CHARACTERS,
    LONGEST_TOPIC_CHARACTERS,
    NoteKind,
    WrittenNote,
)

KIND_LABELS = {
    NoteKind.PREPARATION: _("Preparation"),
    NoteKind.TALK_THERAPY: _("Talk therapy"),
    NoteKind.INTEGRATION: _("Integration"),
}


class NoteForm(forms.Form):
    id = forms.UUIDField(widget=forms.HiddenInput)
    kind = forms.ChoiceField(
        label=_("What was it for?"),
        choices=[(kind.value, label) for kind, label in KIND_LABELS.items()],
        widget=forms.RadioSelect,
    )
    on = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}))
    planned_session = forms.ChoiceField(
        label=_("Planned session"),
        help_text=_("It is marked done when the note is kept."),
        required=False,
    )
    text = forms.CharField(
        label=_("What was talked about"),
        max_length=LONGEST_TEXT_CHARACTERS,
        widget=forms.Textarea(attrs={"rows": 8}),
    )

    def __init__(
        self, sessions: Iterable[PlannedSession], today: date, *args: object, **kwargs: object
    ) -> None:
        kwargs.setdefault("initial", {"id": uuid.uuid4(), "on": today.isoformat()})
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        field = self.fields["planned_session"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            ("", _("None of them")),
            *((str(s.pk), f"{s.title}, {date_format(s.on, 'j M Y')}") for s in sessions),
        ]

    def written(self) -> WrittenNote:
        said = self.cleaned_data
        planned = said["planned_session"]
        return WrittenNote(
            said["id"],
            NoteKind(said["kind"]),
            said["on"],
            said["text"],
            uuid.UUID(planned) if planned else None,
        )


class PrivateNoteForm(forms.Form):
    id = forms.UUIDField(widget=forms.HiddenInput)
    on = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}))
    text = forms.CharField(
        label=_("Your note"),
        max_length=LONGEST_TEXT_CHARACTERS,
        widget=forms.Textarea(attrs={"rows": 8}),
    )


class DestroyForm(forms.Form):
    reason = forms.CharField(
        label=_("Why"), max_length=300, help_text=_("The reason stays, the text goes.")
    )


class CorrectNoteForm(forms.Form):
    id = forms.UUIDField(widget=forms.HiddenInput)
    text = forms.CharField(
        label=_("The note as it should read"),
        max_length=LONGEST_TEXT_CHARACTERS,
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    reason = forms.CharField(label=_("Why it was wrong"), max_length=400)


class TopicForm(forms.Form):
    id = forms.UUIDField(widget=forms.HiddenInput)
    text = forms.CharField(
        label=_("What is it about?"),
        help_text=_("Your care team reads it before your next visit, not sooner."),
        required=False,
        max_length=LONGEST_TOPIC_CHARACTERS,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    @classmethod
    def empty(cls) -> "TopicForm":
        return cls(initial={"id": uuid.uuid4()})


class EntryForm(forms.Form):
    id = forms.UUIDField(widget=forms.HiddenInput)
    text = forms.CharField(
        label=_("Your words"),
        max_length=LONGEST_TEXT_CHARACTERS,
        widget=forms.Textarea(attrs={"rows": 10}),
        error_messages={"required": _("There is nothing written yet.")},
    )

    def __init__(self, prompt: str, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["text"].label = prompt
