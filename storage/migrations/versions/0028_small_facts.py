"""Ratings without what they repeat: the item and its scale by number, the closing by the response.

Changes are noted in fewer bytes, too, and sums are kept by the numbers of their keys. They are made anew by the
service as it starts; until that is done figures are counted from the ratings.
"""

from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op

from storage.schema.column_types import CompactInstant

revision = "0028_small_facts"
down_revision = "0027_keyed_sheets"
branch_labels = None
depends_on = None

_TRIGGERS = {"count_given": "ratings", "count_changed": "ratings", "count_gone": "ratings", "count_recut": "closings"}
_ITEM = "survey, survey_number, item, dimension, lowest, highest"
_ITEMS = f"INSERT INTO rated_items ({_ITEM}) SELECT DISTINCT {_ITEM} FROM old_ratings ORDER BY {_ITEM}"  # noqa: S608 (our own names)
_RATINGS = """
INSERT INTO ratings (response, rated_item, value, at, standing, rules)
SELECT r.response, q.id, r.value, {at}, CASE r.status WHEN 'undone' THEN 'undone' ELSE r.reason END, r.rules
FROM old_ratings r JOIN rated_items q ON q.survey = r.survey AND q.survey_number = r.survey_number AND q.item = r.item
    AND q.dimension = r.dimension AND q.lowest = r.lowest AND q.highest = r.highest
"""
_MICROSECONDS = "CAST(strftime('%s', substr(r.at, 1, 19)) AS INTEGER) * 1000000 + CAST(substr(r.at, 21, 6) AS INTEGER)"
"""Of an instant as SQLite has had it so far: 2026-11-22T02:30:00.123456Z."""
_CUT = ("team", "agent", "station", "area", "product", "category", "service_type", "source_channel", "tier", "channel")
_NOT_BUILT = "UPDATE notes SET value = '', version = version + 1 WHERE key = 'rollups.zone'"

_INTO = "INSERT INTO rating_deltas (response, rated_item, value, reason, tier, n)"
_THEIRS = "FROM invitations i JOIN interviews a ON a.invitation = i.id"
_CLOSED = "WHERE i.source = OLD.source AND i.ticket = OLD.ticket AND i.closing = OLD.number"


def upgrade() -> None:
    """Make the tables anew, with what ratings there are, and their triggers."""
    database = op.get_bind()
    is_file = database.dialect.name == "sqlite"
    for name, table in _TRIGGERS.items():
        op.execute(f"DROP TRIGGER {name}" if is_file else f"DROP TRIGGER {name} ON {table}")
        if not is_file:
            op.execute(f"DROP FUNCTION {name}()")
    op.drop_table("rating_deltas")
    op.drop_table("rating_rollups")
    op.rename_table("ratings", "old_ratings")
    if not is_file:
        op.execute("ALTER TABLE old_ratings RENAME CONSTRAINT pk_ratings TO pk_old_ratings")
    _make_ratings()
    op.execute(_ITEMS)
    database.exec_driver_sql(_RATINGS.format(at=_MICROSECONDS if is_file else "r.at"))
    op.drop_table("old_ratings")
    _make_sums()
    for statement in _on_sqlite() if is_file else _on_postgres():
        database.exec_driver_sql(statement)
    op.execute(_NOT_BUILT)


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger().with_variant(sa.Integer, "sqlite"), sa.Identity(), nullable=False)


def _texts(*names: str) -> Iterator[sa.Column[str]]:
    return (sa.Column(name, sa.Text, nullable=False) for name in names)


def _integers(*names: str) -> Iterator[sa.Column[int]]:
    return (sa.Column(name, sa.Integer, nullable=False) for name in names)


