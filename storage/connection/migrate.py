"""Migrations of the schema: Alembic's scripts, all missing ones in one transaction.

A process that dies half-way leaves the tables as they were, so the migration can be run again. Alembic is imported
only where something is to be migrated: it takes 13 MB and a tenth of a second, and most starts find nothing to do.
"""

from functools import cache
from pathlib import Path

from sqlalchemy.engine import Connection

from storage.dialects import Database, database
from storage.model.errors import SchemaMismatch

__all__ = ["is_current", "prepare", "revision_of", "revisions", "upgrade"]

_SCRIPTS = Path(__file__).parents[1] / "migrations"
_TABLE = "alembic_version"
"""Where Alembic keeps the revision of the tables, in its only row."""
_IS_THERE = {
    "sqlite": f"SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = '{_TABLE}'",  # noqa: S608 (our own name)
    "postgresql": f"SELECT to_regclass('{_TABLE}') IS NOT NULL",
}
"""Whether there is one, for each kind of database; SQLAlchemy's own look composes a statement for every connection."""
_VERSION = f"SELECT version_num FROM {_TABLE}"  # noqa: S608 (our own name)


@cache
def revisions() -> tuple[str, ...]:
    """Return the revisions that this version knows, the newest last: each script is named after its own."""
    return tuple(sorted(script.stem for script in (_SCRIPTS / "versions").glob("[0-9]*.py")))


async def upgrade(url: str) -> None:
    """Migrate the database of `database.url`; of several processes that try at once, one does it.

    Raises ValueError for a wrong URL, InUse where another process has the SQLite file, SchemaMismatch for tables of a
    newer version, Unavailable where the database cannot be reached or written.
    """
    opened = database(url)
    with opened.exclusive():
        try:
            with opened.translated_errors():
                await _migrate(opened)
        finally:
            await opened.close()


async def prepare(opened: Database) -> None:
    """Migrate a database that migrates itself, check any other; raises SchemaMismatch."""
    if not opened.migrates_itself:
        await opened.run_sync(_check)
    elif await _written_revision(opened) != revisions()[-1]:
        await _migrate(opened)


async def _written_revision(opened: Database) -> str | None:
    """Return what `revision_of` does, by the connection that the writer goes on with: most starts need no other."""
    async with opened.writing() as driver:
        ((is_there,),) = await opened.fetch(driver, _IS_THERE[opened.dialect.name], ())
        rows = await opened.fetch(driver, _VERSION, ()) if is_there else ()
        return next((str(row[0]) for row in rows), None)


async def is_current(opened: Database) -> bool:
    """Return whether the tables are of this version; false where the next start migrates them.

    Raises SchemaMismatch for tables of a newer version, and for older ones that no start migrates.
    """
    if not opened.migrates_itself:
        await opened.run_sync(_check)
        return True
    revision = await opened.run_sync(revision_of)
    _known(revision)
    return revision == revisions()[-1]


async def _migrate(opened: Database) -> None:
    await opened.run_sync(lambda connection: _upgrade(opened, connection), is_long=True)


def _upgrade(opened: Database, connection: Connection) -> None:
    opened.lock_schema(connection)
    try:
        revision = revision_of(connection)
        _known(revision)
        if revision != revisions()[-1]:
            _run_missing(connection)
    except BaseException:
        connection.exec_driver_sql("ROLLBACK")
        raise
    else:
        connection.exec_driver_sql("COMMIT")
    finally:
        opened.unlock_schema(connection)


def _run_missing(connection: Connection) -> None:
    from alembic import command  # noqa: PLC0415 (only where something is to be migrated)
    from alembic.config import Config  # noqa: PLC0415 (as above)

    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _check(connection: Connection) -> None:
    revision, head = revision_of(connection), revisions()[-1]
    if revision != head:
        _known(revision)
        raise SchemaMismatch(f"the database has tables of version {revision or 'none'}, needed is {head}: {_RUN}")


_RUN = "run `huifang migrate` once"


def _known(revision: str | None) -> None:
    if revision is not None and revision not in revisions():
        raise SchemaMismatch(f"the database was made by a newer huifang (tables {revision}): install that version")


def revision_of(connection: Connection) -> str | None:
    """Return the revision of the tables, None where there are none."""
    if not connection.exec_driver_sql(_IS_THERE[connection.dialect.name]).scalar_one():
        return None
    found = connection.exec_driver_sql(_VERSION).first()
    return found[0] if found is not None else None
