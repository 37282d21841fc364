"""References in a text become pieces that a page prints with their citation."""

import pytest

from longlight.science import evidence
from longlight.science.evidence.phrases import (
    BrokenReference,
    CitationPiece,
    NumberPiece,
    pieces,
    plain_text,
)

ELEKTD = "anand-2023-elektd.ketamine-2x-weekly-qids-sr16-response-d21"


def test_a_number_comes_with_its_record_and_interval() -> None:
    before, piece, after = pieces(f"In one trial {{ev:{ELEKTD}|of-100}} people got better.")
    assert (before, after) == ("In one trial ", " people got better.")
    assert isinstance(piece, NumberPiece)
    assert piece.printed == "55 of 100"
    assert piece.reference == ELEKTD
    assert piece.interval is not None
    assert piece.number.is_from_abstract


def test_a_finding_in_words_carries_its_citation() -> None:
    _, citation = pieces("It can frighten. {cite:aust-2019}")
    assert isinstance(citation, CitationPiece)
    assert plain_text("It can frighten. {cite:aust-2019}") == "It can frighten."


@pytest.mark.parametrize(
    ("reference", "printed"),
    [
        (f"{ELEKTD}", "55.4"),
        (f"{ELEKTD}|weeks", "3"),
        (f"{ELEKTD}|days", "21"),
        ("mcinnes-2022.records", "9,016"),
        ("clinic-practice.course-weeks|range", "2 to 3"),
        ("wilkinson-2017-cbt.ketamine-cbt-madrs-response-d14|count", "8 of 16"),
        ("mcinnes-2022.induction-phq-9-response-d21|people", "537"),
        ("krupitsky-2002.psychedelic-2-0-im-dose", "2"),
        ("clinic-practice.infusion-length", "40"),
    ],
)
def test_each_style_prints_what_the_record_holds(reference: str, printed: str) -> None:
    assert plain_text(f"{{ev:{reference}}}") == printed


@pytest.mark.parametrize(
    "broken",
    [
        f"{{ev:{ELEKTD}|percent}}",
        "{ev:clinic-practice.course-weeks}",
        "{ev:mcinnes-2022.records|of-100}",
        "{ev:mcinnes-2022.records|weeks}",
        "{ev:mcinnes-2022.records",
        "{see:mcinnes-2022}",
    ],
)
def test_what_cannot_be_printed_is_refused(broken: str) -> None:
    with pytest.raises(BrokenReference):
        pieces(broken)


@pytest.mark.parametrize("nowhere", ["{ev:mcinnes-2022.recrods}", "{ev:mcinnes}", "{cite:nobody}"])
def test_a_reference_to_nothing_is_refused(nowhere: str) -> None:
    with pytest.raises(evidence.UnknownEvidence):
        pieces(nowhere)