def _make_ratings() -> None:
    op.create_table(
        "rated_items",
        _number("id"),
        *_texts("survey"),
        *_integers("survey_number"),
        *_texts("item", "dimension"),
        *_integers("lowest", "highest"),
        sa.PrimaryKeyConstraint("id", name="pk_rated_items"),
        sa.UniqueConstraint(
            *("survey", "survey_number", "item", "dimension", "lowest", "highest"),
            name="uq_rated_items_item",
        ),
        sqlite_strict=True,
    )
    op.create_table(
        "ratings",
        *_texts("response"),
        *_integers("rated_item", "value"),
        sa.Column("at", CompactInstant, nullable=False),
        sa.Column("standing", sa.Text),
        *_integers("rules"),
        sa.PrimaryKeyConstraint("response", "rated_item", name="pk_ratings"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )


def _make_sums() -> None:
    op.create_table(
        "rating_cuts",
        _number("id"),
        *_texts("key", *_CUT),
        sa.PrimaryKeyConstraint("id", name="pk_rating_cuts"),
        sa.UniqueConstraint("key", name="uq_rating_cuts_key"),
        sqlite_strict=True,
    )
    op.create_table(
        "rating_deltas",
        _number("seq"),
        *_texts("response"),
        *_integers("rated_item", "value"),
        *_texts("reason"),
        sa.Column("tier", sa.Text),
        *_integers("n"),
        sa.PrimaryKeyConstraint("seq", name="pk_rating_deltas"),
        sqlite_strict=True,
    )
    op.create_table(
        "rating_rollups",
        *_texts("grain"),
        sa.Column("begins", CompactInstant, nullable=False),
        *_integers("cut", "rated_item", "value"),
        *_texts("reason"),
        *_integers("n"),
        sa.PrimaryKeyConstraint("grain", "begins", "cut", "rated_item", "value", "reason", name="pk_rating_rollups"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )


def _note(rating: str, tier: str, n: int, found: str) -> str:
    told = f"{rating}.response, {rating}.rated_item, {rating}.value, coalesce({rating}.standing, '')"
    return f"{_INTO}\nSELECT {told}, {tier}, {n} {found} coalesce({rating}.standing, '') <> 'undone';"


def _recut(tier: str, n: int) -> str:
    return _note("r", tier, n, f"{_THEIRS}\nJOIN ratings r ON r.response = a.id\n{_CLOSED} AND")


def _differ(columns: tuple[str, ...], unequal: str) -> str:
    old, new = (", ".join(f"{row}.{column}" for column in columns) for row in ("OLD", "NEW"))
    return f"(({old}) {unequal} ({new}))"


def _triggers(unequal: str) -> Iterator[tuple[str, str, str]]:
    given, gone = _note("NEW", "NULL", 1, "WHERE"), _note("OLD", "NULL", -1, "WHERE")
    noted = f"tier IS NULL AND response IN (SELECT a.id {_THEIRS} {_CLOSED})"
    kept = f"UPDATE rating_deltas SET tier = OLD.tier\nWHERE {noted};"  # noqa: S608 (our own names)
    moves = ("response", "rated_item", "value", "standing")
    changes = f"AFTER UPDATE OF {', '.join(moves)} ON ratings FOR EACH ROW WHEN {_differ(moves, unequal)}"
    recuts = f"AFTER UPDATE OF tier ON closings FOR EACH ROW WHEN {_differ(('tier',), unequal)}"
    yield "count_given", "AFTER INSERT ON ratings FOR EACH ROW", given
    yield "count_changed", changes, f"{gone}\n{given}"
    yield "count_gone", "AFTER DELETE ON ratings FOR EACH ROW", gone
    yield "count_recut", recuts, f"{kept}\n{_recut('OLD.tier', -1)}\n{_recut('NEW.tier', 1)}"


def _on_sqlite() -> Iterator[str]:
    for name, when, then in _triggers("IS NOT"):
        yield f"CREATE TRIGGER {name} {when}\nBEGIN\n{then}\nEND"


def _on_postgres() -> Iterator[str]:
    for name, when, then in _triggers("IS DISTINCT FROM"):
        yield f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$\nBEGIN\n{then}\nRETURN NULL;\nEND $$"
        yield f"CREATE TRIGGER {name} {when} EXECUTE FUNCTION {name}()"
