"""The disk under an SQLite database fails while people write: nothing is acknowledged, somebody is told, it passes."""

import asyncio
import json
import os
import resource
import shutil
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import AbstractContextManager, asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from tests.support.botapi import Person
from tests.support.town.town import Town, closing, eventually, town_at
from tests.support.town.words import step

NOTICED_WITHIN = 10.0

pytestmark = pytest.mark.proof  # each needs a process of its own, and waits for its heartbeat

Trouble = Callable[[Path, int], AbstractContextManager[None]]


@dataclass(frozen=True, slots=True)
class Served:
    """A town whose database is a file that comes to harm."""

    town: Town

    @property
    def file(self) -> Path:
        return self.town.product.folder / "var" / "huifang.db"

    @property
    def pid(self) -> int:
        process = self.town.product.process
        assert process is not None
        assert process.returncode is None, self.town.product.log
        return process.pid

    async def put(self, customer: Person, ticket: str) -> int:
        """Close a ticket; return the status of the answer."""
        answer = await self.town.product.api.put(f"/api/v1/tickets/desk/{ticket}", json=closing(customer))
        return answer.status_code

    async def is_ready(self) -> bool:
        return (await self.town.product.api.get("/readyz")).status_code == httpx.codes.OK

    def lines(self, level: str) -> list[Mapping[str, str]]:
        lines = [json.loads(line) for line in self.town.product.log.splitlines() if line.startswith("{")]
        return [line for line in lines if line["level"] == level]


@asynccontextmanager
async def _served(folder: Path) -> AsyncIterator[Served]:
    (folder / "var").mkdir()
    settings = {"database.url": "sqlite:///var/huifang.db"}
    async with town_at(folder, "webhook", settings, warm=True) as town:
        await town.product.start()
        yield Served(town)


@contextmanager
def _full(file: Path, pid: int) -> Iterator[None]:
    """Let no file of the process grow: to SQLite that is a disk that takes nothing more."""
    before = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    wal = file.with_name(f"{file.name}-wal")
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (wal.stat().st_size, before[1]))
    yield
    resource.prlimit(pid, resource.RLIMIT_FSIZE, before)


@contextmanager
def _deleted(file: Path, _pid: int) -> Iterator[None]:
    kept = file.with_name("kept")
    os.link(file, kept)
    file.unlink()
    yield
    os.link(kept, file)


@contextmanager
def _log_deleted(file: Path, _pid: int) -> Iterator[None]:
    wal, kept = file.with_name(f"{file.name}-wal"), file.with_name("kept-wal")
    wal.rename(kept)
    yield
    kept.rename(wal)


@contextmanager
def _replaced(file: Path, _pid: int) -> Iterator[None]:
    """Put another file in its place, as a restore by hand does."""
    kept = file.with_name("kept")
    file.rename(kept)
    shutil.copy(kept, file)
    yield
    kept.rename(file)


@contextmanager
def _unmounted(file: Path, _pid: int) -> Iterator[None]:
    """Take the folder away, as a volume that is unmounted."""
    away = file.parent.with_name("away")
    file.parent.rename(away)
    yield
    away.rename(file.parent)


@pytest.mark.parametrize("trouble", [_full, _deleted, _log_deleted, _replaced, _unmounted])
async def test_nothing_is_acknowledged_that_would_be_lost_and_the_team_is_told_at_once(
    tmp_path: Path, trouble: Trouble
) -> None:
    async with _served(tmp_path) as here:
        mei = await here.town.customer("王女士")
        assert await here.put(mei, "1") == httpx.codes.CREATED
        await mei.sees(step(1))
        if trouble is _full:  # the message that goes past the outbox goes where the team's group is now
            here.town.group.migrate()
            await here.town.telegram.all_taken()
        with trouble(here.file, here.pid):
            assert await here.put(mei, "2") == httpx.codes.SERVICE_UNAVAILABLE
            await mei.taps("5")
            await here.town.group.sees("database", within=NOTICED_WITHIN)
            assert not await here.is_ready()
            (alarm,) = [line for line in here.lines("ERROR") if line.get("alarm") == "database"]
            assert str(here.file.name) in alarm["message"]
            assert await here.put(mei, "2") == httpx.codes.SERVICE_UNAVAILABLE
        await eventually(lambda: _once_ready(here), NOTICED_WITHIN)
        await here.town.group.sees("已经恢复正常", within=NOTICED_WITHIN)
        assert any("can be written again" in line["message"] for line in here.lines("INFO"))
        await mei.sees(step(2), within=NOTICED_WITHIN)
        assert await here.put(mei, "2") == httpx.codes.CREATED
        assert "Traceback" not in here.town.product.log


async def _once_ready(here: Served) -> bool | None:
    return await here.is_ready() or None


async def test_a_log_that_takes_no_line_keeps_nobody_from_being_served(tmp_path: Path) -> None:
    (tmp_path / "huifang.log").symlink_to("/dev/full")
    async with _served(tmp_path) as here:
        mei = await here.town.customer("王女士")
        assert await here.put(mei, "1") == httpx.codes.CREATED
        await mei.sees(step(1))
        await mei.taps("5")
        await mei.sees(step(2))
        (tmp_path / "huifang.log").unlink()
        (tmp_path / "huifang.log").touch()


async def test_a_process_without_free_descriptors_serves_again_when_there_are_some(tmp_path: Path) -> None:
    async with _served(tmp_path) as here:
        mei = await here.town.customer("王女士")
        assert await here.put(mei, "1") == httpx.codes.CREATED
        await mei.sees(step(1))
        before = resource.prlimit(here.pid, resource.RLIMIT_NOFILE)
        used = len(os.listdir(f"/proc/{here.pid}/fd"))  # noqa: PTH208 (names are enough)
        resource.prlimit(here.pid, resource.RLIMIT_NOFILE, (used, before[1]))
        await asyncio.sleep(2)
        resource.prlimit(here.pid, resource.RLIMIT_NOFILE, before)
        await eventually(lambda: _once_ready(here), NOTICED_WITHIN)
        await mei.taps("5")
        await mei.sees(step(2), within=NOTICED_WITHIN)
