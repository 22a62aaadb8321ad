"""Counts of ratings that are kept up as ratings change: changes as they happen, and their sums by day and by month.

Triggers write the changes, in the statement that changes a rating or the cut of its closing: whatever does that, moves
the counts. Every change is a row of its own, so that processes that write at the same time wait for nobody.
"""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import BigInteger, Column, Connection, Identity, Integer, MetaData, Table, event

from storage.schema.column_types import Instant
from storage.schema.columns import METADATA, instant_column, integer_column, key_column, table, text_column

__all__ = ["COUNTED_BY", "rating_deltas", "rating_rollups"]

_OF_CLOSINGS = ("station", "area", "product", "category", "service_type", "source_channel", "tier")
_OF_RATINGS = ("channel", "survey", "item", "dimension")
_NUMBERS = ("lowest", "highest", "value")
COUNTED_BY = ("team", "agent", *_OF_CLOSINGS, *_OF_RATINGS, *_NUMBERS, "reason")
"""What ratings are counted by: keys of their closing and their question, scale and value, and why they do not count."""


def _columns() -> Iterator[Column[Any]]:
    for name in COUNTED_BY:
        yield integer_column(name) if name in _NUMBERS else text_column(name)
    yield integer_column("n")


rating_deltas = Table(
    "rating_deltas",
    METADATA,
    Column("seq", BigInteger().with_variant(Integer, "sqlite"), Identity(), primary_key=True),
    instant_column("placed_at"),
    *_columns(),
    sqlite_strict=True,
)

rating_rollups = table(
    "rating_rollups",
    key_column("grain"),
    Column("begins", Instant, primary_key=True),
    key_column("key"),
    *_columns(),
    sqlite_with_rowid=False,
)
"""`begins` is the first moment of a local day or month, `key` a hash of `COUNTED_BY`: an index takes only so much."""

_INTO = f"INSERT INTO rating_deltas (placed_at, {', '.join(COUNTED_BY)}, n)"
_AGENT = "CASE WHEN i.agent_id <> '' THEN i.agent_id ELSE i.agent_name END"


def _delta(rating: str, closing: str, n: int, found: str) -> str:
    """Return the statement that notes `n` of a rating, unless that was taken back."""
    cut = [f"coalesce({closing}.{name}, '')" for name in _OF_CLOSINGS]
    told = [f"{rating}.{name}" for name in (*_OF_RATINGS, *_NUMBERS)]
    values = ", ".join(["i.closed_at", "i.team", _AGENT, *cut, *told, f"coalesce({rating}.reason, '')", str(n)])
    return f"{_INTO}\nSELECT {values}\n{found} AND {rating}.status <> 'undone';"


def _of_rating(rating: str, n: int) -> str:
    return _delta(
        rating,
        "c",
        n,
        "FROM interviews a JOIN invitations i ON i.id = a.invitation\n"
        "LEFT JOIN closings c ON c.source = i.source AND c.ticket = i.ticket AND c.number = i.closing\n"
        f"WHERE a.id = {rating}.response AND i.source = {rating}.source AND i.ticket = {rating}.ticket\n"
        f"AND i.closing = {rating}.closing",
    )


def _of_closing(closing: str, n: int) -> str:
    return _delta(
        "r",
        closing,
        n,
        "FROM invitations i JOIN interviews a ON a.invitation = i.id\n"
        "JOIN ratings r ON r.source = i.source AND r.ticket = i.ticket AND r.closing = i.closing "
        "AND r.response = a.id\n"
        f"WHERE i.source = {closing}.source AND i.ticket = {closing}.ticket AND i.closing = {closing}.number",
    )


def _row(name: str, columns: tuple[str, ...]) -> str:
    return ", ".join(f"{name}.{column}" for column in columns)


_MOVES = ("status", "reason", "response", *_OF_RATINGS, *_NUMBERS)
_GIVEN, _GONE = _of_rating("NEW", 1), _of_rating("OLD", -1)
_CUT_MOVES = f"{_of_closing('OLD', -1)}\n{_of_closing('NEW', 1)}"
_RATING_CHANGES = f"AFTER UPDATE OF {', '.join(_MOVES)} ON ratings FOR EACH ROW"
_CUT_CHANGES = f"AFTER UPDATE OF {', '.join(_OF_CLOSINGS)} ON closings FOR EACH ROW"


def _on_sqlite(name: str, when: str, then: str) -> str:
    return f"CREATE TRIGGER {name} {when}\nBEGIN\n{then}\nEND"


def _on_postgres(name: str, when: str, then: str) -> Iterator[str]:
    yield f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$\nBEGIN\n{then}\nRETURN NULL;\nEND $$"
    yield f"CREATE TRIGGER {name} {when} EXECUTE FUNCTION {name}()"


def _differ(comparison: str, columns: tuple[str, ...]) -> str:
    return f"WHEN (({_row('OLD', columns)}) {comparison} ({_row('NEW', columns)}))"


def _triggers(comparison: str) -> tuple[tuple[str, str, str], ...]:
    """Return each trigger: its name, when it fires, what it does; `comparison` is the dialect's word for unequal."""
    return (
        ("count_given", "AFTER INSERT ON ratings FOR EACH ROW", _GIVEN),
        ("count_changed", f"{_RATING_CHANGES} {_differ(comparison, _MOVES)}", f"{_GONE}\n{_GIVEN}"),
        ("count_gone", "AFTER DELETE ON ratings FOR EACH ROW", _GONE),
        ("count_recut", f"{_CUT_CHANGES} {_differ(comparison, _OF_CLOSINGS)}", _CUT_MOVES),
    )


def _statements(dialect: str) -> Iterator[str]:
    if dialect == "sqlite":
        return (_on_sqlite(*trigger) for trigger in _triggers("IS NOT"))
    return (statement for trigger in _triggers("IS DISTINCT FROM") for statement in _on_postgres(*trigger))


def _create(_tables: MetaData, connection: Connection, **_options: object) -> None:
    for statement in _statements(connection.dialect.name):
        connection.exec_driver_sql(statement)


def _drop(_tables: MetaData, connection: Connection, **_options: object) -> None:
    """Drop the functions of triggers that have gone with their tables."""
    if connection.dialect.name != "sqlite":
        for name, _, _ in _triggers(""):
            connection.exec_driver_sql(f"DROP FUNCTION {name}()")


event.listen(METADATA, "after_create", _create)
event.listen(METADATA, "after_drop", _drop)
