"""The restore drill: saved while people write, brought back into either database, and refused when anything is wrong."""

import json
import random
import re
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.installation import Installation, install, uninstall

WRITE = """
import itertools, time
from datetime import datetime, UTC, date
from uuid import UUID, uuid4
from longlight.clinic.contact.rules import *
from longlight.clinic.contact.actions import queue_message
from longlight.clinic.people.models import Clinic, Patient
from longlight.clinic.record.actions import *
from longlight.clinic.record.rules import *
by = Actor(ActorKind.STAFF, UUID(int=7), "Nursé", "nurse", UUID(int=1))
for n in (range(int(sys.argv[1])) if sys.argv[1] != "forever" else itertools.count()):
    with writing(by=by, at=datetime.now(UTC)) as pen:
        clinic = Clinic.objects.create(name="Zürich 🌊", slug=uuid4().hex)
        patient = Patient.objects.create(clinic=clinic, number="LL-1", name="Ann", birth_date=date(1990, 2, 3))
        queue_message(pen, MessageKind.SOMETHING_NEW, clinic=clinic, channel=Channel.EMAIL, to="a@b.example",
                      link="https://c.example/", key=str(patient.id), chain=patient_chain(patient.id))
        pen.note("opened", chain=clinic_chain(UUID(int=n % 5)), object_kind="clinic", object_id=clinic.id, n=n, x=0.1)
    if n == 20: print("20", flush=True)
    if sys.argv[1] == "forever": time.sleep(0.02)  # so that the file stays small
"""
CONTENT = """
import hashlib, json
from django.apps import apps
from longlight.cli.backup_file import kept_models, as_json, columns_of
tables = {}
for model in kept_models(apps):
    rows = list(model._base_manager.order_by("pk").values_list(*columns_of(model)))
    tables[model._meta.db_table] = [len(rows), hashlib.sha256(json.dumps(rows, default=as_json).encode()).hexdigest()]
print(json.dumps(tables))
"""
HALVES = """
from longlight.clinic.people.models import Clinic, Patient
from longlight.clinic.contact.models import Job, Message
from longlight.clinic.record.models import AuditRow
print(Clinic.objects.count(), Patient.objects.count(), Message.objects.count(), Job.objects.count(),
      AuditRow.objects.filter(verb="opened").count())
"""


def content(installation: Installation) -> dict[str, list[object]]:
    """What every table holds."""
    tables = json.loads(installation.python(CONTENT))
    assert isinstance(tables, dict)
    return tables


def with_keys_of(source: Installation, target: Installation) -> Installation:
    shutil.rmtree(target.home / "keys", ignore_errors=True)
    shutil.copytree(source.home / "keys", target.home / "keys")
    return target


@pytest.fixture(scope="module")
def source() -> Iterator[Installation]:
    made = install()
    made.python(WRITE, "90")
    assert made.command("audit", "anchor").returncode == 0
    yield made
    uninstall(made)


