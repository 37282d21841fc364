"""Facts about the person or the moment on which a threshold may rest: `sex=female`, and few others."""

from collections.abc import Mapping

from longlight.science.instruments.definition import Days, Definition
from longlight.science.instruments.errors import ContextRefused

Context = Mapping[str, str | int | float]

CHOICES: Mapping[str, tuple[str, ...]] = {"sex": ("female", "male"), "exposure": ("yes", "no")}
DAY_COUNTS = ("days_since_dose", "days_since_last")


def checked_context(context: Context) -> dict[str, str]:
    """The context with every key and value known; a sentence for the first that is not."""
    known = (*CHOICES, *DAY_COUNTS)
    checked: dict[str, str] = {}
    for key, value in context.items():
        text = str(value).strip().lower()
        if key in CHOICES and text not in CHOICES[key]:
            choices = " or ".join(CHOICES[key])
            raise ContextRefused(
                f"The context {key} cannot be {text!r}: give {choices}, or leave it out."
            )
        if key in DAY_COUNTS and not (text.isascii() and text.isdigit()):
            raise ContextRefused(
                f"The context {key} cannot be {text!r}: give a whole number of days, or leave it out."
            )
        if key not in known:
            raise ContextRefused(
                f"There is no context {key!r}: those known are {', '.join(known)}."
            )
        checked[key] = text
    return checked


def matches(wanted: Mapping[str, str], context: Mapping[str, str]) -> bool | None:
    """Whether a rule for a context holds in this one; None while a fact that it needs is not given."""
    if any(context.get(key, value) != value for key, value in wanted.items()):
        return False
    return True if all(key in context for key in wanted) else None


def window_flags(definition: Definition, context: Mapping[str, str]) -> list[str]:
    """Flags for a recall window that does not fit the moment of asking."""
    flags: list[str] = []
    since_dose = _days(context, "days_since_dose")
    if since_dose is not None and since_dose < (definition.window.days or 0):
        flags.append("out-of-window:recall-reaches-before-the-dose")
    since_last = _days(context, "days_since_last")
    if since_last is not None and since_last < (definition.window.shortest_interval_days or 0):
        flags.append("out-of-window:too-soon-after-the-last")
    return flags


def _days(context: Mapping[str, str], key: str) -> Days | None:
    return int(context[key]) if key in context else None
