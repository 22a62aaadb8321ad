"""The sums of ratings: noted changes are added, all are made anew, a portion a commit, and a period is read.

Everything here adds: a change that is noted meanwhile, by whatever process, is neither lost nor counted twice.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import partial
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import delete, select, update
from sqlalchemy.sql.dml import UpdateBase

from storage.connection.session import Session, Write
from storage.connection.store import Store
from storage.dialects import InputRows, among
from storage.model.errors import Unavailable, WriteConflict
from storage.model.note_keys import ROLLUP_ZONE
from storage.rollups.calendar import Grain, LocalCalendar
from storage.rollups.statements import DAY_DIFFERENCES, ENDS, NOTED, ONE_BY_ONE, ROLLED, STATE, SUMMED_BY
from storage.schema import tables as t
from storage.schema.literals import EMPTY, ONE, text_literal
from storage.schema.rollup_tables import CUT
from storage.unit_of_work.writer import Writer

__all__ = ["add_up", "count_ratings", "rebuild", "rollup_state"]

PORTION = 500
"""Changes that one commit adds: some ten milliseconds."""
_ROLE = "rollups"
_note, _sums, _deltas, _cut = t.notes.c, t.rating_rollups.c, t.rating_deltas.c, t.rating_cuts.c
_is_state = _note.key == text_literal(ROLLUP_ZONE)
_CUTS = select(_cut.key, _cut.id).where(among("keys", _cut.key))
_cut_columns = tuple(column for column in t.rating_cuts.columns if column.identity is None)


def _add(rows: InputRows) -> UpdateBase:
    inserted = rows.insert({column.name: rows.c[column.name] for column in t.rating_rollups.columns})
    return inserted.on_conflict_do_update(
        index_elements=[column.name for column in t.rating_rollups.primary_key],
        set_={"n": _sums.n + inserted.excluded.n},
    )


def _announce(rows: InputRows) -> UpdateBase:
    values = {"key": text_literal(ROLLUP_ZONE), "value": EMPTY, "at": rows.c["at"], "version": ONE}
    inserted = rows.insert(values)
    return inserted.on_conflict_do_update(
        index_elements=["key"], set_={"value": EMPTY, "at": inserted.excluded.at, "version": _note.version + ONE}
    )


def _finish(rows: InputRows) -> UpdateBase:
    is_same = _note.version == rows.c["version"]
    return update(t.notes).where(_is_state, is_same).values(value=rows.c["value"], version=_note.version + ONE)


_NEW_CUTS = Write(
    t.rating_cuts, _cut_columns, lambda rows: rows.insert({column.name: rows.c[column.name] for column in _cut_columns})
)
_ADD = Write(t.rating_rollups, tuple(t.rating_rollups.columns), _add)
_TAKE = Write(t.rating_deltas, (_deltas.seq,), lambda rows: delete(t.rating_deltas).where(_deltas.seq == rows.c["seq"]))
_CLEAR = Write(
    t.rating_rollups, (_sums.grain,), lambda rows: delete(t.rating_rollups).where(_sums.grain == rows.c["grain"])
)
_LOCK = Write(t.notes, (_note.at,), lambda rows: update(t.notes).where(_is_state).values(at=rows.c["at"]))
"""Keeps other processes from changing sums at the same time: they would wait for each other's rows in a circle."""
_ANNOUNCE = Write(t.notes, (_note.at,), _announce)
_FINISH = Write(t.notes, (_note.value, _note.version), _finish)

_KEYS = len(SUMMED_BY)
Cut = tuple[str, ...]
Counted = tuple[Any, ...]
"""A moment, the values of `SUMMED_BY`, and how many there are more (or fewer) of them."""


async def rollup_state(session: Session) -> tuple[str, int]:
    """Return the zone by whose days is summed up, empty where the sums are not complete, and the state's version."""
    found = await session.fetch(STATE)
    return found[0] if found else ("", 0)


async def add_up(writer: Writer, zone: ZoneInfo) -> int:
    """Add all changes that are noted to the sums; return their number. Raises what the writer raises."""
    days, added = LocalCalendar(zone), 0
    while True:
        number = await writer.perform(partial(_add_noted, days))
        added += number
        if number < PORTION:
            return added


