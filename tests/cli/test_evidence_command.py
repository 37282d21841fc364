"""`longlight evidence` as its user meets it."""

import json

from click.testing import CliRunner, Result

from longlight.cli.main import main


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["evidence", *arguments])


def test_the_list_names_each_record_and_how_much_of_it_was_read() -> None:
    result = run()
    assert result.exit_code == 0
    assert "anand-2023-elektd" in result.output
    assert "numbers read" in result.output


def test_one_record_prints_its_source_and_each_number_with_its_mark() -> None:
    result = run("anand-2023-elektd")
    assert result.exit_code == 0
    assert "N Engl J Med 2023;388:2315-2325" in result.output
    assert "55.4 %" in result.output
    assert "read-secondary, news" in result.output


def test_an_id_may_be_written_as_a_table_of_trials_writes_it() -> None:
    assert run("Anand_2023_elektd").output == run("anand-2023-elektd").output


def test_json_of_one_record_can_be_read_back() -> None:
    record = json.loads(run("dean-2021-cochrane", "--json").output)
    numbers = {number["id"]: number for number in record["numbers"]}
    assert numbers["response-ketamine-vs-midazolam"]["value"] == 46.5
    assert numbers["response-ketamine-vs-midazolam"]["mark"] == "read"


def test_filters_narrow_the_list() -> None:
    records = json.loads(run("--condition", "ptsd", "--json").output)
    assert records
    assert all("ptsd" in record["conditions"] for record in records)


def test_an_unknown_id_is_one_sentence_with_the_nearest_names() -> None:
    result = run("anand-2023-elekt")
    assert result.exit_code == 2
    assert "anand-2023-elektd" in result.output
    assert "Traceback" not in result.output


def test_an_unknown_condition_names_those_there_are() -> None:
    result = run("--condition", "sadness")
    assert result.exit_code == 2
    assert "depression" in result.output
