"""`python -m bench.rollups.upkeep`: what keeping the sums of ratings up costs an answer, with it and without.

Without: the triggers that note changes are dropped before the service starts, so there is nothing to add up. Both
services run all the time, of which one is stopped (SIGSTOP) while the other is under load, in turns of a second:
so whatever else the machine does meets both, and what adds up in the background does so while the load lasts.
"""

import argparse
import os
import signal
import sqlite3
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, closing
from dataclasses import dataclass
from math import sqrt
from pathlib import Path
from statistics import mean, median, stdev

import uvloop

from bench.load import Figures
from bench.stub import UnderLoad, under_load
from bench.subjects import huifang
from storage.connection.migrate import upgrade

__all__ = ["ROUNDS", "print_upkeep"]

ROUNDS = 9
_CUSTOMERS = 200
_TURNS, _SECONDS = 16, 1.0
"""Of each round; together longer than what is noted waits to be added up, so that this is in it."""
_BEGUN = 1700
"""Interviews begun beforehand for each round, so that few begin while it lasts."""
_TRIGGERS = "SELECT name FROM sqlite_master WHERE type = 'trigger'"


@dataclass(frozen=True, slots=True)
class _Sum:
    """What one service did in a round."""

    answers: int
    seconds: float
    cpu: float

    @classmethod
    def of(cls, turns: Sequence[Figures]) -> "_Sum":
        """Add turns up."""
        answers = sum(one.answers for one in turns)
        cpu = sum(one.bot_cpu * one.answers for one in turns)
        return cls(answers, sum(one.seconds for one in turns), cpu)

    @property
    def rate(self) -> float:
        """Answers a second."""
        return self.answers / self.seconds

    @property
    def cpu_each(self) -> float:
        """Milliseconds of CPU for each answer."""
        return self.cpu / self.answers


@asynccontextmanager
async def _service(*, is_kept_up: bool) -> AsyncIterator[UnderLoad]:
    """Run a service on a new database while the block runs."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        await upgrade(f"sqlite:///{folder}/huifang.db")
        if not is_kept_up:
            with closing(sqlite3.connect(folder / "huifang.db")) as connection, connection:
                for (trigger,) in connection.execute(_TRIGGERS).fetchall():
                    connection.execute(f"DROP TRIGGER {trigger}")
        async with under_load(lambda port, base: huifang(port, base, folder), folder, _CUSTOMERS) as bot:
            try:
                yield bot
            finally:
                os.kill(bot.pid, signal.SIGCONT)  # else it would not end


async def _turn(bot: UnderLoad) -> Figures:
    """Let a service that is stopped go on for some seconds."""
    os.kill(bot.pid, signal.SIGCONT)
    try:
        return await bot.load.looked_on(bot.pid, _SECONDS)
    finally:
        os.kill(bot.pid, signal.SIGSTOP)


async def _round(kept: UnderLoad, bare: UnderLoad) -> tuple[_Sum, _Sum]:
    turns: dict[int, list[Figures]] = {kept.pid: [], bare.pid: []}
    for number in range(_TURNS):
        for bot in (kept, bare) if number % 2 else (bare, kept):
            turns[bot.pid].append(await _turn(bot))
    return _Sum.of(turns[kept.pid]), _Sum.of(turns[bare.pid])


async def _rounds(rounds: int) -> list[tuple[_Sum, _Sum]]:
    async with AsyncExitStack() as stack:
        bots = [await stack.enter_async_context(_service(is_kept_up=kept)) for kept in (True, False)]
        for bot in bots:
            await bot.load.prepare(rounds * _BEGUN, _CUSTOMERS)
        for bot in bots:
            bot.load.go(_CUSTOMERS)
            os.kill(bot.pid, signal.SIGSTOP)
        await _round(*bots)  # both have warmed up
        found = []
        for number in range(rounds):
            kept, bare = await _round(*bots)
            found.append((kept, bare))
            print(
                f"round {number + 1}  with {kept.rate:.0f} answers/s, CPU {kept.cpu_each:.3f} ms each; without"
                f" {bare.rate:.0f}, {bare.cpu_each:.3f}: {1 - kept.rate / bare.rate:+.1%} fewer,"
                f" {kept.cpu_each / bare.cpu_each - 1:+.1%} CPU",
                flush=True,
            )
        return found


async def print_upkeep(rounds: int = ROUNDS) -> None:
    """Run so many rounds of both, at least two, and print the means of what they differ by, with standard errors."""
    found = await _rounds(rounds)
    fewer = [1 - kept.rate / bare.rate for kept, bare in found]
    more = [kept.cpu_each / bare.cpu_each - 1 for kept, bare in found]
    print(
        f"upkeep of sums: {_told(fewer)} fewer answers/s (at most 12 %), {_told(more)} more CPU for each"
        f" (mean ± standard error, and median, of {rounds} rounds)"
    )


def _told(shares: Sequence[float]) -> str:
    error = stdev(shares) / sqrt(len(shares))
    return f"{mean(shares) * 100:.1f} ± {error * 100:.1f} % ({median(shares):.1%})"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    uvloop.run(print_upkeep(parser.parse_args().rounds))
