"""What holds for every instrument and any answers."""

import random
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.science.instruments.instrument_strategies import EVERY_VERSION, NAMES, answers_to

from longlight.instruments import Instrument

every_version = pytest.mark.parametrize("instrument", EVERY_VERSION, ids=NAMES)


@every_version
@settings(max_examples=20, deadline=None)
@given(data=st.data())
def test_a_score_never_leaves_its_range(instrument: Instrument, data: st.DataObject) -> None:
    score = instrument.score(data.draw(answers_to(instrument)))
    if score.total is None:
        return
    assert instrument.total_range is not None
    low, high = instrument.total_range
    assert low <= score.total <= high
    assert instrument.check_total(score.total) == score.total


@every_version
@settings(max_examples=20, deadline=None)
@given(data=st.data())
def test_complete_answers_always_score(instrument: Instrument, data: st.DataObject) -> None:
    score = instrument.score(data.draw(answers_to(instrument, may_be_missing=False)))
    assert score.missing == ()
    assert not score.prorated
    assert (score.total is None) == (instrument.total_range is None)
    assert None not in score.subscales.values()


@every_version
@settings(max_examples=20, deadline=None)
@given(data=st.data())
def test_missing_answers_are_named_and_never_count_as_zero(
    instrument: Instrument, data: st.DataObject
) -> None:
    answers = data.draw(answers_to(instrument))
    score = instrument.score(answers)
    empty = {
        item.id for item, value in zip(instrument.items, answers, strict=True) if value is None
    }
    assert set(score.missing) | set(score.not_asked) == empty
    assert not set(score.missing) & set(score.not_asked)
    assert ("incomplete" in score.flags) == bool(score.missing)
    assert ("prorated" in score.flags) == score.prorated
    in_total = {n for part in instrument.scoring.parts for n in part.items}
    lost = [
        item for item in instrument.items if item.id in score.missing and item.number in in_total
    ]
    if lost and score.total is not None:
        assert score.prorated


@every_version
def test_nothing_answered_gives_nothing(instrument: Instrument) -> None:
    score = instrument.score([None] * len(instrument.items))
    assert (score.total, score.band, score.safety, score.prorated) == (None, None, (), False)


@every_version
def test_the_range_is_what_the_extreme_answers_give(instrument: Instrument) -> None:
    if instrument.total_range is None:
        return
    ends = []
    for best in (True, False):
        answers = []
        for item in instrument.items:
            values = [value for value in item.allowed if value not in item.not_assessed]
            answers.append((min if best else max)(values, key=item.counted))
        ends.append(instrument.score(answers).total)
    assert tuple(ends) == instrument.total_range


@every_version
def test_every_total_falls_in_exactly_one_band(instrument: Instrument) -> None:
    contexts = {tuple(sorted(band.context.items())) for band in instrument.bands}
    for context in contexts:
        bands = [
            each for each in instrument.bands if tuple(sorted(each.context.items())) == context
        ]
        assert instrument.total_range is not None
        assert instrument.total_step is not None
        low, high = instrument.total_range
        for total in range(int(low), int(high) + 1, int(instrument.total_step)):
            holding = [band for band in bands if band.low <= total <= band.high]
            assert len(holding) == 1, total
            assert instrument.band_of(total, dict(context)) == holding[0].name
        for band in bands:
            for edge in (band.low, band.high):
                on_a_step = edge - edge % instrument.total_step
                assert instrument.band_of(on_a_step, dict(context)) is not None


@every_version
@settings(max_examples=20, deadline=None)
@given(data=st.data(), seed=st.integers(0, 2**32))
def test_permuting_equal_items_changes_nothing(
    instrument: Instrument, data: st.DataObject, seed: int
) -> None:
    answers = data.draw(answers_to(instrument))
    groups: dict[object, list[int]] = {}
    for index, item in enumerate(instrument.items):
        groups.setdefault(_role(instrument, index), []).append(index)
        assert item.number in range(1, 31)
    shuffled = list(answers)
    for indexes in groups.values():
        moved = indexes[:]
        random.Random(seed).shuffle(moved)
        for to, origin in zip(indexes, moved, strict=True):
            shuffled[to] = answers[origin]
    one, other = instrument.score(answers), instrument.score(shuffled)
    assert (one.total, one.band, one.subscales) == (other.total, other.band, other.subscales)
    assert [each.met for each in one.thresholds] == [each.met for each in other.thresholds]


def _role(instrument: Instrument, index: int) -> object:
    """Items with the same role: in the same parts, with the same answers and turned the same way."""
    item = instrument.items[index]
    parts = [*instrument.scoring.parts, *instrument.subscales]
    member = tuple(item.number in part.items for part in parts)
    rules = [*instrument.levels, *instrument.findings]
    asked = tuple(item.number in c.items for rule in rules for c in rule.conditions)
    cuts = tuple(item.number in threshold.items for threshold in instrument.thresholds)
    gate = (item.asked_if, [item.number in other.asked_if for other in instrument.items])
    answered = (
        item.options,
        item.maximum,
        tuple(sorted(item.counts_as.items())),
        item.reverse,
        item.required,
    )
    return repr((member, asked, cuts, gate, answered))


@every_version
@settings(max_examples=20, deadline=None)
@given(data=st.data())
def test_a_worse_answer_never_lowers_a_total(instrument: Instrument, data: st.DataObject) -> None:
    answers = data.draw(answers_to(instrument, may_be_missing=False))
    index = data.draw(st.integers(0, len(answers) - 1))
    item = instrument.items[index]
    raised = list(answers)
    raised[index] = max(
        (value for value in item.allowed if value not in item.not_assessed), key=item.counted
    )
    before, after = instrument.score(answers).total, instrument.score(raised).total
    if before is not None and after is not None:
        assert Fraction(after) >= Fraction(before)
