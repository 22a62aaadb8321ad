"""The verification of a whole database, in one read-only snapshot: a service may go on writing beside it."""

from collections.abc import Iterator
from datetime import UTC, datetime

from sqlalchemy import Connection, Table

from scoring.values import Value
from storage.connection.migrate import revision_of, revisions
from storage.dialects import Database, database
from storage.model.errors import SchemaMismatch
from storage.schema.tables import METADATA
from storage.verification.answers import ANSWER_CHECKS
from storage.verification.check import PromiseCheck, Violation, sql_of
from storage.verification.due import DUE_CHECKS
from storage.verification.invitations import INVITATION_CHECKS
from storage.verification.issues import ISSUE_CHECKS
from storage.verification.messages import MESSAGE_CHECKS
from storage.verification.people import ERASURE_CHECKS
from storage.verification.timeline import broken_timelines

__all__ = ["Verification", "verify_database"]

_SERVED = "SELECT max(at) FROM notes WHERE key = 'clock'"
_RECEIVED = "SELECT max(received_at) FROM inbox"


class Verification(Value):
    """What was found in a database: the violations, and the number of its rows by table."""

    violations: tuple[Violation, ...]
    rows: dict[str, int]


async def verify_database(url: str, now: datetime) -> Verification:
    """Check a database against the promises, without changing it and without keeping others out.

    It is judged as of its last heartbeat, so that a backup is not blamed for what fell due since; as of `now` where
    it has served nobody. Raises ValueError for a wrong URL, SchemaMismatch for tables of another version, Unavailable
    where it cannot be read.
    """
    opened = database(url)
    try:
        if opened.file is not None and not opened.file.exists():
            return Verification((), {})
        with opened.translated_errors():
            if await opened.inspect(revision_of) != revisions()[-1]:
                raise SchemaMismatch(f"the database is not migrated to {revisions()[-1]}: run `huifang migrate` once")
            return await _verified(opened, now)
    finally:
        await opened.close()


async def _verified(opened: Database, now: datetime) -> Verification:
    damage = await opened.problems()
    found = [Violation("The file is undamaged", "database", line, "Restore the last backup.") for line in damage]
    rows = {} if damage else await opened.inspect(_rows)
    if not damage:
        found += await opened.inspect(lambda connection: list(_violations(connection, now)))
    return Verification(tuple(found), rows)


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
)


def _rows(connection: Connection) -> dict[str, int]:
    counts = {}
    for table in METADATA.sorted_tables:
        counts[table.name] = int(connection.exec_driver_sql(f"SELECT count(*) FROM {table.name}").scalar_one())  # noqa: S608 (our own words)
    return counts


def _violations(connection: Connection, now: datetime) -> Iterator[Violation]:
    served = _served_until(connection) or now
    for check in _CHECKS:
        for (row,) in connection.exec_driver_sql(sql_of(check.query, connection.dialect.name, served)):
            yield Violation(check.promise, check.table, str(row), check.advice)
    yield from broken_timelines(connection)


def _served_until(connection: Connection) -> datetime | None:
    for query in (_SERVED, _RECEIVED):
        found = connection.exec_driver_sql(query).scalar()
        if found is not None:
            return datetime.fromisoformat(found) if isinstance(found, str) else found.astimezone(UTC)
    return None
