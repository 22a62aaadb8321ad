"""Counts of ratings that are kept up as ratings change: changes as they happen, and their sums by day and by month.

Triggers write the changes, in the statement that changes a rating or the tier of its closing: whatever does that, moves
the counts. Every change is a row of its own, so that processes that write at the same time wait for nobody. It names
what was rated by key: what that belongs to never changes, but for the tier, and is looked up as changes are added up.
"""

from collections.abc import Iterator

from sqlalchemy import BigInteger, Column, Connection, Identity, Integer, MetaData, Table, Text, UniqueConstraint, event

from storage.schema.column_types import CompactInstant
from storage.schema.columns import METADATA, integer_column, key_column, optional_text, table, text_column
from storage.schema.fact_tables import UNDONE

__all__ = ["COUNTED_BY", "CUT", "RATED", "rating_cuts", "rating_deltas", "rating_rollups"]

CUT = (
    *("team", "agent", "station", "area", "product", "category", "service_type", "source_channel", "tier"),
    "channel",
)
"""What ratings are cut by: the ask's team and agent, what its closing keeps, and the channel of the answers."""
RATED = ("survey", "item", "dimension", "lowest", "highest")
"""What was rated, on which scale."""
COUNTED_BY = (*CUT, *RATED, "value", "reason")
"""What ratings are counted by; `reason` says why they do not count, empty where they do."""


def _number() -> Column[int]:
    return Column("id", BigInteger().with_variant(Integer, "sqlite"), Identity(), primary_key=True)


rating_cuts = Table(
    "rating_cuts",
    METADATA,
    _number(),
    text_column("key"),
    *map(text_column, CUT),
    UniqueConstraint("key"),
    sqlite_strict=True,
)
"""Each combination of `CUT` that there was, by a hash of it as its `key`: an index takes only so much."""

rating_deltas = Table(
    "rating_deltas",
    METADATA,
    Column("seq", BigInteger().with_variant(Integer, "sqlite"), Identity(), primary_key=True),
    text_column("response"),
    integer_column("rated_item"),
    integer_column("value"),
    text_column("reason"),
    optional_text("tier"),
    integer_column("n"),
    sqlite_strict=True,
)
"""`tier` is NULL for that which the closing has now."""

rating_rollups = table(
    "rating_rollups",
    key_column("grain"),
    Column("begins", CompactInstant, primary_key=True),
    Column("cut", Integer, primary_key=True, autoincrement=False),
    Column("rated_item", Integer, primary_key=True, autoincrement=False),
    Column("value", Integer, primary_key=True, autoincrement=False),
    Column("reason", Text, primary_key=True),
    integer_column("n"),
    sqlite_with_rowid=False,
)
"""`begins` is the first moment of a local day or month."""

_INTO = "INSERT INTO rating_deltas (response, rated_item, value, reason, tier, n)"
_THEIRS = "FROM invitations i JOIN interviews a ON a.invitation = i.id"
_CLOSED = "WHERE i.source = OLD.source AND i.ticket = OLD.ticket AND i.closing = OLD.number"


def _note(rating: str, tier: str, n: int, found: str) -> str:
    """Return the statement that notes `n` of a rating, unless that was taken back."""
    told = f"{rating}.response, {rating}.rated_item, {rating}.value, coalesce({rating}.standing, '')"
    return f"{_INTO}\nSELECT {told}, {tier}, {n} {found} coalesce({rating}.standing, '') <> '{UNDONE}';"


def _recut(tier: str, n: int) -> str:
    return _note("r", tier, n, f"{_THEIRS}\nJOIN ratings r ON r.response = a.id\n{_CLOSED} AND")


_GIVEN, _GONE = _note("NEW", "NULL", 1, "WHERE"), _note("OLD", "NULL", -1, "WHERE")
_NOTED_YET = f"tier IS NULL AND response IN (SELECT a.id {_THEIRS} {_CLOSED})"
_KEEP_TIER = f"UPDATE rating_deltas SET tier = OLD.tier\nWHERE {_NOTED_YET};"  # noqa: S608 (our own names)
"""What was noted before a tier changes was noted with the old one."""
_TIER_MOVES = f"{_KEEP_TIER}\n{_recut('OLD.tier', -1)}\n{_recut('NEW.tier', 1)}"
_MOVES = ("response", "rated_item", "value", "standing")


def _on_sqlite(name: str, when: str, then: str) -> str:
    return f"CREATE TRIGGER {name} {when}\nBEGIN\n{then}\nEND"


def _on_postgres(name: str, when: str, then: str) -> Iterator[str]:
    yield f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$\nBEGIN\n{then}\nRETURN NULL;\nEND $$"
    yield f"CREATE TRIGGER {name} {when} EXECUTE FUNCTION {name}()"


def _changes(of: str, columns: tuple[str, ...], unequal: str) -> str:
    old, new = (", ".join(f"{row}.{column}" for column in columns) for row in ("OLD", "NEW"))
    return f"AFTER UPDATE OF {', '.join(columns)} ON {of} FOR EACH ROW WHEN (({old}) {unequal} ({new}))"


def _triggers(unequal: str) -> tuple[tuple[str, str, str], ...]:
    """Return each trigger: its name, when it fires, what it does; `unequal` is the dialect's word for that."""
    return (
        ("count_given", "AFTER INSERT ON ratings FOR EACH ROW", _GIVEN),
        ("count_changed", _changes("ratings", _MOVES, unequal), f"{_GONE}\n{_GIVEN}"),
        ("count_gone", "AFTER DELETE ON ratings FOR EACH ROW", _GONE),
        ("count_recut", _changes("closings", ("tier",), unequal), _TIER_MOVES),
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
