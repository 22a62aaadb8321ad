"""The web side as it is built in earnest, on a database of its own, with the world's clock and secrets in our hands."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

import httpx
from standardwebhooks import Webhook
from starlette.types import ASGIApp

from bot.channels.descriptor import Connection
from bot.channels.http_client.guarded_post import GuardedPoster
from bot.channels.sandbox.channel import SandboxChannel, parse_action
from bot.chat_migrations import Moves
from bot.http.app import create_app
from bot.http.context import Readiness, Web
from bot.http.scopes import ApiKey
from bot.http.sessions import ConsoleSessions
from bot.jobs.failed_deliveries import FailedDeliveries
from bot.jobs.imports.import_desk import ImportDesk
from bot.jobs.outgoing.endpoint_desk import EndpointDesk
from bot.jobs.sample.sample_database import SampleDatabase
from bot.process.alarms import Alarms
from bot.receiver import Receiver
from bot.telemetry.instruments import Instruments, read_levels
from bot.wiring.policy import make_policy
from config.locale.phrases import load_phrases
from config.settings.loading import load_settings
from config.surveys.load import read_surveys
from dialogs.phrases import Phrases
from dialogs.survey import Survey
from storage.connection.store import Store
from storage.reads.reader import Reader
from storage.unit_of_work.writer import Writer
from tests.support.database.migrated import copy_migrated
from tests.support.web.clockwork import Clockwork, Draws

__all__ = ["DATABASE", "HOOK_SECRET", "KEY", "TELEGRAM_SECRET", "URL", "House", "open_house"]

DATABASE = "house.db"
KEY = "key-of-the-help-desk"
HOOK_SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
URL = "http://127.0.0.1:8480"
TELEGRAM_SECRET = "telegrams-secret"


@dataclass(slots=True)
class House:
    """A web side, and what a test may turn: the clock, readiness, what Telegram's door does."""

    app: ASGIApp
    web: Web
    clock: Clockwork
    store: Store
    readiness: list[Readiness] = field(default_factory=lambda: [Readiness()])

    def client(self, *, key: str | None = KEY) -> httpx.AsyncClient:
        """Return a client that holds a key; anything the app lets escape fails the test."""
        headers = {"authorization": f"Bearer {key}"} if key is not None else {}
        return httpx.AsyncClient(transport=httpx.ASGITransport(self.app), base_url=URL, headers=headers)

    def signed(self, body: str, event: str = "event-1", secret: str = HOOK_SECRET) -> Mapping[str, str]:
        """Return the headers of a signed delivery."""
        now = self.clock.now()
        signature = Webhook(secret).sign(event, now, body)
        return {"webhook-id": event, "webhook-timestamp": str(int(now.timestamp())), "webhook-signature": signature}


@cache
def shipped() -> tuple[dict[str, Survey], Phrases]:
    """Return the surveys and phrases that the product ships, read once."""
    nowhere = Path("no-files-of-an-owner")
    return read_surveys(nowhere), load_phrases(nowhere, "zh-Hans")


@asynccontextmanager
async def open_house(folder: Path, database: str = "", **changed: Any) -> AsyncIterator[House]:  # noqa: ANN401 (fields of Web)
    """Open a house on the database in a folder, with some fields of its Web changed; everything is closed again.

    Where there is no database an empty one is put, which a migration would make in twenty times as long. `database` is
    the URL of another one.
    """
    if not database and not (folder / DATABASE).exists():
        copy_migrated(folder / DATABASE)
    url = database or f"sqlite:///{folder / DATABASE}"
    settings = load_settings({"HUIFANG_DATABASE__URL": url}, cwd=folder)
    clock, secrets, channel = Clockwork(), Draws(), SandboxChannel(URL)
    surveys, phrases = shipped()
    readiness, instruments = [Readiness()], Instruments()

    async def ready() -> Readiness:
        return readiness[0]

    async with Store.open(settings.database.url.get_secret_value()) as store:
        writer = Writer(store, clock.now, on_commit=instruments.take)
        receiver = Receiver(writer, clock, make_policy(settings, surveys, {}, phrases), Moves())
        alarms, reader = Alarms(clock), Reader(store)
        receiver.alarm_with(alarms.sound)

        async def scrape() -> bytes:
            return instruments.exposition(await read_levels(store), alarms.standing(), clock.now())

        sandbox = Connection(channel=channel, read=lambda raw: (parse_action(raw, clock.now()),))
        web = Web(
            receiver=receiver,
            reader=reader,
            clock=clock,
            secrets=secrets,
            console=ConsoleSessions(clock, secrets),
            ready=ready,
            failed=FailedDeliveries(receiver=receiver, reader=reader, alarms=alarms, connections={"sandbox": sandbox}),
            scrape=scrape,
            hooks=EndpointDesk(store, writer, receiver, clock, GuardedPoster(allow_private=False)),
            bindable={"sandbox": channel},
            public_url=URL,
            api_keys=(ApiKey(KEY),),
            hooks_secrets=(HOOK_SECRET,),
            simulated=channel,
            sample=SampleDatabase(store, writer, reader, receiver, clock),
            imports=ImportDesk(store, writer, receiver.current_policy, clock),
        )
        web = replace(web, **changed)
        try:
            yield House(create_app(web), web, clock, store, readiness)
        finally:
            await channel.close()
            await writer.stop()
