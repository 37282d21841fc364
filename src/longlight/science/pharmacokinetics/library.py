"""Reads model and absorption files, and checks that what they say hangs together."""

import math
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from longlight.science.marks import Mark
from longlight.science.pharmacokinetics.absorption import Absorption
from longlight.science.pharmacokinetics.expression import names_in
from longlight.science.pharmacokinetics.published import (
    ROUTES,
    Covariate,
    Flow,
    Output,
    PaperNumber,
    Parameter,
    PublishedModel,
    Residual,
    Route,
    RouteInput,
    SamplingSite,
    Variability,
)
from longlight.science.pharmacokinetics.refusals import CannotCompute

_HOME = files("longlight.science.pharmacokinetics")


class NotAModel(ValueError):
    """A model file contradicts itself."""


@cache
def model_ids() -> tuple[str, ...]:
    """Every model there is, those that cannot run included."""
    return _ids("models")


@cache
def absorption_ids() -> tuple[str, ...]:
    """Every absorption file that may be assumed on a model of intravenous data."""
    return _ids("absorption")


def _ids(folder: str) -> tuple[str, ...]:
    names = (entry.name for entry in (_HOME / folder).iterdir())
    return tuple(sorted(n.removesuffix(".toml") for n in names if n.endswith(".toml")))


@cache
def published_model(model_id: str) -> PublishedModel:
    """The model of that id, or `CannotCompute` with the ids that there are."""
    if model_id not in model_ids():
        raise CannotCompute(
            f"There is no model '{model_id}': choose one of {', '.join(model_ids())}."
        )
    model = _parse(_read("models", model_id))
    if model.id != model_id:
        raise NotAModel(f"models/{model_id}.toml calls itself '{model.id}'")
    _check_names(model)
    return model


@cache
def absorption(absorption_id: str) -> Absorption:
    """The absorption file of that id, or `CannotCompute` with the ids that there are."""
    if absorption_id not in absorption_ids():
        raise CannotCompute(
            f"There is no absorption '{absorption_id}': choose one of {', '.join(absorption_ids())}."
        )
    return Absorption.parse(_read("absorption", absorption_id))


def _read(folder: str, name: str) -> dict[str, Any]:
    return tomllib.loads((_HOME / folder / f"{name}.toml").read_text(encoding="utf-8"))


def _parse(raw: dict[str, Any]) -> PublishedModel:
    source = raw["source"]
    mark = Mark(source["mark"])
    return PublishedModel(
        id=raw["id"],
        title=raw["title"],
        drug=raw["drug"],
        time_unit=raw["time_unit"],
        citation=source["citation"],
        doi=source.get("doi"),
        pmid=source.get("pmid"),
        mark=mark,
        sampling_site=SamplingSite(raw["sampling"]["site"]),
        sampling_mark=Mark(raw["sampling"]["mark"]),
        population=raw["population"]["description"],
        complete=raw.get("complete", True),
        missing=tuple(raw.get("missing", ())),
        note=raw.get("note", ""),
        covariates={n: _covariate(n, c) for n, c in raw.get("covariates", {}).items()},
        parameters={
            n: Parameter(
                PaperNumber(float(p["value"])),
                p["unit"],
                Mark(p.get("mark", mark)),
                p.get("source", source["citation"]),
            )
            for n, p in raw.get("parameters", {}).items()
        },
        individual=raw.get("individual", {}),
        variability={n: _variability(v) for n, v in raw.get("variability", {}).items()},
        covariances={
            (c["of"][0], c["of"][1]): PaperNumber(c["omega2"]) for c in raw.get("covariances", ())
        },
        residual={
            n: Residual(r["kind"], PaperNumber(r["sd"])) for n, r in raw.get("residual", {}).items()
        },
        flows=tuple(_flow(f) for f in raw.get("flows", ())),
        routes={n: _route(r) for n, r in raw.get("routes", {}).items()},
        plasma=_output(raw.get("plasma"), None),
        effect_site=_output(raw.get("effect_site"), "effect site"),
        metabolites=tuple(
            Output(m["analyte"], m["compartment"], m["volume"]) for m in raw.get("metabolites", ())
        ),
    )


def _covariate(name: str, raw: dict[str, Any]) -> Covariate:
    lowest, highest = raw.get("range", (None, None))
    return Covariate(
        name=name,
        unit=raw["unit"],
        reference=PaperNumber(float(raw["reference"])),
        lowest=lowest,
        highest=highest,
        choices=tuple(PaperNumber(float(c)) for c in raw.get("choices", ())),
        implies=tuple(raw.get("implies", ())),
    )


def _variability(raw: dict[str, Any]) -> Variability:
    """A CV in a paper is log-normal: its log-scale variance is log(1 + CV²)."""
    if raw["kind"] == "logit":
        return Variability("logit", PaperNumber(raw["sd"] ** 2))
    if "cv_percent" in raw:
        return Variability("log-normal", PaperNumber(math.log1p((raw["cv_percent"] / 100) ** 2)))
    between = float(raw["omega2"]) + float(raw.get("between_occasions_omega2", 0.0))
    return Variability("log-normal", PaperNumber(between))


def _flow(raw: dict[str, Any]) -> Flow:
    return Flow(raw["from"], raw.get("to"), raw["rate"], raw.get("back"), raw.get("copies", False))


def _route(raw: dict[str, Any]) -> Route:
    inputs = tuple(
        RouteInput(i["into"], i.get("fraction", "1"), i.get("over")) for i in raw["inputs"]
    )
    return Route(inputs, raw.get("of_dose", {}), float(raw.get("session_min", 0.0)))


def _output(raw: dict[str, Any] | None, analyte: str | None) -> Output | None:
    if raw is None:
        return None
    return Output(analyte or raw["analyte"], raw["compartment"], raw["volume"])


def _check_names(model: PublishedModel) -> None:
    """Every name that a formula reads must have been given before it."""
    known = set(model.parameters) | set(model.covariates)
    for name, text in model.individual.items():
        _must_know(model, text, known)
        known.add(name)
    for flow in model.flows:
        for text in (flow.rate, flow.back or "0"):
            _must_know(model, text, known)
    for output in _outputs(model):
        _must_know(model, output.volume, known)
    unknown_routes = set(model.routes) - set(ROUTES)
    if unknown_routes or set(model.variability) - known:
        raise NotAModel(f"{model.id}: unknown route or variability of an unknown parameter")
    for route in model.routes.values():
        _check_route(model, route, known | {"mg", "earlier_mg"})


def _outputs(model: PublishedModel) -> tuple[Output, ...]:
    return tuple(o for o in (model.plasma, model.effect_site, *model.metabolites) if o)


def _check_route(model: PublishedModel, route: Route, known: set[str]) -> None:
    places = {flow.origin for flow in model.flows} | {flow.target for flow in model.flows}
    for name, text in route.of_dose.items():
        _must_know(model, text, known)
        known = known | {name}
    for entry in route.inputs:
        _must_know(model, entry.fraction, known)
        _must_know(model, entry.over or "0", known)
        if entry.into not in places:
            raise NotAModel(f"{model.id}: no flow leaves or reaches '{entry.into}'")


def _must_know(model: PublishedModel, text: str, known: set[str] | Mapping[str, Any]) -> None:
    unknown = names_in(text) - set(known)
    if unknown:
        raise NotAModel(f"{model.id}: '{text}' reads {', '.join(sorted(unknown))}, given nowhere")
