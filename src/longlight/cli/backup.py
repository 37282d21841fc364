"""`longlight backup`: a consistent copy of the data, while people go on writing."""

import hashlib
import json
import os
import sys
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import click

from longlight import __version__
from longlight.cli.backup_file import (
    FORMAT,
    MANIFEST,
    Manifest,
    columns_of,
    kept_models,
    seal_of,
    write_table,
)
from longlight.cli.django_setup import start_django
from longlight.cli.main import Refusal


@click.command(
    epilog="Examples:  longlight backup /backups/   ·   longlight backup today.longlight   (as root's nightly job)"
)
@click.argument("out", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Say what was saved for a program to read.")
def command(out: Path, as_json: bool) -> None:
    """Save the data as one file OUT, or as a new file in the folder OUT.

    What is saved is one moment, although people go on writing. The keys in LONGLIGHT_HOME/keys are not in it:
    keep a copy of them somewhere else.
    """
    start_django()
    path = _free_path(out)
    waiting = waiting_migrations()
    if waiting:
        raise Refusal("The database is not up to date: run  longlight migrate  first.")
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        manifest = _save(draft)
        draft.rename(path)
        _onto_disk(path.parent)
    except OSError as error:
        raise click.ClickException(
            f"{path} cannot be written ({error.strerror or error}): nothing was saved."
        ) from None
    finally:
        draft.unlink(missing_ok=True)
    said = {
        "file": str(path),
        "rows": manifest.rows,
        "tables": len(manifest.tables),
        "made_at": manifest.made_at,
    }
    click.echo(
        json.dumps(said)
        if as_json
        else f"Saved {manifest.rows} rows of {len(manifest.tables)} tables: {path}"
    )


def _free_path(out: Path) -> Path:
    path = out / f"longlight-{datetime.now(UTC):%Y%m%d-%H%M%S}.backup" if out.is_dir() else out
    if path.exists():
        raise Refusal(f"{path} is there already: name another file, or a folder.")
    if not path.parent.is_dir():
        raise Refusal(f"{path.parent} is not a folder: make it first.")
    return path


def waiting_migrations() -> bool:
    from django.db import Error, connection
    from django.db.migrations.executor import MigrationExecutor

    try:
        executor = MigrationExecutor(connection)
    except Error:
        raise Refusal(
            "The database does not answer: check DATABASE_URL, and that it runs."
        ) from None
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _save(path: Path) -> Manifest:
    from django.apps import apps
    from django.conf import settings
    from django.db import connection

    with one_moment(), zipfile.ZipFile(path, "x", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        models = kept_models(apps)
        entries = []
        with click.progressbar(models, label="saving", file=sys.stderr) as bar:
            for model in bar:
                columns = columns_of(model)
                rows = model._base_manager.order_by("pk").values_list(*columns).iterator()
                entries.append(write_table(archive, model._meta.db_table, columns, rows))
        manifest = Manifest(
            FORMAT, datetime.now(UTC).isoformat(), __version__, connection.vendor,
            applied_migrations(), tuple(entries), *heads_sum(),
        )  # fmt: skip
        sealed = json.loads(manifest.text()) | {"seal": seal_of(manifest, settings.AUDIT_KEY)}
        archive.writestr(MANIFEST, json.dumps(sealed, indent=1))
    _onto_disk(path)
    return manifest


@contextmanager
def one_moment() -> Iterator[None]:
    """Everything read inside is as it was at one moment; nobody who writes is kept waiting."""
    from django.db import connection, transaction

    if connection.vendor == "sqlite":
        connection.close()
        connection.transaction_mode = "DEFERRED"  # type: ignore[attr-defined]
        with transaction.atomic():
            yield
        return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def applied_migrations() -> tuple[str, ...]:
    from django.db import connection
    from django.db.migrations.recorder import MigrationRecorder

    applied = MigrationRecorder(connection).applied_migrations()
    return tuple(sorted(f"{app}.{name}" for app, name in applied))


def heads_sum() -> tuple[int, str]:
    """How many audit chains there are, and a sum over where each ends."""
    from longlight.clinic.record.models import AuditHead

    heads = sorted(
        (head.chain_name, head.sequence, head.row_hash) for head in AuditHead.objects.all()
    )
    return len(heads), hashlib.sha256(json.dumps(heads).encode()).hexdigest()


def _onto_disk(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
