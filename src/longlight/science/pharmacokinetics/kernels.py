"""The compiler, imported when first used; its results are kept on disk between runs."""

from collections.abc import Callable
from typing import ParamSpec, TypeVar, cast

import numba

P = ParamSpec("P")
R = TypeVar("R")


def compiled(function: Callable[P, R]) -> Callable[P, R]:
    """A function turned into machine code at its first call, free of the interpreter's lock.

    Division by zero gives infinity, as in NumPy; without that, loops would not run four lanes wide.
    """
    decorate = numba.njit(cache=True, nogil=True, error_model="numpy")
    return cast("Callable[P, R]", decorate(function))


def inlined(function: Callable[P, R]) -> Callable[P, R]:
    """As `compiled`, put into the loop that calls it."""
    decorate = numba.njit(cache=True, nogil=True, error_model="numpy", inline="always")
    return cast("Callable[P, R]", decorate(function))
