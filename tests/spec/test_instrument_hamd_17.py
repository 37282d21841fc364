"""HAM-D17: numbers only; item 16's value 3 means that weight was not assessed."""

from longlight import instruments

HAMD_17 = instruments.get("hamd-17")
HIGHEST = [4, 4, 4, 2, 2, 2, 4, 4, 4, 4, 4, 2, 2, 2, 4, 2, 2]


def test_the_highest_ratings_add_up_to_52() -> None:
    score = HAMD_17.score(HIGHEST)
    assert (score.total, score.band) == (52, "very severe")


def test_weight_not_assessed_is_missing_and_leaves_no_total() -> None:
    score = HAMD_17.score([*HIGHEST[:15], 3, 0])
    assert (score.total, score.band, score.missing) == (None, None, ("hamd17_16",))


def test_the_suicide_item_is_shown_from_1_and_urgent_from_3() -> None:
    urgency = {
        rating: [flag.urgency for flag in HAMD_17.safety_flags("hamd17_3", rating)]
        for rating in range(5)
    }
    assert urgency == {0: [], 1: ["show"], 2: ["show"], 3: ["urgent"], 4: ["urgent"]}
