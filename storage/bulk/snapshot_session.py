"""One moment of a whole database, read while a service goes on writing: whatever is read belongs together."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from sqlalchemy import SelectBase
from sqlalchemy.engine import Connection

from storage.connection.codec import converted
from storage.connection.migrate import revision_of, revisions
from storage.connection.session import StatementCache
from storage.dialects import database
from storage.model.errors import SchemaMismatch, Unavailable

__all__ = ["SnapshotSession", "read_snapshot"]

T = TypeVar("T")


class SnapshotSession:
    """Reads records through a connection that sees one moment and cannot write; it blocks."""

    def __init__(self, statements: StatementCache, connection: Connection) -> None:
        self._statements, self._connection = statements, connection

    def records(self, kind: type[T], statement: SelectBase, **values: object) -> list[T]:
        """Return the records of a SELECT over `columns_of(kind)`; `values` are its parameters."""
        _, rows = self._run(statement, values)
        return self._statements.codec(kind).decode(rows) if rows else []

    def fetch(self, statement: SelectBase, **values: object) -> list[tuple[Any, ...]]:
        """Return the decoded rows of a SELECT; `values` are its parameters."""
        prepared, rows = self._run(statement, values)
        return list(zip(*converted(rows, prepared.decoders), strict=True))

    def _run(self, statement: SelectBase, values: dict[str, Any]) -> tuple[Any, Sequence[Any]]:
        prepared = self._statements.select(statement, values)
        given: tuple[Any, ...] = tuple(prepared.arguments(values))
        return prepared, self._connection.exec_driver_sql(prepared.sql, given).all()


async def read_snapshot(url: str, work: Callable[[SnapshotSession], T]) -> T:
    """Return what `work` reads of the database of `database.url` at one moment; it may take any time.

    Raises ValueError for a wrong URL, SchemaMismatch for tables of another version, Unavailable where there is no
    database or it cannot be read, and whatever `work` raises.
    """
    opened = database(url)

    def look(connection: Connection) -> T:
        revision, head = revision_of(connection), revisions()[-1]
        if revision != head:
            raise SchemaMismatch(
                f"the database has tables of version {revision or 'none'}, needed is {head}: run `huifang migrate` once"
            )
        return work(SnapshotSession(StatementCache(opened), connection))

    try:
        if opened.file is not None and not opened.file.exists():
            raise Unavailable(f"there is no database at {opened.file}: look at database.url")
        with opened.translated_errors():
            return await opened.inspect(look)
    finally:
        await opened.close()
