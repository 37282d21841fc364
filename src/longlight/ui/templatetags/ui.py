"""`{% load ui %}`: the parts that pages are built from. The gallery (`/gallery/`) shows each in every state.

Small parts are tags with arguments; parts with room inside are block tags (`{% notice %}…{% endnotice %}`). Parts that
only staff pages use stand in `{% load ui_staff %}`. Arguments that are lists take the values of `longlight.ui.parts`;
arguments that are words are translated where they stand: `{% notice _("Not saved yet") %}`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import count

from django import template
from django.forms import BaseForm, BoundField, Field
from django.template.loader import render_to_string
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from longlight.ui.parts import (
    Certainty,
    Chip,
    ChipState,
    Fact,
    LegendEntry,
    LinkRow,
    MenuItem,
    Table,
    TimelineEntry,
)
from longlight.ui.svg import Drawing, icon_array_paths, inline_plot

register = template.Library()
_plot_numbers = count(1)  # names of plots must differ on a page; a number that only grows will do

CERTAINTY_WORDS = {
    Certainty.NOT_GRADED: (0, gettext_lazy("Certainty: not graded")),
    Certainty.VERY_LOW: (1, gettext_lazy("Certainty: very low")),
    Certainty.LOW: (2, gettext_lazy("Certainty: low")),
    Certainty.MODERATE: (3, gettext_lazy("Certainty: moderate")),
    Certainty.HIGH: (4, gettext_lazy("Certainty: high")),
}


@register.filter(expects_localtime=True)
def day(value: date | None) -> str:
    """A day as a table shows it, such as 3 Mar 2026; nothing where none is known. Long tables hold the same days often."""
    if value is None:
        return ""
    return _day_words(value.year, value.month, value.day, get_language())


@lru_cache(maxsize=4096)
def _day_words(year: int, month: int, day_of_month: int, language: str | None) -> str:
    return str(date_format(date(year, month, day_of_month), "j M Y"))


# ---- actions and fields


@register.inclusion_tag("ui/parts/button.html")
def button(
    label: str,
    *,
    kind: str = "",
    href: str = "",
    name: str = "",
    value: str = "",
    small: bool = False,
    reason_not: str = "",
    context: str = "",
) -> dict[str, object]:
    """A button, or a link that looks like one when `href` is given.

    `kind`: empty for the page's one main action, `second`, `plain`, or `stop` (needs a second press).
    `reason_not`: why it cannot be pressed now, in words; the button then says so and does nothing.
    `context`: words for screen readers only, where many buttons bear the same label.
    """
    if kind not in {"", "second", "plain", "stop"}:
        raise ValueError(f"There is no button of the kind {kind!r}.")
    return {
        "label": label,
        "kind": kind,
        "href": href,
        "name": name,
        "value": value,
        "small": small,
        "reason_not": reason_not,
        "context": context,
    }


@register.inclusion_tag("ui/parts/choice.html")
def choice(
    label: str,
    *,
    name: str,
    value: str,
    note: str = "",
    checked: bool = False,
    many: bool = False,
) -> dict[str, object]:
    """A choice card by hand: a real radio (or checkbox with `many`). A form's own fields draw theirs themselves."""
    return {
        "label": label,
        "name": name,
        "value": value,
        "note": note,
        "checked": checked,
        "type": "checkbox" if many else "radio",
    }


@dataclass(frozen=True)
class ErrorEntry:
    """A line of the error summary: a sentence, and the field it leads to."""

    sentence: str
    field_id: str = ""


@register.inclusion_tag("ui/forms/errors.html")
def errors(*forms: BaseForm) -> dict[str, object]:
    """The error summary of one or more forms, focused when the page opens; nothing when all is well."""
    return {"entries": [entry for form in forms for entry in _entries(form)]}


def _entries(form: BaseForm) -> list[ErrorEntry]:
    if not form.is_bound:
        return []
    found = [ErrorEntry(str(sentence)) for sentence in form.non_field_errors()]
    for field in form:
        found += [
            ErrorEntry(_named(field, str(said)), _first_input(field)) for said in field.errors
        ]
    return found


def _named(field: BoundField, sentence: str) -> str:
    # Django's own sentence for an empty field does not say which field it means.
    if sentence == str(Field.default_error_messages["required"]):
        return _("{label}: please fill this in.").format(label=field.label)
    return sentence


