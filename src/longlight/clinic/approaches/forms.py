"""What a page of the decision aid carries, and reading it back: signed, so that what comes back is what was given out.

The aid's own pages carry it, and so do the pages that a person goes on to with it in hand: the search, three clinics
side by side, the request. It is nowhere but in those forms. Parsing only.
"""

import json
import uuid
from dataclasses import dataclass, replace
from secrets import randbelow, token_urlsafe
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.signing import BadSignature, Signer
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from longlight.clinic.approaches.queries.kept import asked_by
from longlight.clinic.approaches.rules.choosing import TEXTS, Answers, Step, is_token, read_answers
from longlight.clinic.approaches.rules.together import MOST_CHARACTERS, Chosen, Occasion, Written
from longlight.science.evidence import decision_aid

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

_SALT = "longlight.clinic.approaches.choose"
_CELL = "ask."


@dataclass(frozen=True)
class Place:
    """Where somebody is in the aid: what they said so far, on which page, and the token a copy would be kept under."""

    answers: Answers
    step: Step
    token: str

    @property
    def sealed(self) -> str:
        """What the page's form carries."""
        said = json.dumps({"answers": self.answers.as_json(), "token": self.token})
        signed: str = Signer(salt=_SALT).sign(said)
        return signed


def fresh_place() -> Place:
    """The beginning. Which option stands first is drawn for each who begins."""
    turn = randbelow(len(decision_aid().options))
    return Place(Answers(turn=turn), Step.START, token_urlsafe(32))


def place_in(form: QueryDict) -> Place | None:
    """What came with the form, and what was said on the page itself; None when we did not give it out."""
    try:
        step = Step(form.get("step", ""))
    except ValueError:
        return None
    found = carried_in(form.get("carried", ""))
    if found is None:
        return None
    said = found.answers.as_json() | _said_here(form, step) | _said_of_clinics(form, found.answers)
    return Place(read_answers(said, asked_by(decision_aid())), step, found.token)


def carried_in(text: str) -> Place | None:
    """The answers that a signed text holds, as at the summary; None when it is not ours."""
    try:
        carried = json.loads(Signer(salt=_SALT).unsign(text))
    except (BadSignature, ValueError):
        return None
    if not is_token(carried["token"]):
        return None
    answers = read_answers(carried["answers"], asked_by(decision_aid()))
    return Place(answers, Step.SUMMARY, carried["token"])


def with_clinics(place: Place, slugs: list[str]) -> Place:
    """These clinics have a place for their answers, after those that were asked before."""
    told = {slug: answers for slug, answers in place.answers.clinics.items() if slug not in slugs}
    told |= {slug: place.answers.clinics.get(slug, {}) for slug in slugs}
    said = place.answers.as_json() | {"clinics": told}
    return replace(place, answers=read_answers(said, asked_by(decision_aid())))


def _said_here(form: QueryDict, step: Step) -> dict[str, object]:
    """The answers of one page. A page answers for its own questions only, so that going back loses nothing."""
    by_prefix = {
        prefix: {n.removeprefix(f"{prefix}."): form[n] for n in form if n.startswith(f"{prefix}.")}
        for prefix in ("values", "knowledge", "sure_before", "sure_after")
    }
    match step:
        case Step.WHERE:
            situation = form.get("situation", "")
            return {"situation": situation, "sure_before": by_prefix["sure_before"]}
        case Step.SAFETY:
            return {"cautions": form.getlist("cautions")}
        case Step.VALUES:
            return {"values": by_prefix["values"]}
        case Step.CHECK:
            return {"knowledge": by_prefix["knowledge"]}
        case Step.SURE:
            return {"sure_after": by_prefix["sure_after"]}
        case Step.SUMMARY:
            return {name: form.get(name, "") for name in TEXTS if name in form}
        case _:
            return {}


def _said_of_clinics(form: QueryDict, answers: Answers) -> dict[str, object]:
    """What was written down of clinics' answers: fields named `ask.<clinic>.<question>`."""
    told = {slug: dict(cells) for slug, cells in answers.clinics.items()}
    for name in form:
        if name.startswith(_CELL) and name.count(".") == 2:
            _, slug, question = name.split(".")
            if slug in told:
                told[slug][question] = str(form[name])
    return {"clinics": told}


OCCASIONS = [
    (Occasion.FIRST.value, _("Before a course")),
    (Occasion.AGAIN.value, _("At a treatment, looked at again")),
    (Occasion.END.value, _("At the end of a course")),
    (Occasion.OTHER.value, _("Another time")),
]


def chosen_words() -> dict[str, str]:
    """The aid's options by their titles, in the aid's order, and that it stays open."""
    titles = {option.id: option.title for option in decision_aid().options}
    return titles | {Chosen.OPEN.value: str(_("It stays open"))}


class _Words(forms.CharField):
    """A box for words; nobody has to fill it."""

    def __init__(self, label: "StrPromise", help_text: "StrPromise | str" = "") -> None:
        box = forms.Textarea(attrs={"rows": 3})
        super().__init__(
            label=label, help_text=help_text, required=False, max_length=MOST_CHARACTERS, widget=box
        )


class TogetherForm(forms.Form):
    """What a patient and a clinician write down of their choice."""

    use_required_attribute = False
    id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    course = forms.UUIDField(widget=forms.HiddenInput, required=False)
    occasion = forms.ChoiceField(label=_("When is this?"), choices=OCCASIONS)
    matters = _Words(_("What matters to them, as they say it today"))
    asked = _Words(_("What they asked, and what you answered"))
    leaning = forms.ChoiceField(
        label=_("Which way do they lean?"),
        required=False,
        help_text=_("Their own leaning, before yours."),
    )
    chosen = forms.ChoiceField(
        label=_("What did you choose together?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Say what you chose together, or that it stays open.")},
    )
    reason = _Words(_("Why"), _("Needed where the choice leans elsewhere than the person does."))
    why = forms.CharField(
        label=_("What was wrong in the record before?"), max_length=400, required=False
    )

    def __init__(self, *args: Any, is_correction: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = chosen_words()
        self.fields["leaning"].choices = [("", _("They did not say")), *words.items()]  # type: ignore[attr-defined]
        self.fields["chosen"].choices = list(words.items())  # type: ignore[attr-defined]
        if is_correction:
            self.fields["why"].required = True
        else:
            del self.fields["why"]

    def written(self) -> Written:
        said = self.cleaned_data
        return Written(
            id=said["id"],
            occasion=Occasion(said["occasion"]),
            chosen=Chosen(said["chosen"]),
            leaning=Chosen(said["leaning"]) if said["leaning"] else None,
            course_id=said["course"],
            matters=said["matters"],
            asked=said["asked"],
            reason=said["reason"],
        )
