"""A table that is uploaded is imported once, whenever its process is killed, and by one process of two."""

import asyncio
import time
from collections.abc import Mapping
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from config.settings.settings import Settings
from storage.connection.store import Store
from storage.model.records import Ticket
from storage.schema.register_tables import upload_parts
from storage.unit_of_work.selects import all_of
from tests.http.imports.conftest import table
from tests.jobs.imports.conftest import HEAD, ticket_rows
from tests.support.process import Product, product_at
from tests.support.time.patience import PATIENCE

ROWS = 8_000
KILLS = 2
Json = dict[str, Any]


async def _uploaded(product: Product) -> str:
    async def pieces() -> Any:  # noqa: ANN401 (an async iterator)
        content = table(HEAD, *ticket_rows(0, ROWS))
        for start in range(0, len(content), 50_000):
            yield content[start : start + 50_000]

    answer = await product.api.post("/api/v1/imports?kind=tickets&file=t.csv", content=pieces())
    assert answer.status_code == 202, answer.text
    id_: str = answer.json()["id"]
    return id_


async def _until(product: Product, id_: str, rows: int) -> Json:
    """Wait until so many rows are stored, or it is over."""
    until = time.monotonic() + 3 * PATIENCE
    while True:
        told: Json = (await product.api.get(f"/api/v1/imports/{id_}")).json()
        if told["state"] in {"done", "failed"} or (told["state"] == "running" and told["done"] > rows):
            return told
        assert time.monotonic() < until, told
        await asyncio.sleep(0.05)


async def _stored(settings: Settings) -> tuple[int, int]:
    """Return how many tickets there are, and pieces of files."""
    async with Store.open(settings.database.url.get_secret_value()) as store, store.reading() as session:
        tickets = await session.records(Ticket, all_of(Ticket))
        return len({one.id for one in tickets}), len(await session.fetch(select(upload_parts.c.name)))


@pytest.mark.proof
@pytest.mark.long
async def test_whenever_the_service_is_killed_each_row_is_stored_once(settings: Settings, tmp_path: Path) -> None:
    given: Mapping[str, str] = {"database.url": settings.database.url.get_secret_value()}
    async with product_at(tmp_path, given, warm=True) as product:
        await product.start()
        id_ = await _uploaded(product)
        cut = set()
        for number in range(1, KILLS + 1):
            cut.add((await _until(product, id_, number * ROWS // (KILLS + 2)))["done"])
            await product.kill()
            await product.start()
        told = await _until(product, id_, 2 * ROWS)
        assert (told["state"], told["added"]) == ("done", ROWS)
        assert {done for done in cut if 0 < done < ROWS}
        assert await _uploaded(product) == id_
        told = await _until(product, id_, 2 * ROWS)
    assert await _stored(settings) == (ROWS, 0)


@pytest.mark.proof
@pytest.mark.long
@pytest.mark.parametrize("settings", ["postgres"], indirect=True)
async def test_of_two_processes_one_imports_and_the_other_takes_over(settings: Settings, tmp_path: Path) -> None:
    given: Mapping[str, str] = {"database.url": settings.database.url.get_secret_value()}
    async with AsyncExitStack() as stack:
        folders = [tmp_path / name for name in ("one", "two")]
        for folder in folders:
            folder.mkdir()
        one, two = [await stack.enter_async_context(product_at(folder, given, warm=True)) for folder in folders]
        await one.start()
        await two.start()
        id_ = await _uploaded(two)
        assert (await _until(two, id_, ROWS // 4))["state"] in {"running", "done"}
        await one.kill()
        told = await _until(two, id_, 2 * ROWS)
        assert (told["state"], told["added"], "ERROR" in two.log) == ("done", ROWS, False)
    assert await _stored(settings) == (ROWS, 0)
