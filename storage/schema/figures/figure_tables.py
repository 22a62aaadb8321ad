"""Figures that are kept, and how often what they are computed from has changed, by the day on which it is placed.

Triggers count, in the statement that changes a row: whatever does that, figures kept from before it are out of date. A
day is one of UTC, by number since 1970. On SQLite, which has one writer, a trigger adds to the count of its day; on
PostgreSQL every change is a row of its own, so that processes that write at the same time wait for nobody.
"""

from collections.abc import Iterator, Mapping

from sqlalchemy import BigInteger, Column, Connection, Identity, Integer, MetaData, Table, event

from storage.schema.columns import METADATA, instant_column, key_column, table, text_column

__all__ = ["EVERY_DAY", "WATCHED", "figure_changes", "figure_days", "kept_figures"]

EVERY_DAY = -1
"""Where changes are counted that concern every period."""

_BIG = BigInteger().with_variant(Integer, "sqlite")
figure_changes = Table(
    "figure_changes",
    METADATA,
    Column("seq", _BIG, Identity(), primary_key=True),
    Column("day", Integer, nullable=False),
    sqlite_strict=True,
)
"""Changes that are not added to their days yet."""

figure_days = table(
    "figure_days",
    Column("day", Integer, primary_key=True, autoincrement=False),
    Column("n", _BIG, nullable=False),
)

kept_figures = table(
    "kept_figures",
    key_column("key"),
    text_column("changes"),
    instant_column("made_at"),
    text_column("content"),
)
"""Figures of one cut of a period, as JSON, by a hash of what was asked; `changes` is what its days counted then."""

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
"""The moment that places a row, and where it is found, `{row}` being the row; nowhere else where that is empty."""
WATCHED: Mapping[str, tuple[Place, ...]] = {
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
"""The tables from which figures are computed, and by which moments their rows are placed: at none in every period."""
_GOES_ON = "'invited', 'rating', 'remarking', 'weighing', 'commenting', 'clarifying'"
_STATUS = f"CASE WHEN {{row}}.state IN ({_GOES_ON}) THEN 'open' ELSE {{row}}.state END"
_TOLD = {
    "interviews": (_STATUS, "{row}.channel"),
    "customers": ("{row}.postal_address",),
}
"""What of these tables figures tell: another change of a row, such as one answer more, is none of theirs.

Nothing is counted, either, by which one person's answers to an anonymous survey differ from another's: how far one is
that goes on is looked up.
"""
_WRITTEN_AS_TEXT = "opened_at"
_MICROSECONDS_OF_A_DAY, _SECONDS_OF_A_DAY = 86_400_000_000, 86_400


def _day(moment: str, *, is_file: bool) -> str:
    if not moment:
        return str(EVERY_DAY)
    if not is_file:
        return f"CAST(floor(extract(epoch FROM {moment}) / {_SECONDS_OF_A_DAY}) AS integer)"
    if moment.endswith(_WRITTEN_AS_TEXT):
        return f"CAST(strftime('%s', {moment}) AS INTEGER) / {_SECONDS_OF_A_DAY}"
    return f"{moment} / {_MICROSECONDS_OF_A_DAY}"


def _count(moment: str, found: str, *, is_file: bool) -> str:
    """Return the statement that counts a change on the days of these moments."""
    day = _day(moment, is_file=is_file)
    if not is_file:
        return f"INSERT INTO figure_changes (day) SELECT {day} {found};"
    into = f"INSERT INTO figure_days (day, n) SELECT {day}, 1 {found or 'WHERE true'}"
    return f"{into}\nON CONFLICT (day) DO UPDATE SET n = n + 1;"


def _counts(name: str, event_name: str, *, is_file: bool) -> Iterator[str]:
    """Yield what is done as a row changes; one that moves changes the day that it leaves, too."""
    row = "OLD" if event_name == "DELETE" else "NEW"
    for moment, found in WATCHED[name]:
        yield _count(moment.format(row=row), found.format(row=row), is_file=is_file)
        if event_name == "UPDATE" and moment and not found:
            old, new = (moment.format(row=one) for one in ("OLD", "NEW"))
            yield _count(old, f"WHERE {old} <> {new}", is_file=is_file)


def _triggers(*, is_file: bool) -> Iterator[tuple[str, str, str]]:
    """Yield each trigger: its name, when it fires, what it does."""
    for name in WATCHED:
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


def _create(_tables: MetaData, connection: Connection, **_options: object) -> None:
    for statement in _statements(is_file=connection.dialect.name == "sqlite"):
        connection.exec_driver_sql(statement)


def _drop(_tables: MetaData, connection: Connection, **_options: object) -> None:
    """Drop the functions of triggers that have gone with their tables."""
    if connection.dialect.name != "sqlite":
        for name, _, _ in _triggers(is_file=False):
            connection.exec_driver_sql(f"DROP FUNCTION {name}()")


event.listen(METADATA, "after_create", _create)
event.listen(METADATA, "after_drop", _drop)