async def rebuild(store: Store, writer: Writer, zone: ZoneInfo) -> int:
    """Make the sums anew from the ratings, day by day, by the days of a zone; return the number of days.

    Until that is done figures are counted from the ratings. Raises Unavailable where another process is doing it, and
    what the writer raises.
    """
    days, number = LocalCalendar(zone), 0
    async with store.singleton(_ROLE) as seat:
        if not seat.held:
            raise Unavailable("another process is making the rollups anew: wait until it is done")
        version = await writer.perform(_clear)
        first, last = await _ends(store)
        for since, until in days.ranges(Grain.DAY, first, last) if first and last else ():
            async with store.reading() as session:
                found = await session.fetch(DAY_DIFFERENCES, since=since, until=until)
            missing = [(since, *row[:_KEYS], row[_KEYS] - row[_KEYS + 1]) for row in found]
            for start in range(0, len(missing), PORTION):
                await writer.perform(partial(_add_some, days, missing[start : start + PORTION]))
            number += 1
        await add_up(writer, zone)
        await writer.perform(partial(_finished, zone, version))
    return number


async def count_ratings(session: Session, since: datetime, until: datetime) -> list[tuple[Any, ...]]:
    """Return the values of `COUNTED_BY` with the number of such ratings, of closings from `since` to before `until`.

    Days and months are those of the zone by which is summed up; what of the period is none of them is counted one by
    one, and so is all of it while the sums are made anew, which their state tells before and after.
    """
    state = await rollup_state(session)
    zone, _ = state
    if zone:
        whole = LocalCalendar(ZoneInfo(zone)).whole(since, until)
        moments = {name: getattr(whole, name) for name in ("days_from", "months_from", "months_until", "days_until")}
        rows = await session.fetch(ROLLED, since=since, until=until, **moments)
        if await rollup_state(session) == state:
            return _merged(rows)
    return await session.fetch(ONE_BY_ONE, since=since, until=until)


def _merged(rows: Iterable[Counted]) -> list[Counted]:
    counts: Counter[Counted] = Counter()
    for row in rows:
        counts[row[:-1]] += row[-1]
    return [(*keys, n) for keys, n in counts.items() if n]


async def _ends(store: Store) -> tuple[datetime | None, datetime | None]:
    async with store.reading() as session:
        ends = [row[0] for statement in ENDS for row in await session.fetch(statement)]
    return min(ends, default=None), max(ends, default=None)


async def _add_noted(days: LocalCalendar, session: Session, now: datetime) -> int:
    await session.write(_LOCK, [(now,)])
    noted = await session.fetch(NOTED, limit=PORTION)
    taken = await session.write(_TAKE, [(seq,) for seq, *_ in noted])
    if taken != len(noted):
        raise WriteConflict("another process has added up the same changes")
    await _add_all(session, days, [row[1:] for row in noted])
    return taken


async def _add_some(days: LocalCalendar, changes: Sequence[Counted], session: Session, now: datetime) -> None:
    await session.write(_LOCK, [(now,)])
    await _add_all(session, days, changes)


async def _add_all(session: Session, days: LocalCalendar, changes: Iterable[Counted]) -> None:
    """Add changes to the sums of their day and of their month."""
    sums: Counter[tuple[Any, ...]] = Counter()
    for moment, *keys, n in changes:
        cut, item = tuple(keys[: len(CUT)]), tuple(keys[len(CUT) :])
        for grain in Grain:
            sums[grain, days.first(grain, moment), cut, item] += n
    numbers = await _numbers(session, {cut for _, _, cut, _ in sums})
    rows = [(grain, begins, numbers[cut], *item, n) for (grain, begins, cut, item), n in sums.items() if n]
    await session.write(_ADD, rows)


async def _numbers(session: Session, cuts: Iterable[Cut]) -> dict[Cut, int]:
    """Return the numbers of cuts, and give new ones theirs: one process at a time does."""
    keys = {_hash(cut): cut for cut in cuts}
    known = dict(await session.fetch(_CUTS, keys=sorted(keys)))
    if new := [(key, *cut) for key, cut in keys.items() if key not in known]:
        await session.write(_NEW_CUTS, new)
        known |= dict(await session.fetch(_CUTS, keys=[key for key, *_ in new]))
    return {keys[key]: number for key, number in known.items()}


def _hash(cut: Cut) -> str:
    return sha256(msgspec.json.encode(cut)).hexdigest()[:32]


async def _clear(session: Session, now: datetime) -> int:
    """Delete all sums, and store that; return the version of the state."""
    await session.write(_ANNOUNCE, [(now,)])
    await session.write(_CLEAR, [(grain,) for grain in Grain])
    _, version = await rollup_state(session)
    return version


async def _finished(zone: ZoneInfo, version: int, session: Session, _now: datetime) -> None:
    """Store by which zone's days the sums are complete, unless they were begun anew meanwhile."""
    await session.write(_FINISH, [(zone.key, version)])
