"""`longlight pk` as its user meets it."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from longlight import pk
from longlight.cli.main import main

KAMP = ["--model", "kamp-2020", "--route", "iv", "--dose-mg", "35", "--duration-min", "40"]


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["pk", *arguments])


def answer(*arguments: str) -> dict[str, object]:
    result = run(*arguments, "--json")
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    assert isinstance(found, dict)
    return found


def test_the_keys_and_the_full_precision_of_an_answer() -> None:
    found = answer(*KAMP, "--weight-kg", "70", "--at-min", "60,5,40")
    curve = pk.model("kamp-2020").curve("iv:35@0/40", weight_kg=70, at_min=[60, 5, 40])
    assert found["t_min"] == [60.0, 5.0, 40.0]
    assert found["plasma_ng_per_ml"] == curve.plasma_ng_per_ml.tolist()
    assert found["effect_site_ng_per_ml"] is None
    assert found["metabolite_ng_per_ml"] == {}
    assert found["cmax_ng_per_ml"] == curve.cmax_ng_per_ml
    assert found["tmax_min"] == 40.0
    assert found["auc_inf_ng_min_per_ml"] == curve.auc_inf_ng_min_per_ml
    assert found["sampling_site"] == "arterial"


def test_effect_site_and_metabolites_where_a_model_has_them() -> None:
    domino = answer("--model", "domino", "--dose", "iv:35@0/40", "--at-min", "5,40")
    assert len(domino["effect_site_ng_per_ml"]) == 2  # type: ignore[arg-type]
    simons = answer("--model", "simons-2022", "--dose", "sl:50@0", "--at-min", "5,40")
    assert list(simons["metabolite_ng_per_ml"]) == ["S-norketamine", "S-hydroxynorketamine"]  # type: ignore[call-overload]


@pytest.mark.parametrize("listed", [m for m in pk.models() if m.complete], ids=lambda m: m.id)
def test_every_covariate_that_a_model_lists_may_be_given(listed: pk.PublishedModel) -> None:
    likely = {"weight": "82.5", "age": "71", "japanese": "yes", "asian": "1"}
    given = [f"--covariate={name}={likely[name]}" for name in listed.covariates]
    found = answer("--model", listed.id, "--dose", "iv:35@0/40", "--at-min", "40", *given)
    assert not any("assumed" in note for note in found["notes"])  # type: ignore[attr-defined]
    if "weight" in listed.covariates:
        by_option = answer(
            "--model", listed.id, "--dose", "iv:35@0/40", "--at-min", "40", "--weight-kg", "82.5"
        )
        assert by_option["plasma_ng_per_ml"] == found["plasma_ng_per_ml"]


def test_hydrochloride_holds_less_base() -> None:
    base = answer(*KAMP, "--at-min", "40")
    salt = answer(*KAMP, "--at-min", "40", "--salt", "hydrochloride")
    ratio = salt["cmax_ng_per_ml"] / base["cmax_ng_per_ml"]  # type: ignore[operator]
    # A device of 32.3 mg hydrochloride is labelled 28 mg base.
    assert ratio == pytest.approx(28 / 32.3, rel=5e-4)


def test_an_assumed_absorption_says_so_and_names_itself() -> None:
    dose = ["--model", "kamp-2020", "--route", "im", "--dose-mg", "35", "--at-min", "22"]
    assert run(*dose).exit_code == 2
    found = answer(*dose, "--absorption", "im-kamp-2020")
    assert "ssumption" in str(found["assumption"])
    assert found["absorption"] == ["im-kamp-2020"]
    assert (
        "Assumption: im absorption 'im-kamp-2020'"
        in run(*dose, "--absorption", "im-kamp-2020").output
    )


def test_several_doses_pauses_stops_and_rates() -> None:
    two = answer(
        "--model", "kamp-2020", "--dose", "iv:20@0/20", "--dose", "iv:10@20/20", "--at-min", "40"
    )
    rates = answer(
        "--model",
        "kamp-2020",
        "--rate",
        "0:1",
        "--rate",
        "20:0.5",
        "--rate",
        "40:0",
        "--at-min",
        "40",
    )
    assert two["plasma_ng_per_ml"] == pytest.approx(rates["plasma_ng_per_ml"], rel=1e-12)
    paused = answer(*KAMP, "--pause-min", "10-15", "--at-min", "45")
    pieces = answer(
        "--model",
        "kamp-2020",
        "--dose",
        "iv:8.75@0/10",
        "--dose",
        "iv:26.25@15/30",
        "--at-min",
        "45",
    )
    assert paused["plasma_ng_per_ml"] == pytest.approx(pieces["plasma_ng_per_ml"], rel=1e-12)
    stopped = answer(*KAMP, "--stop-at-min", "20", "--at-min", "45")
    short = answer("--model", "kamp-2020", "--dose", "iv:17.5@0/20", "--at-min", "45")
    assert stopped["plasma_ng_per_ml"] == pytest.approx(short["plasma_ng_per_ml"], rel=1e-12)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ([], "--model"),
        (["--model", "nobody-1999", "--dose", "iv:35@0/40", "--at-min", "5"], "There is no model"),
        ([*KAMP], "--at-min"),
        ([*KAMP, "--at-min", ""], "--at-min is empty"),
        ([*KAMP, "--at-min", "5,soon"], "'soon'"),
        ([*KAMP, "--at-min", "-5"], "from 0 on"),
        ([*KAMP, "--at-min", "nan"], "nan"),
        ([*KAMP, "--at-min", "5", "--weight-kg", "0"], "weight of 0 kg"),
        ([*KAMP, "--at-min", "5", "--weight-kg", "nan"], "weight of nan kg"),
        ([*KAMP, "--at-min", "5", "--weight-kg", "-70"], "weight of -70 kg"),
        ([*KAMP, "--at-min", "5", "--covariate", "age=70"], "no covariate 'age'"),
        ([*KAMP, "--at-min", "5", "--covariate", "age"], "NAME=VALUE"),
        ([*KAMP, "--at-min", "5", "--covariate", "weight=0"], "weight of 0 kg"),
        ([*KAMP, "--at-min", "5", "--covariate", "weight=70", "--weight-kg", "70"], "given twice"),
        ([*KAMP, "--at-min", "5", "--salt", "sulfate"], "no salt 'sulfate'"),
        ([*KAMP, "--at-min", "5", "--dose", "iv:3@0/4"], "in one way"),
        ([*KAMP, "--at-min", "5", "--plot", "curve.pdf"], ".svg nor .png"),
        ([*KAMP, "--at-min", "5", "--above-ng-per-ml", "0"], "level of 0"),
        ([*KAMP, "--at-min", "5", "--auc-to-min", "-1"], "area cannot end"),
        (["--model", "kamp-2020", "--dose", "iv:-35@0/40", "--at-min", "5"], "-35 mg"),
        (["--model", "kamp-2020", "--dose", "iv:1e308@0/40", "--at-min", "5"], "at most 1,000,000 mg"),
        (["--model", "kamp-2020", "--dose", "iv:35@0/1e-310", "--at-min", "5"], "infusion cannot last"),
        (["--model", "kamp-2020", "--dose", "iv:35@-1/40", "--at-min", "5"], "start at -1"),
        (["--model", "kamp-2020", "--dose", "iv:35@0", "--at-min", "5"], "infusion cannot last 0"),
        (["--model", "kamp-2020", "--dose", "iv 35", "--at-min", "5"], "is not a dose"),
        (["--model", "kamp-2020", "--dose", "iv-bolus:35@0/4", "--at-min", "5"], "leave it out"),
        (["--model", "kamp-2020", "--dose", "in:35@0", "--at-min", "5"], "has no route in"),
        (["--model", "kamp-2020", "--dose", "rectal:35@0", "--at-min", "5"], "no route 'rectal'"),
        (["--model", "kamp-2020", "--route", "iv", "--dose-mg", "35", "--at-min", "5"], "--duration-min"),
        (["--model", "zhao-2012", "--dose", "iv:35@0/40", "--at-min", "5"], "cannot run"),
        (["--model", "perez-ruixo-2021", "--dose", "in:56@0", "--at-min", "5", "--covariate", "japanese=2"], "0 or 1"),
        (["--model", "perez-ruixo-2021", "--dose", "in:56@0", "--at-min", "5", "--covariate", "age=nan"], "nan"),
        (["--model", "perez-ruixo-2021", "--dose", "po:56@0", "--at-min", "5", "--absorption", "po-kamp-2020"], "its own"),
        (["--model", "kamp-2020", "--dose", "im:35@0", "--at-min", "5", "--absorption", "im-nobody"], "no absorption"),
    ],
)  # fmt: skip
def test_bad_input_gets_one_sentence_and_exit_code_2(arguments: list[str], says: str) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert says in result.stderr
    assert result.stderr.startswith("Error: ")
    assert result.stderr.count("\n") == 1
    assert result.stdout == ""


def test_models_are_listed_with_what_they_can_do() -> None:
    listed = {model["id"]: model for model in json.loads(run("models", "--json").stdout)}
    assert listed["perez-ruixo-2021"]["routes"] == ["iv", "iv-bolus", "po", "in"]
    assert listed["perez-ruixo-2021"]["covariates"] == ["age", "japanese", "asian"]
    assert listed["simons-2022"]["sampling_site"] == "arterial"
    assert listed["zhao-2012"]["missing"]
    text = run("models").output
    assert all(name in text for name in listed)


def test_absorptions_are_listed() -> None:
    listed = json.loads(run("absorptions", "--json").stdout)
    assert {each["route"] for each in listed} == {"im", "sc", "sl", "po"}
    assert all(each["source"] for each in listed)
    assert "im-kamp-2020" in run("absorptions").output


@pytest.mark.parametrize("name", ["curve.svg", "curve.png"])
def test_a_plot_is_written_whole(tmp_path: Path, name: str) -> None:
    out = tmp_path / name
    result = run(*KAMP, "--plot", str(out), "--compare", "fanta-2015")
    assert result.exit_code == 0, result.output
    head = out.read_bytes()[:8]
    assert head.startswith((b"<svg", b"\x89PNG"))
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_a_refused_plot_leaves_nothing(tmp_path: Path) -> None:
    assert run(*KAMP, "--plot", str(tmp_path / "a.svg"), "--compare", "zhao-2012").exit_code == 2
    assert list(tmp_path.iterdir()) == []
    assert run(*KAMP, "--plot", str(tmp_path / "no" / "a.svg")).exit_code == 2


def course(tmp_path: Path, text: str) -> str:
    path = tmp_path / "course.csv"
    path.write_text(text, encoding="utf-8")
    return str(path)


SIX = "at_min,route,mg,duration_min\n" + "".join(f"{d * 4320},iv,35,40\n" for d in range(6))


def test_a_population_is_the_same_every_time(tmp_path: Path) -> None:
    arguments = [
        "population",
        "--model",
        "herd-2007",
        "--patients",
        "3000",
        "--course",
        course(tmp_path, SIX),
    ]
    first, second = (json.loads(run(*arguments, "--seed", "7", "--json").stdout) for _ in range(2))
    assert first == second
    assert first["patients"] == 3000
    assert len(first["course"]) == 6
    other = json.loads(run(*arguments, "--seed", "8", "--json").stdout)
    assert other["cmax_ng_per_ml"] != first["cmax_ng_per_ml"]
    assert "herd-2007" in run(*arguments).stderr


@pytest.mark.parametrize(
    ("model", "text", "more", "says"),
    [
        ("herd-2007", "at,route,mg\n0,iv,35\n", [], "needs the header"),
        ("herd-2007", "at_min,route,mg,duration_min\n", [], "has no dose"),
        ("herd-2007", SIX + "9,iv,-1,40\n", [], "Line 8"),
        ("herd-2007", SIX + "9,iv,1\n", [], "Line 8"),
        ("herd-2007", SIX, ["--patients", "0"], "0 patients"),
        ("herd-2007", SIX, ["--seed", "-1"], "seed of -1"),
        ("herd-2007", SIX, ["--engine", "abacus"], "no engine"),
        ("domino", SIX, [], "variability"),
    ],
)
def test_a_population_refuses_in_one_sentence(
    tmp_path: Path, model: str, text: str, more: list[str], says: str
) -> None:
    result = run(
        "population",
        "--model",
        model,
        "--patients",
        "10",
        "--course",
        course(tmp_path, text),
        *more,
    )
    assert result.exit_code == 2
    assert says in result.stderr
    assert result.stderr.startswith("Error: ")


def test_a_dose_from_mg_per_kg_to_the_pump() -> None:
    found = json.loads(
        run(
            "dose", "--route", "iv", "--mg-per-kg", "0.5", "--weight-kg", "70", "--duration-min", "40",
            "--vial", "ketamine-50", "--bag-ml", "100", "--json",
        ).stdout
    )  # fmt: skip
    assert found["dose_mg"] == 35
    assert found["draw_up_ml"] == 0.7
    assert found["pump_rate_ml_per_h"] == 150
    assert found["needs_override"] is False
    vials = json.loads(run("dose", "--vials", "--json").stdout)
    assert {"ketamine-50": 50.0}.items() <= {v["id"]: v["mg_per_ml"] for v in vials}.items()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--route", "im", "--mg-per-kg", "2.1", "--weight-kg", "70"], "refused"),
        (["--route", "iv", "--mg-per-kg", "0.5", "--weight-kg", "70"], "duration"),
        (["--route", "im", "--mg-per-kg", "0.5", "--weight-kg", "0"], "weight of 0"),
        (["--route", "im", "--mg-per-kg", "0.5", "--weight-kg", "70", "--vial", "x"], "no vial"),
        ([], "--mg-per-kg"),
    ],
)
def test_a_dose_is_refused_in_one_sentence(arguments: list[str], says: str) -> None:
    result = run("dose", *arguments)
    assert result.exit_code == 2
    assert says in result.stderr
    assert result.stderr.count("\n") == 1


@pytest.mark.parametrize("arguments", [[], ["models"], ["absorptions"], ["population"], ["dose"]])
def test_help_has_examples(arguments: list[str]) -> None:
    result = run(*arguments, "--help")
    assert result.exit_code == 0
    assert "Examples:" in result.output
