"""The tables that migrations make are those that the code means."""

import asyncio
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from storage.connection.migrate import revision_of, revisions, upgrade
from storage.connection.store import Store
from storage.dialects import database
from storage.model.errors import SchemaMismatch
from storage.model.records import Note
from storage.schema.tables import METADATA
from storage.unit_of_work.writer import Writer
from tests.storage.migrations.sample import upgrade_to
from tests.storage.samples import NOW, save

SQLITE_SCHEMA = "SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' AND name <> 'alembic_version'"
POSTGRES_SCHEMA = """
SELECT table_name, column_name, data_type, is_nullable, is_identity FROM information_schema.columns
WHERE table_schema = 'public' AND table_name <> 'alembic_version'
UNION ALL
SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid), '', '' FROM pg_constraint
WHERE connamespace = 'public'::regnamespace AND conrelid::regclass::text <> 'alembic_version'
UNION ALL
SELECT tablename, indexname, indexdef, '', '' FROM pg_indexes
WHERE schemaname = 'public' AND tablename <> 'alembic_version'
UNION ALL
SELECT tgrelid::regclass::text, tgname, pg_get_triggerdef(oid), '', '' FROM pg_trigger WHERE NOT tgisinternal
UNION ALL
SELECT '', proname, prosrc, '', '' FROM pg_proc WHERE pronamespace = 'public'::regnamespace
"""


@pytest.fixture(params=["sqlite", "postgres"])
def bare_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/bare.db"
    found: str = request.getfixturevalue("postgres_url")
    return found


async def run(url: str, work: Callable[[Connection], Any]) -> Any:  # noqa: ANN401 - whatever `work` gives
    opened = database(url)
    try:
        return await opened.run_sync(work)
    finally:
        await opened.close()


async def execute(url: str, sql: str) -> None:
    await run(url, lambda connection: connection.exec_driver_sql(sql))


async def schema_of(url: str) -> list[tuple[str, ...]]:
    """Return every table, column, constraint and index, as the database itself describes them."""
    query = SQLITE_SCHEMA if url.startswith("sqlite") else POSTGRES_SCHEMA
    rows = await run(url, lambda connection: list(connection.exec_driver_sql(query)))
    return sorted(tuple(_normal(str(part)) for part in row) for row in rows)


def _normal(sql: str) -> str:
    """Order the lines of a CREATE TABLE: columns come in order, constraints as they like."""
    head, *lines = (line.strip(" ,\t") for line in sql.replace('"', "").split("\n"))
    columns = [line for line in lines if not line.startswith("CONSTRAINT")]
    return "\n".join([head, *columns, *sorted(line for line in lines if line.startswith("CONSTRAINT"))])


def _empty(connection: Connection) -> None:
    METADATA.drop_all(connection)


@pytest.mark.some(1)
async def test_the_schema_is_the_sum_of_the_migrations(bare_url: str) -> None:
    await upgrade(bare_url)
    migrated = await schema_of(bare_url)
    await run(bare_url, _empty)
    assert await schema_of(bare_url) == []
    await run(bare_url, METADATA.create_all)
    assert migrated == await schema_of(bare_url)
    assert len(migrated) > len(METADATA.tables)


@pytest.mark.some(1)
async def test_migrating_again_changes_nothing(bare_url: str) -> None:
    await upgrade(bare_url)
    before = await schema_of(bare_url)
    await upgrade(bare_url)
    assert await schema_of(bare_url) == before


@pytest.mark.some(1)
async def test_an_interrupted_migration_leaves_nothing_and_can_be_run_again(bare_url: str) -> None:
    in_the_way = "CREATE TABLE answer_logs (one text)"  # the last one that the migration makes
    await execute(bare_url, in_the_way)
    with pytest.raises(Exception, match="already exists"):
        await upgrade(bare_url)
    assert {row[0] if "sqlite" not in bare_url else row[1] for row in await schema_of(bare_url)} == {"answer_logs"}
    await execute(bare_url, "DROP TABLE answer_logs")
    await upgrade(bare_url)
    assert len(await schema_of(bare_url)) > len(METADATA.tables)


@pytest.mark.some(1)
async def test_tables_of_a_newer_version_are_not_touched(bare_url: str) -> None:
    await upgrade(bare_url)
    await execute(bare_url, "UPDATE alembic_version SET version_num = '9999_future'")
    with pytest.raises(SchemaMismatch, match=r"newer huifang \(tables 9999_future\)"):
        await upgrade(bare_url)
    with pytest.raises(SchemaMismatch, match="newer huifang"):
        async with Store.open(bare_url):
            pass


async def test_processes_that_migrate_at_once_do_not_hurt_each_other(postgres_url: str) -> None:
    await asyncio.gather(*(upgrade(postgres_url) for _ in range(4)))
    async with Store.open(postgres_url):
        pass


async def test_postgresql_is_migrated_by_hand_and_the_error_says_how(postgres_url: str) -> None:
    newest = revisions()[-1]
    with pytest.raises(SchemaMismatch, match=rf"version none, needed is {newest}: run `huifang migrate` once"):
        async with Store.open(postgres_url):
            pass


@pytest.mark.proof
async def test_a_sqlite_file_is_migrated_by_opening_it(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/var/deep/new.db"
    async with Store.open(url):
        pass
    assert len(await schema_of(url)) > len(METADATA.tables)


@pytest.mark.proof
async def test_older_tables_with_a_log_that_was_left_beside_them_are_migrated_and_written_to(tmp_path: Path) -> None:
    old, here = tmp_path / "old.db", tmp_path / "huifang.db"
    await upgrade_to(f"sqlite:///{old}", revisions()[-2])
    with closing(sqlite3.connect(old)) as process:
        process.execute("PRAGMA journal_mode = WAL")
        process.executescript("CREATE TABLE written_last (one text); INSERT INTO written_last VALUES ('kept')")
        for suffix in ("", "-wal"):  # as a process leaves them that is killed
            shutil.copy(f"{old}{suffix}", f"{here}{suffix}")
    async with Store.open(f"sqlite:///{here}") as store:
        writer = Writer(store, lambda: NOW)
        await save(writer, Note("poll", "1", NOW))
        await writer.stop()
    with closing(sqlite3.connect(here)) as after:
        assert after.execute("SELECT version_num FROM alembic_version").fetchall() == [(revisions()[-1],)]
        assert after.execute("SELECT one FROM written_last").fetchall() == [("kept",)]


def test_the_revisions_are_those_of_the_scripts_in_their_order() -> None:
    scripts = ScriptDirectory(str(Path(__file__).parents[3] / "storage" / "migrations")).walk_revisions()
    assert list(revisions()) == [script.revision for script in scripts][::-1]


async def test_the_revision_is_that_of_our_own_tables(bare_url: str) -> None:
    assert await run(bare_url, revision_of) is None
    if not bare_url.startswith("sqlite"):  # a schema that others keep in the same database
        await execute(bare_url, "CREATE SCHEMA IF NOT EXISTS others")
        await execute(bare_url, "CREATE TABLE IF NOT EXISTS others.alembic_version (version_num text)")
        assert await run(bare_url, revision_of) is None
        await execute(bare_url, "DROP SCHEMA others CASCADE")
    await execute(bare_url, "CREATE TABLE alembic_version (version_num varchar(32))")
    assert await run(bare_url, revision_of) is None
    await execute(bare_url, "INSERT INTO alembic_version VALUES ('0007_sheets')")
    assert await run(bare_url, revision_of) == "0007_sheets"