@pytest.fixture(scope="module")
def saved(source: Installation, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("saved") / "today.longlight"
    done = source.command("backup", str(path))
    assert done.returncode == 0, done.stderr
    assert "Saved" in done.stdout
    return path


@pytest.fixture(scope="module")
def whole(source: Installation, saved: Path) -> dict[str, list[object]]:
    """What the source held when it was saved; nobody writes there afterwards."""
    return content(source)


@pytest.fixture
def target(source: Installation) -> Iterator[Installation]:
    """Another machine: nothing on it but the keys."""
    made = with_keys_of(source, install(migrate=False))
    yield made
    uninstall(made)


@pytest.fixture
def migrated(source: Installation) -> Iterator[Installation]:
    """Another machine, on which `longlight migrate` has run."""
    made = with_keys_of(source, install())
    yield made
    uninstall(made)


def test_everything_comes_back_as_it_was(
    source: Installation, saved: Path, target: Installation, whole: dict[str, list[object]]
) -> None:
    done = target.command("restore", str(saved))
    assert done.returncode == 0, done.stderr
    assert content(target) == whole == content(source)
    assert target.command("audit", "verify").returncode == 0
    assert (target.home / "anchors.jsonl").read_text() == (
        source.home / "anchors.jsonl"
    ).read_text()
    target.python(WRITE, "3")  # ids go on where they ended
    assert target.command("audit", "verify").returncode == 0
    assert target.command("worker", "--once").returncode == 0
    assert len(list((target.home / "mail").iterdir())) == 93


def test_what_one_database_saved_the_other_takes(
    saved: Path, source: Installation, whole: dict[str, list[object]]
) -> None:
    """On the SQLite lane the file came from SQLite, on the PostgreSQL lane from PostgreSQL: the other one is brought up."""
    import os

    from tests.conftest import _start_postgresql

    if source.is_sqlite:
        home = Path(f"/tmp/longlight-other-{os.getpid()}")
        home.mkdir()
        other = Installation(home, _start_postgresql(home / "postgresql"))
    else:
        other = Installation(install(migrate=False).home, "")
    with_keys_of(source, other)
    done = other.command("restore", str(saved))
    assert done.returncode == 0, done.stderr
    assert content(other) == whole
    assert other.command("audit", "verify").returncode == 0
    shutil.rmtree(other.home, ignore_errors=True)


def test_what_is_saved_while_people_write_is_one_moment(
    installation: Installation, tmp_path: Path
) -> None:
    writers = [installation.start_python(WRITE, "forever") for _ in range(2)]
    for writer in writers:
        assert writer.stdout is not None
        writer.stdout.readline()
    files = []
    for _ in range(2):
        done = installation.command("backup", str(tmp_path), "--json")
        assert done.returncode == 0, done.stderr
        files.append(Path(json.loads(done.stdout)["file"]))
        assert all(writer.poll() is None for writer in writers), "nobody was stopped by it"
        import time

        time.sleep(1.1)
    for writer in writers:
        writer.kill()
        writer.wait()
    earlier, later = files
    before = set(halves_in(earlier).values())
    assert len(before) == 1, "no half write in it"
    other = with_keys_of(installation, install(migrate=False))
    done = other.command("restore", str(later))
    assert done.returncode == 0, done.stderr
    after = set(other.python(HALVES).split())
    assert len(after) == 1, "no half write in it"
    assert before.pop() < int(after.pop()), "and they did write meanwhile"
    assert other.command("audit", "verify").returncode == 0
    uninstall(other)


def halves_in(file: Path) -> dict[str, int]:
    """What one write writes, counted in a file."""
    from longlight.cli.backup_file import open_backup, read_table

    archive, manifest, _ = open_backup(file)
    found = {entry.table: list(read_table(archive, entry)) for entry in manifest.tables}
    names = ("clinic_clinic", "clinic_patient", "clinic_message", "clinic_job")
    opened = [row for row in found["clinic_auditrow"] if "opened" in row]
    return {name: len(found[name]) for name in names} | {"opened": len(opened)}


def test_no_key_is_in_it(source: Installation, saved: Path) -> None:
    with zipfile.ZipFile(saved) as archive:
        inside = b"".join(archive.read(name) for name in archive.namelist())
    keys = [path.read_bytes() for path in (source.home / "keys").iterdir()]
    assert len(keys) >= 3
    assert [key for key in keys if key in inside or key in saved.read_bytes()] == []
    assert saved.stat().st_mode & 0o077 == 0, "nobody else reads it"


def test_a_session_is_not_in_it(saved: Path) -> None:
    with zipfile.ZipFile(saved) as archive:
        kept = {name.removeprefix("tables/").removesuffix(".jsonl") for name in archive.namelist()}
    assert not kept & {"django_session", "usersessions_usersession", "cache"}


def rewritten(saved: Path, out: Path, change) -> Path:
    """The same file with one member changed."""
    with zipfile.ZipFile(saved) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            changed = change(name, old.read(name))
            if changed is not None:
                new.writestr(name, changed)
    return out


def with_one_byte_changed(saved: Path) -> bytes:
    """One bit of the largest member's content is another; the zip's own bookkeeping stays."""
    with zipfile.ZipFile(saved) as archive:
        largest = max(archive.infolist(), key=lambda member: member.compress_size)
    place = largest.header_offset + 30 + len(largest.filename) + largest.compress_size // 2
    changed = bytearray(saved.read_bytes())
    changed[place] ^= 1
    return bytes(changed)


PATIENTS = "tables/clinic_patient.jsonl"
DAMAGES = {
    "cut short": lambda saved, out: out.write_bytes(saved.read_bytes()[:-2000]),
    "one byte": lambda saved, out: out.write_bytes(with_one_byte_changed(saved)),
    "empty": lambda saved, out: out.write_bytes(b""),
    "something else": lambda saved, out: out.write_text("at,kind,name\n"),
    "a name changed": lambda saved, out: rewritten(
        saved, out, lambda name, text: text.replace(b"Ann", b"Eve") if name == PATIENTS else text
    ),
    "a table gone": lambda saved, out: rewritten(
        saved, out, lambda name, text: None if name == PATIENTS else text
    ),
    "a row gone": lambda saved, out: rewritten(
        saved, out, lambda name, text: text.split(b"\n", 1)[1] if name == PATIENTS else text
    ),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_file_is_refused_and_changes_nothing(
    damage: str, saved: Path, target: Installation, tmp_path: Path
) -> None:
    path = tmp_path / "damaged"
    DAMAGES[damage](saved, path)
    done = target.command("restore", str(path))
    assert done.returncode == 2, done.stdout
    assert "Traceback" not in done.stderr
    assert re.search(r"cannot be restored: .+ Nothing was changed", done.stderr)
    assert not (target.home / "longlight.sqlite3").exists() or not target.is_sqlite


def test_a_manifest_that_another_key_made_is_refused(
    saved: Path, target: Installation, tmp_path: Path
) -> None:
    forged = rewritten(
        saved, tmp_path / "forged", lambda name, text: text.replace(b'"heads": 3', b'"heads": 4')
        if name == "manifest.json" else text,
    )  # fmt: skip
    shutil.rmtree(target.home / "keys")
    done = target.command("restore", str(forged))
    assert done.returncode == 2
    assert "keys" in done.stderr
    done = target.command("restore", str(saved), "--accept-unverified")
    assert done.returncode == 0, done.stderr
    assert target.command("audit", "verify").returncode == 1, "and it is still seen"


def test_a_database_in_use_or_with_data_is_left_alone_unless_told(
    saved: Path, migrated: Installation, whole: dict[str, list[object]]
) -> None:
    target = migrated
    holder = target.start_python(
        """
        from django.db import connection
        cursor = connection.cursor()
        cursor.execute("SELECT count(*) FROM clinic_clinic")
        print("connected", flush=True)
        sys.stdin.read()
        """,
        stdin=subprocess.PIPE,
    )
    assert holder.stdout is not None
    holder.stdout.readline()
    done = target.command("restore", str(saved))
    assert done.returncode == 2
    assert "stop the server" in done.stderr
    holder.communicate("")
    target.python(WRITE, "2")
    before = content(target)
    done = target.command("restore", str(saved))
    assert done.returncode == 2
    assert "--replace" in done.stderr
    assert content(target) == before
    done = target.command("restore", str(saved), "--replace")
    assert done.returncode == 0, done.stderr
    assert "is kept" in done.stdout
    assert content(target) == whole
    if target.is_sqlite:
        (old,) = target.home.glob("*.before-restore-*")
        old.replace(target.home / "longlight.sqlite3")
        assert content(target) == before, "the old one is whole"


def test_a_restore_that_is_killed_leaves_what_was_there(
    saved: Path, migrated: Installation, whole: dict[str, list[object]]
) -> None:
    target = migrated
    target.python(WRITE, "2")
    before = content(target)
    for seconds in (0.6, 1.2, 1.8):
        process = target.start(
            "restore", str(saved), "--replace", stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        else:
            break  # it was faster than the kill
        process.communicate()
        assert content(target) in (before, whole), "the old whole, or the new whole"
    done = target.command("restore", str(saved), "--replace")
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["backup", "/nowhere/at/all"], "is not a folder"),
        (["backup", "pyproject.toml"], "is there already"),
        (["restore", "/nowhere"], "is not there"),
    ],
)
def test_what_cannot_be_done_is_told_in_a_sentence(
    source: Installation, arguments: list[str], sentence: str
) -> None:
    done = source.command(*arguments)
    assert (done.returncode, "Traceback" in done.stderr) == (2, False)
    assert sentence in done.stderr


