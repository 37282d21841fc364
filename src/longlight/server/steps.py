"""The pages of a step, behind the words that their paths begin with."""

from collections.abc import Iterable
from importlib import import_module
from typing import Any

from django.urls import URLPattern, URLResolver
from django.urls.resolvers import RoutePattern


class FirstWords(RoutePattern):
    """An empty prefix, open to paths that begin with one of these words.

    Every page stands in the list of its step, a hundred in all; a path is held against those of its own step alone.
    """

    def __init__(self, words: Iterable[str]) -> None:
        super().__init__("", is_endpoint=False)
        self.words = frozenset(words)

    def match(self, path: str) -> Any:
        return (path, (), {}) if path.partition("/")[0] in self.words else None


def step(module: str) -> URLResolver:
    """What `path("", include(module))` says, for a step none of whose paths begins with a value.

    Raises `ValueError`, naming the path, for one that does.
    """
    pages = import_module(module).urlpatterns
    return URLResolver(FirstWords(map(_first_word, pages)), module)


def _first_word(page: URLPattern | URLResolver) -> str:
    word = str(page.pattern).partition("/")[0]
    if "<" in word or not isinstance(page.pattern, RoutePattern):
        raise ValueError(str(page.pattern))
    return word
