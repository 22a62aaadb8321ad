"""`python -m bench.profile.anatomy`: the CPU time of one answer by step, at 40 answers a second and as fast as it goes.

The service runs with its functions timed (`bench.profile.spans`), which costs some time of its own; a figure includes
what the function calls.
"""

import asyncio
import json
import os
import signal
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import uvloop

from bench.load import Figures
from bench.profile.spans import Span, install, serve_figures
from bench.stub import UnderLoad, under_load
from bench.subjects import Subject, huifang

__all__: list[str] = []

_HTTP = "bot.http.server.protocol"
STEPS: Sequence[tuple[str, Span]] = (
    ("HTTP in: bytes to a request", (_HTTP, "BoundedProtocol.data_received")),
    ("the door: secret, body, parse, and the answer 200", ("bot.http.webhooks.platforms", "ChannelHook.__call__")),
    ("  read the update", ("bot.channels.telegram.inbound.parse", "parse_update")),
    ("  say which rows the decision needs", ("bot.handlers.inbound", "needs")),
    ("load the rows (more than four decisions: SQLite's thread)", ("storage.unit_of_work.load", "load")),
    ("decide: this answer, the settling of the one before", ("storage.unit_of_work.jobs", "decided")),
    ("  move the interview, write its next question", ("bot.handlers.surveys.interview", "advance")),
    ("write the rows (SQLite's thread)", ("storage.unit_of_work.apply", "apply")),
    ("commit (SQLite's thread; the disk's time is no CPU)", ("storage.dialects.sqlite", "Sqlite.commit")),
    ("tell sender and scheduler", ("bot.process.after_commit", "AfterCommit.__call__")),
    ("acknowledge the press", ("bot.channels.telegram.channel", "TelegramChannel.acknowledge")),
    ("send the edit, and ask for its settling", ("bot.delivery.sender", "Sender._deliver")),
    ("  put it into a call, and make that", ("bot.channels.telegram.channel", "TelegramChannel.send")),
)
RATE = 40.0
SECONDS = 8.0
_FILE = "BENCH_FIGURES"
Spent = dict[str, tuple[int, int]]


async def measure() -> None:
    """Put the timed service under load, and print."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        async with under_load(lambda port, base: _timed(huifang(port, base, folder), folder), folder) as bot:
            await bot.load.prepare(1200, 200)
            calm, calm_spent = await _run(bot, folder, as_fast=False)
            fast, fast_spent = await _run(bot, folder, as_fast=True)
    runs = ((calm, calm_spent), (fast, fast_spent))
    print(f"{'µs of CPU for one answer':54}{f'at {RATE:.0f}/s':>10}{f'at {fast.rate:.0f}/s':>10}")
    for label, (module, function) in STEPS:
        micros = (spent[f"{module}:{function}"][1] / 1000 / figures.answers for figures, spent in runs)
        print(f"{label:54}" + "".join(f"{each:10.0f}" for each in micros))
    print(f"{'the whole process, all its threads':54}" + "".join(f"{each.bot_cpu * 1000:10.0f}" for each, _ in runs))


def _timed(subject: Subject, folder: Path) -> Subject:
    environment = {**subject.environment, _FILE: str(folder / "figures.json")}
    return replace(subject, command=[sys.executable, "-m", "bench.profile.anatomy", "serve"], environment=environment)


async def _run(bot: UnderLoad, folder: Path, *, as_fast: bool) -> tuple[Figures, Spent]:
    await _spent(bot, folder)
    if as_fast:
        figures = await bot.load.closed_loop(bot.pid, 200, SECONDS)
    else:
        figures = await bot.load.fixed_rate(bot.pid, RATE, SECONDS)
    return figures, await _spent(bot, folder)


async def _spent(bot: UnderLoad, folder: Path) -> Spent:
    """Fetch what the service has counted, which begins anew."""
    file = folder / "figures.json"
    file.unlink(missing_ok=True)
    os.kill(bot.pid, signal.SIGUSR1)
    for _ in range(500):
        if file.exists():
            break
        await asyncio.sleep(0.01)
    found: Spent = json.loads(file.read_text(encoding="utf-8"))
    return found


def serve() -> None:
    """Run the service with its functions timed."""
    from bot.app import ROLES  # noqa: PLC0415 (only the measured process loads the product)
    from bot.app import serve as run  # noqa: PLC0415 (as above)
    from config.settings.loading import load_settings  # noqa: PLC0415 (as above)

    install([span for _, span in STEPS])
    serve_figures(Path(os.environ[_FILE]))
    run(load_settings(os.environ, None, Path.cwd()), ROLES)


if __name__ == "__main__":
    serve() if sys.argv[1:] == ["serve"] else uvloop.run(measure())
