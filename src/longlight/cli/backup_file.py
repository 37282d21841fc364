"""What a backup is: one zip file with a manifest and, for each table, its rows as lines of JSON.

The same file restores into SQLite and into PostgreSQL (docs/decisions/0022). It holds no key: those lie in
LONGLIGHT_HOME/keys and are kept elsewhere. Sessions are left out, so that what was ended stays ended.
"""

import base64
import hashlib
import hmac
import json
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import IO, Any, Protocol
from uuid import UUID

FORMAT = 1
MANIFEST = "manifest.json"
# Everything that reading a damaged zip or damaged JSON was seen to raise.
UNREADABLE = (
    zipfile.BadZipFile, zlib.error, struct.error, KeyError, TypeError, ValueError, EOFError, OSError,
    RuntimeError, AttributeError, IndexError,
)  # fmt: skip
LEFT_OUT = frozenset({"django_session", "usersessions_usersession", "cache"})


class DamagedBackup(Exception):
    """A file that is not a whole backup; the message says what is wrong with it."""


@dataclass(frozen=True)
class TableEntry:
    """A table in a backup."""

    table: str
    columns: tuple[str, ...]
    rows: int
    sha256: str

    @property
    def member(self) -> str:
        return f"tables/{self.table}.jsonl"


@dataclass(frozen=True)
class Manifest:
    """What a backup says of itself."""

    format: int
    made_at: str
    version: str
    database: str
    migrations: tuple[str, ...]
    tables: tuple[TableEntry, ...]
    heads: int
    heads_sha256: str

    @property
    def rows(self) -> int:
        return sum(entry.rows for entry in self.tables)

    def text(self) -> str:
        return json.dumps(asdict(self), sort_keys=True)


def seal_of(manifest: Manifest, key: str) -> str:
    """Shows that this installation's key made the manifest."""
    return hmac.new(key.encode(), manifest.text().encode(), hashlib.sha256).hexdigest()


class Models(Protocol):
    """Django's registry of models: today's, or that of a past migration."""

    def get_models(self, include_auto_created: bool = ...) -> Iterable[Any]: ...


def kept_models(apps: Models) -> list[Any]:
    """The models whose rows a backup holds, by table."""
    models = {
        model._meta.db_table: model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy and model._meta.db_table not in LEFT_OUT
    }
    return [models[table] for table in sorted(models)]


def columns_of(model: Any) -> tuple[str, ...]:
    return tuple(field.attname for field in model._meta.concrete_fields if not field.generated)


def as_json(value: object) -> object:
    """A database's value as JSON says it."""
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, UUID | Decimal):
        return str(value)
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(value).decode("ascii")
    if isinstance(value, timedelta):
        return f"{value.days} {value.seconds}.{value.microseconds:06d}"
    raise TypeError(f"a backup cannot hold a {type(value).__name__}")


def from_json(field: Any, value: object) -> object:
    """The value that a model's field holds, from what `as_json` made."""
    kind = field.get_internal_type()
    if value is None or kind == "JSONField":
        return value
    if kind == "BinaryField":
        return base64.b64decode(str(value))
    return field.to_python(value)


def write_table(
    archive: zipfile.ZipFile, table: str, columns: tuple[str, ...], rows: Iterable[Sequence[object]]
) -> TableEntry:
    """Write a table's rows into the file and say what was written."""
    digest, count = hashlib.sha256(), 0
    with archive.open(f"tables/{table}.jsonl", "w", force_zip64=True) as member:
        for row in rows:
            line = json.dumps(row, default=as_json, separators=(",", ":")).encode() + b"\n"
            digest.update(line)
            member.write(line)
            count += 1
    return TableEntry(table, columns, count, digest.hexdigest())


def read_table(archive: zipfile.ZipFile, entry: TableEntry) -> Iterator[list[Any]]:
    """A table's rows. Their sum is checked as they come; the last one is not given when it is wrong."""
    digest = hashlib.sha256()
    try:
        with archive.open(entry.member) as member:
            for line in member:
                digest.update(line)
                yield json.loads(line)
    except UNREADABLE as error:
        raise DamagedBackup(f"the rows of {entry.table} cannot be read") from error
    if digest.hexdigest() != entry.sha256:
        raise DamagedBackup(f"the rows of {entry.table} are not those that were saved")


def open_backup(file: IO[bytes] | Path) -> tuple[zipfile.ZipFile, Manifest, str]:
    """The file, its manifest and its seal, everything in it checked to be whole."""
    try:
        archive = zipfile.ZipFile(file)
        kept = json.loads(archive.read(MANIFEST))
        seal = str(kept.pop("seal"))
        tables = tuple(
            TableEntry(**entry | {"columns": tuple(entry["columns"])}) for entry in kept["tables"]
        )
        manifest = Manifest(**kept | {"tables": tables, "migrations": tuple(kept["migrations"])})
    except UNREADABLE as error:
        raise DamagedBackup("it is not a whole backup") from error
    if manifest.format != FORMAT:
        raise DamagedBackup(f"its format {manifest.format} is not known here")
    for entry in tables:
        if sum(1 for _ in read_table(archive, entry)) != entry.rows:
            raise DamagedBackup(f"rows of {entry.table} are missing")
    return archive, manifest, seal
