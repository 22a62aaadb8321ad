"""What the sample company must not meet, and what it leaves when its records are gone."""

from datetime import datetime
from functools import partial

from sqlalchemy import bindparam, delete, exists, select
from sqlalchemy.sql.dml import UpdateBase

from storage.connection.session import Session, Write
from storage.connection.store import Store
from storage.dialects import InputRows
from storage.rollups.calendar import Grain
from storage.rollups.figure_store import ALL_KEPT
from storage.schema import tables as t
from storage.schema.literals import ZERO
from storage.schema.register_tables import imports
from storage.unit_of_work.writer import Writer

__all__ = ["UNUSED_CUTS", "first_customers", "forget_import"]

_LOOKED_AT = 1000
_id = t.customers.c.id
_FIRST = select(_id).order_by(_id).limit(_LOOKED_AT)
_sums = t.rating_rollups.c


def _forget(rows: InputRows) -> UpdateBase:
    return delete(imports).where(imports.c.id == rows.c["id"])


def _nothing(rows: InputRows) -> UpdateBase:
    return delete(t.rating_rollups).where(
        _sums.grain == rows.c["grain"], _sums.begins == rows.c["begins"], _sums.n == ZERO
    )


_FORGET = Write(imports, (imports.c.id,), _forget)
_NOTHING = Write(t.rating_rollups, (_sums.grain, _sums.begins), _nothing)
_begins = _sums.begins
_NEXT = (
    select(_begins)
    .where(_sums.grain == bindparam("grain"), _begins > bindparam("after", type_=_begins.type))
    .order_by(_begins)
    .limit(1)
)
UNUSED_CUTS = (
    delete(t.rating_cuts).where(~exists().where(_sums.cut == t.rating_cuts.c.id)).returning(t.rating_cuts.c.id)
)


async def first_customers(store: Store) -> list[str]:
    """Return the ids of the first customers that there are, in their order."""
    async with store.reading() as session:
        return [id_ for (id_,) in await session.fetch(_FIRST)]


async def forget_import(writer: Writer, import_: str) -> None:
    """Delete what is left of an import that was undone: sums that are 0, what these are cut by, figures, its line.

    For a database in which there is next to nothing else. What was rated stays listed: processes remember its numbers.
    """
    for grain in Grain:
        after: datetime | None = _EARLIEST
        while after is not None:
            after = await writer.perform(partial(_swept, grain, after))

    async def forget(session: Session, _now: datetime) -> None:
        await session.fetch(UNUSED_CUTS)
        await session.fetch(ALL_KEPT)
        await session.write(_FORGET, [(import_,)])

    await writer.perform(lambda session, now: session.together(lambda inside: forget(inside, now)))


_EARLIEST = datetime.fromisoformat("1970-01-02T00:00:00+00:00")


async def _swept(grain: Grain, after: datetime, session: Session, _now: datetime) -> datetime | None:
    """Delete the sums that are 0 of the first day, or month, after a moment; return that, None after the last one."""
    found = await session.fetch(_NEXT, grain=grain.value, after=after)
    if not found:
        return None
    begins: datetime = found[0][0]
    await session.write(_NOTHING, [(grain.value, begins)])
    return begins
