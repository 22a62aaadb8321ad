"""Figures that are kept, and counts of what changes that they are computed from, by day; triggers keep the counts.

Nothing is kept yet, so that nothing has to be counted of what there is.
"""

from collections.abc import Iterator, Mapping

import sqlalchemy as sa
from alembic import op

from storage.schema.column_types import Instant

revision = "0056_kept_figures"
down_revision = "0055_assessment_files"
branch_labels = None
depends_on = None

_EVERY_DAY = -1
_ASKED_OTHERWISE = (
    "FROM invitations i WHERE i.source = {row}.source AND i.ticket = {row}.ticket AND i.closing = {row}.number"
    " AND i.closed_at <> {row}.closed_at"
)
_ITS_ISSUES = (
    "FROM issue_tickets k JOIN issues s ON s.id = k.issue WHERE k.source = {row}.source AND k.ticket = {row}.id"
)
_ITS_CLOSINGS = (
    "FROM issue_tickets k JOIN closings c ON c.source = k.source AND c.ticket = k.ticket WHERE k.issue = {row}.id"
)
_OF_ISSUE = "FROM issues s WHERE s.id = {row}.issue"
_CLOSED, _ASKED, _OPENED = "c.closed_at", "i.closed_at", "s.opened_at"

Place = tuple[str, str]
_WATCHED: Mapping[str, tuple[Place, ...]] = {
    "invitations": (("{row}.closed_at", ""),),
    "interviews": ((_ASKED, "FROM invitations i WHERE i.id = {row}.invitation"),),
    "ratings": ((_ASKED, "FROM interviews a JOIN invitations i ON i.id = a.invitation WHERE a.id = {row}.response"),),
    "closings": (
        ("{row}.closed_at", ""),
        (_ASKED, _ASKED_OTHERWISE),
    ),
    "tickets": (
        (_CLOSED, "FROM closings c WHERE c.source = {row}.source AND c.ticket = {row}.id"),
        (_OPENED, _ITS_ISSUES),
    ),
    "issues": (
        ("{row}.opened_at", ""),
        (_CLOSED, _ITS_CLOSINGS),
    ),
    "issue_tickets": (
        (_OPENED, _OF_ISSUE),
        (_CLOSED, "FROM closings c WHERE c.source = {row}.source AND c.ticket = {row}.ticket"),
    ),
    "issue_events": ((_OPENED, _OF_ISSUE),),
    "customers": ((_CLOSED, "FROM closings c WHERE c.customer = {row}.id"),),
    "entered_figures": (("", ""),),
    "surveys": (("", ""),),
}
_GOES_ON = "'invited', 'rating', 'remarking', 'weighing', 'commenting', 'clarifying'"
_STATUS = f"CASE WHEN {{row}}.state IN ({_GOES_ON}) THEN 'open' ELSE {{row}}.state END"
_TOLD = {
    "interviews": (_STATUS, "{row}.channel"),
    "customers": ("{row}.postal_address",),
}
_WRITTEN_AS_TEXT = "opened_at"
_MICROSECONDS_OF_A_DAY, _SECONDS_OF_A_DAY = 86_400_000_000, 86_400


def _day(moment: str, *, is_file: bool) -> str:
    if not moment:
        return str(_EVERY_DAY)
    if not is_file:
        return f"CAST(floor(extract(epoch FROM {moment}) / {_SECONDS_OF_A_DAY}) AS integer)"
    if moment.endswith(_WRITTEN_AS_TEXT):
        return f"CAST(strftime('%s', {moment}) AS INTEGER) / {_SECONDS_OF_A_DAY}"
    return f"{moment} / {_MICROSECONDS_OF_A_DAY}"


def _count(moment: str, found: str, *, is_file: bool) -> str:
    day = _day(moment, is_file=is_file)
    if not is_file:
        return f"INSERT INTO figure_changes (day) SELECT {day} {found};"
    into = f"INSERT INTO figure_days (day, n) SELECT {day}, 1 {found or 'WHERE true'}"
    return f"{into}\nON CONFLICT (day) DO UPDATE SET n = n + 1;"


def _counts(name: str, event_name: str, *, is_file: bool) -> Iterator[str]:
    row = "OLD" if event_name == "DELETE" else "NEW"
    for moment, found in _WATCHED[name]:
        yield _count(moment.format(row=row), found.format(row=row), is_file=is_file)
        if event_name == "UPDATE" and moment and not found:
            old, new = (moment.format(row=one) for one in ("OLD", "NEW"))
            yield _count(old, f"WHERE {old} <> {new}", is_file=is_file)


def _triggers(*, is_file: bool) -> Iterator[tuple[str, str, str]]:
    for name in _WATCHED:
        for event_name in ("INSERT", "UPDATE", "DELETE"):
            when = f"AFTER {event_name} ON {name} FOR EACH ROW"
            if event_name == "UPDATE" and name in _TOLD:
                old, new = (", ".join(_TOLD[name]).format(row=row) for row in ("OLD", "NEW"))
                when += f" WHEN (({old}) {'IS NOT' if is_file else 'IS DISTINCT FROM'} ({new}))"
            then = "\n".join(_counts(name, event_name, is_file=is_file))
            yield f"figures_{name}_{event_name.lower()}", when, then


def _statements(*, is_file: bool) -> Iterator[str]:
    for name, when, then in _triggers(is_file=is_file):
        if is_file:
            yield f"CREATE TRIGGER {name} {when}\nBEGIN\n{then}\nEND"
        else:
            body = f"$$\nBEGIN\n{then}\nRETURN NULL;\nEND $$"
            yield f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS {body}"
            yield f"CREATE TRIGGER {name} {when} EXECUTE FUNCTION {name}()"


def upgrade() -> None:
    """Make the tables and the triggers."""
    big = sa.BigInteger().with_variant(sa.Integer, "sqlite")
    op.create_table(
        "figure_changes",
        sa.Column("seq", big, sa.Identity(), nullable=False),
        sa.Column("day", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_figure_changes"),
        sqlite_strict=True,
    )
    op.create_table(
        "figure_days",
        sa.Column("day", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("n", big, nullable=False),
        sa.PrimaryKeyConstraint("day", name="pk_figure_days"),
        sqlite_strict=True,
    )
    op.create_table(
        "kept_figures",
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("changes", sa.Text, nullable=False),
        sa.Column("made_at", Instant, nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_kept_figures"),
        sqlite_strict=True,
    )
    database = op.get_bind()
    for statement in _statements(is_file=database.dialect.name == "sqlite"):
        database.exec_driver_sql(statement)
