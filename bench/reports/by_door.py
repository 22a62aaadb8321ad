"""What a month's report of each kind and format takes where somebody asks for it, by a command and by the API.

Its figures are kept, as those of the last month are: of each kind one report that is not counted is made before.
"""

import asyncio
import os
import sys
import tempfile
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from bench.measure import USED_BY_CHILDREN, cpu_seconds, free_port, peak_memory, resident_bytes, running
from bench.reports.one_report import DOCUMENT_SECONDS, GROWN_BYTES, PICTURE_SECONDS
from bench.subjects import API_KEY
from bot.reports.report_formats import REPORT_FORMATS

__all__ = ["DOORS", "Answered", "print_by_door"]

DOORS = ("command", "api")
"""By which a report is asked for."""

Wanted = Sequence[tuple[str, str]]
"""Kinds of reports, each with its subject or an empty text."""
_WITHIN = 600
_SETTLES = 40.0
"""Seconds until what it reads as it starts is there."""
_NAMED = 422
"""The status of a format that is not made here, such as PDF without Chromium."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """A report of a month, of one kind, about a subject or nobody, in one format."""

    kind: str
    of: str
    month: str
    form: str

    @property
    def options(self) -> list[str]:
        """Those of the command line."""
        return [self.kind, "--period", self.month, "--format", self.form, *(["--of", self.of] if self.of else [])]

    @property
    def path(self) -> str:
        """That of the API."""
        asked = urlencode({"period": self.month, "of": self.of, "format": self.form})
        return f"/api/v1/reports/documents/{self.kind}?{asked}"


@dataclass(frozen=True, slots=True)
class Answered:
    """One report: seconds by the clock, seconds of CPU of all processes that worked for it, and its length."""

    wall: float
    cpu: float
    size: int

    def line(self, form: str) -> str:
        """Return it as one cell of the table, with what is beyond its limit."""
        limit = PICTURE_SECONDS if form == "png" else DOCUMENT_SECONDS
        return f"{form} {self.wall:.2f} s ({self.cpu:.2f} CPU){' TOO LONG' if self.wall > limit else ''}"


async def print_by_door(url: str, wanted: Wanted, month: str, doors: Collection[str] = DOORS) -> None:
    """Ask for each kind in each format by a command, where no service runs, then by the API, and print what it took.

    Raises RuntimeError where a report is not made.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for kind, of in wanted if "command" in doors else ():
            asked = {form: _Asked(kind, of, month, form) for form in REPORT_FORMATS}
            await _by_command(url, asked["json"], folder)
            _print("command", kind, {form: await _by_command(url, one, folder) for form, one in asked.items()})
        if "api" not in doors:
            return
        port = free_port()
        settings = {
            "HUIFANG_DATABASE__URL": url,
            "HUIFANG_HTTP__PORT": str(port),
            "HUIFANG_HTTP__PUBLIC_URL": f"http://127.0.0.1:{port}",
            "HUIFANG_API__KEYS": API_KEY,
        }
        async with running([sys.executable, "-m", "bot", "run"], settings, port, folder / "log", _WITHIN) as pid:
            await asyncio.sleep(_SETTLES)
            before = resident_bytes(pid)
            for kind, of in wanted:
                asked = {form: _Asked(kind, of, month, form) for form in REPORT_FORMATS}
                await _by_api(port, pid, asked["json"])
                _print("API", kind, {form: await _by_api(port, pid, one) for form, one in asked.items()})
            grown = peak_memory(pid) - before
            verdict = "at most" if grown <= GROWN_BYTES else "TOO MUCH: at most"
            print(f"the service grew by {grown / 1e6:.0f} MB ({verdict} {GROWN_BYTES / 1e6:.0f})", flush=True)


def _print(door: str, kind: str, cells: Mapping[str, Answered | None]) -> None:
    told = (one.line(form) if one is not None else f"{form} –" for form, one in cells.items())
    print(f"{door:8} {kind:13} {'  '.join(told)}", flush=True)


async def _by_command(url: str, asked: _Asked, folder: Path) -> Answered | None:
    """Run `huifang report` in a process of its own; None where this format is not made here."""
    file = folder / f"report.{asked.form}"
    command = [sys.executable, "-m", "bot", "report", *asked.options, "-o", str(file)]
    environment = {"HUIFANG_DATABASE__URL": url}
    begun, cpu = time.monotonic(), _ended_cpu()
    process = await asyncio.create_subprocess_exec(
        *command, env=os.environ | environment, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    said, _ = await process.communicate()
    took = time.monotonic() - begun
    if process.returncode and asked.form != "pdf":
        raise RuntimeError(f"{asked.kind} as {asked.form} was not made: {said.decode(errors='replace')[-500:]}")
    if process.returncode:
        return None
    return Answered(took, _ended_cpu() - cpu, file.stat().st_size)


def _ended_cpu() -> float:
    """Return the seconds of CPU of the processes that this one has started and that have ended, with theirs."""
    return os.times().children_user + os.times().children_system


async def _by_api(port: int, pid: int, asked: _Asked) -> Answered | None:
    """Fetch a report from the service; None where this format is not made here."""
    address = f"http://127.0.0.1:{port}{asked.path}"
    begun, cpu = time.monotonic(), cpu_seconds(pid, *USED_BY_CHILDREN)
    content = await asyncio.to_thread(_fetched, address)
    took = time.monotonic() - begun
    return None if content is None else Answered(took, cpu_seconds(pid, *USED_BY_CHILDREN) - cpu, len(content))


def _fetched(address: str) -> bytes | None:
    asked = Request(address, headers={"authorization": f"Bearer {API_KEY}"})  # noqa: S310 (our own service)
    try:
        with urlopen(asked, timeout=_WITHIN) as answer:  # noqa: S310 (as above)
            content: bytes = answer.read()
            return content
    except HTTPError as refused:
        if refused.code == _NAMED and "format=pdf" in address:
            return None
        raise RuntimeError(f"{address} is answered {refused.code}") from None
