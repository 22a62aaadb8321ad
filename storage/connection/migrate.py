"""Migrations of the schema: Alembic's scripts, all missing ones in one transaction.

A process that dies half-way leaves the tables as they were, so the migration can be run again.
"""

from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.engine import Connection

from storage.dialects import Database, database
from storage.model.errors import SchemaMismatch

__all__ = ["is_current", "prepare", "upgrade"]

_SCRIPTS = Path(__file__).parents[1] / "migrations"


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
    if opened.migrates_itself:
        await _migrate(opened)
        return
    async with opened.engine.connect() as connection:
        await connection.run_sync(_check)


async def is_current(opened: Database) -> bool:
    """Return whether the tables are of this version; false where the next start migrates them.

    Raises SchemaMismatch for tables of a newer version, and for older ones that no start migrates.
    """
    async with opened.engine.connect() as connection:
        if not opened.migrates_itself:
            await connection.run_sync(_check)
            return True
        revision: str | None = await connection.run_sync(_revision)
    _known(revision)
    return revision == _scripts().get_current_head()


async def _migrate(opened: Database) -> None:
    async with opened.engine.connect() as connection:
        await connection.run_sync(lambda sync: _upgrade(opened, sync))


def _upgrade(opened: Database, connection: Connection) -> None:
    opened.lock_schema(connection)
    try:
        revision = _revision(connection)
        _known(revision)
        if revision != _scripts().get_current_head():
            _run_missing(connection)
    except BaseException:
        connection.exec_driver_sql("ROLLBACK")
        raise
    else:
        connection.exec_driver_sql("COMMIT")
    finally:
        opened.unlock_schema(connection)


def _run_missing(connection: Connection) -> None:
    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _check(connection: Connection) -> None:
    revision, head = _revision(connection), _scripts().get_current_head()
    if revision != head:
        _known(revision)
        raise SchemaMismatch(f"the database has tables of version {revision or 'none'}, needed is {head}: {_RUN}")


_RUN = "run `huifang migrate` once"


def _known(revision: str | None) -> None:
    if revision is not None and revision not in {script.revision for script in _scripts().walk_revisions()}:
        raise SchemaMismatch(f"the database was made by a newer huifang (tables {revision}): install that version")


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


@cache
def _scripts() -> ScriptDirectory:
    return ScriptDirectory(str(_SCRIPTS))
