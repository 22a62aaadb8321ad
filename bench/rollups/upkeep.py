"""`python -m bench.rollups.upkeep`: what keeping the sums of ratings up costs an answer, with it and without, in turns.

Without: the triggers that note changes are dropped before the service starts, so there is nothing to add up.
"""

import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path
from statistics import median

import uvloop

from bench.load import Figures
from bench.stub import under_load
from bench.subjects import huifang
from bench.trial import Plan
from storage.connection.migrate import upgrade

__all__ = ["print_upkeep"]

_ROUNDS = 4
_PLAN = Plan(customers=200, prepared=1200, seconds=20.0)
"""Longer than what is noted waits to be added up, so that this is in it."""
_TRIGGERS = "SELECT name FROM sqlite_master WHERE type = 'trigger'"


async def _run(*, is_kept_up: bool) -> Figures:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        await upgrade(f"sqlite:///{folder}/huifang.db")
        if not is_kept_up:
            with closing(sqlite3.connect(folder / "huifang.db")) as connection, connection:
                for (trigger,) in connection.execute(_TRIGGERS).fetchall():
                    connection.execute(f"DROP TRIGGER {trigger}")
        async with under_load(lambda port, base: huifang(port, base, folder), folder, _PLAN.customers) as bot:
            await bot.load.prepare(_PLAN.prepared, _PLAN.customers)
            return await bot.load.closed_loop(bot.pid, _PLAN.customers, _PLAN.seconds)


async def print_upkeep(rounds: int = _ROUNDS) -> None:
    """Run so many rounds of both, in turns, and print the medians beside each other."""
    runs: dict[bool, list[Figures]] = {True: [], False: []}
    for number in range(rounds):
        for is_kept_up in (True, False) if number % 2 else (False, True):
            runs[is_kept_up].append(await _run(is_kept_up=is_kept_up))
            print(f"{'with' if is_kept_up else 'without':8}{runs[is_kept_up][-1].line()}", flush=True)
    rates, cpu = ([median(getattr(one, name) for one in runs[kept]) for kept in (True, False)] for name in _NAMES)
    print(
        f"upkeep of sums: {rates[0]:.0f} to {rates[1]:.0f} answers/s = {1 - rates[0] / rates[1]:.1%} (at most 12 %);"
        f" CPU per answer {cpu[0]:.3f} to {cpu[1]:.3f} ms = {cpu[0] / cpu[1] - 1:+.1%}"
    )


_NAMES = ("rate", "bot_cpu")

if __name__ == "__main__":
    uvloop.run(print_upkeep())
