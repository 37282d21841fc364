"""A path is held against the pages of its own step, and finds what it found before."""

import sys
from types import ModuleType

import pytest
from django.urls import Resolver404, URLPattern, URLResolver, get_resolver, include, path
from django.urls.resolvers import RegexPattern

from longlight.server.steps import FirstWords, step


def leaves(resolver: URLResolver) -> list[URLPattern]:
    found: list[URLPattern] = []
    for each in resolver.url_patterns:
        found += leaves(each) if isinstance(each, URLResolver) else [each]
    return found


def plain() -> URLResolver:
    """The same pages without the words before them."""
    pages = [
        path("", include(each.urlconf_name))
        if isinstance(each, URLResolver) and isinstance(each.pattern, FirstWords)
        else each
        for each in get_resolver().url_patterns
    ]
    return URLResolver(RegexPattern(r"^/"), pages)


SAMPLES = {
    "uuid": "7a0f6d3e-6a43-4a0e-9d7e-0d4f5b3f2a11",
    "int": "7",
    "slug": "a-b",
    "str": "word",
    "path": "a/b",
}


def sample(route: str) -> str:
    for kind, value in SAMPLES.items():
        while f"<{kind}:" in route:
            begin = route.index(f"<{kind}:")
            route = route[:begin] + value + route[route.index(">", begin) + 1 :]
    return route


def test_every_path_finds_the_page_that_it_found_before() -> None:
    before, looked_at = plain(), 0
    for resolver in get_resolver().url_patterns:
        for page in leaves(resolver) if isinstance(resolver, URLResolver) else [resolver]:
            asked = f"/{sample(str(page.pattern))}"
            try:
                expected = before.resolve(asked)
            except Resolver404:
                continue
            found = get_resolver().resolve(asked)
            assert (found.func, found.kwargs, found.route) == (
                expected.func, expected.kwargs, expected.route
            ), asked  # fmt: skip
            looked_at += 1
    assert looked_at > 100
    with pytest.raises(Resolver404):
        get_resolver().resolve("/nosuchstep/")


def test_a_step_whose_paths_begin_with_a_value_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    module = ModuleType("pages_of_a_test")
    module.urlpatterns = [path("<uuid:which>/", lambda _: None)]  # type: ignore[attr-defined,list-item,arg-type,return-value]
    monkeypatch.setitem(sys.modules, module.__name__, module)
    with pytest.raises(ValueError, match="uuid:which"):
        step(module.__name__)
