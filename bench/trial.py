"""One bot put to the trial: `python -m bench.trial ptb|null|huifang`; its figures, a line each.

Each bot gets the same: a new process, a new stub, the same customers, the same seconds.
"""

import argparse
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import uvloop

from bench.database import commits
from bench.load import Figures
from bench.measure import resident_bytes
from bench.stub import under_load
from bench.subjects import Subject, huifang, null_bot, one_by_one, ptb_bot

__all__ = ["Outcome", "Plan", "trial"]

Describe = Callable[[int, str, Path], Subject]
SUBJECTS: dict[str, Describe] = {"ptb": ptb_bot, "null": null_bot, "huifang": huifang, "huifang-1": one_by_one}


@dataclass(frozen=True, slots=True)
class Plan:
    """The load: customers at once, interviews begun before the clock starts, seconds, and the fixed rate's answers/s.

    With too few prepared interviews new ones begin while the clock runs, and their cost counts.
    """

    customers: int = 200
    prepared: int = 200
    seconds: float = 15.0
    rate: float = 40.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one bot did: at a fixed rate, as fast as it could, and its resident memory after that, in bytes."""

    fixed: Figures
    closed: Figures
    resident: int
    commits: float = 0.0
    """Commits for each answer at the fixed rate, where the bot is ours."""


async def trial(describe: Describe, folder: Path, plan: Plan) -> Outcome:
    """Run one bot through the plan."""
    async with under_load(lambda port, base: describe(port, base, folder), folder, plan.customers) as bot:
        every = int(plan.rate * plan.seconds)  # even a bot that falls behind never keeps the fixed rate waiting
        await bot.load.prepare(max(plan.prepared, every), plan.customers)
        database = folder / "huifang.db"
        before = commits(database) if database.exists() else 0
        fixed = await bot.load.fixed_rate(bot.pid, plan.rate, plan.seconds)
        made = commits(database) - before if database.exists() else 0
        closed = await bot.load.closed_loop(bot.pid, plan.customers, plan.seconds)
        return Outcome(fixed, closed, resident_bytes(bot.pid), made / max(fixed.answers, 1))


async def show(options: argparse.Namespace) -> None:
    """Run and print."""
    plan = Plan(options.customers, options.prepared, options.seconds, options.rate)
    with tempfile.TemporaryDirectory() as folder:
        outcome = await trial(SUBJECTS[options.subject], Path(folder), plan)
    print(f"{options.subject}: as fast as it goes   {outcome.closed.line()}")
    print(f"{options.subject}: at {plan.rate:.0f}/s   {outcome.fixed.line()}")
    print(f"{options.subject}: resident {outcome.resident / 1e6:.0f} MB")


def main() -> None:
    """Read the options and run."""
    usual = Plan()
    parser = argparse.ArgumentParser(prog="python -m bench.trial", description=__doc__)
    parser.add_argument("subject", choices=sorted(SUBJECTS))
    parser.add_argument("--customers", type=int, default=usual.customers)
    parser.add_argument("--prepared", type=int, default=usual.prepared)
    parser.add_argument("--seconds", type=float, default=usual.seconds)
    parser.add_argument("--rate", type=float, default=usual.rate)
    uvloop.run(show(parser.parse_args()))


if __name__ == "__main__":
    main()