def _first_input(field: BoundField) -> str:
    # A group of radios has no id of its own to jump to: its first choice has.
    return field.id_for_label or f"{field.auto_id}_0"


# ---- words that carry a state


@register.simple_tag
def chip(state: str, label: str) -> SafeString:
    """A shape and a word: `done`, `now`, `quiet` or `missing`."""
    return _chip(state, str(label))


# A board bears the same few chips on every row.
@lru_cache(maxsize=512)
def _chip(state: str, label: str) -> SafeString:
    return format_html('<span class="chip is-{}">{}</span>', ChipState(state).value, label)


@register.simple_tag
def chips(each: Sequence[Chip]) -> SafeString:
    """Several chips, one after the other."""
    return format_html_join("", "{}", ((_chip(one.state, one.label),) for one in each))


@register.inclusion_tag("ui/parts/tags.html")
def tags(labels: Sequence[str], label: str = "") -> dict[str, object]:
    """Plain attributes as a row of pills, such as the approaches a clinic offers."""
    return {"labels": labels, "label": label}


# ---- evidence


@register.simple_tag
def grade(certainty: str) -> SafeString:
    """How sure: strokes and the word. `not-graded`, `very-low`, `low`, `moderate`, `high`."""
    strokes, words = CERTAINTY_WORDS[Certainty(certainty)]
    return format_html('<span class="grade g{}">{}</span>', strokes, words)


@register.simple_block_tag
def source(content: str) -> SafeString:
    """The source line under a number."""
    return format_html('<p class="src">{}</p>', content)


@register.simple_tag
def footnote(number: int, anchor: str = "") -> SafeString:
    """A mark that leads to a source in the list; its anchor is `s1` for number 1 unless told otherwise."""
    return format_html(
        '<a class="ref" href="#{}"><span class="vh">{} </span>{}</a>',
        anchor or f"s{number}",
        _("source"),
        number,
    )


@register.simple_tag
def sample(what: str = "") -> SafeString:
    """Says that what stands here is made up."""
    return format_html('<span class="sample"><b>{}</b>{}</span>', _("Sample"), what)


@register.inclusion_tag("ui/parts/icon-array.html")
def iconarray(
    marked: int | None, *, label: str, worse: bool = False, size: str = ""
) -> dict[str, object]:
    """A hundred people, the marked ones first. None draws *not known* in the same area."""
    paths = ("", "") if marked is None else icon_array_paths(marked, worse=worse)
    return {
        "is_known": marked is not None,
        "marked": paths[0],
        "others": paths[1],
        "worse": worse,
        "label": label,
        "size": size,
    }


# ---- where something stands on its way


@register.simple_tag
def lightline(step: int, of: int) -> SafeString:
    """How far along, as a low sun on a line; always beside the word that says it."""
    if not (0 <= step <= of and 2 <= of <= 12):
        raise ValueError("A light line has 2 to 12 steps, and stands on one of them.")
    return format_html('<span class="lightline n{} of{}" aria-hidden="true"></span>', step, of)


@register.inclusion_tag("ui/parts/stepper.html")
def stepper(step: int, of: int, label: str) -> dict[str, object]:
    """Step 3 of 8 and its name, over the light line."""
    return {"step": step, "of": of, "label": label}


@register.inclusion_tag("ui/parts/tabs.html")
def tabs(items: Sequence[MenuItem], label: str) -> dict[str, object]:
    """Pages of one thing, side by side; links, not script."""
    return {"items": items, "label": label}


# ---- surfaces with room inside


@register.simple_block_tag
def horizon(content: str, title: str, *, level: int = 2, anchor: str = "") -> str:
    """A section's title on its line; what stands inside is the note at the end of the line."""
    return _part("horizon", content=content, title=title, tag=f"h{int(level)}", anchor=anchor)


@register.simple_block_tag
def notice(content: str, title: str = "", *, plain: bool = False) -> str:
    """A note. `plain` for what is merely good to know."""
    return _part("notice", content=content, title=title, plain=plain)


@register.simple_block_tag
def due(content: str, title: str, *, kicker: str = "", level: int = 2) -> str:
    """The one thing that is due."""
    return _part("due", content=content, title=title, kicker=kicker, tag=f"h{int(level)}")


