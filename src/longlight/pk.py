"""Ketamine concentrations from published models, for a notebook.

    from longlight import pk

    kamp = pk.model("kamp-2020")
    curve = kamp.curve("iv:35@0/40", weight_kg=70, at_min=[5, 40, 60])
    curve.plasma_ng_per_ml, curve.cmax_ng_per_ml, curve.tmax_min

Nothing here is a measurement, and none of it is advice on dosing. Exposure is not offered as a
predictor of antidepressant response: the published data say that it is not one.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from longlight.science.pharmacokinetics.absorption import Absorption
from longlight.science.pharmacokinetics.curves import Curve
from longlight.science.pharmacokinetics.curves import curve as _curve
from longlight.science.pharmacokinetics.dosing import (
    Dose,
    as_base_mg,
    infusion,
    infusion_steps,
    parse_dose,
)
from longlight.science.pharmacokinetics.library import (
    absorption,
    absorption_ids,
    model_ids,
    published_model,
)
from longlight.science.pharmacokinetics.person import describe_person
from longlight.science.pharmacokinetics.published import PublishedModel
from longlight.science.pharmacokinetics.refusals import CannotCompute
from longlight.science.pharmacokinetics.scenario import Scenario

if TYPE_CHECKING:
    import altair

    from longlight.science.pharmacokinetics.bands import Band
    from longlight.science.pharmacokinetics.populations import Population

HOURS_DRAWN_MIN = 6 * 60.0
# More lines than this cannot be told apart.
MOST_CURVES = 5
Doses = str | Dose | Iterable[str | Dose]


@dataclass(frozen=True)
class Model:
    """A published model, ready to answer."""

    published: PublishedModel

    def __repr__(self) -> str:
        routes = ", ".join(self.published.routes) or "none: it is not complete"
        site = self.published.sampling_site.value
        return f"<Model {self.id}: {self.published.drug} in {site} plasma, routes {routes}>"

    @property
    def id(self) -> str:
        """As `model()` takes it."""
        return self.published.id

    def scenario(
        self,
        doses: Doses,
        *,
        weight_kg: float | None = None,
        covariates: Mapping[str, float] | None = None,
        absorption: str | Absorption | Iterable[str | Absorption] = (),
    ) -> Scenario:
        """Who gets what: checked, and refused with a sentence where the model cannot answer.

        doses: `route:mg@start_min/duration_min`, a `Dose`, or several; mg of base of the model's drug (racemic or S).
        weight_kg, covariates: by the names in `models()`; what is left out is assumed, and the answer's `notes` say so.
        absorption: an id of `absorption_ids()` for a route that the model lacks; the answer then says "Assumption".
        Raises `CannotCompute`, whose text is a sentence.
        """
        named = [absorption] if isinstance(absorption, str | Absorption) else list(absorption)
        return Scenario(
            self.published,
            describe_person(self.published, weight_kg, covariates or {}),
            _doses(doses),
            tuple(_absorption(each) for each in named),
        )

    def curve(
        self,
        doses: Doses,
        *,
        at_min: Sequence[float],
        weight_kg: float | None = None,
        covariates: Mapping[str, float] | None = None,
        absorption: str | Absorption | Iterable[str | Absorption] = (),
    ) -> Curve:
        """The typical person's concentrations at `at_min`, and exact summaries of the whole curve.

        at_min: minutes from 0, in any order; each array of the answer has their order and length. Concentrations are
        ng/mL in double precision; Cmax, tmax and areas are of the whole curve, not of these minutes. The parameters'
        source stands in `published.citation`. Other arguments and errors: as for `scenario`.

        >>> curve = model("kamp-2020").curve("iv:35@0/40", weight_kg=70, at_min=[40, 5])
        >>> curve.plasma_ng_per_ml.round(1).tolist(), curve.tmax_min
        ([253.1, 109.3], 40.0)
        """
        scenario = self.scenario(
            doses, weight_kg=weight_kg, covariates=covariates, absorption=absorption
        )
        return _curve(scenario, at_min)

    def band(
        self,
        doses: Doses,
        *,
        at_min: Sequence[float],
        weight_kg: float | None = None,
        covariates: Mapping[str, float] | None = None,
        absorption: str | Absorption | Iterable[str | Absorption] = (),
        level: float = 0.9,
        people: int = 2000,
        seed: int = 1,
        residual: bool = False,
    ) -> "Band":
        """Where `level` of people lie, by the published variability (and residual error, if asked).

        level: a share between 0 and 1. Low, median and high are arrays in ng/mL, one value for each of `at_min`, from
        `people` simulated with `seed`. Raises `CannotCompute` where no variability was published; else as `scenario`.
        """
        from longlight.science.pharmacokinetics.bands import band

        scenario = self.scenario(
            doses, weight_kg=weight_kg, covariates=covariates, absorption=absorption
        )
        return band(scenario, at_min, level=level, people=people, seed=seed, residual=residual)

    def population(
        self,
        doses: Doses,
        *,
        patients: int,
        seed: int = 1,
        weight_kg: float | None = None,
        covariates: Mapping[str, float] | None = None,
        absorption: str | Absorption | Iterable[str | Absorption] = (),
        engine: str | None = None,
    ) -> "Population":
        """Peak and area of many simulated patients, in memory that does not grow with them.

        Answers with mean, SD, extremes and percentiles of Cmax (ng/mL), tmax (min) and AUC (ng·min/mL) over the whole
        course. The same seed gives the same patients whatever their number, the engine or the threads; `engine` is
        numba (with the extra `fast`) or numpy. Raises `CannotCompute`, as `band` does.
        """
        from longlight.science.pharmacokinetics.populations import population

        scenario = self.scenario(
            doses, weight_kg=weight_kg, covariates=covariates, absorption=absorption
        )
        return population(scenario, patients=patients, seed=seed, engine=engine)


def _doses(doses: Doses) -> tuple[Dose, ...]:
    given = [doses] if isinstance(doses, str | Dose) else list(doses)
    return tuple(parse_dose(each) if isinstance(each, str) else each for each in given)


def _absorption(named: str | Absorption) -> Absorption:
    return absorption(named) if isinstance(named, str) else named


def model(model_id: str) -> Model:
    """A model by its id, as `models()` lists them."""
    return Model(published_model(model_id))


def models() -> list[PublishedModel]:
    """Every model there is; those whose parameters could not be had say what is missing."""
    return [published_model(model_id) for model_id in model_ids()]


def times_to_draw(doses: Doses, points: int = 361) -> list[float]:
    """Minutes for a smooth picture: evenly over the course and six hours on, and at every dose."""
    given = _doses(doses)
    last_min = max((dose.start_min + dose.duration_min for dose in given), default=0.0)
    end_min = last_min + HOURS_DRAWN_MIN
    marks = {t for d in given for t in (d.start_min, d.start_min + d.duration_min)}
    return sorted({end_min * i / (points - 1) for i in range(points)} | marks)


def figure(*curves: Curve, band: "Band | None" = None, size: str = "desk") -> "altair.Chart":
    """An Altair figure of one curve with its band, or of several models compared."""
    import altair

    from longlight.ui.figures.theme import paint

    painted = altair.Chart.from_json(paint(_specification(curves, band, size)))
    return cast("altair.Chart", painted)


def to_svg(*curves: Curve, band: "Band | None" = None, size: str = "desk") -> str:
    """The figure as an SVG that stands alone, with its finding in words inside."""
    from longlight.ui.figures.pharmacokinetics import description, title
    from longlight.ui.figures.theme import file_svg

    specification = _specification(curves, band, size)
    return file_svg(specification, title=title(curves), desc=description(curves, band))


def to_png(*curves: Curve, band: "Band | None" = None, size: str = "desk") -> bytes:
    """The figure as a PNG at twice the pixels."""
    from longlight.ui.figures.theme import file_png

    return file_png(_specification(curves, band, size))


def _specification(curves: tuple[Curve, ...], band: "Band | None", size: str) -> str:
    from longlight.ui.figures.pharmacokinetics import concentration_chart
    from longlight.ui.figures.theme import DESK, PHONE

    sizes = {"desk": DESK, "phone": PHONE}
    if size not in sizes:
        raise CannotCompute(f"There is no size '{size}': choose desk or phone.")
    if not 1 <= len(curves) <= MOST_CURVES:
        raise CannotCompute(f"A figure holds 1 to {MOST_CURVES} curves, not {len(curves)}.")
    return concentration_chart(curves, sizes[size], band=band).to_json()


__all__ = [
    "Absorption",
    "CannotCompute",
    "Curve",
    "Dose",
    "Model",
    "PublishedModel",
    "Scenario",
    "absorption",
    "absorption_ids",
    "as_base_mg",
    "figure",
    "infusion",
    "infusion_steps",
    "model",
    "models",
    "parse_dose",
    "times_to_draw",
    "to_png",
    "to_svg",
]
