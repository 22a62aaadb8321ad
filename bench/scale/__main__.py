"""`python -m bench.scale`: what a large database costs: erasure, export, retention, audience, start.

A probe commits every few milliseconds beside each of them; its longest commit is printed, and that of a quiet moment.
Without an argument the database is an SQLite file of 5,000,000 deliveries, which is made first and deleted afterwards.
"""

import argparse
import asyncio
import contextlib
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

import uvloop

from bench.measure import free_port, seconds_to_answer
from bench.scale.filling import COMPANY, DELIVERIES, SURVEYS_OF_COMPANY, SURVEYS_OF_ONE, fill, person
from bench.subjects import TOKEN, huifang
from dialogs.campaign.model import Audience
from storage.connection.migrate import upgrade
from storage.connection.store import Store
from storage.model.records import Note
from storage.privacy.erasure import ErasureTask, erase
from storage.privacy.export import export_personal_data
from storage.privacy.retention import RetentionPeriods, apply_retention
from storage.reads.audiences import candidates
from storage.unit_of_work.changes import Changes
from storage.unit_of_work.needs import Needs
from storage.unit_of_work.snapshot import Snapshot
from storage.unit_of_work.writer import Decision, Job, Writer
from storage.verification.verify import verify_database
from tests.support.botapi.http.lean import LeanTelegram

__all__: list[str] = []

_PROBES_EVERY = 0.003
_QUIET = 3.0
_STARTS = 3
_WITHIN = 2
"""Seconds that an erasure or an export may take."""
_PAUSE = 100
"""Milliseconds that a commit may wait meanwhile."""
_FILE = "sqlite:///"
_KEY = b"key-of-the-bench"


@dataclass(slots=True)
class Probe:
    """Commits a note again and again; `worst` is its longest wait in seconds."""

    writer: Writer
    worst: float = 0.0
    commits: int = 0
    _note: Note = field(default_factory=lambda: Note("bench.probe", "", datetime.now(UTC)))

    async def run(self) -> None:
        """Run until cancelled."""
        while True:
            begun = time.monotonic()
            await self.writer.decide(Job(Needs(notes=frozenset({self._note.key})), self._written))
            self.worst = max(self.worst, time.monotonic() - begun)
            self.commits += 1
            await asyncio.sleep(_PROBES_EVERY)

    def _written(self, rows: Snapshot, now: datetime) -> Decision[None]:
        before = rows.note(self._note.key)
        return Decision(Changes((Note(self._note.key, str(self.commits), now, before.version if before else 0),)), None)


@contextlib.asynccontextmanager
async def probed(writer: Writer) -> AsyncIterator[Probe]:
    """Run a probe while the block runs."""
    probe = Probe(writer)
    task = asyncio.create_task(probe.run())
    try:
        yield probe
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def bench(url: str, deliveries: int) -> None:
    """Fill the database, do each thing once, and print."""
    surveys = deliveries // DELIVERIES
    seconds = await fill(url, surveys)
    print(f"{surveys:,} surveys, {deliveries:,} deliveries, filled within {seconds:.0f} s", flush=True)
    if url.startswith(_FILE):
        await _start(Path(url.removeprefix(_FILE)))
    async with Store.open(url) as store:
        writer = Writer(store, lambda: datetime.now(UTC))
        try:
            await _each(store, writer)
        finally:
            await writer.stop()
    begun = time.monotonic()
    found = await verify_database(url, datetime.now(UTC))
    print(f"{'doctor --verify':44} {time.monotonic() - begun:8.2f} s, {found.number} findings")


async def _each(store: Store, writer: Writer) -> None:
    await _timed(writer, f"nothing for {_QUIET:.0f} s", lambda: asyncio.sleep(_QUIET))
    one, other = f"a customer with {SURVEYS_OF_ONE} surveys", f"a customer with {SURVEYS_OF_COMPANY} surveys"
    await _timed(writer, f"export {one}", lambda: export_personal_data(store, person(1)), is_person=True)
    await _timed(
        writer, f"erase {one}", lambda: erase(store, writer, ErasureTask(person(1), "gone_1", _KEY)), is_person=True
    )
    await _timed(writer, f"export {other}", lambda: export_personal_data(store, COMPANY), is_person=True)
    await _timed(
        writer, f"erase {other}", lambda: erase(store, writer, ErasureTask(COMPANY, "gone_2", _KEY)), is_person=True
    )
    await _timed(writer, "retention, after a day", lambda: _retention(store, writer))
    await _timed(writer, "retention, nothing left to do", lambda: _retention(store, writer))
    await _timed(writer, "the audience of a campaign to everybody", lambda: _audience(store))


async def _timed(writer: Writer, what: str, work: Callable[[], Awaitable[object]], *, is_person: bool = False) -> None:
    """Print how long it takes, and the longest commit beside it; what concerns a person has to find one."""
    async with probed(writer) as probe:
        await asyncio.sleep(0.1)
        begun = time.monotonic()
        found = await work()
        seconds = time.monotonic() - begun
    if is_person and not found:
        raise RuntimeError(f"{what}: there was nobody")
    within = f"(limit {_WITHIN} s)" if is_person else ""
    longest = f"longest of {probe.commits:5} commits {probe.worst * 1000:4.0f} ms (limit {_PAUSE} ms)"
    print(f"{what:40} {seconds:7.2f} s {within:12} {longest}", flush=True)


async def _retention(store: Store, writer: Writer) -> None:
    emptied = await apply_retention(store, writer, RetentionPeriods(), datetime.now(UTC))
    print(f"  emptied {', '.join(f'{kind} {count:,}' for kind, count in emptied.items())}")


async def _audience(store: Store) -> None:
    found = await candidates(store, Audience(), datetime.now(UTC), ("telegram",), unfinished=False)
    print(f"  {len(found):,} customers")


async def _start(database: Path) -> None:
    """Print how long a start takes on the filled file, and on one without rows."""
    size = await asyncio.to_thread(database.stat)
    print(f"the file has {size.st_size / 1e9:.1f} GB")
    empty = database.with_name("empty") / database.name
    await upgrade(f"{_FILE}{empty}")
    for what, file in (("start to /healthz, without rows", empty), ("start to /healthz", database)):
        seconds = median([await _seconds_to_start(file.parent) for _ in range(_STARTS)])
        print(f"{what:44} {seconds:8.2f} s", flush=True)


async def _seconds_to_start(folder: Path) -> float:
    stub, port = LeanTelegram(TOKEN), free_port()
    subject = huifang(port, await stub.listen(), folder)
    try:
        return await seconds_to_answer(subject.command, subject.environment, port, "/healthz", folder / "huifang.log")
    finally:
        stub.close()


def _main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--deliveries", type=int, default=5_000_000)
    parser.add_argument("--url", default="", help="an empty PostgreSQL database instead of a file")
    given = parser.parse_args()
    if given.url:
        uvloop.run(bench(given.url, given.deliveries))
    else:
        with tempfile.TemporaryDirectory() as folder:
            uvloop.run(bench(f"{_FILE}{folder}/huifang.db", given.deliveries))


if __name__ == "__main__":
    _main()
