"""What one process saves, another sends and wakes at once: two services on one PostgreSQL."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg
import pytest

from bot.ports import Parsed
from bot.wiring.container import Container, open_container
from config.settings.loading import load_settings
from dialogs.messages import Address, Inbound, Person, Text
from tests.support.time.patience import PATIENCE
from tests.support.town.town import eventually
from tests.support.web.api import api_of, web_of

KEY = "key-of-the-help-desk-0123456789abcdef"
PHONE = Address("sandbox", "phone")
LOOKS_EVERY = 5.0
"""Seconds after which the sender finds by itself what others have saved."""
NEVER = 3600.0
LOOKS_FOR_DUE = 30.0
"""Seconds after which the scheduler looks by itself."""


@asynccontextmanager
async def pair(folder: Path, url: str, *, is_hinted: bool = True) -> AsyncIterator[tuple[Container, Container]]:
    """Open two services; the first sends and wakes, the second only decides."""
    given = {"DATABASE__URL": url, "SURVEY__DELAY": "1s", "SURVEY__QUIET_HOURS": "off"}
    settings = load_settings({f"HUIFANG_{name}": value for name, value in given.items()}, cwd=folder)
    async with open_container(settings, sandbox=True) as sends, open_container(settings, sandbox=True) as decides:
        sends.sender.looks_every = NEVER if is_hinted else LOOKS_EVERY
        works = [sends.sender.run(), sends.scheduler.run()]
        works += [sends.hints.run(), decides.hints.run()] if is_hinted else []
        tasks = [asyncio.ensure_future(work) for work in works]
        try:
            await sends.sender.sends.wait()
            await asyncio.sleep(0.5)  # the scheduler has looked, and each is connected with the other
            yield sends, decides
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks)


async def close(container: Container) -> None:
    """Close a ticket of the customer with the phone."""
    person = {"id": "c-1", "contacts": [{"channel": "sandbox", "address": PHONE.chat}]}
    async with api_of(web_of(container.services, KEY, container.failed), KEY) as api:
        answer = await api.put("/api/v1/tickets/desk/1", json={"status": "closed", "customer": person})
        assert answer.is_success, answer.text


async def write(container: Container, text: str) -> None:
    """Let the customer write something, which one service receives."""
    key = f"sandbox:{time.monotonic_ns()}"
    inbound = Inbound(key, PHONE, Person("p1"), container.services.clock.now(), Text(text))
    await container.services.receiver.receive(Parsed(key, inbound), "sandbox", b"{}")


async def is_sent(url: str, count: int, within: float) -> None:
    """Wait until so many messages have gone to the phone."""
    begun, server = time.monotonic(), await asyncpg.connect(url)
    try:
        while await server.fetchval("SELECT count(*) FROM outbox WHERE status = 'sent' AND chat = 'phone'") < count:
            assert time.monotonic() - begun < within
            await asyncio.sleep(0.01)
    finally:
        await server.close()


async def test_what_one_saves_the_other_wakes_and_sends_at_once(tmp_path: Path, migrated_postgres: str) -> None:
    async with pair(tmp_path, migrated_postgres) as (_, decides):
        await close(decides)
        await is_sent(migrated_postgres, 1, within=LOOKS_FOR_DUE - 1)
        await write(decides, "4")
        await is_sent(migrated_postgres, 2, within=PATIENCE)


async def test_the_sandboxs_team_is_spoken_to_in_the_language_of_its_page_by_every_process(
    tmp_path: Path, migrated_postgres: str
) -> None:
    async with pair(tmp_path, migrated_postgres) as (sends, decides):
        decides.hints.publish_language("en")

        async def look() -> bool | None:
            return sends.services.receiver.policy.team_speaks == "en" or None

        await eventually(look, PATIENCE)


@pytest.mark.proof  # it waits for the look
async def test_a_lost_hint_costs_no_more_than_the_time_to_the_next_look(tmp_path: Path, migrated_postgres: str) -> None:
    async with pair(tmp_path, migrated_postgres, is_hinted=False) as (sends, decides):
        await close(sends)
        await is_sent(migrated_postgres, 1, within=PATIENCE)
        await write(decides, "4")
        await is_sent(migrated_postgres, 2, within=PATIENCE)


@pytest.mark.proof  # it takes seconds
async def test_who_sends_and_wakes_tells_nobody(tmp_path: Path, migrated_postgres: str) -> None:
    async with pair(tmp_path, migrated_postgres) as (sends, _):
        server, told = await asyncpg.connect(migrated_postgres), list[object]()
        await server.add_listener("huifang", lambda *said: told.append(said[-1]))
        await close(sends)
        await is_sent(migrated_postgres, 1, within=PATIENCE)
        await write(sends, "4")
        await is_sent(migrated_postgres, 2, within=PATIENCE)
        await server.close()
        assert told == []
