"""Services on a database of either kind, and files to import there."""

import asyncio
import csv
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from pathlib import Path

import pytest

from bot.imports.table_columns import ImportKind
from bot.jobs.imports.import_progress import ImportProgress
from bot.jobs.imports.import_run import ImportOrder
from bot.wiring.services import Services, open_services
from config.settings.loading import load_settings
from config.settings.settings import Settings
from tests.support.database.migrated import copy_migrated

Rows = Iterable[Iterable[object]]
Write = Callable[[str, Rows], Path]
Run = Callable[..., Awaitable[ImportProgress]]
CLOSED = "2026-03-02 10:30"
HEAD = ("ticket", "customer", "customer.name", "status", "closed_at", "team", "subject")


def ticket_rows(first: int, count: int, *, bad: Iterable[int] = ()) -> list[tuple[object, ...]]:
    """Return rows of closed tickets of thirty customers; those numbered in `bad` have no moment of closing."""
    wrong = {*bad}
    return [
        (
            f"G{n}",
            f"c-{n % 30}",
            f"王{n % 30}",
            "closed",
            "?" if n in wrong else "2026-03-02 10:30",
            "north",
            "空调不制冷",
        )
        for n in range(first, first + count)
    ]


def answer_rows(first: int, count: int) -> list[tuple[object, ...]]:
    """Return rows of answers about those tickets."""
    return [(f"import/G{n}", "paper", "2026-03-05 12:00", n % 5 + 1, "谢谢") for n in range(first, first + count)]


ANSWERS = ("ticket", "channel", "given_at", "attitude", "comment")


@pytest.fixture(params=["sqlite", "postgres"])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    if request.param == "sqlite":
        url = f"sqlite:///{copy_migrated(tmp_path / 'huifang.db')}"
    else:
        url = request.getfixturevalue("migrated_postgres")
    return load_settings({"HUIFANG_DATABASE__URL": url, "HUIFANG_LOCALE": "en"}, cwd=tmp_path)


@pytest.fixture
async def services(settings: Settings) -> AsyncIterator[Services]:
    async with open_services(settings) as opened:
        yield opened


@pytest.fixture
def writes(tmp_path: Path) -> Write:
    """Return what writes a table into a file."""

    def write(name: str, rows: Rows) -> Path:
        path = tmp_path / name
        with path.open("w", newline="") as file:
            csv.writer(file).writerows(rows)
        return path

    return write


@pytest.fixture
def runs(services: Services) -> Run:
    """Return what imports a file, and waits until that is over."""

    async def run(kind: ImportKind, path: Path, *, take_good: bool = False, is_trial: bool = False) -> ImportProgress:
        order = ImportOrder(kind, path, path.name, by="李工", take_good=take_good, is_trial=is_trial, chunk=7)
        return await finished(services, services.imports.start(order))

    return run


async def finished(services: Services, key: str) -> ImportProgress:
    """Wait for a job, and return how it went; raises what it failed at."""
    job = services.imports.job(key)
    assert job is not None
    await asyncio.wait([job.task])
    job.task.result()
    return job.progress