def test_a_disk_that_is_full_leaves_no_half_file(source: Installation, tmp_path: Path) -> None:
    import resource

    def little_room() -> None:
        import signal

        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(
            resource.RLIMIT_FSIZE, (33_000, 33_000)
        )  # a little over SQLite's own 32 KiB

    done = source.command("backup", str(tmp_path / "out"), preexec_fn=little_room)
    assert done.returncode == 1
    assert "nothing was saved" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_flipped_bit_anywhere_is_damage_or_does_not_matter(saved: Path, tmp_path: Path) -> None:
    from longlight.cli.backup_file import DamagedBackup, open_backup, read_table

    def rows(path: Path) -> object:
        archive, manifest, seal = open_backup(path)
        return manifest, seal, [list(read_table(archive, entry)) for entry in manifest.tables]

    whole, text, path = rows(saved), saved.read_bytes(), tmp_path / "flipped"
    found = 0
    chance = random.Random(3)
    for place in [*chance.sample(range(len(text)), 60), *range(len(text) - 60, len(text))]:
        path.write_bytes(
            text[:place] + bytes([text[place] ^ (1 << chance.randrange(8))]) + text[place + 1 :]
        )
        try:
            assert rows(path) == whole
        except DamagedBackup:
            found += 1
    assert found > 40
