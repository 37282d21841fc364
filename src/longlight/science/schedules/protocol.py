"""The rules that a protocol brings: one for each questionnaire that it schedules."""

from functools import cache

from longlight.science.protocols.loading import get
from longlight.science.protocols.model import Anchor
from longlight.science.schedules.model import CountedFrom, Rule

COUNTED_FROM = {
    Anchor.FIRST_DOSE: CountedFrom.FIRST_DOSE,
    Anchor.EACH_DOSE: CountedFrom.EACH_DOSE,
    Anchor.LAST_DOSE_OF_PHASE: CountedFrom.LAST_DOSE_OF_PHASE,
    Anchor.PHASE_START: CountedFrom.START,
    Anchor.EACH_CHECK_IN: CountedFrom.EACH_CHECK_IN,
}


@cache
def rules_of(protocol_id: str, version: str) -> tuple[Rule, ...]:
    """The rules of one version of a protocol. Their ids hold, for a published version never changes."""
    return tuple(
        Rule(
            f"{protocol_id}:{version}:{place}", due.instrument, COUNTED_FROM[due.anchor],
            int(due.offset_h.value), why=due.why, is_optional=due.is_optional,
        )
        for place, due in enumerate(get(protocol_id, version).instruments)
    )  # fmt: skip
