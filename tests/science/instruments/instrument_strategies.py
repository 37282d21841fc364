"""Any set of answers that an instrument allows, for property tests."""

import random

from hypothesis import strategies as st

from longlight.instruments import Instrument, ids, versions

EVERY_VERSION: tuple[Instrument, ...] = tuple(
    version for instrument_id in ids() for version in versions(instrument_id)
)
SEEDS = st.integers(0, 2**32)
NAMES = [f"{each.id}@{each.version}" for each in EVERY_VERSION]


def answers_to(
    instrument: Instrument, *, may_be_missing: bool = True
) -> st.SearchStrategy[list[float | None]]:
    """A value for each item in order; when allowed, any of them missing.

    One seed makes a whole form: drawing each of thirty items by itself takes thirty times as long.
    """
    shares = st.sampled_from([0.0, 0.05, 0.2, 0.5] if may_be_missing else [0.0])
    return st.builds(lambda seed, share: _form(instrument, seed, share), SEEDS, shares)


def _form(instrument: Instrument, seed: int, missing_share: float) -> list[float | None]:
    chance = random.Random(seed)
    form: list[float | None] = []
    for item in instrument.items:
        values = [value for value in item.allowed if value not in item.not_assessed]
        form.append(None if chance.random() < missing_share else chance.choice(values))
    return form
