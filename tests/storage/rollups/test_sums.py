"""Whatever happens to ratings, their sums are what they add up to."""

import asyncio
import sys
from collections import Counter
from collections.abc import Coroutine, Iterator
from datetime import datetime, timedelta
from random import Random  # noqa: TID251 (seeded, so that a run can be repeated)
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Column, Integer, Table, delete

from scoring.metrics.fact_changes import fact_changes
from storage.connection.session import Write
from storage.connection.store import Store
from storage.model.errors import Unavailable
from storage.model.note_keys import ROLLUP_ZONE
from storage.model.publications import Publication
from storage.model.records import Note
from storage.rollups.calendar import Grain
from storage.rollups.differences import RollupsNotBuilt, check_rollups
from storage.rollups.statements import ONE_BY_ONE
from storage.rollups.sums import add_up, count_ratings, rebuild, rollup_state
from storage.schema import tables as t
from storage.schema.literals import ONE
from storage.unit_of_work.writer import Writer
from tests.storage.rollups.publishing import PERIODS, Publisher, everything_published
from tests.storage.rollups.turmoil import BEGUN, DAYS, MORE, SHANGHAI, Turmoil, turmoil
from tests.storage.samples import NOW, save

NEW_YORK = ZoneInfo("America/New_York")
PROCESSES = 100
"""From so many changes on each of the two is a process of its own; fewer are made by two stores in this one."""


async def counted(store: Store, since: datetime, until: datetime) -> tuple[Any, Any]:
    """Return the ratings of a period as the product reads them, and counted one by one."""
    async with store.reading() as session:
        read = await count_ratings(session, since, until)
        return Counter(read), Counter(await session.fetch(ONE_BY_ONE, since=since, until=until))


def periods(seed: int) -> list[tuple[datetime, datetime]]:
    """Return the whole time, the whole month, some minutes, and random ends."""
    random, month = Random(seed), datetime(2026, 10, 1, tzinfo=SHANGHAI)  # noqa: S311 (as above)
    found = [(BEGUN, BEGUN + timedelta(days=DAYS)), (month, month.replace(month=11)), (BEGUN, BEGUN)]
    found.append((month, month + timedelta(minutes=5)))
    for _ in range(12):
        ends = sorted(BEGUN + timedelta(minutes=random.randrange(DAYS * 24 * 60)) for _ in range(2))
        found.append((ends[0], ends[1]))
    return found


async def adds_up(url: str, store: Store) -> None:
    """Hold the check, and the reading of periods, against the ratings one by one."""
    assert [str(one) for one in await check_rollups(url)] == []
    for since, until in periods(1):
        read, one_by_one = await counted(store, since, until)
        assert read == one_by_one, (since, until)


async def revisions_follow(store: Store, writer: Writer) -> None:
    """Hold that each revision follows the one before, and that nothing waits once the next one is published."""
    before, publisher = await everything_published(store), Publisher(store, writer, NOW)
    for period in PERIODS:
        await publisher.publish(period)
        assert not await publisher.waits(period)
        numbers = sorted(one.number for one in (await everything_published(store)).values() if one.period == period)
        assert numbers == [*range(1, len(numbers) + 1)]
    after = await everything_published(store)
    assert {id_: after[id_] for id_ in before} == before
    assert [str(one) for one in broken_revisions(after)] == []


def broken_revisions(published: dict[str, Publication]) -> Iterator[str]:
    """Yield the revisions whose changes are not what lies between their counts and those of the one before."""
    by_number = {(one.period, one.number): one for one in published.values()}
    for (period, number), one in by_number.items():
        before = by_number.get((period, number - 1))
        expected = () if before is None else fact_changes(before.tally, one.tally)
        if one.changes != expected or (before is not None and before.inputs_digest == one.inputs_digest):
            yield one.id


@pytest.mark.parametrize("number", [60, pytest.param(1000, marks=pytest.mark.proof)])
async def test_sums_stay_right_through_random_changes(url: str, store: Store, writer: Writer, number: int) -> None:
    await rebuild(store, writer, SHANGHAI)
    await Turmoil(store, 1).run(number)
    await adds_up(url, store)
    await revisions_follow(store, writer)
    await add_up(writer, SHANGHAI)
    async with store.reading() as session:
        assert (await rollup_state(session))[0] == "Asia/Shanghai"
        assert await session.fetch(t.rating_deltas.select()) == []
        assert len(await session.fetch(t.rating_rollups.select())) > number // 10
    await adds_up(url, store)
    await rebuild(store, writer, NEW_YORK)
    await adds_up(url, store)


