"""`longlight audit`: as an administrator runs it."""

import json

import pytest
from tests.installation import Installation

WRITE = """
from datetime import datetime, UTC
from uuid import UUID
from longlight.clinic.record.actions import *
from longlight.clinic.record.rules import *
by = Actor(ActorKind.STAFF, UUID(int=7), "Nurse", "nurse", UUID(int=1))
for n in range(3):
    for subject in (UUID(int=1), UUID(int=2)):
        with writing(by=by, at=datetime.now(UTC)) as pen:
            pen.note("weighed", chain=patient_chain(subject), object_kind="weight", object_id=n)
"""
LIFT = """
import sys; sys.path.insert(0, ".")
from tests.guards import guards_lifted
from longlight.clinic.record.models import *
"""


@pytest.fixture
def written(installation: Installation) -> Installation:
    installation.python(WRITE)
    return installation


def test_a_whole_trail_is_said_to_be_whole(written: Installation) -> None:
    done = written.command("audit", "verify")
    assert (done.returncode, done.stderr) == (0, "")
    assert "whole: 6 rows in 2 chains" in done.stdout


def test_a_changed_row_is_named_and_the_exit_code_is_1(written: Installation) -> None:
    written.python(
        LIFT + "with guards_lifted(): AuditRow.objects.filter(sequence=2).update(verb='x')"
    )
    done = written.command("audit", "verify")
    assert done.returncode == 1
    assert "patient 00000000-0000-0000-0000-000000000001, row 2: the row was changed" in done.stderr
    found = json.loads(written.command("audit", "verify", "--json").stdout)
    assert found["whole"] is False
    assert [link["sequence"] for link in found["broken"]] == [2, 2]


def test_a_chain_removed_with_every_anchor_is_found_by_the_file(written: Installation) -> None:
    assert written.command("audit", "anchor").returncode == 0
    assert written.command("audit", "verify").returncode == 0
    written.python(
        LIFT
        + "with guards_lifted():\n    for m in (AuditRow, AuditHead, AuditAnchor): m.objects.all().delete()"
    )
    done = written.command("audit", "verify")
    assert done.returncode == 1
    assert "the whole chain was removed" in done.stderr
    (written.home / "anchors.jsonl").write_text("{")
    assert written.command("audit", "verify").returncode == 0, (
        "only a half line: nothing outside knows"
    )
    (written.home / "anchors.jsonl").write_text("{}\n")
    done = written.command("audit", "verify")
    assert done.returncode == 1
    assert "cannot be read as anchors" in done.stderr


def test_the_file_gets_an_anchor_that_a_kill_kept_from_it(written: Installation) -> None:
    written.python(
        "from datetime import *\nfrom longlight.clinic.record.actions import anchor_heads\n"
        "anchor_heads(at=datetime.now(UTC))"
    )
    assert not (written.home / "anchors.jsonl").exists()
    written.command("audit", "anchor")
    written.command("audit", "anchor")
    assert len((written.home / "anchors.jsonl").read_text().splitlines()) == 1


def test_a_row_that_cannot_even_be_read_is_no_traceback(installation: Installation) -> None:
    if not installation.is_sqlite:
        return  # PostgreSQL's column types take no garbage
    installation.python(WRITE)
    installation.python(
        LIFT + "from django.db import connection\nwith guards_lifted(): "
        "connection.cursor().execute(\"UPDATE clinic_auditrow SET chain_subject = 'zzz' WHERE id = 2\")"
    )
    done = installation.command("audit", "verify")
    assert done.returncode == 1
    assert "cannot even be read" in done.stderr
    assert "Traceback" not in done.stderr


def test_show_lists_the_newest_first(written: Installation) -> None:
    done = written.command("audit", "show", "--limit", "2")
    assert len(done.stdout.splitlines()) == 2
    assert "weighed" in done.stdout
    first = json.loads(written.command("audit", "show", "--limit", "1", "--json").stdout)
    assert (first["sequence"], first["actor_role"]) == (3, "nurse")


def test_without_tables_it_says_what_to_do() -> None:
    from tests.installation import install, uninstall

    bare = install(migrate=False)
    done = bare.command("audit", "verify")
    uninstall(bare)
    assert done.returncode == 2
    assert "longlight migrate" in done.stderr
