"""The sums of ratings: noted changes are added, all are made anew, a portion a commit, and a period is read.

Everything here adds: a change that is noted meanwhile, by whatever process, is neither lost nor counted twice.
"""

from collections import Counter
from collections.abc import Iterable
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
from storage.model.errors import Unavailable
from storage.model.note_keys import ROLLUP_ZONE
from storage.rollups.calendar import Grain, LocalCalendar
from storage.rollups.figure_store import change_all
from storage.rollups.statements import (
    CUT_OF_RESPONSES,
    DAY_DIFFERENCES,
    ENDS,
    ONE_BY_ONE,
    ROLLED,
    STATE,
    SUMMED_BY,
    TAKEN,
)
from storage.schema import tables as t
from storage.schema.literals import EMPTY, ONE, ZERO, text_literal
from storage.schema.rollup_tables import CUT
from storage.unit_of_work.writer import Writer

__all__ = ["add_up", "count_ratings", "rebuild", "rollup_state"]

PORTION = 2000
"""Changes that one commit adds: some twenty milliseconds."""
_ROLE = "rollups"
_note, _sums, _cut = t.notes.c, t.rating_rollups.c, t.rating_cuts.c
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
_keys = tuple(t.rating_rollups.primary_key)
_EMPTIED = Write(
    t.rating_rollups,
    _keys,
    lambda rows: delete(t.rating_rollups).where(*(one == rows.c[one.name] for one in _keys), _sums.n == ZERO),
)
"""A sum of nothing says nothing, as where an import was taken back."""
_CLEAR = Write(
    t.rating_rollups, (_sums.grain,), lambda rows: delete(t.rating_rollups).where(_sums.grain == rows.c["grain"])
)
_LOCK = Write(t.notes, (_note.at,), lambda rows: update(t.notes).where(_is_state).values(at=rows.c["at"]))
"""Keeps other processes from changing sums at the same time: they would wait for each other's rows in a circle."""
_ANNOUNCE = Write(t.notes, (_note.at,), _announce)
_FINISH = Write(t.notes, (_note.value, _note.version), _finish)

_KEYS = len(SUMMED_BY)
_TIER = CUT.index("tier")
Cut = tuple[str, ...]
Counted = tuple[Any, ...]
"""The values of `COUNTED_BY`, and how many there are of them."""
DaySums = Counter[tuple[datetime, Cut, Any, Any, Any]]
"""How many there are more (or fewer), by where a day begins, by cut, and by `CHANGED`."""


async def rollup_state(session: Session) -> tuple[str, int]:
    """Return the zone by whose days is summed up, empty where the sums are not complete, and the state's version."""
    found = await session.fetch(STATE)
    return found[0] if found else ("", 0)


async def add_up(writer: Writer, zone: ZoneInfo) -> int:
    """Add all changes that are noted to the sums; return their number. Raises what the writer raises."""
    days, added = LocalCalendar(zone), 0
    while True:
        number = await writer.perform(
            lambda session, now: session.together(lambda inside: _add_noted(days, inside, now))
        )
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
            for start in range(0, len(found), PORTION):
                rows = found[start : start + PORTION]
                missing = DaySums({_key(since, row): row[_KEYS] - row[_KEYS + 1] for row in rows})
                await writer.perform(partial(_add_some, days, missing))
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


def _key(day: datetime, row: Counted) -> tuple[datetime, Cut, Any, Any, Any]:
    """Return by what is counted what a row of differences begins with."""
    item, value, reason = row[len(CUT) : _KEYS]
    return day, tuple(row[: len(CUT)]), item, value, reason


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
    taken = await session.fetch(TAKEN, limit=PORTION)
    found = await session.fetch(CUT_OF_RESPONSES, responses=sorted({response for response, *_ in taken}))
    places = {response: (days.first(Grain.DAY, moment), tuple(cut)) for response, moment, *cut in found}
    sums = DaySums()
    for response, tier, *item, n in taken:
        if response in places:  # else it is counted nowhere
            day, cut = places[response]
            sums[day, cut if tier is None else _with_tier(cut, tier), *item] += n
    await _add_all(session, days, sums)
    return len(taken)


def _with_tier(cut: Cut, tier: str) -> Cut:
    return (*cut[:_TIER], tier, *cut[_TIER + 1 :])


async def _add_some(days: LocalCalendar, sums: DaySums, session: Session, now: datetime) -> None:
    await session.write(_LOCK, [(now,)])
    await _add_all(session, days, sums)


async def _add_all(session: Session, days: LocalCalendar, sums: DaySums) -> None:
    """Add to the sums of days, and to those of their months."""
    of_months = DaySums()
    for (day, *key), n in sums.items():
        of_months[days.first(Grain.MONTH, day), *key] += n
    numbers = await _numbers(session, {cut for _, cut, *_ in of_months})
    rows = [
        (grain, begins, numbers[cut], *item, n)
        for grain, added in ((Grain.DAY, sums), (Grain.MONTH, of_months))
        for (begins, cut, *item), n in added.items()
        if n
    ]
    await session.write(_ADD, rows)
    await session.write(_EMPTIED, [row[:-1] for row in rows if row[-1] < 0])


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
    """Delete all sums, with figures that are computed from them, and store that; return the version of the state."""
    await change_all(session)
    await session.write(_ANNOUNCE, [(now,)])
    await session.write(_CLEAR, [(grain,) for grain in Grain])
    _, version = await rollup_state(session)
    return version


async def _finished(zone: ZoneInfo, version: int, session: Session, _now: datetime) -> None:
    """Store by which zone's days the sums are complete, unless they were begun anew meanwhile."""
    await session.write(_FINISH, [(zone.key, version)])
