"""What the public home says of the three approaches: the decision aid's own words, in the same few rows each."""

from functools import cache

from longlight.science.evidence import Option, decision_aid
from longlight.science.evidence.aid import Row, texts
from longlight.ui.cited import Sources, sources_of

SHOWN = ("medicine", "talk-therapy", "experience")
ROWS = ("given", "visits", "studied", "chance", "harms", "unknown", "cost", "legal")


def shown() -> tuple[Option, ...]:
    """The three approaches. Their order on the page is the visit's own."""
    return tuple(option for option in decision_aid().options if option.id in SHOWN)


def answers(option: Option) -> list[tuple[Row, str]]:
    """The rows of one approach that the home has room for."""
    return [(row, option.answer(row.id)) for row in decision_aid().rows if row.id in ROWS]


@cache
def home_sources() -> Sources:
    """Every publication that the home rests on."""
    return sources_of([text for option in shown() for _, text in answers(option)])


@cache
def all_sources() -> Sources:
    """Every publication that any public page rests on."""
    aid = decision_aid()
    cited = [record_id for claim in aid.claims for record_id in claim.cites]
    return sources_of(
        [*texts(aid).values(), *(f"{{ev:{n}|of-100}}" for n in _counted())], also=cited
    )


def _counted() -> list[str]:
    cells = [cell for outcome in decision_aid().outcomes for _, cell in outcome.cells]
    return [cell.number for cell in cells if cell.number]
