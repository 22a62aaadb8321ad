"""`python -m bench.reports`: what a month's report of each kind takes where a company has a million answers.

The sample company is filled into a file once, `--database`, and kept for the next run. Each report is made in a process
of its own, first with all its figures to be computed, then from those that are kept; then the service makes reports
while customers press, in turns with rounds in which it makes none.

With `--doors` each is asked for in every format instead, by a command and by the API; `--url` names a migrated database
of PostgreSQL for that.
"""

import argparse
import asyncio
import contextlib
import sqlite3
import sys
import tempfile
from collections.abc import Collection, Sequence
from pathlib import Path

from sqlalchemy import func, select

from bench.reports.beside_taps import print_beside_taps
from bench.reports.by_door import DOORS, print_by_door
from bench.reports.filling import CUSTOMERS, fill_company
from bench.reports.one_report import DOCUMENT_SECONDS, GROWN_BYTES, PICTURE_SECONDS, ReportEffort, effort_of
from bot.jobs.reports.report_documents import REPORT_KINDS
from dialogs.reports.document import ReportKind
from storage.connection.store import Store
from storage.schema import tables as t
from storage.schema.literals import text_literal

__all__: list[str] = []

_AGENT = "sample-1"
_TEAM = select(func.min(t.closings.c.team)).where(t.closings.c.agent_id == text_literal(_AGENT))


async def bench(database: Path, customers: int, kinds: Sequence[str]) -> None:
    """Fill the database where it is not yet, make a report of each kind, and print what it took."""
    url = f"sqlite:///{database}"
    month = await fill_company(url, customers)
    wanted = await _wanted(url, kinds)
    for kind, subject in wanted:
        await asyncio.to_thread(_forget, database)
        print(_line(kind, await _made(url, kind, month, subject)), flush=True)
    await print_beside_taps(database, wanted, month)


async def bench_doors(url: str, customers: int, kinds: Sequence[str], doors: Collection[str]) -> None:
    """Fill the database where it is not yet, and ask for a report of each kind in each format by these doors."""
    month = await fill_company(url, customers)
    await print_by_door(url, await _wanted(url, kinds), month, doors)


async def _wanted(url: str, kinds: Sequence[str]) -> list[tuple[str, str]]:
    """Return kinds of reports with whom they are about: an agent of the sample company, the agent's team, or nobody."""
    async with Store.beside(url) as store, store.reading() as session:
        ((team,),) = await session.fetch(_TEAM)
    agent = f"agent:{_AGENT}"
    of = {"subject": f"team:{team}", "team": f"team:{team}", "scorecard": agent, "appraisal": agent}
    return [(kind, of.get(kind, "")) for kind in kinds]


def _forget(database: Path) -> None:
    """Delete the figures that are kept, so that the first report of a kind has to compute its own."""
    with contextlib.closing(sqlite3.connect(database)) as file, file:
        file.execute("DELETE FROM kept_figures")


async def _made(url: str, kind: str, month: str, of: str) -> ReportEffort:
    """Make one report in a process of its own. Raises RuntimeError where that fails."""
    command = [sys.executable, "-m", "bench.reports.one_report", url, kind, month, "--of", of]
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    printed, _ = await process.communicate()
    if process.returncode:
        raise RuntimeError(f"no report of kind {kind} was made")
    return effort_of(printed.decode())


def _line(kind: str, took: ReportEffort) -> str:
    written = ", ".join(f"{form} {1000 * one.cpu:.0f} ms" for form, one in took.formats.items())
    longest = max((one.wall for form, one in took.formats.items() if form != "png"), default=0.0)
    broken = [
        *(["TOO LONG"] if took.kept.wall + longest > DOCUMENT_SECONDS else []),
        *(["PICTURE TOO LONG"] if "png" in took.formats and took.formats["png"].wall > PICTURE_SECONDS else []),
        *(["TOO LARGE"] if took.grown > GROWN_BYTES else []),
    ]
    child = f", child {took.child / 1e6:.0f} MB" if took.child else ""
    return (
        f"{kind:13} document computed {took.document.cpu:6.2f} s CPU, {took.document.wall:6.2f} s, kept"
        f" {1000 * took.kept.cpu:.0f} ms CPU, {1000 * took.kept.wall:.0f} ms"
        f"  process +{took.grown / 1e6:.0f} MB{child}  {written}  {' '.join(broken)}"
    )


def _main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.reports", description=__doc__)
    kept = Path(tempfile.gettempdir(), f"huifang-reports-{CUSTOMERS}.db")
    parser.add_argument("--database", type=Path, default=kept, help="the file in which the company is kept")
    parser.add_argument("--customers", type=int, default=CUSTOMERS)
    known = [kind.value for kind in REPORT_KINDS if kind is not ReportKind.FIGURES]
    parser.add_argument("--doors", nargs="*", choices=DOORS, help="in every format, by these doors; by all by default")
    parser.add_argument("--url", help="another database for --doors")
    parser.add_argument("--kind", action="append", choices=known, help="again for more; all by default")
    given = parser.parse_args()
    kinds = given.kind or known
    if given.doors is not None:
        url, doors = given.url or f"sqlite:///{given.database}", given.doors or DOORS
        asyncio.run(bench_doors(url, given.customers, kinds, doors))
    else:
        asyncio.run(bench(given.database, given.customers, kinds))


if __name__ == "__main__":
    _main()
