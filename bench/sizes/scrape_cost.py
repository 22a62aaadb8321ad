"""`python -m bench.sizes.scrape_cost`: what scraping `/metrics` costs a service under full load.

One service, in turns of two seconds: scraped ten times a second, and not at all. What a scrape every 5 s costs is too
little to be seen beside what else a machine does; fifty times as many are seen, and divided by their number.
"""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from urllib.parse import urlsplit

import uvloop

from bench.load import Figures
from bench.stub import UnderLoad, under_load
from bench.subjects import API_KEY, huifang
from bot.http.server.metrics_page import METRICS_PATH

__all__ = ["ROUNDS", "print_scrape_cost"]

ROUNDS = 6
LIMIT = 1.0
"""Percent of the answers a second that a scrape every 5 s may cost."""
_CUSTOMERS, _BEGUN, _SECONDS = 200, 600, 2.0
_EVERY = 0.1
_PROMETHEUS = (5, 15)
"""Seconds between scrapes: often, and as Prometheus does where nobody says otherwise."""


@dataclass(slots=True)
class _Scraper:
    """Scrapes on and on over one connection, as Prometheus does, and counts."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    count: int = 0
    size: int = 0
    is_over: bool = False

    async def scrape(self) -> None:
        """Scrape once; raises RuntimeError for any other answer than 200."""
        head = f"GET {METRICS_PATH} HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer {API_KEY}\r\n\r\n"
        self.writer.write(head.encode())
        told = (await self.reader.readuntil(b"\r\n\r\n")).lower()
        if b" 200 " not in told.partition(b"\r\n")[0]:
            raise RuntimeError(f"a scrape is answered {told!r}")
        self.size = int(told.partition(b"content-length:")[2].partition(b"\r\n")[0])
        await self.reader.readexactly(self.size)
        self.count += 1

    async def go_on(self) -> None:
        """Scrape until it is over; never half, since one connection is used again."""
        self.is_over = False
        while not self.is_over:
            await asyncio.gather(self.scrape(), asyncio.sleep(_EVERY))


@asynccontextmanager
async def _scraping(scraper: _Scraper) -> AsyncIterator[None]:
    going = asyncio.create_task(scraper.go_on())
    try:
        yield
    finally:
        scraper.is_over = True
        await going


async def print_scrape_cost(rounds: int = ROUNDS) -> None:
    """Measure so many rounds, and print what a scrape costs."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        async with under_load(lambda port, base: huifang(port, base, folder), folder, _CUSTOMERS) as bot:
            await bot.load.prepare(_BEGUN, _CUSTOMERS)
            bot.load.go(_CUSTOMERS)
            await bot.load.looked_on(bot.pid, _SECONDS)
            await _print_rounds(bot, await _connected(bot), rounds)


async def _connected(bot: UnderLoad) -> _Scraper:
    port = urlsplit(bot.subject.environment["HUIFANG_HTTP__PUBLIC_URL"]).port
    return _Scraper(*await asyncio.open_connection("127.0.0.1", port))


async def _print_rounds(bot: UnderLoad, scraper: _Scraper, rounds: int) -> None:
    costs, scraped, alone = list[float](), list[Figures](), list[Figures]()
    for _ in range(rounds):
        alone.append(await bot.load.looked_on(bot.pid, _SECONDS))
        before = scraper.count
        async with _scraping(scraper):
            scraped.append(await bot.load.looked_on(bot.pid, _SECONDS))
        extra = (scraped[-1].bot_cpu - alone[-1].bot_cpu) * scraped[-1].answers
        costs.append(extra / (scraper.count - before))
    scraper.writer.close()
    each = median(costs)
    shares = [each / 10 / seconds for seconds in _PROMETHEUS]  # ms of one core's second, in percent
    verdict = "at most" if shares[0] < LIMIT else "THE LIMIT IS BROKEN:"
    print(
        f"a scrape of /metrics ({scraper.size:,} bytes): {each:.1f} ms of CPU; every {_PROMETHEUS[0]} s it costs"
        f" {shares[0]:.2f} % of answers/s ({verdict} {LIMIT:.0f} %), every {_PROMETHEUS[1]} s {shares[1]:.2f} %"
        f" (CPU for each answer {median(one.bot_cpu for one in scraped):.3f} ms with {1 / _EVERY:.0f} scrapes a second,"
        f" {median(one.bot_cpu for one in alone):.3f} ms without; {rounds} rounds in turns)",
        flush=True,
    )


if __name__ == "__main__":
    uvloop.run(print_scrape_cost())