@register.simple_block_tag
def ask(content: str, title: str, *, level: int = 1) -> str:
    """A question on a page of its own, so that it works without script."""
    return _part("ask", content=content, title=title, tag=f"h{int(level)}")


@register.simple_block_tag
def card(content: str, title: str = "", *, level: int = 2) -> str:
    """Only where something is one object."""
    return _part("card", content=content, title=title, tag=f"h{int(level)}")


@register.simple_block_tag
def more(content: str, summary: str) -> str:
    """Behind a summary, without script."""
    return _part("more", content=content, summary=summary)


@register.simple_block_tag
def scroll(content: str, label: str) -> str:
    """A wide thing that scrolls inside a named region, reachable by keyboard; the page itself never does."""
    return _part("scroll", content=content, label=label)


@register.inclusion_tag("ui/parts/empty.html")
def emptystate(title: str, note: str = "") -> dict[str, object]:
    """Nothing here, said kindly and with what comes next."""
    return {"title": title, "note": note}


# ---- lists


@register.inclusion_tag("ui/parts/links.html")
def links(rows: Sequence[LinkRow]) -> dict[str, object]:
    """Quiet rows that lead somewhere."""
    return {"rows": rows}


@register.inclusion_tag("ui/parts/facts.html")
def facts(rows: Sequence[Fact], *, lines: bool = True) -> dict[str, object]:
    """Terms and what is so, a line each."""
    return {"rows": rows, "lines": lines}


@register.inclusion_tag("ui/parts/timeline.html")
def timeline(entries: Sequence[TimelineEntry]) -> dict[str, object]:
    """What happened, newest first; a triangle is a dose."""
    return {"entries": entries}


@register.inclusion_tag("ui/parts/table.html")
def datatable(table: Table, *, show_caption: bool = False) -> dict[str, object]:
    """A table whose rows begin with their heading."""
    return {"table": table, "show_caption": show_caption, "lines": _lines_of(table)}


def _lines_of(table: Table) -> SafeString:
    """Its rows by one pattern: behind a figure may stand hundreds, and a template takes its time for each cell."""
    cells = [
        '<td class="r">{}</td>' if column.is_number else "<td>{}</td>"
        for column in table.columns[1:]
    ]
    return format_html_join("", f'<tr><th scope="row">{{}}</th>{"".join(cells)}</tr>', table.rows)


# ---- figures


@register.simple_block_tag
def figure(
    content: str,
    title: str,
    *,
    description: str,
    phone: str = "",
    desk: str = "",
    note: str = "",
    table: Table | None = None,
) -> str:
    """A figure in its frame: title (states the finding), plot, legend and words (inside), table, source line.

    `phone` and `desk` are SVG text drawn for 360 and 720 px; `description` says in words what the plot shows.
    The page holds without the plot: leave both empty and title, words and table remain.
    """
    return _part(
        "figure",
        content=content,
        title=title,
        note=note,
        table=table,
        phone=_plot(phone, title, description, "plot is-phone" if desk else "plot"),
        desk=_plot(desk, title, description, "plot is-desk" if phone else "plot"),
        description=description,
    )


@register.simple_tag
def plot(svg: str, *, title: str, description: str) -> Drawing | str:
    """A bare plot, where a frame would be too much (small multiples)."""
    return _plot(svg, title, description, "plot")


def _plot(svg: str, title: str, description: str, css_class: str) -> Drawing | str:
    if not svg:
        return ""
    name = f"plot-{next(_plot_numbers)}"
    return inline_plot(svg, name=name, title=title, description=description, css_class=css_class)


@register.inclusion_tag("ui/parts/legend.html")
def legend(entries: Sequence[LegendEntry]) -> dict[str, object]:
    """The marks of a figure and their words."""
    return {"entries": entries}


# ---- help now


@register.inclusion_tag("ui/parts/crisis-card.html")
def crisiscard(*, heading: bool = True) -> dict[str, object]:
    """The crisis lines of the country that is set: on the crisis page and on every error page."""
    return {"heading": heading}


def _part(name: str, **values: object) -> str:
    return render_to_string(f"ui/parts/{name}.html", values)
