"""From what is typed after `longlight pk` to doses, covariates and minutes; or a sentence."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from longlight import pk
from longlight.cli.main import Refusal
from longlight.science.pharmacokinetics.dosing import number

YES_NO = {"yes": "1", "no": "0"}


@contextmanager
def one_sentence() -> Iterator[None]:
    """What pharmacokinetics cannot use becomes one sentence and exit code 2."""
    try:
        yield
    except pk.CannotCompute as refused:
        raise Refusal(str(refused)) from None


def doses_of(
    *,
    route: str | None,
    dose_mg: float | None,
    duration_min: float | None,
    dose_texts: Sequence[str],
    pauses: Sequence[str],
    stop_at_min: float | None,
    rates: Sequence[str],
    salt: str,
) -> list[pk.Dose]:
    """The doses, in milligrams of base, whichever way they were given."""
    alone = {"--route": route, "--dose-mg": dose_mg, "--duration-min": duration_min}
    used = [name for name, value in alone.items() if value is not None]
    if bool(used) + bool(dose_texts) + bool(rates) > 1:
        raise Refusal("Give the doses in one way: --route with --dose-mg, or --dose, or --rate.")
    if rates:
        given = _by_rate(rates, stop_at_min)
    elif dose_texts:
        given = [pk.parse_dose(text) for text in dose_texts]
    else:
        given = [_single(route, dose_mg, duration_min)]
    if not rates:
        given = _interrupted(given, pauses, stop_at_min)
    elif pauses:
        raise Refusal("A pause goes with a dose; with --rate, give a rate of 0 for the pause.")
    return [pk.Dose(d.route, pk.as_base_mg(d.mg, salt), d.start_min, d.duration_min) for d in given]


def _single(route: str | None, dose_mg: float | None, duration_min: float | None) -> pk.Dose:
    if route is None or dose_mg is None:
        raise Refusal(
            "Give a dose: --route with --dose-mg, or --dose route:mg@start_min/duration_min."
        )
    if route == "iv" and duration_min is None:
        raise Refusal("An infusion needs --duration-min; the route iv-bolus has none.")
    return pk.Dose(route, dose_mg, 0.0, duration_min or 0.0)


def _interrupted(
    given: list[pk.Dose], pauses: Sequence[str], stop_at_min: float | None
) -> list[pk.Dose]:
    if not pauses and stop_at_min is None:
        return given
    if len(given) != 1 or given[0].route != "iv":
        raise Refusal("--pause-min and --stop-at-min go with exactly one infusion (iv).")
    only = given[0]
    return pk.infusion(
        only.mg,
        only.duration_min,
        only.start_min,
        pauses=[_span(text) for text in pauses],
        stop_at_min=stop_at_min,
    )


def _span(text: str) -> tuple[float, float]:
    start, dash, end = text.partition("-")
    if not dash:
        raise Refusal(f"'{text}' is not a pause: write START-END in minutes, as 10-15.")
    return number(start, "a start in minutes"), number(end, "an end in minutes")


def _by_rate(rates: Sequence[str], stop_at_min: float | None) -> list[pk.Dose]:
    steps = []
    for text in rates:
        at, colon, rate = text.partition(":")
        if not colon:
            raise Refusal(f"'{text}' is not a rate: write FROM_MIN:MG_PER_MIN, as 0:0.875.")
        steps.append((number(at, "a minute"), number(rate, "a rate in mg per minute")))
    if stop_at_min is not None:
        steps.append((stop_at_min, 0.0))
    if steps[-1][1] != 0:
        raise Refusal("Say when the infusion ends: a last --rate MIN:0, or --stop-at-min.")
    return pk.infusion_steps(steps[:-1], steps[-1][0])


def covariates_of(texts: Iterable[str]) -> dict[str, float]:
    """`name=value` pairs; a flag may also be given as yes or no."""
    found: dict[str, float] = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals or not name:
            raise Refusal(f"'{text}' is not a covariate: write NAME=VALUE, as age=70.")
        if name in found:
            raise Refusal(f"The covariate {name} was given twice: give it once.")
        found[name] = number(YES_NO.get(value.strip().lower(), value), f"a number for {name}")
    return found


def absorptions_of(names: Iterable[str]) -> list[pk.Absorption]:
    """The absorption files named, at most one for a route."""
    found = [pk.absorption(name) for name in names]
    routes = [each.route for each in found]
    if len(set(routes)) != len(routes):
        raise Refusal("Two absorption files are for the same route: name one.")
    return found


def minutes(text: str) -> list[float]:
    """Minutes separated by commas."""
    if not text.strip():
        raise Refusal("--at-min is empty: give minutes, as --at-min 5,40,60.")
    return [number(each.strip(), "a time in minutes") for each in text.split(",")]
