"""One person's path, number by number, beside the arrays that define the answer."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from longlight import pk
from longlight.science.pharmacokinetics.scenario import run
from longlight.science.pharmacokinetics.summaries import peaks

GRID = np.linspace(0, 1500, 61)
COURSES = {
    "domino": ["iv:35@0/40", "iv-bolus:10@20"],
    "kamp-2020": ["iv:35@0/40", "iv:20@50/10"],
    "otto-2021": ["iv:35@0/40", "iv-bolus:10@300"],
    "perez-ruixo-2021": ["in:56@0", "po:30@30", "iv:10@45/10"],
    "simons-2022": ["sl:50@0", "iv:20@360/20"],
}


@given(st.sampled_from(sorted(COURSES)), st.integers(0, 2**32))
@settings(deadline=None, max_examples=40)
def test_one_person_is_one_of_many(model_id: str, seed: int) -> None:
    """Anyone's curves and peaks, alone and as one of a crowd."""
    model = pk.model(model_id)
    scenario = model.scenario(COURSES[model_id])
    rng = np.random.default_rng(seed)
    etas = {name: rng.normal(0, 0.4, 2) for name in model.published.variability}
    if "weight" in model.published.covariates:
        scenario = model.scenario(COURSES[model_id], weight_kg=float(rng.uniform(40, 150)))
    crowd = run(scenario, scenario.outputs, etas, 2)
    for who in (0, 1):
        mine = {name: eta[[who]] for name, eta in etas.items()}
        alone = run(scenario, scenario.outputs, mine, 1)
        for analyte, row in alone.rows.items():
            together = crowd.rows[analyte]
            found, expected = peaks(alone.solution, row), peaks(crowd.solution, together)
            height = expected.height_ng_per_ml[who]
            values = alone.solution.at(row, GRID)[0]
            assert np.abs(values - crowd.solution.at(together, GRID)[who]).max() <= 1e-12 * height
            assert abs(found.height_ng_per_ml[0] - height) <= 1e-12 * height
            # Near its top a curve is flat: the time is known to the root of what the height is.
            assert abs(found.time_min[0] - expected.time_min[who]) <= 1e-5 * expected.time_min[who]
