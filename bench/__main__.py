"""`make bench`: every figure beside its comparison, from one run on this machine.

Throughput and latency with the pacer opened wide; the pacer's own line with the settings as they are shipped.
"""

import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import uvloop

from bench.crowd import make_crowd
from bench.day_later import KEPT_AT_MOST, kept_for_each_survey
from bench.imports.import_speed import print_import_speed
from bench.load import Figures
from bench.measure import free_port, resident_bytes, seconds_to_answer
from bench.rollups.measure import print_in_files
from bench.rollups.upkeep import print_upkeep
from bench.sizes.scrape_cost import print_scrape_cost
from bench.stub import under_load
from bench.subjects import TOKEN, Subject, huifang, one_by_one, ptb_bot
from bench.trial import Outcome, Plan, trial
from bench.understanding.measure import PHRASES, print_measured
from bench.understanding.text_speed import print_text_speed
from tests.support.botapi.http.lean import LeanTelegram, Sent
from tests.support.botapi.rates import Send, busiest

ROUNDS = 3
PLAN = Plan(customers=200, prepared=600, seconds=8.0, rate=40.0)
SLOW = Plan(customers=200, prepared=200, seconds=8.0, rate=40.0)
CROWDS = (100, 100_000)
PACED = 150
STARTS = 5
RATED = 1_000_000
"""Ratings of the database of which a month is reported, 50 times as fast from sums as counted one by one."""
IMPORTED = 1_000_000
"""Rows of each table that is imported, at 5,000 a second at least and within 150 MB."""
KEPT_UP = 5
"""Rounds with the sums of ratings kept up, and without beside it."""
KEPT_RATE = 100.0
KEPT_SURVEYS = 400

Describe = Callable[[int, str, Path], Subject]


async def bench() -> None:
    """Run everything and print it."""
    print_measured(PHRASES)
    print_text_speed()
    rivals: dict[str, tuple[Describe, Plan]] = {
        "python-telegram-bot, ConversationHandler": (ptb_bot, SLOW),
        "huifang, batches of up to 200": (huifang, PLAN),
    }
    outcomes: dict[str, list[Outcome]] = {name: [] for name in rivals}
    for number in range(ROUNDS):
        for name, (describe, plan) in rivals.items():
            outcomes[name].append(await _fresh(describe, plan))
            print(f"round {number + 1}  {name:42} {outcomes[name][-1].closed.line()}", flush=True)
    print("event loops: asyncio's own for python-telegram-bot, its default; uvloop for huifang, as it is shipped")
    single = await _fresh(one_by_one, SLOW)
    print(f"         {'huifang, batches of 1':42} {single.closed.line()}")
    ptb, ours = outcomes.values()
    _compare(ptb, ours)
    _compare_fixed([one.fixed for one in ptb], [one.fixed for one in ours])
    print(f"commits for each answer at {PLAN.rate:.0f}/s: {median(one.commits for one in ours):.2f}")
    await _print_kept()
    print(f"resident after the load: python-telegram-bot {_megabytes(ptb)} MB, huifang {_megabytes(ours)} MB")
    for people in CROWDS:
        print(f"resident with {people:,} open interviews: {await _resident(people) / 1e6:.0f} MB", flush=True)
    await print_in_files(RATED)
    await print_upkeep(KEPT_UP)
    await print_scrape_cost()
    await print_import_speed(IMPORTED)
    print(f"start to /healthz: {await _start():.2f} s (median of {STARTS})", flush=True)
    print(f"pacer at 30/s, {PACED} first questions at once: {await _paced()} sends in the busiest second (at most 30)")


async def _fresh(describe: Describe, plan: Plan) -> Outcome:
    with tempfile.TemporaryDirectory() as folder:
        return await trial(describe, Path(folder), plan)


def _compare(ptb: list[Outcome], ours: list[Outcome]) -> None:
    """Set median against median, and our worst round against their best."""
    theirs, mine = sorted(one.closed.rate for one in ptb), sorted(one.closed.rate for one in ours)
    cpu = [median(one.closed.bot_cpu for one in some) for some in (ptb, ours)]
    print(
        f"answers/s, median: {median(mine):.0f} to {median(theirs):.0f} = {median(mine) / median(theirs):.1f} times; "
        f"our worst to their best: {mine[0]:.0f} to {theirs[-1]:.0f} = {mine[0] / theirs[-1]:.1f} times; "
        f"CPU per answer {cpu[1]:.2f} to {cpu[0]:.2f} ms = {cpu[0] / cpu[1]:.1f} times less"
    )


def _compare_fixed(ptb: list[Figures], ours: list[Figures]) -> None:
    """Set the medians of a day's load beside each other."""
    figures = {
        "p50": ("ms", [median(one.p50 for one in some) for some in (ours, ptb)]),
        "p99": ("ms", [median(one.p99 for one in some) for some in (ours, ptb)]),
        "CPU for each answer": ("ms", [median(one.bot_cpu for one in some) for some in (ours, ptb)]),
    }
    for name, (unit, (mine, theirs)) in figures.items():
        ratio = f"{mine:.2f} to {theirs:.2f} {unit} = {mine / theirs:.2f} of it"
        print(f"at {PLAN.rate:.0f} answers/s, {name}: {ratio} (medians of {len(ours)} rounds)")


async def _print_kept() -> None:
    with tempfile.TemporaryDirectory() as folder:
        at_once, later = await kept_for_each_survey(Path(folder), KEPT_SURVEYS, KEPT_RATE)
    print(f"bytes kept for each completed survey: {at_once:,.0f}", flush=True)
    verdict = "at most" if later <= KEPT_AT_MOST else "THE LIMIT IS BROKEN:"
    print(f"bytes kept for each completed survey after a day: {later:,.0f} ({verdict} {KEPT_AT_MOST:,})", flush=True)


def _megabytes(outcomes: list[Outcome]) -> str:
    return f"{median(one.resident for one in outcomes) / 1e6:.0f}"


async def _resident(people: int) -> int:
    """Tell the memory of a process that was started on so many open interviews and has been asked one thing more."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        await make_crowd(folder / "huifang.db", people)
        async with under_load(lambda port, base: huifang(port, base, folder), folder, 20) as bot:
            await bot.load.prepare(20, 20)
            return resident_bytes(bot.pid)


async def _start() -> float:
    """Return the seconds from the start to the first answer of /healthz, on a database whose tables are there."""
    seconds = []
    for _ in range(STARTS):
        with tempfile.TemporaryDirectory() as name:
            folder, port, stub = Path(name), free_port(), LeanTelegram(TOKEN)
            await make_crowd(folder / "huifang.db", CROWDS[0])
            subject = huifang(port, await stub.listen(), folder)
            log = folder / "huifang.log"
            seconds.append(await seconds_to_answer(subject.command, subject.environment, port, "/healthz", log))
            stub.close()
    return median(seconds)


async def _paced() -> int:
    """Close many tickets at once and count what arrives in the busiest second."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        async with under_load(lambda port, base: huifang(port, base, folder, paced=True), folder, PACED) as bot:
            sends: list[Send] = []

            def heard(sent: Sent) -> None:
                sends.append(Send(time.monotonic(), sent.chat_id, "sendMessage"))
                bot.load.heard(sent)

            bot.stub.listener = heard
            await bot.load.prepare(PACED, PACED)
            return busiest(sends, seconds=1)


if __name__ == "__main__":
    uvloop.run(bench())
