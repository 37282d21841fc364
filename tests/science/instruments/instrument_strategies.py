"""Any set of answers that an instrument allows, for property tests."""

from hypothesis import strategies as st

from longlight.instruments import Instrument, ids, versions

EVERY_VERSION: tuple[Instrument, ...] = tuple(
    version for instrument_id in ids() for version in versions(instrument_id)
)
NAMES = [f"{each.id}@{each.version}" for each in EVERY_VERSION]


def answers_to(
    instrument: Instrument, *, may_be_missing: bool = True
) -> st.SearchStrategy[list[float | None]]:
    """A value for each item in order; when allowed, any of them missing."""
    fields: list[st.SearchStrategy[float | None]] = []
    for item in instrument.items:
        values = [value for value in item.allowed if value not in item.not_assessed]
        given: st.SearchStrategy[float | None] = st.sampled_from(values)
        fields.append(st.one_of(given, given, given, st.none()) if may_be_missing else given)
    return st.tuples(*fields).map(list)
