"""The verification of a whole database, in one read-only snapshot: a service may go on writing beside it."""

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice

from sqlalchemy import Connection, Table
from sqlalchemy.exc import DatabaseError

from scoring.values import Value, field, replace
from storage.connection.migrate import revision_of, revisions
from storage.dialects import database
from storage.model.errors import SchemaMismatch
from storage.rollups.differences import rollup_differences
from storage.schema.tables import METADATA
from storage.verification.answers import ANSWER_CHECKS
from storage.verification.check import PromiseCheck, Violation, sql_of
from storage.verification.due import DUE_CHECKS
from storage.verification.invitations import INVITATION_CHECKS
from storage.verification.issues import ISSUE_CHECKS
from storage.verification.messages import MESSAGE_CHECKS
from storage.verification.people import ERASURE_CHECKS
from storage.verification.published_revisions import (
    FILE_PROMISE,
    PUBLICATION_CHECKS,
    UNCHANGED_PROMISE,
    changed_files,
    changed_publications,
)
from storage.verification.timeline import TIMELINE_PROMISE, broken_timelines

__all__ = ["Verification", "verify_database"]

_SERVED = "SELECT max(at) FROM notes WHERE key = 'clock'"
_RECEIVED = "SELECT max(received_at) FROM inbox"
_ADDED_UP = "The sums of ratings are what the ratings add up to"
_MOST = 100
"""Rows that are named for each check."""


class Verification(Value):
    """What was found in a database: the violations, of each check a hundred at most and then how many more.

    `number` counts them all; `promises` is the number of promises that were checked, `rows` that of rows by table.
    """

    violations: tuple[Violation, ...] = ()
    number: int = 0
    promises: int = 0
    rows: dict[str, int] = field(default_factory=dict)


async def verify_database(url: str, now: datetime) -> Verification:
    """Check a database against the promises, without changing it and without keeping others out.

    It is judged as of its last heartbeat, so that a backup is not blamed for what fell due since; as of `now` where
    it has served nobody. Raises ValueError for a wrong URL, SchemaMismatch for tables of another version, Unavailable
    where it cannot be read.
    """
    opened = database(url)
    try:
        if opened.file is not None and not opened.file.exists():
            return Verification()
        with opened.translated_errors():
            return await opened.inspect(lambda connection: _verification(connection, now))
    finally:
        await opened.close()


def _verification(connection: Connection, now: datetime) -> Verification:
    damage = tuple(_damage(connection))
    if damage:
        return Verification(damage, len(damage))
    if revision_of(connection) != revisions()[-1]:
        raise SchemaMismatch(f"the database is not migrated to {revisions()[-1]}: run `huifang migrate` once")
    served = _served_until(connection) or now
    results = [(one.promise, _broken(connection, one, served)) for one in _CHECKS]
    results.append((TIMELINE_PROMISE, broken_timelines(connection)))
    results.append((UNCHANGED_PROMISE, changed_publications(connection)))
    results.append((FILE_PROMISE, changed_files(connection)))
    results.append((_ADDED_UP, _wrong_sums(connection)))
    found, number = [], 0
    for _, violations in results:
        kept = list(islice(violations, _MOST))
        more = sum(1 for _ in violations)
        number += len(kept) + more
        found += [*kept, *([replace(kept[-1], row=f"and {more} more")] if more else [])]
    return Verification(tuple(found), number, len({promise for promise, _ in results}), _rows(connection))


def _damage(connection: Connection) -> Iterator[Violation]:
    """Yield what is wrong with the pages and indexes of a file (https://sqlite.org/pragma.html#pragma_integrity_check)."""
    if connection.dialect.name != "sqlite":
        return
    try:
        lines = [line for (line,) in connection.exec_driver_sql("PRAGMA integrity_check") if line != "ok"]
    except DatabaseError as error:  # too damaged to be checked
        lines = [str(error.orig)]
    for line in lines:
        yield Violation("The file is undamaged", "database", line, "Restore the last backup.")


def _broken(connection: Connection, check: PromiseCheck, served: datetime) -> Iterator[Violation]:
    for (row,) in connection.exec_driver_sql(sql_of(check.query, connection.dialect.name, served)):
        yield Violation(check.promise, check.table, str(row), check.advice)


def _wrong_sums(connection: Connection) -> Iterator[Violation]:
    for found in rollup_differences(connection):
        yield Violation(_ADDED_UP, "rating_rollups", str(found), "Run `huifang rollups rebuild`, and report it.")


def _references() -> Iterator[PromiseCheck]:
    """Yield a check for every foreign key: SQLite enforces none for a program that does not ask for it."""
    for table in METADATA.sorted_tables:
        key = " || '/' || ".join(f"x.{name}" for name in _names(table))
        for foreign in table.foreign_keys:
            parent, column = foreign.column.table.name, foreign.parent.name
            query = f"""
                SELECT {key} FROM {table.name} x LEFT JOIN {parent} p ON p.{foreign.column.name} = x.{column}
                WHERE x.{column} IS NOT NULL AND p.{foreign.column.name} IS NULL
            """  # noqa: S608 (our own words)
            promise = f"A row refers to one that exists ({column} in {parent})"
            yield PromiseCheck(promise, table.name, query, "Restore it from a backup, or report it.")


def _names(table: Table) -> list[str]:
    """Return the columns by which a row is named: its key, without the chat, which tells of a person."""
    return ["id"] if table.name == "outbox" else [column.name for column in table.primary_key if column.name != "chat"]


_CHECKS = (
    *_references(),
    *INVITATION_CHECKS,
    *ANSWER_CHECKS,
    *ISSUE_CHECKS,
    *MESSAGE_CHECKS,
    *ERASURE_CHECKS,
    *DUE_CHECKS,
    *PUBLICATION_CHECKS,
)


def _rows(connection: Connection) -> dict[str, int]:
    counts = {}
    for table in METADATA.sorted_tables:
        counts[table.name] = int(connection.exec_driver_sql(f"SELECT count(*) FROM {table.name}").scalar_one())  # noqa: S608 (our own words)
    return counts


def _served_until(connection: Connection) -> datetime | None:
    for query in (_SERVED, _RECEIVED):
        found = connection.exec_driver_sql(query).scalar()
        if found is not None:
            return datetime.fromisoformat(found) if isinstance(found, str) else found.astimezone(UTC)
    return None
