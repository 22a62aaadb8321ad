"""A month's ratings by agent and dimension, from their sums and counted one by one, in turns and in the same run."""

import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from statistics import median, quantiles
from typing import Any
from zoneinfo import ZoneInfo

from bench.rollups.filling import AGENTS, RATINGS, fill_ratings
from storage.connection.session import Session
from storage.connection.store import Store
from storage.reads.figures.rating_counts import REPEATED, AskedOften, count_with_people
from storage.rollups.statements import ONE_BY_ONE
from storage.rollups.sums import count_ratings, rebuild
from storage.schema.rollup_tables import COUNTED_BY
from storage.unit_of_work.writer import Writer

__all__ = ["print_in_files", "print_rollups"]

_ZONE = ZoneInfo("Asia/Shanghai")
_SINCE, _UNTIL = datetime(2026, 10, 1, tzinfo=_ZONE), datetime(2026, 11, 1, tzinfo=_ZONE)
_ROUNDS = 9
_FASTER, _OF_SO_MANY = 50, 1_000_000
"""How many times as fast as counting one by one it has to be, of so many answers."""
_PAIRS = 500
_LONGER = 1.3
"""How many times longer it may take for ten times the answers."""

Rows = Sequence[tuple[Any, ...]]


async def _filled(url: str, answers: int) -> None:
    """Fill a database and add up; print how long both took."""
    begun = time.monotonic()
    await fill_ratings(url, answers, _UNTIL)
    filled = time.monotonic()
    async with Store.open(url) as store:
        writer = Writer(store, lambda: datetime.now(UTC))
        try:
            await rebuild(store, writer, _ZONE)
        finally:
            await writer.stop()
    added_up = time.monotonic() - filled
    print(f"{answers:,} answers: filled in {filled - begun:.0f} s, added up in {added_up:.0f} s", flush=True)


async def _print_saved(store: Store, answers: int) -> None:
    """Read in both ways, and print how much longer counting one by one takes."""
    both = await _read(store)
    one_by_one, summed = map(median, both)
    least = [min(taken) for taken in both]
    repeated, reading = await _told_apart(store)
    print(
        f"{answers:,} answers, a month by agent × dimension ({AGENTS} × {RATINGS}): {summed * 1000:.1f} ms from sums,"
        f" {one_by_one * 1000:.0f} ms one by one = {one_by_one / summed:.0f} times faster"
        f" (medians of {_ROUNDS} rounds; the shortest {least[1] * 1000:.1f} to {least[0] * 1000:.0f} ms ="
        f" {least[0] / least[1]:.0f}; of {_OF_SO_MANY:,} at least {_FASTER})",
        f"where some counts are small, whose they are is read: {repeated:,} ratings in {reading * 1000:.0f} ms",
        sep="\n",
        flush=True,
    )


async def _print_longer(few: Store, many: Store) -> None:
    """Read the sums of both in turns, and print how much longer those of ten times the answers take."""
    async with few.reading() as small, many.reading() as large:
        summed = await _pairs(*(partial(count_ratings, session, _SINCE, _UNTIL) for session in (small, large)))
        counted = await _pairs(*(partial(AskedOften().most, session, _SINCE, _UNTIL) for session in (small, large)))
    first, middle, last = quantiles((more / less for less, more in summed), n=4)
    less, more = (min(taken) * 1000 for taken in zip(*summed, strict=True))
    seldom, much = (median(taken) * 1000 for taken in zip(*counted, strict=True))
    print(
        f"ten times the answers, from sums: {middle:.2f} times as long (median of {_PAIRS} pairs read in turns,"
        f" quartiles {first:.2f} to {last:.2f}; the shortest {more:.2f} to {less:.2f} ms = {more / less:.2f};"
        f" at most {_LONGER})",
        f"that they are of enough people is made sure of in {much:.2f} ms, of a tenth of them in {seldom:.2f} ms",
        sep="\n",
        flush=True,
    )


async def _pairs(*ways: Callable[[], Awaitable[Any]]) -> list[tuple[float, ...]]:
    """Return the seconds that each way takes, in turns, after a first round that is not counted."""
    rounds = []
    for number in range(_PAIRS + 1):
        seconds = [0.0] * len(ways)
        for place in range(len(ways)) if number % 2 else reversed(range(len(ways))):
            begun = time.perf_counter()
            await ways[place]()
            seconds[place] = time.perf_counter() - begun
        rounds.append(tuple(seconds))
    return rounds[1:]


async def _read(store: Store) -> tuple[list[float], list[float]]:
    """Return the seconds of each round in both ways, after a first one that is not counted."""
    async with store.reading() as session:
        ways: tuple[Callable[[], Awaitable[Rows]], ...] = (
            lambda: session.fetch(ONE_BY_ONE, since=_SINCE, until=_UNTIL),
            partial(_summed, session, AskedOften()),
        )
        seconds: tuple[list[float], list[float]] = ([], [])
        for _ in range(_ROUNDS + 1):
            figures = []
            for way, taken in zip(ways, seconds, strict=True):
                begun = time.perf_counter()
                figures.append(_by_agent_and_dimension(await way()))
                taken.append(time.perf_counter() - begun)
            if figures[0] != figures[1] or not figures[0]:
                raise RuntimeError("the sums are not what the ratings add up to")
    return seconds[0][1:], seconds[1][1:]


async def _summed(session: Session, often: AskedOften) -> Rows:
    """Return the counts, after it has been made sure that they are of enough people, as for a report."""
    rows, _ = await count_with_people(session, _SINCE, _UNTIL, often)
    return rows


async def _told_apart(store: Store) -> tuple[int, float]:
    """Return how many ratings came from people with several responses, and the seconds in which they are read."""
    async with store.reading() as session:
        begun = time.perf_counter()
        return len(await session.fetch(REPEATED, since=_SINCE, until=_UNTIL)), time.perf_counter() - begun


def _by_agent_and_dimension(rows: Rows) -> Counter[tuple[str, str, int]]:
    """Return the distribution of values for each agent and dimension."""
    agent, dimension, value = (COUNTED_BY.index(name) for name in ("agent", "dimension", "value"))
    found: Counter[tuple[str, str, int]] = Counter()
    for row in rows:
        found[row[agent], row[dimension], row[value]] += row[-1]
    return found


async def print_rollups(urls: Sequence[str], answers: int) -> None:
    """Fill two databases, with so many ratings and with a tenth over the same year, and print what reading them takes.

    Raises RuntimeError where the two ways do not agree.
    """
    numbers = (answers // 10, answers)
    for url, number in zip(urls, numbers, strict=True):
        await _filled(url, number)
    async with AsyncExitStack() as stack:
        stores = [await stack.enter_async_context(Store.open(url)) for url in urls]
        for store, number in zip(stores, numbers, strict=True):
            await _print_saved(store, number)
        await _print_longer(*stores)


async def print_in_files(answers: int) -> None:
    """Do so with SQLite files, deleted afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        await print_rollups([f"sqlite:///{Path(folder, name)}.db" for name in ("few", "many")], answers)
