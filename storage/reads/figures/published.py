"""Reads of published periods: a list without their content, and one whole."""

from sqlalchemy import Integer, Text, bindparam, select, type_coerce

from storage.connection.codec import columns_of
from storage.connection.store import Store
from storage.model.publications import Publication
from storage.reads.listings import Page, cursor_parameters, next_cursor, page_statement
from storage.schema import tables as t
from storage.schema.literals import text_literal
from storage.unit_of_work.selects import all_of

__all__ = ["PublicationReads"]

_published = t.publications.c
_OF_PERIOD = _published.period == bindparam("period", type_=Text())
_OF_ABOUT = _published.about == bindparam("about", type_=Text())
_LATEST = all_of(Publication, _OF_ABOUT, _OF_PERIOD).order_by(_published.number.desc()).limit(1)
_ONE = all_of(Publication, _OF_ABOUT, _OF_PERIOD, _published.number == bindparam("number", type_=Integer()))

_later = t.publications.alias("later")
_is_followed = (
    select(_later.c.id)
    .where(_later.c.about == _published.about, _later.c.period == _published.period)
    .where(_later.c.number > _published.number)
    .exists()
)
_ALL_LATEST = all_of(Publication, _OF_PERIOD, ~_is_followed).order_by(_published.about)


_UNTOLD = {"content": "", "tally": "{}"}
_HEADS = select(
    *(
        type_coerce(text_literal(_UNTOLD[column.name]), column.type) if column.name in _UNTOLD else column
        for column in columns_of(Publication)
    )
)
"""What every revision is, without what was published and its counts, which may be large."""


class PublicationReads:
    """Reads what is committed."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def page(self, period: str, about: str, cursor: str | None, limit: int) -> Page[Publication]:
        """List revisions in the order in which they were published; raises ValueError for a malformed cursor."""
        wanted = {"period": (period, _OF_PERIOD), "about": (about, _OF_ABOUT)}
        given = {name: value for name, (value, _) in wanted.items() if value}
        conditions = tuple(wanted[name][1] for name in given)
        statement = page_statement(_HEADS, (_published.at, _published.id), conditions, is_first=cursor is None)
        async with self._store.reading() as session:
            found = await session.records(Publication, statement, **cursor_parameters(cursor), **given, limit=limit + 1)
        return Page(tuple(found[:limit]), next_cursor([(each.at, each.id) for each in found], limit))

    async def revision(self, about: str, period: str, number: int | None = None) -> Publication | None:
        """Return a revision of what was published about a period, the latest without a number; None without any."""
        given = {"about": about, "period": period}
        async with self._store.reading() as session:
            if number is None:
                found = await session.records(Publication, _LATEST, **given)
            else:
                found = await session.records(Publication, _ONE, **given, number=number)
        return next(iter(found), None)

    async def latest(self, period: str) -> list[Publication]:
        """Return the latest revision of each thing that was published about a period."""
        async with self._store.reading() as session:
            return await session.records(Publication, _ALL_LATEST, period=period)
