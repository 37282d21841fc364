"""Instruments whose result is no plain sum, against rules written out again from their sources."""

import itertools
import random

from longlight import instruments


def test_every_way_of_answering_the_c_ssrs_screener() -> None:
    screener = instruments.get("c-ssrs-screener")
    for wish, thoughts, method, intent, plan, ever, recently in itertools.product([0, 1], repeat=7):
        asked = [method, intent, plan] if thoughts else [None] * 3
        score = screener.score([wish, thoughts, *asked, ever, recently if ever else None])
        if (thoughts and (intent or plan)) or (ever and recently):
            wanted = "high"
        elif (thoughts and method) or ever:
            wanted = "moderate"
        else:
            wanted = "low" if wish or thoughts else "none"
        assert (score.band, score.total, score.missing) == (wanted, None, ())


def test_a_missing_answer_never_lets_the_c_ssrs_name_too_low_a_level() -> None:
    screener = instruments.get("c-ssrs-screener")
    order = ["none", "low", "moderate", "high"]
    for form in itertools.product([0, 1, None], repeat=7):
        band = screener.score(list(form)).band
        if band is None:
            continue
        for filled in itertools.product(*[[0, 1] if each is None else [each] for each in form]):
            # Items that the form passes over stay unasked whatever they might have been.
            asked = list(filled)
            if not filled[1]:
                asked[2:5] = form[2:5]
            if not filled[5]:
                asked[6] = form[6]
            possible = screener.score(asked).band
            assert possible is not None
            assert order.index(possible) <= order.index(band), (form, filled)


def test_every_way_of_answering_the_asq() -> None:
    asq = instruments.get("asq")
    for form in itertools.product([0, 1, None], repeat=5):
        band = asq.score(list(form)).band
        if all(each is None for each in form):
            assert band is None
        elif form[4] == 1:
            assert band == "acute positive"
        else:
            positive = any(each != 0 for each in form[:4])
            assert band == ("positive" if positive else "negative"), form


def test_qids_takes_the_highest_of_each_domain() -> None:
    qids, chance = instruments.get("qids-sr16"), random.Random(16)
    for _ in range(200):
        a = [chance.randint(0, 3) for _ in range(16)]
        wanted = max(a[0:4]) + a[4] + max(a[5:9]) + sum(a[9:14]) + max(a[14:16])
        assert qids.score(a).total == wanted


def test_meq30_is_complete_at_six_tenths_on_every_scale() -> None:
    meq30, chance = instruments.get("meq30"), random.Random(30)
    scales = [
        [4, 5, 6, 9, 14, 15, 16, 18, 20, 21, 23, 24, 25, 26, 28],
        [2, 8, 12, 17, 27, 30],
        [1, 7, 11, 13, 19, 22],
        [3, 10, 29],
    ]
    seen = set()
    for _ in range(300):
        form = [chance.choice([2, 3, 4, 5]) for _ in range(30)]
        sums = [sum(form[n - 1] for n in scale) for scale in scales]
        complete = all(5 * s >= 3 * 5 * len(k) for s, k in zip(sums, scales, strict=True))
        score = meq30.score(form)
        assert score.band == ("complete" if complete else "not complete")
        assert score.total == sum(form) / 150
        seen.add(complete)
    assert seen == {True, False}


def test_both_orders_of_the_rosenberg_scale_agree_by_item() -> None:
    one, other = instruments.versions("rosenberg")
    chance = random.Random(10)
    for _ in range(50):
        form = {item.id: chance.randint(0, 3) for item in one.items}
        assert one.score(form).total == other.score(form).total
