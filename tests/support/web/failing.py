"""A process whose deliveries fail and are kept, on either database: through its doors and its API, without a socket."""

import json
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import asyncpg
import httpx

from bot.http.app import create_app
from bot.http.context import Readiness, Web
from bot.http.scopes import ApiKey
from bot.http.sessions import ConsoleSessions
from bot.web import scraped
from bot.wiring.container import Container, open_container
from config.settings.loading import load_settings
from config.settings.settings import Settings
from storage.unit_of_work.selects import all_of

__all__ = ["DOOR", "WORDS", "Service", "asks", "mend", "service", "spoil", "write", "written"]

KEY, SECRET, PHONE = "key-of-the-help-desk", "secret-of-telegrams-door", 10_001
WORDS = "太差了我要投诉13800138000"
DOOR = {"x-telegram-bot-api-secret-token": SECRET}
UPDATES = count(700_001)


@dataclass(slots=True)
class Service:
    """A process, and its API and doors without a socket."""

    settings: Settings
    container: Container
    api: httpx.AsyncClient
    page: str = ""

    async def hears(self, words: str) -> str:
        """Let the customer write, and return the key of the delivery."""
        raw, key = written(words)
        answer = await self.api.post("/hooks/telegram", content=raw, headers=DOOR)
        assert answer.status_code == 200
        return key

    async def call(self, method: str, path: str = "", **options: Any) -> httpx.Response:  # noqa: ANN401 (as httpx has it)
        return await self.api.request(method, f"/api/v1/inbox{path}", **options)

    async def responses(self) -> list[str]:
        return [item["id"] for item in (await self.api.get("/api/v1/responses")).json()["items"]]

    async def rows(self, kind: type) -> list[Any]:
        async with self.container.services.store.reading() as session:
            return await session.records(kind, all_of(kind))

    def alarms(self) -> list[str]:
        return [alarm.name for alarm in self.container.alarms.standing()]


def written(words: str) -> tuple[bytes, str]:
    """Return an update with a customer's words, and its key."""
    number, person = next(UPDATES), {"id": PHONE, "is_bot": False, "first_name": "王女士"}
    chat = {"id": PHONE, "type": "private"}
    message = {"message_id": 5, "date": 1_800_000_000, "chat": chat, "from": person, "text": words}
    return json.dumps({"update_id": number, "message": message}).encode(), f"telegram:{number}"


@asynccontextmanager
async def service(folder: Path, url: str) -> AsyncIterator[Service]:
    given = {
        "DATABASE__URL": url,
        "SURVEY__QUIET_HOURS": "off",
        "TELEGRAM__TOKEN": "123456:secret",
        "TELEGRAM__MODE": "webhook",
        "TELEGRAM__WEBHOOK_SECRET": SECRET,
    }
    settings = load_settings({f"HUIFANG_{name}": value for name, value in given.items()}, cwd=folder)
    async with open_container(settings) as container:
        services = container.services

        async def ready() -> Readiness:
            return Readiness()

        web = Web(
            receiver=services.receiver,
            reader=services.reader,
            clock=services.clock,
            secrets=services.secrets,
            console=ConsoleSessions(services.clock, services.secrets),
            ready=ready,
            failed=container.failed,
            scrape=lambda: scraped(container),
            hooks=services.hooks,
            webhooks={name: one.webhook for name, one in container.connections.items() if one.webhook is not None},
            api_keys=(ApiKey(KEY),),
            imports=services.imports,
        )
        transport, headers = httpx.ASGITransport(create_app(web)), {"authorization": f"Bearer {KEY}"}
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8480", headers=headers) as api:
            yield Service(settings, container, api)


async def asks(opened: Service) -> None:
    person = {"id": "c-1", "contacts": [{"channel": "telegram", "address": str(PHONE)}]}
    ticket = "/api/v1/tickets/desk/1"
    assert (await opened.api.put(ticket, json={"status": "closed", "customer": person})).is_success
    assert (await opened.api.post(f"{ticket}/survey", json={})).is_success


async def write(url: str, statement: str) -> None:
    """Change rows as no version of the product does."""
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection:
            connection.execute(statement)
            connection.commit()
        return
    connected = await asyncpg.connect(url)
    await connected.execute(statement)
    await connected.close()


async def spoil(url: str) -> None:
    """Let no decision about the customer be possible, with an error that quotes what somebody wrote."""
    answers = json.dumps([[WORDS, 1, 1795314600000000]], ensure_ascii=False)
    await write(url, f"UPDATE interviews SET answers = '{answers}'")  # noqa: S608 - our own words


async def mend(url: str) -> None:
    await write(url, "UPDATE interviews SET answers = '[]'")
