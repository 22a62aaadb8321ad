"""A connection in use: statements written in SQLAlchemy Core, compiled once, run by the driver."""

from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, ClassVar, TypeVar

from sqlalchemy import Column, SelectBase, Table
from sqlalchemy.sql.dml import UpdateBase

from scoring.values import Value
from storage.connection.codec import Codec, Converters, converted, converted_row, decoders, encoders
from storage.dialects import KEY_COUNTS, Database, Driver, InputRows, Keys, SqlRow, spread_keys

__all__ = ["Session", "StatementCache", "Write"]

T = TypeVar("T")
Fetched = SelectBase | UpdateBase
"""A SELECT, or a statement that changes rows and returns some of their columns."""

_ANY_NUMBER = 2
"""The number of keys from which on a statement has one text for all numbers."""
_MANY_ROWS = 50
"""Rows from which on it pays to look for columns without a value in any of them."""


@dataclass(frozen=True, eq=False)
class Write:
    """A statement over many rows with `columns`; `build` makes it from the placeholders of these rows.

    Compared by identity: each is a constant of its module, compiled once for each database. `writes_null`: columns
    without a value in any of many rows may stand as NULL in the text, as in an INSERT, where nothing is compared.
    """

    table: Table
    columns: Sequence[Column[Any]]
    build: Callable[[InputRows], UpdateBase]
    writes_null: bool = False


class _Prepared(Value):
    sql: str
    slots: tuple[tuple[str, Callable[[Any], Any] | None], ...]
    """The parameter that each placeholder takes, and its encoder, None where the driver takes it as it is."""
    singles: tuple[str, ...]
    """The lists of keys that hold a single one."""
    constants: dict[str, Any]
    decoders: Converters

    def arguments(self, values: dict[str, Any]) -> SqlRow:
        known = self.constants | values
        for name in self.singles:
            known |= spread_keys(name, values[name])
        return [
            encode(known[name]) if encode and known[name] is not None else known[name] for name, encode in self.slots
        ]


class _PreparedWrite(Value):
    sql: str
    order: tuple[int, ...]
    encoders: Converters

    def columns(self, rows: Sequence[SqlRow]) -> list[Sequence[Any]]:
        if len(rows) == 1:
            values = converted_row(rows[0], self.encoders)
            return [(values[place],) for place in self.order]
        return self.ordered(converted(rows, self.encoders))

    def ordered(self, columns: Sequence[Sequence[Any]]) -> list[Sequence[Any]]:
        """Return converted columns in the order of the placeholders."""
        return [columns[place] for place in self.order]


class _Compiled:
    """The compiled statements and codecs of one kind of database; statements are constants of their modules."""

    def __init__(self, database: Database) -> None:
        self._dialect, self._rows = database.dialect, database.rows
        self._prepared = cache(self._select)
        self._key_lists = cache(self._lists_of)
        self.bulk_write = cache(self._bulk_write)
        self._codecs: dict[type, Codec[Any]] = {}

    def codec(self, kind: type[T]) -> Codec[T]:
        """Return the codec of a kind of record, made at the first use."""
        if kind not in self._codecs:
            self._codecs[kind] = Codec(kind, self._dialect)
        return self._codecs[kind]

    def select(self, statement: Fetched, values: dict[str, Any]) -> _Prepared:
        """Return the text of a statement for as many keys as these parameters hold."""
        counts = [min(len(values[name]), _ANY_NUMBER) for name in self._key_lists(statement)]
        return self._prepared(statement, *counts)

    def _lists_of(self, statement: Fetched) -> tuple[str, ...]:
        binds = statement.compile(dialect=self._dialect).binds
        return tuple(name for name, parameter in binds.items() if isinstance(parameter.type, Keys))

    def _select(self, statement: Fetched, *counts: int) -> _Prepared:
        key_counts = dict(zip(self._key_lists(statement), counts, strict=True))
        compiled: Any = statement.compile(dialect=self._dialect, compile_kwargs={KEY_COUNTS: key_counts})
        names = tuple(compiled.positiontup)
        constants = {name: value for name, value in compiled.params.items() if value is not None}
        typed = dict(encoders([compiled.binds[name] for name in names], self._dialect))
        slots = tuple((name, typed.get(place)) for place, name in enumerate(names))
        singles = tuple(name for name, count in key_counts.items() if count == 1)
        found = decoders(statement.exported_columns, self._dialect)
        return _Prepared(compiled.string, slots, singles, constants, found)

    def _bulk_write(self, write: Write, empty: frozenset[int] = frozenset()) -> _PreparedWrite:
        rows = self._rows(write.table, write.columns, frozenset(write.columns[place].name for place in empty))
        compiled: Any = write.build(rows).compile(dialect=self._dialect)
        places = {f"new_{column.name}": place for place, column in enumerate(write.columns)}
        order = tuple(places[name] for name in compiled.positiontup)
        return _PreparedWrite(compiled.string, order, encoders(write.columns, self._dialect))


