"""`{% load ui_staff %}`: parts of the board, the chart, the safety inbox and the dosing-day monitor."""

from collections.abc import Sequence

from django import template
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy

from longlight.ui.parts import Fact, InboxRow, LogRow, PhaseStep, Priority, StripCell, Vital
from longlight.ui.sentences import in_words

register = template.Library()
register.filter("words", in_words)

PRIORITY_WORDS = {
    Priority.HIGH: gettext_lazy("High"),
    Priority.MEDIUM: gettext_lazy("Medium"),
    Priority.LOW: gettext_lazy("Low"),
}


@register.simple_tag
def priority(value: str) -> SafeString:
    """An alarm priority: color, shape and word together."""
    known = Priority(value)
    return format_html('<span class="pri is-{}">{}</span>', known.value, PRIORITY_WORDS[known])


@register.inclusion_tag("ui/parts/strip.html")
def strip(cells: Sequence[StripCell]) -> dict[str, object]:
    """Numbers at the top of the board; a hot one leads to what must be seen."""
    return {"cells": cells}


@register.inclusion_tag("ui/parts/idbar.html")
def idbar(name: str, facts: Sequence[Fact], *, level: int = 1) -> dict[str, object]:
    """Whose chart this is: stays in sight while the page scrolls."""
    return {"name": name, "facts": facts, "tag": f"h{int(level)}"}


@register.inclusion_tag("ui/parts/inbox.html")
def inbox(rows: Sequence[InboxRow]) -> dict[str, object]:
    """The safety inbox's list."""
    return {"rows": rows}


@register.simple_block_tag
def withheld(content: str, title: str) -> str:
    """Something that is not shown, and why."""
    return render_to_string("ui/parts/withheld.html", {"content": content, "title": title})


@register.simple_tag
def stale(since: str) -> SafeString:
    """The server has not answered since then: what stands below is old."""
    words = gettext_lazy("No answer since {since}. Values below are old.")
    return format_html('<p class="stale-line" role="status">{}</p>', str(words).format(since=since))


@register.inclusion_tag("ui/parts/phases.html")
def phases(steps: Sequence[PhaseStep]) -> dict[str, object]:
    """The stretches of the dosing day, and where it stands."""
    return {"steps": steps}


@register.inclusion_tag("ui/parts/vitals.html")
def vitals(values: Sequence[Vital], *, is_stale: bool = False) -> dict[str, object]:
    """The latest values, big, each with its age; greyed when old."""
    return {"values": values, "is_stale": is_stale}


@register.simple_block_tag
def alarm(content: str, value: str) -> str:
    """The one alarm line."""
    known = Priority(value)
    return render_to_string(
        "ui/parts/alarm.html",
        {"content": content, "priority": known.value, "word": PRIORITY_WORDS[known]},
    )


@register.inclusion_tag("ui/parts/keypad.html")
def keypad(label: str) -> dict[str, object]:
    """Keys of 64 px beside the values, for one hand."""
    return {"label": label, "digits": "123456789"}


@register.inclusion_tag("ui/parts/event-buttons.html")
def eventbuttons(names: Sequence[tuple[str, str]], label: str) -> dict[str, object]:
    """One-tap events: (value, word) pairs, submitted as `event`."""
    return {"names": names, "label": label}


@register.inclusion_tag("ui/parts/log.html")
def log(rows: Sequence[LogRow]) -> dict[str, object]:
    """The monitor's running log, newest first; a corrected value is struck through beside the new one."""
    return {"rows": rows}
