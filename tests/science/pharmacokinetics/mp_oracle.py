"""An independent engine: the model file read anew, its full matrix, mpmath's exponential at 40 digits.

Nothing of `longlight` is used: files are parsed here, formulas evaluated in mpmath, and a segment
with input u is stepped by the exponential of the augmented matrix [[A, u], [0, 0]].
"""

import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from mpmath import mp, mpf

HOME = Path(__file__).parents[3] / "src" / "longlight" / "science" / "pharmacokinetics"
# route, mg, start_min, duration_min
Given = tuple[str, float, float, float]


class Oracle:
    """One person of one model, with the values changed that a test wants changed."""

    def __init__(
        self,
        model_id: str,
        *,
        covariates: Mapping[str, float] | None = None,
        parameters: Mapping[str, float] | None = None,
        absorption: str | None = None,
    ) -> None:
        mp.dps = 40
        self.raw = tomllib.loads((HOME / "models" / f"{model_id}.toml").read_text())
        self.unit = mpf({"min": 1, "h": 60}[self.raw["time_unit"]])
        self.absorption: dict[str, Any] | None = None
        if absorption is not None:
            self.absorption = tomllib.loads(
                (HOME / "absorption" / f"{absorption}.toml").read_text()
            )
        self.values = self._values(covariates or {}, parameters or {})
        self.names, self.matrix = self._matrix()

    def _values(
        self, covariates: Mapping[str, float], parameters: Mapping[str, float]
    ) -> dict[str, Any]:
        values = {n: mpf(str(p["value"])) for n, p in self.raw["parameters"].items()}
        values |= {n: mpf(c["reference"]) for n, c in self.raw.get("covariates", {}).items()}
        values |= {n: mpf(v) for n, v in covariates.items()}
        values |= {n: mpf(v) for n, v in parameters.items()}
        for name, text in self.raw.get("individual", {}).items():
            values[name] = self.number(text, values)
        return values

    def number(self, text: str, values: Mapping[str, Any] | None = None) -> Any:
        known = dict(self.values if values is None else values)
        return eval(text, {"__builtins__": {}, "min": min, "max": max}, known)

    def _matrix(self) -> tuple[list[str], Any]:
        flows = list(self.raw["flows"])
        names = sorted({f["from"] for f in flows} | {f["to"] for f in flows if "to" in f})
        if self.absorption:
            names.append("depot")
        matrix = mp.zeros(len(names))
        place = {name: i for i, name in enumerate(names)}
        for flow in flows:
            here, rate = place[flow["from"]], self.number(flow["rate"]) / self.unit
            if not flow.get("copies"):
                matrix[here, here] -= rate
            if "to" in flow:
                there = place[flow["to"]]
                matrix[there, here] += rate
                back = self.number(flow.get("back", "0")) / self.unit
                matrix[here, there] += back
                matrix[there, there] -= back
        if self.absorption:
            ka = mpf(str(self.absorption["ka"]["value"]))
            matrix[place["depot"], place["depot"]] -= ka
            matrix[place["central"], place["depot"]] += ka
        return names, matrix

    def _pieces(self, dose: Given) -> list[tuple[str, Any, Any, Any]]:
        """(compartment, mg, start, duration) of one dose."""
        route, mg, start, duration = dose
        if self.absorption and route == self.absorption["route"]:
            share = mpf(str(self.absorption["bioavailability"]["value"]))
            return [("depot", share * mpf(mg), mpf(start), mpf(0))]
        entry = self.raw["routes"][route]
        known = dict(self.values) | {"mg": mpf(mg), "earlier_mg": mpf(0)}
        for name, text in entry.get("of_dose", {}).items():
            known[name] = self.number(text, known)
        pieces = []
        for each in entry["inputs"]:
            amount = self.number(each.get("fraction", "1"), known) * mpf(mg)
            over = self.number(each["over"], known) * self.unit if "over" in each else mpf(duration)
            pieces.append((each["into"], amount, mpf(start), over))
        return pieces

    def state(self, doses: Sequence[Given], time_min: float) -> Any:
        """Amounts in mg at a time."""
        n, place = len(self.names), {name: i for i, name in enumerate(self.names)}
        changes: list[tuple[Any, int, Any, Any]] = []
        for dose in doses:
            for into, amount, start, over in self._pieces(dose):
                if over == 0:
                    changes.append((start, place[into], amount, mpf(0)))
                else:
                    changes.append((start, place[into], mpf(0), amount / over))
                    changes.append((start + over, place[into], mpf(0), -amount / over))
        now, x, u = mpf(0), mp.zeros(n, 1), mp.zeros(n, 1)
        for when, where, jump, rate in sorted(changes, key=lambda change: change[0]):
            if when > time_min:
                break
            x, now = self._step(x, u, when - now), when
            x[where] += jump
            u[where] += rate
        return self._step(x, u, mpf(time_min) - now)

    def _step(self, x: Any, u: Any, span: Any) -> Any:
        if span == 0:
            return x
        n = len(self.names)
        augmented = mp.zeros(n + 1)
        augmented[:n, :n] = self.matrix * span
        augmented[:n, n] = u * span
        moved = mp.expm(augmented) * mp.matrix([*x, 1])
        return mp.matrix(list(moved)[:n])

    def concentration(
        self, doses: Sequence[Given], time_min: float, analyte: str = "plasma"
    ) -> float:
        """ng/mL of plasma, of the effect site, or of a metabolite by its name."""
        if analyte in ("plasma", "effect_site"):
            output = self.raw[analyte]
        else:
            output = next(m for m in self.raw["metabolites"] if m["analyte"] == analyte)
        amount = self.state(doses, time_min)[self.names.index(output["compartment"])]
        return float(1000 * amount / self.number(output["volume"]))