class StatementCache:
    """A database, what is compiled for its kind, once in a process, and what is `known` of rows that never change."""

    _compiled: ClassVar[dict[type[Database], _Compiled]] = {}

    def __init__(self, database: Database) -> None:
        self.database = database
        self.known: dict[Any, Any] = {}
        compiled = self._compiled.setdefault(type(database), _Compiled(database))
        self.select, self.bulk_write, self.codec = compiled.select, compiled.bulk_write, compiled.codec


class Session:
    """A connection in use, inside a transaction or for reads."""

    def __init__(self, statements: StatementCache, driver: Driver) -> None:
        self._statements, self._driver = statements, driver
        self.is_committed = False

    @property
    def known(self) -> dict[Any, Any]:
        """What has been read of rows that never change once they are committed, for all sessions of this database."""
        return self._statements.known

    async def together(
        self,
        statements: Callable[["Session"], Coroutine[Any, Any, T]],
        *,
        commits: bool = False,
        is_look_up: bool = False,
    ) -> T:
        """Run statements that await nothing but each other, in one trip to the connection where that saves time.

        `commits`: commit the transaction after them, in the same trip. `is_look_up`: see `Database.together`.
        """
        database = self._statements.database

        async def run(driver: Driver) -> T:
            result = await statements(Session(self._statements, driver))
            if commits:
                await database.commit(driver)
            return result

        result = await database.together(self._driver, run, is_look_up=is_look_up)
        self.is_committed = commits
        return result

    async def fetch(self, statement: Fetched, **values: object) -> list[tuple[Any, ...]]:
        """Return the decoded rows that a statement returns; `values` are its parameters."""
        prepared = self._statements.select(statement, values)
        return list(zip(*converted(await self._run(prepared, values), prepared.decoders), strict=True))

    async def records(self, kind: type[T], statement: SelectBase, **values: object) -> list[T]:
        """Return the records of a SELECT over `columns_of(kind)`."""
        found = await self._run(self._statements.select(statement, values), values)
        return self._statements.codec(kind).decode(found) if found else []

    async def records_with(self, kind: type[T], statement: SelectBase, **values: object) -> list[tuple[T, Any]]:
        """Return the records of a SELECT over `columns_of(kind)` and one more column, each with that column's value."""
        found = await self._run(self._statements.select(statement, values), values)
        records = self._statements.codec(kind).decode([row[:-1] for row in found]) if found else []
        return [(record, row[-1]) for record, row in zip(records, found, strict=True)]

    async def write(self, write: Write, rows: Sequence[SqlRow]) -> int:
        """Run a statement for all rows in one call; return the number of rows of its table that changed."""
        if not rows:
            return 0
        database, prepared = self._statements.database, self._statements.bulk_write(write)
        if not (write.writes_null and database.binds_row_by_row and len(rows) >= _MANY_ROWS):
            return await database.execute_many(self._driver, prepared.sql, prepared.columns(rows))
        columns = converted(rows, prepared.encoders)
        empty = frozenset(place for place, column in enumerate(columns) if column.count(None) == len(column))
        prepared = self._statements.bulk_write(write, empty)
        return await database.execute_many(self._driver, prepared.sql, prepared.ordered(columns))

    async def _run(self, prepared: _Prepared, values: dict[str, Any]) -> Sequence[SqlRow]:
        return await self._statements.database.fetch(self._driver, prepared.sql, prepared.arguments(values))
