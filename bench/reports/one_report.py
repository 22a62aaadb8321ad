"""One report in a process of its own, as the service makes it: `python -m bench.reports.one_report URL KIND MONTH`.

It prints what making the document, once more from what is kept, and writing it in each format took, as JSON.
"""

import argparse
import asyncio
import json
import resource
import sys
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict, dataclass
from functools import partial
from os import getpid
from typing import TypeVar

from bench.measure import resident_bytes
from bench.reports.filling import settings_for
from bot.jobs.reports.report_documents import asked_report, make_report
from bot.reports.printed_page import UnwrittenReportError
from bot.reports.report_formats import REPORT_FORMATS, written_report
from bot.wiring.services import open_services
from storage.rollups.figure_store import keep_figures

__all__ = ["DOCUMENT_SECONDS", "GROWN_BYTES", "PICTURE_SECONDS", "Effort", "ReportEffort", "effort_of"]

DOCUMENT_SECONDS, PICTURE_SECONDS, GROWN_BYTES = 2.0, 1.0, 60_000_000
"""What a report may take, one as a picture, and by how much whoever makes it may grow."""

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Effort:
    """Seconds of CPU, with those of processes that were started for it, and seconds by the clock."""

    cpu: float
    wall: float


@dataclass(frozen=True, slots=True)
class ReportEffort:
    """What a report took: its document and each format, and by how many bytes the process grew at its largest.

    `kept` is what the document takes again, from figures that are kept. `child` is the size of the largest process that
    was started for the document, 0 where none was.
    """

    document: Effort
    kept: Effort
    formats: Mapping[str, Effort]
    grown: int
    child: int


def effort_of(printed: str) -> ReportEffort:
    """Return what such a process has printed."""
    read = json.loads(printed)
    formats = {form: Effort(**one) for form, one in read["formats"].items()}
    return ReportEffort(Effort(**read["document"]), Effort(**read["kept"]), formats, read["grown"], read["child"])


async def _taken(work: Callable[[], Awaitable[Result]]) -> tuple[Result, Effort]:
    begun, cpu = time.monotonic(), _cpu()
    made = await work()
    return made, Effort(_cpu() - cpu, time.monotonic() - begun)


def _cpu() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def _largest(who: int) -> int:
    """Return the largest size that this process, or one of those that it started and that ended, has had."""
    return resource.getrusage(who).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


async def _measured(url: str, asked: Mapping[str, str]) -> ReportEffort:
    async with open_services(settings_for(url)) as services:
        policy, now = services.receiver.policy, services.clock.now()
        wanted, before = asked_report(asked, policy, now), resident_bytes(getpid())
        document, effort = await _taken(lambda: make_report(services.reader, policy, wanted, now))
        await keep_figures(services.writer, services.reader.kept.waiting())
        again, kept = await _taken(lambda: make_report(services.reader, policy, wanted, now))
        if again != document:
            raise RuntimeError("what is kept tells something else")
        grown, child = _largest(resource.RUSAGE_SELF) - before, _largest(resource.RUSAGE_CHILDREN)
        formats = dict[str, Effort]()
        for form in REPORT_FORMATS:
            try:
                _, formats[form] = await _taken(partial(written_report, document, form))
            except UnwrittenReportError:
                continue
        return ReportEffort(effort, kept, formats, grown, child)


def _main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("url", "kind", "month"):
        parser.add_argument(name)
    parser.add_argument("--of", default="")
    given = parser.parse_args()
    asked = {"kind": given.kind, "period": given.month, "of": given.of, "by": "", "metric": "", "locale": ""}
    print(json.dumps(asdict(asyncio.run(_measured(given.url, asked)))))


if __name__ == "__main__":
    _main()
