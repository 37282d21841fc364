"""Every variable has a type, a default and a sentence; a wrong one stops the start with a sentence."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from longlight.server.environment import (
    Environment,
    WrongEnvironment,
    read_environment,
    variable_name,
)

DOCS = Path(__file__).parents[2] / "docs" / "reference" / "environment.md"


def test_every_variable_has_a_default_and_a_sentence() -> None:
    for name, field in Environment.model_fields.items():
        assert not field.is_required(), name
        assert field.description, name
        assert field.description.endswith("."), name


def test_the_reference_page_lists_exactly_the_variables_that_exist() -> None:
    listed = set(re.findall(r"^\| `([A-Z_]+)`", DOCS.read_text(encoding="utf-8"), re.MULTILINE))
    assert listed == {variable_name(field) for field in Environment.model_fields}


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("LONGLIGHT_PORT", "80000", "LONGLIGHT_PORT cannot be used: input should be less than"),
        ("LONGLIGHT_PORT", "web", "LONGLIGHT_PORT cannot be used: input should be a valid integer"),
        ("LONGLIGHT_HOME", "", "LONGLIGHT_HOME cannot be used: name a folder"),
        ("LONGLIGHT_HOSTS", "*", "LONGLIGHT_HOSTS cannot be used: name each host"),
        ("LONGLIGHT_HOSTS", "", "LONGLIGHT_HOSTS cannot be used: name each host"),
        ("DATABASE_URL", "mysql://x", "DATABASE_URL cannot be used: begin with postgresql://"),
        ("LONGLIGHT_SECRET_KEY", "short", "LONGLIGHT_SECRET_KEY cannot be used: use at least 50"),
        ("LONGLIGHT_SECRET_KEY", "a" * 60, "LONGLIGHT_SECRET_KEY cannot be used: use at least 50"),
        ("LONGLIGHT_MODE", "prod", "LONGLIGHT_MODE cannot be used: input should be 'development'"),
        ("LONGLIGHT_LANGUAGE", "Spanish", "LONGLIGHT_LANGUAGE cannot be used: give the language's"),
        ("LONGLIGHT_EMAIL_URL", "pop3://x", "LONGLIGHT_EMAIL_URL cannot be used: begin with smtp"),
    ],
)
def test_a_wrong_variable_is_told_by_name(
    name: str, value: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(WrongEnvironment, match=re.escape(said)):
        read_environment()


def test_all_wrong_variables_are_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LONGLIGHT_PORT", "0")
    monkeypatch.setenv("LONGLIGHT_WORKERS", "many")
    with pytest.raises(WrongEnvironment) as caught:
        read_environment()
    assert len(str(caught.value).splitlines()) == 2


def test_a_secret_is_never_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LONGLIGHT_SECRET_KEY", "Tr0ub4dor&3" * 6)
    assert "Tr0ub4dor" not in repr(read_environment())


@pytest.mark.parametrize(("name", "value"), [("LONGLIGHT_PORT", "0"), ("LONGLIGHT_LANGUAGE", "fr")])
def test_a_wrong_variable_stops_the_command_with_a_sentence_and_exit_code_2(
    name: str, value: str
) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "longlight", "migrate"],
        env=os.environ | {name: value},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert f"{name} cannot be used" in done.stderr
    assert "Traceback" not in done.stderr
