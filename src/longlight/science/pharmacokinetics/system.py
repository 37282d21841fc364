"""A model's compartments and flows as a linear system x' = A x + input, in blocks that run one way.

Compartments that exchange both ways form a block; blocks feed each other in one direction only. In
a block the exchange is a tree, so that a diagonal scaling makes it symmetric: its eigenvalues are
real and its eigenvectors orthogonal. That is why `modes` never meets an ill-conditioned block.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from longlight.science.pharmacokinetics.absorption import Absorption
from longlight.science.pharmacokinetics.expression import PerPerson, Values, formula
from longlight.science.pharmacokinetics.published import Flow, Output, PublishedModel

Array = NDArray[np.float64]
MINUTES = {"min": 1.0, "h": 60.0}


@dataclass(frozen=True, eq=False)
class Structure:
    """The compartments that matter for some doses and some outputs, in the order of their blocks.

    `structure` makes each once, so one is equal to itself only.
    """

    compartments: tuple[str, ...]
    blocks: tuple[slice, ...]
    # (parent, child) pairs of each block's tree, parents first.
    branches: tuple[tuple[int, int], ...]
    flows: tuple[Flow, ...]
    minutes_per_unit: float

    @cached_property
    def index(self) -> dict[str, int]:
        return {name: i for i, name in enumerate(self.compartments)}

    @cached_property
    def below(self) -> np.ndarray:
        """Where the row's block comes after the column's: (n, n)."""
        block_of = np.repeat(range(len(self.blocks)), [b.stop - b.start for b in self.blocks])
        after: np.ndarray = block_of[:, None] > block_of
        return after


def flows_with(model: PublishedModel, absorptions: Sequence[Absorption]) -> tuple[Flow, ...]:
    """The model's flows and a depot for each absorption file."""
    rate_per_unit = MINUTES[model.time_unit]
    depots = tuple(
        Flow(depot_name(a), model.routes["iv"].inputs[0].into, repr(a.ka_per_min * rate_per_unit))
        for a in absorptions
    )
    return model.flows + depots


def depot_name(absorption: Absorption) -> str:
    return f"depot of {absorption.id}"


@lru_cache(maxsize=256)
def structure(
    model_id: str,
    flows: tuple[Flow, ...],
    time_unit: str,
    entered: frozenset[str],
    read: frozenset[str],
) -> Structure:
    """The part of a model that is reached from `entered` and reaches an output in `read`."""
    names = list(dict.fromkeys(n for f in flows for n in (f.origin, f.target) if n))
    forward, backward = _neighbors(flows, names)
    wanted = (_closure(entered, forward) & _closure(read, backward)) | read
    kept = tuple(f for f in flows if f.origin in wanted)
    blocks = _blocks_in_order([n for n in names if n in wanted], forward)
    order = [name for block in blocks for name in block]
    index = {name: i for i, name in enumerate(order)}
    slices, start = [], 0
    for block in blocks:
        slices.append(slice(start, start + len(block)))
        start += len(block)
    return Structure(
        tuple(order),
        tuple(slices),
        tuple(_tree(model_id, blocks, kept, index)),
        kept,
        MINUTES[time_unit],
    )


def _neighbors(
    flows: Iterable[Flow], names: Iterable[str]
) -> tuple[dict[str, set[str]], dict[str, set[str]]]:
    forward: dict[str, set[str]] = {name: set() for name in names}
    backward: dict[str, set[str]] = {name: set() for name in names}
    for flow in flows:
        for a, b in (
            (flow.origin, flow.target),
            (flow.target, flow.origin) if flow.back else ("", ""),
        ):
            if a and b:
                forward[a].add(b)
                backward[b].add(a)
    return forward, backward


def _closure(start: Iterable[str], step: dict[str, set[str]]) -> frozenset[str]:
    seen: set[str] = set()
    todo = list(start)
    while todo:
        name = todo.pop()
        if name not in seen:
            seen.add(name)
            todo.extend(step.get(name, ()))
    return frozenset(seen)


def _blocks_in_order(names: list[str], forward: dict[str, set[str]]) -> list[list[str]]:
    """Strongly connected compartments together, each block before those it feeds."""
    reach = {name: _closure([name], forward) for name in names}
    blocks: list[list[str]] = []
    for name in names:
        for block in blocks:
            if name in reach[block[0]] and block[0] in reach[name]:
                block.append(name)
                break
        else:
            blocks.append([name])
    ordered: list[list[str]] = []
    while blocks:
        first = next(
            b for b in blocks if not any(b[0] in reach[o[0]] for o in blocks if o is not b)
        )
        ordered.append(first)
        blocks.remove(first)
    return ordered


def _tree(
    model_id: str, blocks: list[list[str]], flows: tuple[Flow, ...], index: dict[str, int]
) -> list[tuple[int, int]]:
    branches: list[tuple[int, int]] = []
    for block in blocks:
        pairs = [(f.origin, f.target) for f in flows if f.back and f.origin in block]
        placed = {block[0]}
        while len(placed) < len(block):
            step = next(
                ((a, b) for a, b in _both_ways(pairs) if a in placed and b not in placed), None
            )
            if step is None or len(pairs) != len(block) - 1:
                raise ValueError(f"{model_id}: compartments {block} exchange in a loop")
            branches.append((index[step[0]], index[step[1]]))
            placed.add(step[1])
    return branches


def _both_ways(pairs: list[tuple[str, str | None]]) -> list[tuple[str, str]]:
    return [(a, b) for a, b in pairs if b] + [(b, a) for a, b in pairs if b]


def rate_matrix(shape: Structure, values: Values, people: int) -> Array:
    """A of x' = A x, per minute, for each person: (people, n, n)."""
    cells: dict[tuple[int, int], PerPerson] = {}
    index = shape.index
    for flow in shape.flows:
        here = index[flow.origin]
        rate = formula(flow.rate)(values) / shape.minutes_per_unit
        there = index.get(flow.target) if flow.target else None
        if not flow.copies:
            cells[here, here] = cells.get((here, here), 0.0) - rate
        if there is not None:
            cells[there, here] = cells.get((there, here), 0.0) + rate
            if flow.back:
                back = formula(flow.back)(values) / shape.minutes_per_unit
                cells[here, there] = cells.get((here, there), 0.0) + back
                cells[there, there] = cells.get((there, there), 0.0) - back
    n = len(shape.compartments)
    matrix = np.zeros((people, n, n))
    for (i, j), rate in cells.items():
        matrix[:, i, j] = rate
    return matrix


def output_row(shape: Structure, output: Output, values: Values, people: int) -> Array:
    """The row that reads a concentration in ng/mL from amounts in mg: (people, n)."""
    row = np.zeros((people, len(shape.compartments)))
    row[:, shape.index[output.compartment]] = 1000.0 / formula(output.volume)(values)
    return row
