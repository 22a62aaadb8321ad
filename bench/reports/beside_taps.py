"""How long the service takes to answer a press while it makes reports, beside how long it takes without any."""

import asyncio
import contextlib
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator, Sequence
from itertools import cycle
from pathlib import Path
from statistics import median
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from bench.load import Figures
from bench.stub import UnderLoad, under_load
from bench.subjects import API_KEY, huifang

__all__ = ["print_beside_taps"]

_RATE, _SECONDS, _ROUNDS = 40.0, 15.0, 4
_AT_ONCE = 50
_LOOKED_AT = 2.0
"""Seconds for which somebody looks at a report before asking for the next one."""
_ALONE = 3
"""Seconds without another process after which none is to come."""
_WITHIN = 600
"""Seconds that one report may take."""
_LONGER = 1.5
"""So many times as long may the slowest hundredth of presses take."""


async def print_beside_taps(database: Path, wanted: Sequence[tuple[str, str]], month: str) -> None:
    """Put the service under a day's load on a copy of a database, in turns without and with reports, and print it.

    `wanted` are kinds of reports, each with its subject or an empty text.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        await asyncio.to_thread(shutil.copyfile, database, folder / "huifang.db")
        async with under_load(lambda port, base: huifang(port, base, folder), folder, _AT_ONCE) as bot:
            quiet, loaded, made = list[Figures](), list[Figures](), 0
            await _keep_all(bot, wanted, month)
            in_turn = cycle(wanted)
            for _ in range(_ROUNDS):
                quiet.append(await _round(bot))
                async with _reports(bot, in_turn, month) as counted:
                    loaded.append(await _round(bot))
                    while not counted:  # it lasts longer than a round
                        loaded.append(await _round(bot))
                made += len(counted)
    for what, rounds in (("no report", quiet), (f"of {made} reports", loaded)):
        for one in rounds:
            print(f"{what:20} {one.line()}")
    without, beside = (median(one.p99 for one in rounds) for rounds in (quiet, loaded))
    print(
        f"p99 of presses: {without:.1f} ms, beside {made} reports {beside:.1f} ms = {beside / without:.2f} times"
        f" as long (medians of {len(quiet)} and {len(loaded)} rounds in turns; at most {_LONGER})"
    )


async def _keep_all(bot: UnderLoad, wanted: Sequence[tuple[str, str]], month: str) -> None:
    """Ask for each report once, and wait until the service has computed the figures that it keeps by itself."""
    for kind, of in wanted:
        await asyncio.to_thread(_fetch, _address(bot, kind, of, month))
    alone = 0
    for _ in range(_WITHIN):
        await asyncio.sleep(1)
        alone = 0 if await asyncio.to_thread(_children, bot.pid) else alone + 1
        if alone == _ALONE:
            return


def _children(pid: int) -> str:
    """Return the processes that a process has started and that run; none where the system does not tell."""
    told = Path(f"/proc/{pid}/task/{pid}/children")
    return told.read_text() if told.exists() else ""


def _address(bot: UnderLoad, kind: str, of: str, month: str) -> str:
    base = bot.subject.environment["HUIFANG_HTTP__PUBLIC_URL"]
    return f"{base}/api/v1/reports/documents/{kind}?{urlencode({'period': month, 'of': of, 'format': 'html'})}"


async def _round(bot: UnderLoad) -> Figures:
    await bot.load.prepare(int(_RATE * _SECONDS), _AT_ONCE)
    return await bot.load.fixed_rate(bot.pid, _RATE, _SECONDS)


@contextlib.asynccontextmanager
async def _reports(bot: UnderLoad, wanted: Iterator[tuple[str, str]], month: str) -> AsyncIterator[list[int]]:
    """Ask for one report after another while the block runs; gives the sizes of those that were made.

    The one that is being made at the end is waited for, so that nothing of it lies in what follows.
    """
    made, is_over = list[int](), asyncio.Event()

    async def ask() -> None:
        for kind, of in wanted:
            made.append(await asyncio.to_thread(_fetch, _address(bot, kind, of, month)))
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(is_over.wait(), _LOOKED_AT)
                return

    asking = asyncio.create_task(ask())
    try:
        yield made
    finally:
        is_over.set()
        await asking


def _fetch(address: str) -> int:
    asked = Request(address, headers={"authorization": f"Bearer {API_KEY}"})  # noqa: S310 (our own service)
    with urlopen(asked, timeout=_WITHIN) as answer:  # noqa: S310 (as above)
        return len(answer.read())