@pytest.mark.parametrize("number", [20, pytest.param(500, marks=pytest.mark.proof)])
async def test_two_processes_change_add_and_begin_anew_at_once(migrated_postgres: str, number: int) -> None:
    url = migrated_postgres
    async with Store.open(url) as store:
        writer = Writer(store, lambda: NOW)
        try:
            await rebuild(store, writer, SHANGHAI)
            others = [asyncio.ensure_future(one) for one in _workers(url, number)]
            while not all(one.done() for one in others):
                await rebuild(store, writer, SHANGHAI)
                await asyncio.sleep(0.5)
            await asyncio.gather(*others)
            await adds_up(url, store)
            await revisions_follow(store, writer)
        finally:
            await writer.stop()


def _workers(url: str, number: int) -> list[Coroutine[Any, Any, None]]:
    if number < PROCESSES:
        return [turmoil(url, seed, number) for seed in (1, 2)]
    return [_process(url, seed, number) for seed in (1, 2)]


async def _process(url: str, seed: int, number: int) -> None:
    module = "tests.storage.rollups.turmoil"
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", module, url, str(seed), str(number))
    assert await process.wait() == 0


async def spoil(writer: Writer) -> None:
    """Count one more in every sum."""
    await writer.perform(lambda session, _now: session.write(MORE, [("day",), ("month",)]))


async def test_while_sums_are_made_anew_ratings_are_counted_one_by_one(url: str, store: Store, writer: Writer) -> None:
    await Turmoil(store, 2).run(60)
    since, until = periods(1)[0]
    read, one_by_one = await counted(store, since, until)
    assert read == one_by_one
    assert sum(read.values()) > 5
    await rebuild(store, writer, SHANGHAI)
    await spoil(writer)
    read, _ = await counted(store, since, until)
    assert read != one_by_one
    assert len(await check_rollups(url)) > 5
    async with store.reading() as session:
        _, version = await rollup_state(session)
    await save(writer, Note(ROLLUP_ZONE, "", NOW, version))
    read, _ = await counted(store, since, until)
    assert read == one_by_one
    with pytest.raises(RollupsNotBuilt, match="counted one by one"):
        await check_rollups(url)
    await rebuild(store, writer, SHANGHAI)
    await adds_up(url, store)


@pytest.mark.some(1)
@pytest.mark.parametrize("lost", [t.rating_cuts, t.rating_rollups], ids=["what it is of", "itself"])
async def test_a_sum_that_is_lost_is_found_and_made_anew(url: str, store: Store, writer: Writer, lost: Table) -> None:
    await rebuild(store, writer, SHANGHAI)
    await Turmoil(store, 3).run(40)
    await add_up(writer, SHANGHAI)
    everything = Write(lost, (Column("least", Integer),), lambda rows: delete(lost).where(rows.c["least"] < ONE))
    await writer.perform(lambda session, _now: session.write(everything, [(0,)]))
    found = await check_rollups(url)
    assert {one.grain for one in found} == {Grain.DAY}
    assert all(one.expected > 0 and one.found == 0 for one in found)
    await rebuild(store, writer, SHANGHAI)
    await adds_up(url, store)


async def test_of_two_that_begin_anew_at_once_one_is_told_to_wait(migrated_postgres: str) -> None:
    async with Store.open(migrated_postgres) as store, Store.open(migrated_postgres) as other:
        writer = Writer(store, lambda: NOW)
        try:
            async with other.singleton("rollups") as seat:
                assert seat.held
                with pytest.raises(Unavailable, match="another process is making the rollups anew"):
                    await rebuild(store, writer, SHANGHAI)
            assert await rebuild(store, writer, SHANGHAI) == 0
            async with store.reading() as session:
                assert (await rollup_state(session))[0] == SHANGHAI.key
        finally:
            await writer.stop()
