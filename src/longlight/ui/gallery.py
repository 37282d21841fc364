"""`/gallery/`: every part in every state, with made-up content. Open in development; in production to administrators."""

from dataclasses import dataclass

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from longlight.ui import gallery_samples as samples
from longlight.ui.errors import PAGES, error_page, not_found

# (name, what it is for), in the order of the stylesheet.
COLORS = (
    ("page", "paper"), ("surface", "cards, fields"), ("sunk", "wells"), ("ink", "text"),
    ("muted", "second text"), ("line", "hairlines"), ("edge", "control borders"),
    ("brand", "links, actions"), ("brand-soft", "chosen"), ("light", "the light, decoration only"),
    ("light-deep", "triangles, markers"), ("light-soft", "where you are"),
    ("crisis", "help now, only"), ("high", "high alarm, errors"), ("medium", "medium alarm, missing"),
    ("low", "low alarm"), ("band-1", "minimal"), ("band-2", "mild"), ("band-3", "moderate"),
    ("band-4", "moderately severe"), ("band-5", "severe"), ("line-data", "a score's line"),
    ("s-hr", "heart rate"), ("s-spo2", "oxygen"), ("s-conc", "concentration"),
)  # fmt: skip


class SampleForm(forms.Form):
    """One field of each kind."""

    name = forms.CharField(label=_("Your name"), help_text=_("The name you would like us to use."))
    born = forms.DateField(
        label=_("Date of birth"),
        error_messages={"invalid": _("Enter a date like 1992-05-09.")},
    )
    language = forms.ChoiceField(
        label=_("Language"), choices=[("en", "English"), ("es", "Español")]
    )
    reach = forms.ChoiceField(
        label=_("How should we reach you?"),
        choices=[("phone", _("Phone")), ("email", _("Email"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose phone or email.")},
    )
    needs = forms.MultipleChoiceField(
        label=_("I need"),
        required=False,
        choices=[("step-free", _("Step-free access")), ("video", _("Some visits by video"))],
        widget=forms.CheckboxSelectMultiple,
    )
    about = forms.CharField(
        label=_("What would you like to talk about?"),
        help_text=_("Two people at the clinic read this on weekdays. It is not for emergencies."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    agree = forms.BooleanField(label=_("I have read this"), required=False)


@dataclass(frozen=True)
class View:
    """A way to look at the gallery."""

    label: str
    address: str
    css_class: str


VIEWS = (
    View("as you chose", "", ""),
    View("dense, as staff pages", "dense", "dense"),
    View("treatment room", "room", "dense theme-room"),
)


@require_safe
def gallery(request: HttpRequest) -> HttpResponse:
    asked = request.GET.get("view", "")
    look = next((view for view in VIEWS if view.address == asked), VIEWS[0])
    wrong = SampleForm({"name": "", "born": "31 2 1992", "language": "en"}, auto_id="wrong_%s")
    values = {
        "colors": COLORS,
        "views": VIEWS,
        "look": look,
        "sample": samples,
        "steps": range(9),
        "statuses": sorted(PAGES),
        "form": SampleForm(auto_id="right_%s"),
        "wrong": wrong,
    }
    return render(request, "ui/gallery/gallery.html", values)


@require_safe
def gallery_error(request: HttpRequest, status: int) -> HttpResponse:
    """An error page as it looks, without the error."""
    if status not in PAGES:
        return not_found(request, Exception())
    return error_page(request, status)
