"""What can be settled before the first row: band tables, the names of flags, and what raises each."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from longlight.science.instruments.bands import band_of, open_context
from longlight.science.instruments.block_conditions import all_conditions
from longlight.science.instruments.blocks import Block, Bools, Numbers, make_block
from longlight.science.instruments.codes import Codes
from longlight.science.instruments.context import window_flags
from longlight.science.instruments.definition import Definition, ItemNumber, Points

NO_BAND = -1
Subscales = Mapping[str, Numbers]


class ColumnPlan:
    """A definition in one context, ready for many blocks of rows."""

    def __init__(self, definition: Definition, context: Mapping[str, str]) -> None:
        self.definition = definition
        gate = definition.gate
        is_gated = gate is not None and context.get(gate.context) == gate.answer
        self.gated_total = int(gate.total) if gate is not None and is_gated else None
        names = [level.name for level in definition.levels]
        names += [band.name for band in definition.bands]
        self.band_names = tuple(dict.fromkeys(names))
        self._band_table = self._band_of_each_total(context)
        self._safety = _lowest_safety_limits(definition)
        self._levels_named = [level.name for level in definition.levels if level.conditions]
        always = [f"band-depends-on:{key}" for key in open_context(definition, context)]
        always += window_flags(definition, context)
        self.flag_names = (
            "incomplete",
            "prorated",
            *(f"at-least:{name}" for name in self._levels_named),
            *always,
            *(f"safety:{item.id}" for item in definition.items if item.number in self._safety),
            *(finding.id for finding in definition.findings),
        )
        self._always_bits = sum(1 << self.flag_names.index(name) for name in always)

    def _band_of_each_total(self, context: Mapping[str, str]) -> NDArray[np.int8] | None:
        definition = self.definition
        if not definition.bands or definition.total_range is None:
            return None
        names = [
            band_of(definition, total, context)
            for total in range(int(definition.total_range[1]) + 1)
        ]
        codes = [NO_BAND if name is None else self.band_names.index(name) for name in names]
        return np.array(codes, dtype=np.int8)

    def block(self, coded: Sequence[Codes]) -> tuple[Block, Bools | None]:
        block, refused = make_block(self.definition, coded)
        if self.gated_total is None:
            return block, refused
        # After the gate's answer nothing is asked: a row with any answer contradicts it.
        answered = np.zeros(block.size, dtype=np.bool_)
        for item in self.definition.items:
            answered |= ~block.empty.get(item.number, np.zeros(block.size, dtype=np.bool_))
        if refused is not None:
            answered |= refused
        return Block(block.size, block.codes, block.empty, block.empty, {}), answered

    def bands(
        self, block: Block, subscales: Subscales, total: NDArray[np.generic], known: Bools
    ) -> tuple[NDArray[np.int8], NDArray[np.int8] | None]:
        """The band of each row, and the level that is sure where the band is still open."""
        if self.definition.levels:
            return self._levels(block, subscales)
        if self._band_table is None:
            return np.full(block.size, NO_BAND, dtype=np.int8), None
        codes = self._band_table.take(total.astype(np.intp), mode="clip")
        return (codes if known.all() else np.where(known, codes, np.int8(NO_BAND))), None

    def _levels(
        self, block: Block, subscales: Subscales
    ) -> tuple[NDArray[np.int8], NDArray[np.int8]]:
        found = np.full(block.size, NO_BAND, dtype=np.int8)
        at_least = found.copy()
        open_above = np.zeros(block.size, dtype=np.bool_)
        settled = self._nothing_answered(block)
        for level in self.definition.levels:
            sure, possible = all_conditions(level.conditions, block, subscales)
            now = sure & ~settled
            code = self.band_names.index(level.name)
            found[now & ~open_above] = code
            if level.conditions:
                at_least[now & open_above] = code
            settled |= now
            open_above |= possible & ~sure
        return found, at_least

    def _nothing_answered(self, block: Block) -> Bools:
        if len(block.empty) < len(self.definition.items):
            return np.zeros(block.size, dtype=np.bool_)
        nothing: Bools = np.logical_and.reduce(list(block.empty.values()))
        return nothing

    def flag_bits(
        self,
        block: Block,
        subscales: Subscales,
        prorated: Bools,
        at_least: NDArray[np.int8] | None,
    ) -> NDArray[np.uint64]:
        bits = np.full(block.size, self._always_bits, dtype=np.uint64)
        raised: dict[str, Bools] = {}
        if block.missing:
            raised["incomplete"] = np.logical_or.reduce(list(block.missing.values()))
            raised["prorated"] = prorated
        if at_least is not None and block.missing:
            for name in self._levels_named:
                raised[f"at-least:{name}"] = at_least == self.band_names.index(name)
        for item in self.definition.items:
            limit = self._safety.get(item.number)
            if limit is not None:
                reached = block.codes[item.number] >= limit
                lacking = block.empty.get(item.number)
                raised[f"safety:{item.id}"] = reached if lacking is None else reached & ~lacking
        for finding in self.definition.findings:
            raised[finding.id] = all_conditions(finding.conditions, block, subscales)[0]
        for name, rows in raised.items():
            bits |= rows.astype(np.uint64) << np.uint64(self.flag_names.index(name))
        return bits


def _lowest_safety_limits(definition: Definition) -> dict[ItemNumber, Points]:
    limits: dict[ItemNumber, Points] = {}
    for rule in definition.safety_rules:
        limits[rule.item] = min(rule.at_least, limits.get(rule.item, rule.at_least))
    return limits
