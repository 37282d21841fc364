"""The compiler, imported when first used; its results are kept on disk between runs."""

from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar, cast

import numba

P = ParamSpec("P")
R = TypeVar("R")


def compiled(function: Callable[P, R]) -> Callable[P, R]:
    """A function turned into machine code at its first call, free of the interpreter's lock.

    Division by zero gives infinity, as in NumPy; without that, loops would not run four lanes wide.
    """
    return _compile(function, inline="never")


def inlined(function: Callable[P, R]) -> Callable[P, R]:
    """As `compiled`, put into the loop that calls it."""
    return _compile(function, inline="always")


def _compile(function: Callable[P, R], inline: str) -> Callable[P, R]:
    options: dict[str, Any] = {"nogil": True, "error_model": "numpy", "inline": inline}
    try:
        done = numba.njit(cache=True, **options)(function)
    except RuntimeError:  # no folder to keep code in may be written: compile again each time
        done = numba.njit(**options)(function)
    return cast("Callable[P, R]", done)
