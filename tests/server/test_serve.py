"""`longlight serve` refuses an unready start with a sentence, and serves hashed, compressed files."""

import os
import re
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
from tests.server.processes import free_port, run_longlight, served


def _home(folder: Path) -> dict[str, str]:
    return {"LONGLIGHT_HOME": str(folder), "LONGLIGHT_PORT": str(free_port()), "DATABASE_URL": ""}


def test_a_port_that_is_taken_is_told(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        environment = _home(tmp_path) | {"LONGLIGHT_PORT": str(other.getsockname()[1])}
        done = run_longlight("serve", environment=environment)
    assert done.returncode == 2
    assert "LONGLIGHT_PORT" in done.stderr
    assert "Traceback" not in done.stderr


def test_an_address_that_is_not_here_is_told(tmp_path: Path) -> None:
    done = run_longlight("serve", environment=_home(tmp_path) | {"LONGLIGHT_BIND": "192.0.2.1"})
    assert done.returncode == 2
    assert "LONGLIGHT_BIND" in done.stderr


def test_an_empty_database_is_told(tmp_path: Path) -> None:
    done = run_longlight("serve", environment=_home(tmp_path))
    assert done.returncode == 2
    assert "run  longlight migrate  first" in done.stderr


def test_a_database_that_is_away_is_told(tmp_path: Path) -> None:
    environment = _home(tmp_path) | {
        "DATABASE_URL": f"postgresql://nobody@127.0.0.1:{free_port()}/none?connect_timeout=1"
    }
    done = run_longlight("serve", environment=environment)
    assert done.returncode == 2
    assert "database does not answer" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        ({}, "Production needs TLS"),
        ({"LONGLIGHT_TLS": "proxy"}, "Production needs the site's name"),
    ],
)
def test_production_refuses_an_unsafe_start(
    tmp_path: Path, variables: dict[str, str], said: str
) -> None:
    environment = _home(tmp_path) | {"LONGLIGHT_MODE": "production"} | variables
    done = run_longlight("serve", environment=environment)
    assert done.returncode == 2
    assert said in done.stderr


def test_files_for_the_browser_are_hashed_and_compressed(tmp_path: Path) -> None:
    port = free_port()
    with served(tmp_path, port, DATABASE_URL=""):
        page = urllib.request.urlopen(f"http://127.0.0.1:{port}/crisis/").read().decode()
        style = re.search(r'href="(/static/[^"]+\.[0-9a-f]{12}\.css)"', page)
        assert style, "the page names no hashed stylesheet"
        request = urllib.request.Request(
            f"http://127.0.0.1:{port}{style[1]}", headers={"Accept-Encoding": "gzip"}
        )
        answer = urllib.request.urlopen(request)
        assert answer.headers["Content-Encoding"] == "gzip"
        assert "immutable" in answer.headers["Cache-Control"]


def test_djangos_own_check_for_production_finds_nothing(tmp_path: Path) -> None:
    """`check --deploy --fail-level WARNING`, with the settings that a clinic has."""
    environment = _home(tmp_path) | {
        "DJANGO_SETTINGS_MODULE": "longlight.server.settings",
        "LONGLIGHT_MODE": "production",
        "LONGLIGHT_TLS": "proxy",
        "LONGLIGHT_HOSTS": "clinic.example",
    }
    done = subprocess.run(
        [sys.executable, "-m", "django", "check", "--deploy", "--fail-level", "WARNING"],
        env=os.environ | environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
