"""Writes tables, imports them, and measures what that takes of time, CPU and memory."""

import asyncio
import csv
import os
import random
import resource
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench.measure import peak_memory
from storage.connection.migrate import upgrade

__all__ = ["KINDS", "ImportFigures", "measure_import", "print_import_speed", "write_table"]

KINDS = ("tickets", "responses")
"""What is measured, in this order: answers are about the tickets before."""
_BEGUN = datetime(2025, 1, 1, 8, tzinfo=UTC)
_EVERY = timedelta(seconds=30)
_LOOKS_EVERY = 0.05
_TICKETS = (
    *("ticket", "customer", "customer.name", "customer.phone", "agent.id", "agent.name", "team", "subject"),
    *("category", "product", "opened_at", "closed_at"),
)
_QUESTIONS = ("response_speed", "problem_solving", "attitude", "convenience", "after_care")
_RESPONSES = ("ticket", "channel", "given_at", "comment", *(f"answers.{question}" for question in _QUESTIONS))


@dataclass(frozen=True, slots=True)
class ImportFigures:
    """What an import of so many `rows` took: seconds of time and of CPU, user and system, and bytes at most."""

    kind: str
    rows: int
    seconds: float
    user: float
    system: float
    most: int

    def line(self) -> str:
        """Write it as a line."""
        cpu = self.user + self.system
        return (
            f"import {self.kind}, {self.rows:,} rows: {self.rows / self.seconds:,.0f} rows/s, "
            f"{self.rows / cpu:,.0f} for each second of CPU ({self.user:.0f} s user, {self.system:.0f} s system), "
            f"at most {self.most / 1e6:.0f} MB resident"
        )


def write_table(path: Path, kind: str, rows: int) -> None:
    """Write a table with so many rows of a kind, the same at every call."""
    head, lines = (_TICKETS, _tickets(rows)) if kind == "tickets" else (_RESPONSES, _responses(rows))
    with path.open("w", encoding="utf-8", newline="") as file:
        written = csv.writer(file)
        written.writerow(head)
        written.writerows(lines)


def _tickets(rows: int) -> Iterator[Iterable[object]]:
    chance = random.Random(7)  # noqa: S311 (no secret)
    for number in range(rows):
        customer, agent, opened = number // 3, chance.randrange(80), _BEGUN + number * _EVERY
        person = (f"C{customer:07}", f"Customer {customer}", f"138{customer:08}")
        who = (f"A{agent:02}", f"Engineer {agent}", f"Team {agent % 9}")
        what = (f"Fault {number}", f"category {number % 4}", f"P{number % 3}")
        closed = opened + timedelta(minutes=chance.randrange(60, 4000))
        yield (f"T{number:08}", *person, *who, *what, f"{opened:%Y-%m-%d %H:%M:%S}", f"{closed:%Y-%m-%d %H:%M:%S}")


def _responses(rows: int) -> Iterator[Iterable[object]]:
    chance = random.Random(8)  # noqa: S311 (no secret)
    for number in range(rows):
        given = _BEGUN + number * _EVERY + timedelta(days=3)
        comment = "" if number % 4 else f"Remark {number}"
        ratings = (chance.randrange(3, 6) for _ in _QUESTIONS)
        yield (f"import/T{number:08}", "paper", f"{given:%Y-%m-%d %H:%M:%S}", comment, *ratings)


async def measure_import(folder: Path, kind: str, rows: int) -> ImportFigures:
    """Import a table of a kind into the database of a folder, and return what that took. Raises RuntimeError."""
    table, url = folder / f"{kind}.csv", f"sqlite:///{folder}/huifang.db"
    await asyncio.to_thread(write_table, table, kind, rows)
    await upgrade(url)
    return await asyncio.to_thread(_run, table, url, kind, rows)


def _run(table: Path, url: str, kind: str, rows: int) -> ImportFigures:
    command = (sys.executable, "-m", "bot", "import", kind, str(table))
    begun = time.monotonic()
    process = os.posix_spawn(sys.executable, command, os.environ | {"HUIFANG_DATABASE__URL": url})
    status, used, most = _watched(process)
    if status:
        raise RuntimeError(f"the import of {kind} failed")
    return ImportFigures(kind, rows, time.monotonic() - begun, used.ru_utime, used.ru_stime, most)


def _watched(process: int) -> tuple[int, resource.struct_rusage, int]:
    """Return how a process ended, what it used, and how much memory it had at most.

    Its `ru_maxrss` would tell of this process, too, as it was when it started the other one.
    """
    most = 0
    while True:
        most = max(most, peak_memory(process))
        ended, status, used = os.wait4(process, os.WNOHANG)
        if ended:
            return status, used, most
        time.sleep(_LOOKS_EVERY)


async def print_import_speed(rows: int, kinds: Iterable[str] = KINDS) -> None:
    """Import so many rows of each kind into one database, and print a line for each."""
    with tempfile.TemporaryDirectory() as name:
        for kind in kinds:
            print((await measure_import(Path(name), kind, rows)).line(), flush=True)
