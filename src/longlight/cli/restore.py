"""`longlight restore`: bring a saved copy back, checked before anything is touched and again before it counts."""

import json
import zipfile
from pathlib import Path

import click

from longlight.cli.backup import applied_migrations, heads_sum
from longlight.cli.backup_file import (
    DamagedBackup,
    Manifest,
    columns_of,
    kept_models,
    open_backup,
    read_table,
    seal_of,
)
from longlight.cli.django_setup import start_django
from longlight.cli.main import Refusal
from longlight.cli.restore_place import holds_data, load_rows, new_place

KEYS_BACK = (
    "bring back the keys of the installation that made it (LONGLIGHT_HOME/keys, or LONGLIGHT_AUDIT_KEY); "
    "if they are lost for good, --accept-unverified restores without the proof"
)


@click.command(
    epilog="Examples:  longlight restore today.longlight   ·   longlight restore today.longlight --replace"
)
@click.argument("file", metavar="IN", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--replace", is_flag=True, help="Restore although there is data; the old is kept beside."
)
@click.option(
    "--accept-unverified",
    is_flag=True,
    help="Restore although the audit trail does not verify (keys lost).",
)
@click.option(
    "--json", "as_json", is_flag=True, help="Say what was restored for a program to read."
)
def command(file: Path, replace: bool, accept_unverified: bool, as_json: bool) -> None:
    """Restore the backup IN into the database that DATABASE_URL (or LONGLIGHT_HOME) names; either kind will do.

    Stop the server and the worker first. Checked are the file, its counts, its migrations and the audit trail;
    when one is wrong nothing is changed.
    """
    start_django()
    archive, manifest = _opened(file, accept_unverified=accept_unverified)
    is_filled = holds_data()
    if is_filled and not replace:
        raise Refusal(
            "The database holds data: add --replace to put the backup in its place (the old is kept beside)."
        )
    with new_place(keep_old=is_filled) as kept:
        _migrate_to(manifest)
        _fill(archive, manifest)
        _check(manifest, accept_unverified=accept_unverified)
    _finish(kept)
    said = {
        "rows": manifest.rows,
        "tables": len(manifest.tables),
        "made_at": manifest.made_at,
        "kept": kept,
    }
    if as_json:
        click.echo(json.dumps(said))
        return
    click.echo(
        f"Restored {manifest.rows} rows of {len(manifest.tables)} tables, saved {manifest.made_at}."
    )
    for old in kept:
        click.echo(f"What was there before is kept: {old}. Remove it when you no longer need it.")


def _opened(file: Path, *, accept_unverified: bool) -> tuple[zipfile.ZipFile, Manifest]:
    from django.conf import settings

    if not file.exists():
        raise Refusal(f"{file} is not there.")
    try:
        archive, manifest, seal = open_backup(file)
    except DamagedBackup as error:
        raise Refusal(f"{file} cannot be restored: {error}. Nothing was changed.") from None
    if seal != seal_of(manifest, settings.AUDIT_KEY) and not accept_unverified:
        raise Refusal(f"{file} was not saved with this installation's keys: {KEYS_BACK}.")
    return archive, manifest


def _migrate_to(manifest: Manifest) -> None:
    """Bring the new place to where the backup's database was."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    wanted = {(app, name) for app, _, name in (m.partition(".") for m in manifest.migrations)}
    known = {(app, str(name)) for app, name in executor.loader.graph.nodes}
    unknown = {name for name in wanted - known if name not in executor.loader.replacements}
    if unknown:
        name = ".".join(sorted(unknown)[0])
        raise Refusal(
            f"The backup was made by another version of Longlight ({manifest.version}): {name} is not known here. "
            "Install that version, restore, then update."
        )
    nodes = executor.loader.graph.node_map
    last = [
        node
        for node in sorted(wanted & known)
        if not any(child.key in wanted for child in nodes[node].children)
    ]
    executor.migrate(last)


def _fill(archive: zipfile.ZipFile, manifest: Manifest) -> None:
    from django.db import connection
    from django.db.migrations.loader import MigrationLoader

    loader = MigrationLoader(connection)
    nodes = [name for name in loader.applied_migrations if name in loader.graph.nodes]
    models = {
        model._meta.db_table: model for model in kept_models(loader.project_state(nodes).apps)
    }
    for entry in manifest.tables:
        if entry.table not in models or set(columns_of(models[entry.table])) != set(entry.columns):
            raise Refusal(
                f"The backup was made by another version of Longlight ({manifest.version}): {entry.table} differs. "
                "Install that version, restore, then update."
            )
    load_rows(
        {entry.table: models[entry.table] for entry in manifest.tables},
        manifest.tables,
        lambda entry: read_table(archive, entry),
    )
    _count(models, manifest)


def _count(models: dict[str, "object"], manifest: Manifest) -> None:
    for entry in manifest.tables:
        count = models[entry.table]._base_manager.count()  # type: ignore[attr-defined]
        if count != entry.rows:
            raise Refusal(
                f"{entry.table} has {count} rows instead of {entry.rows}. Nothing was changed."
            )


def _check(manifest: Manifest, *, accept_unverified: bool) -> None:
    from django.core.management import call_command

    from longlight.clinic.record.queries import verify

    if set(applied_migrations()) != set(manifest.migrations):
        raise Refusal("The restored database stands at other migrations. Nothing was changed.")
    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)
    if heads_sum() != (manifest.heads, manifest.heads_sha256):
        raise Refusal("The audit chains do not end where they ended. Nothing was changed.")
    found = verify()
    if not found.is_whole and not accept_unverified:
        raise Refusal(f"The audit trail does not verify ({found.broken[0]}): {KEYS_BACK}.")


def _finish(kept: list[str]) -> None:
    """The anchors outside now belong to what is restored; those of before are kept."""
    from longlight.clinic.record.jobs import anchors_file, keep_anchors_outside

    path = anchors_file()
    if path.exists():
        old = path.with_name(f"anchors-before-restore-{path.stat().st_mtime_ns}.jsonl")
        path.rename(old)
        kept.append(str(old))
    keep_anchors_outside()
