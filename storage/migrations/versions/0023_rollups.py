"""Counts of ratings: changes, which triggers note, and their sums by day and month.

What was rated before is summed up when the service starts, since days are those of its time zone; until that is done
figures are counted from the ratings.
"""

from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op

from storage.schema.column_types import Instant

revision = "0023_rollups"
down_revision = "0022_assessments"
branch_labels = None
depends_on = None

_TEXTS = ("team", "agent", "station", "area", "product", "category", "service_type", "source_channel", "tier")
_OF_RATINGS = ("channel", "survey", "item", "dimension")
_NUMBERS = ("lowest", "highest", "value")
_OF_CLOSINGS = _TEXTS[2:]
_COUNTED_BY = ", ".join((*_TEXTS, *_OF_RATINGS, *_NUMBERS, "reason"))
_RATING = "status, reason, response, channel, survey, item, dimension, lowest, highest, value"
_CUT = ", ".join(_OF_CLOSINGS)

_FROM_RATING = """FROM interviews a JOIN invitations i ON i.id = a.invitation
LEFT JOIN closings c ON c.source = i.source AND c.ticket = i.ticket AND c.number = i.closing
WHERE a.id = {0}.response AND i.source = {0}.source AND i.ticket = {0}.ticket
AND i.closing = {0}.closing AND {0}.status <> 'undone';"""
_FROM_CLOSING = """FROM invitations i JOIN interviews a ON a.invitation = i.id
JOIN ratings r ON r.source = i.source AND r.ticket = i.ticket AND r.closing = i.closing AND r.response = a.id
WHERE i.source = {0}.source AND i.ticket = {0}.ticket AND i.closing = {0}.number AND r.status <> 'undone';"""


def upgrade() -> None:
    """Make the tables and their triggers."""
    _make_tables()
    database = op.get_bind()
    for statement in _on_sqlite() if database.dialect.name == "sqlite" else _on_postgres():
        database.exec_driver_sql(statement)


def _make_tables() -> None:
    seq = sa.BigInteger().with_variant(sa.Integer, "sqlite")
    op.create_table(
        "rating_deltas",
        sa.Column("seq", seq, sa.Identity(), nullable=False),
        sa.Column("placed_at", Instant, nullable=False),
        *_columns(),
        sa.PrimaryKeyConstraint("seq", name="pk_rating_deltas"),
        sqlite_strict=True,
    )
    op.create_table(
        "rating_rollups",
        sa.Column("grain", sa.Text, nullable=False),
        sa.Column("begins", Instant, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        *_columns(),
        sa.PrimaryKeyConstraint("grain", "begins", "key", name="pk_rating_rollups"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )


def _columns() -> Iterator[sa.Column[object]]:
    for name in (*_TEXTS, *_OF_RATINGS):
        yield sa.Column(name, sa.Text, nullable=False)
    for name in _NUMBERS:
        yield sa.Column(name, sa.Integer, nullable=False)
    yield sa.Column("reason", sa.Text, nullable=False)
    yield sa.Column("n", sa.Integer, nullable=False)


def _delta(rating: str, closing: str, n: int, found: str) -> str:
    agent = "CASE WHEN i.agent_id <> '' THEN i.agent_id ELSE i.agent_name END"
    cut = [f"coalesce({closing}.{name}, '')" for name in _OF_CLOSINGS]
    told = [f"{rating}.{name}" for name in (*_OF_RATINGS, *_NUMBERS)]
    values = ", ".join(["i.closed_at", "i.team", agent, *cut, *told, f"coalesce({rating}.reason, '')", str(n)])
    return f"INSERT INTO rating_deltas (placed_at, {_COUNTED_BY}, n)\nSELECT {values}\n{found}"


def _triggers(unequal: str) -> Iterator[tuple[str, str, str]]:
    given = _delta("NEW", "c", 1, _FROM_RATING.format("NEW"))
    gone = _delta("OLD", "c", -1, _FROM_RATING.format("OLD"))
    recut = [_delta("r", row, n, _FROM_CLOSING.format(row)) for row, n in (("OLD", -1), ("NEW", 1))]
    changes = f"AFTER UPDATE OF {_RATING} ON ratings FOR EACH ROW WHEN ({_differ(_RATING, unequal)})"
    cuts = f"AFTER UPDATE OF {_CUT} ON closings FOR EACH ROW WHEN ({_differ(_CUT, unequal)})"
    yield "count_given", "AFTER INSERT ON ratings FOR EACH ROW", given
    yield "count_changed", changes, f"{gone}\n{given}"
    yield "count_gone", "AFTER DELETE ON ratings FOR EACH ROW", gone
    yield "count_recut", cuts, "\n".join(recut)


def _differ(columns: str, unequal: str) -> str:
    old, new = (", ".join(f"{row}.{name}" for name in columns.split(", ")) for row in ("OLD", "NEW"))
    return f"({old}) {unequal} ({new})"


def _on_sqlite() -> Iterator[str]:
    for name, when, then in _triggers("IS NOT"):
        yield f"CREATE TRIGGER {name} {when}\nBEGIN\n{then}\nEND"


def _on_postgres() -> Iterator[str]:
    for name, when, then in _triggers("IS DISTINCT FROM"):
        yield f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$\nBEGIN\n{then}\nRETURN NULL;\nEND $$"
        yield f"CREATE TRIGGER {name} {when} EXECUTE FUNCTION {name}()"
