"""Arithmetic written in a model file: names, numbers, `+ - * / **`, `min` and `max`. Nothing else.

A model is data, so its formulas are too; they are parsed here and never run as Python.
"""

import ast
import operator
from collections.abc import Callable, Mapping
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

# One number per person: a scalar for one person, an array for many.
PerPerson = NDArray[np.float64] | np.float64 | float
Values = Mapping[str, PerPerson]
Formula = Callable[[Values], PerPerson]

_OPERATORS: dict[type[ast.operator], Callable[[PerPerson, PerPerson], PerPerson]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
}


def _minimum(a: PerPerson, b: PerPerson) -> PerPerson:
    return np.minimum(a, b)


def _maximum(a: PerPerson, b: PerPerson) -> PerPerson:
    return np.maximum(a, b)


_FUNCTIONS = {"min": _minimum, "max": _maximum}


class NotAFormula(ValueError):
    """The text in a model file is not arithmetic that we allow."""


@lru_cache(maxsize=1024)
def formula(text: str) -> Formula:
    """The function that a piece of arithmetic stands for.

    >>> formula("CL / V")({"CL": 84.0, "V": 25.0})
    3.36
    """
    try:
        tree = ast.parse(text, mode="eval")
    except SyntaxError as error:
        raise NotAFormula(f"'{text}' is not arithmetic") from error
    return _build(tree.body, text)


def _build(node: ast.expr, text: str) -> Formula:
    match node:
        case ast.Constant(value=int() | float() as number) if not isinstance(number, bool):
            constant = float(number)
            return lambda values: constant
        case ast.Name(id=name):
            return lambda values: values[name]
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            inner = _build(operand, text)
            return lambda values: -inner(values)
        case ast.BinOp(left=left, op=sign, right=right) if type(sign) in _OPERATORS:
            return _both(_OPERATORS[type(sign)], _build(left, text), _build(right, text))
        case ast.Call(func=ast.Name(id=name), args=[first, second], keywords=[]) if (
            name in _FUNCTIONS
        ):
            return _both(_FUNCTIONS[name], _build(first, text), _build(second, text))
    raise NotAFormula(f"'{text}' holds something other than names, numbers, + - * / **, min, max")


def _both(
    combine: Callable[[PerPerson, PerPerson], PerPerson], left: Formula, right: Formula
) -> Formula:
    return lambda values: combine(left(values), right(values))


def names_in(text: str) -> frozenset[str]:
    """The names that a formula reads (functions are not names)."""
    tree = ast.parse(text, mode="eval")
    called = {id(n.func) for n in ast.walk(tree) if isinstance(n, ast.Call)}
    return frozenset(
        n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and id(n) not in called
    )
