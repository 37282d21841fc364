"""Who may open what: every URL of the site with the rule that it states, as a table.

`script/access-page` writes docs/reference/access.md from it whenever the documentation is built.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver

from longlight.clinic.people.access import Rule, is_polled, rule_of


@dataclass(frozen=True)
class Place:
    """One URL: its pattern, its name, what its parts are called, and the rule of its view."""

    route: str
    name: str
    parts: dict[str, str]  # what a part is called, and its kind: uuid, int, slug, str
    rule: Rule | None
    is_polled: bool


def places(patterns: Iterable[URLPattern | URLResolver] | None = None) -> list[Place]:
    """Every URL that resolves."""
    return list(_walk(get_resolver().url_patterns if patterns is None else patterns, "", ""))


def _walk(
    patterns: Iterable[URLPattern | URLResolver], prefix: str, namespace: str
) -> Iterator[Place]:
    for found in patterns:
        route = prefix + str(found.pattern)
        if isinstance(found, URLResolver):
            inner = f"{namespace}{found.namespace}:" if found.namespace else namespace
            yield from _walk(found.url_patterns, route, inner)
        else:
            yield _place(found, route, f"{namespace}{found.name or ''}")


def _place(found: URLPattern, route: str, name: str) -> Place:
    view: Callable[..., object] = found.callback
    kinds = {
        part: type(converter).__name__.removesuffix("Converter").lower().replace("string", "str")
        for part, converter in found.pattern.converters.items()
    }
    return Place(f"/{route}", name, kinds, rule_of(view, name), is_polled(view))


def without_rule(patterns: Iterable[URLPattern | URLResolver] | None = None) -> list[str]:
    """URLs that state no rule. They are refused to everyone, and a test fails for each."""
    return [place.route for place in places(patterns) if place.rule is None]


HEAD = """# Who may open what

Made from the URLs themselves by `script/access-page`: do not write here by hand.
Whoever may not is answered with the same page as for an address that does not exist. Objects of another clinic
do not exist either. Rules are explained in [People and sign-in](../how-to/people-and-sign-in.md).

| address | name | who may |
|---|---|---|
"""


def page() -> str:
    """The reference page."""
    lines = [
        f"| `{place.route}` | {place.name} | {place.rule or 'nobody: it states no rule'} |"
        for place in sorted(places(), key=lambda place: place.route)
    ]
    return HEAD + "\n".join(lines) + "\n"
