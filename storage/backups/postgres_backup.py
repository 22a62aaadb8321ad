"""Backups of a PostgreSQL database: by `pg_dump`, of the very snapshot in which its rows are counted.

It is restored through `psql`, in one transaction: all of it is there afterwards, or nothing has changed.
"""

import asyncio
import os
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import asyncpg

from storage.backups.backup_file import BackupHeader, BackupWriter, backup_content
from storage.backups.restore_mark import RESTORED_SQL, RestoreMark
from storage.dialects.postgres_address import libpq_parameters, read_postgres_address
from storage.model.errors import InUse, Unavailable

__all__ = ["copy_postgres", "lay_postgres", "present_in_postgres"]

_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
_DROPS = """
SELECT format('DROP TABLE IF EXISTS public.%I CASCADE', tablename) FROM pg_tables WHERE schemaname = 'public'
UNION ALL
SELECT format('DROP FUNCTION IF EXISTS %s CASCADE', p.oid::regprocedure) FROM pg_proc p
WHERE p.pronamespace = 'public'::regnamespace AND p.prokind = 'f'
AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
"""
"""What drops everything in a database but what its extensions have made."""
_SNAPSHOT = (
    "SET statement_timeout = 0",
    "SET idle_in_transaction_session_timeout = 0",
    "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
)
_OTHERS = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
"""
_PIECE = 1 << 16


async def copy_postgres(url: str, writer: BackupWriter) -> tuple[str, dict[str, int]]:
    """Write a copy of a database as it is at one moment; return the revision of its tables, and their rows.

    Raises Unavailable where the database or `pg_dump` cannot be used, ValueError where it is none of huifang's.
    """
    async with _connected(url) as server:
        for statement in _SNAPSHOT:
            await server.execute(statement)
        snapshot = await server.fetchval("SELECT pg_export_snapshot()")
        rows = {name: await _count(server, name) for name in await _tables(server)}
        if "alembic_version" not in rows:
            raise ValueError("the database is none of huifang's: look at database.url")
        revision = await server.fetchval("SELECT version_num FROM alembic_version")
        arguments = ("--format=custom", "--no-owner", "--no-acl", f"--snapshot={snapshot}")
        program = await _started("pg_dump", url, *arguments)
        async with _ending(program):
            while piece := await _output(program).read(_PIECE):
                writer.write(piece)
            await _ended(program, "pg_dump")
    return str(revision), rows


async def present_in_postgres(url: str) -> list[str]:
    """Return what is in a database, as the statements that drop it; nothing for an empty one.

    Raises InUse while anybody else is connected to it, Unavailable.
    """
    async with _connected(url) as server:
        if await server.fetchval(_OTHERS):
            raise InUse("the database is in use by other sessions: stop the service and whatever else uses it first")
        return [row[0] for row in await server.fetch(_DROPS)]


async def lay_postgres(url: str, backup: Path, header: BackupHeader, mark: RestoreMark, present: Sequence[str]) -> None:
    """Write the tables of a backup in place of those that are `present`, or change nothing.

    They are counted, and marked as restored.

    Raises BackupDamagedError where it is not what was written, Unavailable where the database or its programs cannot be
    used.
    """
    reader = await _started("pg_restore", "", "--no-owner", "--no-acl", "--file=-", stdin=PIPE)
    async with _ending(reader):
        arguments = (
            "--no-psqlrc",
            "--quiet",
            "--single-transaction",
            "--set=ON_ERROR_STOP=1",
            "--output=/dev/null",
            "--file=-",
        )
        shell = await _started("psql", url, *arguments, stdin=PIPE)
        async with _ending(shell):
            feeding = asyncio.ensure_future(_feed(reader, backup))
            try:
                await _send(shell, _dropping(present))
                while piece := await _output(reader).read(_PIECE):
                    await _send(shell, piece)
                await feeding
                await _ended(reader, "pg_restore")
                await _send(shell, _counting(header.rows))
                await _send(shell, RESTORED_SQL.format(*mark.literals()).encode())
            except (BrokenPipeError, ConnectionResetError):
                await _ended(shell, "psql")
                raise
            finally:
                feeding.cancel()
                await asyncio.wait([feeding])
            _input(shell).close()  # only now does it commit
            await _ended(shell, "psql")


async def _feed(reader: Process, backup: Path) -> None:
    """Pass the content of a backup on; raises BackupDamagedError before its end would be taken for one."""
    with suppress(BrokenPipeError, ConnectionResetError):
        for piece in backup_content(backup):
            await _send(reader, piece)
    _input(reader).close()


def _dropping(present: Iterable[str]) -> bytes:
    return "".join(f"{statement};\n" for statement in ("SET client_min_messages = warning", *present)).encode()


def _counting(rows: Mapping[str, int]) -> bytes:
    """Return what raises an error where a table has other rows than the header says."""
    wrong = " OR ".join(f'(SELECT count(*) FROM public."{name}") <> {count}' for name, count in rows.items())  # noqa: S608 (names of the schema)
    return f"""
    SET search_path TO public;
    DO $$ BEGIN IF {wrong} THEN RAISE EXCEPTION 'other rows than the header says'; END IF; END $$;
    """.encode()


async def _tables(server: Any) -> list[str]:  # noqa: ANN401 (a connection of asyncpg)
    return [row[0] for row in await server.fetch(_TABLES)]


async def _count(server: Any, table: str) -> int:  # noqa: ANN401 (as above)
    return int(await server.fetchval(f'SELECT count(*) FROM "{table}"'))  # noqa: S608 (a name of the schema)


@asynccontextmanager
async def _connected(url: str) -> AsyncIterator[Any]:
    address = read_postgres_address(url)
    try:
        server = await asyncpg.connect(**address.arguments, server_settings=dict(address.settings))
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        raise Unavailable(f"the database cannot be reached: {type(error).__name__}") from error
    try:
        yield server
    except asyncpg.PostgresError as error:
        raise Unavailable(f"the database cannot be used: {type(error).__name__}") from error
    finally:
        await server.close()


async def _started(program: str, url: str, *arguments: str, stdin: int | None = asyncio.subprocess.DEVNULL) -> Process:
    """Start a program of PostgreSQL's; the password reaches it by its environment, which other users cannot see."""
    given = libpq_parameters(url) if url else {}
    environ = dict(os.environ) | ({"PGPASSWORD": given.pop("password")} if "password" in given else {})
    where = " ".join(f"{name}='{_quoted(value)}'" for name, value in given.items())
    try:
        return await asyncio.create_subprocess_exec(
            program,
            *arguments,
            *([f"--dbname={where}"] if url else []),
            stdin=stdin,
            stdout=PIPE,
            stderr=PIPE,
            env=environ,
        )
    except FileNotFoundError:
        raise Unavailable(
            f"{program} is not installed here: install PostgreSQL's client programs, of the server's version or a newer"
        ) from None


def _quoted(value: str) -> str:
    return value.replace("\\", "\\\\").replace("'", "\\'")


@asynccontextmanager
async def _ending(program: Process) -> AsyncIterator[None]:
    """Kill a program that has not ended: what it has not committed is undone."""
    try:
        yield
    finally:
        with suppress(ProcessLookupError):
            if program.returncode is None:
                program.kill()
        await program.communicate()  # without reading the rest one would wait for ever


async def _ended(program: Process, name: str) -> None:
    """Wait for the end of a program; raises Unavailable, with its own last line, where it has failed."""
    told = (await program.stderr.read()).decode(errors="replace").split("\n") if program.stderr is not None else []
    if await program.wait() != 0:
        why = next((line.strip() for line in told if "error" in line.lower()), " ".join(told).strip())
        raise Unavailable(f"{name} failed: {why}")


async def _send(program: Process, content: bytes) -> None:
    _input(program).write(content)
    await _input(program).drain()


def _input(program: Process) -> asyncio.StreamWriter:
    if program.stdin is None:
        raise RuntimeError("the program was started without an input")
    return program.stdin


def _output(program: Process) -> asyncio.StreamReader:
    if program.stdout is None:
        raise RuntimeError("the program was started without an output")
    return program.stdout
