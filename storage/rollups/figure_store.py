"""Stores figures that are kept, and adds the changes that make them out of date to their days."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Integer, bindparam, delete, select
from sqlalchemy.sql.dml import UpdateBase

from scoring.values import Value
from storage.connection.session import Session, Write
from storage.dialects import InputRows
from storage.schema import tables as t
from storage.schema.figures.figure_tables import EVERY_DAY
from storage.unit_of_work.writer import Writer

__all__ = ["ALL_KEPT", "KeptFigures", "add_changes", "change_all", "keep_figures"]

_PORTION = 20_000
"""Changes that one commit adds to their days."""
_KEPT_FOR = timedelta(days=400)
"""Figures that were made longer ago are computed again, if anybody asks for them."""
_MOST = 6_000
"""So many are kept, those that were made last, 6 KB each: the reports of two years have some 2,500."""
_changed, _days, _kept = t.figure_changes.c, t.figure_days.c, t.kept_figures.c
_first = select(_changed.seq).order_by(_changed.seq).limit(bindparam("limit", type_=Integer()))
TAKEN_CHANGES = delete(t.figure_changes).where(_changed.seq.in_(_first)).returning(_changed.day)


def _add(rows: InputRows) -> UpdateBase:
    inserted = rows.insert({name: rows.c[name] for name in ("day", "n")})
    return inserted.on_conflict_do_update(index_elements=["day"], set_={"n": _days.n + inserted.excluded.n})


def _keep(rows: InputRows) -> UpdateBase:
    inserted = rows.insert({column.name: rows.c[column.name] for column in t.kept_figures.columns})
    new = inserted.excluded
    return inserted.on_conflict_do_update(
        index_elements=["key"], set_={name: new[name] for name in ("changes", "made_at", "content")}
    )


_ADD = Write(t.figure_days, (_days.day, _days.n), _add)
_KEEP = Write(t.kept_figures, tuple(t.kept_figures.columns), _keep)
_FORGET = Write(
    t.kept_figures, (_kept.made_at,), lambda rows: delete(t.kept_figures).where(_kept.made_at < rows.c["made_at"])
)
_last = select(_kept.key).order_by(_kept.made_at.desc(), _kept.key).limit(bindparam("most", type_=Integer()))
LEFT_OUT = delete(t.kept_figures).where(_kept.key.not_in(_last)).returning(_kept.key)
ALL_KEPT = delete(t.kept_figures).returning(_kept.key)


class KeptFigures(Value):
    """Figures as they are stored, by a key that says what was asked for; `changes` is what their days counted.

    `rests_on`, where they were just computed: between which moments these days lie.
    """

    key: str
    changes: str
    content: str
    rests_on: tuple[datetime, datetime] | None = None


async def add_changes(writer: Writer) -> None:
    """Add all changes that are noted to their days; on SQLite there are none. Raises what the writer raises."""
    while await writer.perform(_add_some) == _PORTION:
        pass


async def _add_some(session: Session, _now: datetime) -> int:
    taken = await session.fetch(TAKEN_CHANGES, limit=_PORTION)
    await session.write(_ADD, sorted(Counter(day for (day,) in taken).items()))
    return len(taken)


async def change_all(session: Session) -> None:
    """Delete the figures that are kept, and have those that are being computed just now out of date."""
    await session.fetch(ALL_KEPT)
    await session.write(_ADD, [(EVERY_DAY, 1)])


async def keep_figures(writer: Writer, several: Sequence[KeptFigures], most: int = _MOST) -> None:
    """Store figures, and forget those that were made long ago, or before `most` others. Raises as the writer does."""

    async def keep(session: Session, now: datetime) -> None:
        await session.write(_KEEP, [(one.key, one.changes, now, one.content) for one in several])
        await session.write(_FORGET, [(now - _KEPT_FOR,)])
        await session.fetch(LEFT_OUT, most=most)

    await writer.perform(keep)
