"""An import that is killed by SIGKILL wherever it is, again and again, stores each row exactly once in the end."""

import asyncio
import signal
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import pytest
from sqlalchemy import select

from config.settings.settings import Settings
from storage.connection.store import Store
from storage.rollups.differences import check_rollups
from storage.schema.register_tables import imports
from tests.jobs.imports.conftest import ANSWERS, HEAD, Write, answer_rows, ticket_rows
from tests.support.database.dumped import dumped
from tests.support.database.ledger import Ledger
from tests.support.database.migrated import copy_migrated
from tests.support.process import environment
from tests.support.town.town import eventually

ROWS = 6_000
KILLS = 5


async def _launched(folder: Path, url: str, *arguments: str) -> asyncio.subprocess.Process:
    settings: Mapping[str, str] = {"database.url": url}
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", *arguments),
        cwd=folder,
        env=environment(settings),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )


async def _whole(folder: Path, url: str, *arguments: str) -> str:
    process = await _launched(folder, url, *arguments)
    out, err = await process.communicate()
    assert process.returncode == 0, err.decode()
    return out.decode()


async def _position(url: str, kind: str) -> int:
    """Return how far the last import of a kind has come, read beside the process that imports."""
    if url.startswith("sqlite"):  # which lets one process of ours in at a time
        file = Path(url.removeprefix("sqlite:///"))
        found = Ledger(file).rows("SELECT position FROM imports WHERE kind = ? ORDER BY started_at DESC", kind)
    else:
        last = select(imports.c.position).where(imports.c.kind == kind).order_by(imports.c.started_at.desc())
        async with Store.open(url) as store, store.reading() as session:
            found = await session.fetch(last)
    return int(found[0][0]) if found else 0


async def _killed(folder: Path, url: str, after: float, *arguments: str) -> None:
    process = await _launched(folder, url, *arguments)
    try:
        async with asyncio.timeout(after):
            await process.wait()
    except TimeoutError:
        process.send_signal(signal.SIGKILL)
        await process.wait()


async def _killed_in_the_middle(folder: Path, url: str, kind: str, file: str) -> int:
    """Kill an import when its first rows are stored; return how far it has come."""
    process = await _launched(folder, url, "import", kind, file)

    async def begun() -> bool | None:
        return (await _position(url, kind) > 0 or process.returncode is not None) or None

    await eventually(begun)
    if process.returncode is None:
        process.send_signal(signal.SIGKILL)
    await process.wait()
    return await _position(url, kind)


@pytest.mark.proof
@pytest.mark.long
async def test_whenever_it_is_killed_each_row_is_stored_once(settings: Settings, tmp_path: Path, writes: Write) -> None:
    whole, url = f"sqlite:///{copy_migrated(tmp_path / 'whole.db')}", settings.database.url.get_secret_value()
    files = {
        "tickets": str(writes("t.csv", [HEAD, *ticket_rows(0, ROWS)])),
        "responses": str(writes("r.csv", [ANSWERS, *answer_rows(0, ROWS)])),
    }
    await _whole(tmp_path, url, "rollups", "rebuild")  # sums are kept up from here on
    for name, file in files.items():
        begun = time.monotonic()
        await _whole(tmp_path, whole, "import", name, file)
        lasted = time.monotonic() - begun
        assert 0 < await _killed_in_the_middle(tmp_path, url, name, file) < ROWS
        for number in range(KILLS):
            await _killed(tmp_path, url, lasted * (0.35 + 0.08 * number), "import", name, file)
        assert f"{ROWS}" in await _whole(tmp_path, url, "import", name, file)
    async with Store.open(whole) as one, Store.open(url) as other:
        assert _comparable(await dumped(one)) == _comparable(await dumped(other))
    assert await check_rollups(url) == []


def _comparable(found: dict[str, list[tuple[object, ...]]]) -> dict[str, list[tuple[object, ...]]]:
    """Return what was imported; sums are compared with the ratings."""
    return {name: rows for name, rows in found.items() if name != "rating_rollups"}
