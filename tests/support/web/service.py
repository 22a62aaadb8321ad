"""The product in a test's hands: closings by the API, rules from a file, time that passes, messages that arrive."""

import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import httpx

from bot.channels.registry import customer_channels
from bot.channels.sandbox.channel import parse_action
from bot.handlers.deliveries import Outcome
from bot.jobs.campaigns import CampaignRunner
from bot.jobs.outgoing.file_webhooks import hookable
from bot.jobs.reports.report_documents import reportable
from bot.jobs.rules_reload import keep_rules
from bot.ports import Sent
from bot.process.alarms import Alarms
from config.rules.load import read_rules
from config.settings.loading import load_settings
from config.surveys.load import read_surveys
from dialogs.ids import Ref, RefKind
from dialogs.invitation.model import Invitation
from dialogs.outbox.model import SendingState
from scoring.values import replace
from storage.model.records import OutboxMessage, Purpose
from storage.unit_of_work.selects import all_of
from tests.support.settling import settle_now
from tests.support.web.house import House, open_house

__all__ = ["Service", "open_service"]

_NUMBERS = count()
_SOON = timedelta(minutes=1)


@dataclass(slots=True)
class Service:
    """A house whose clock wakes what is due, and whose messages arrive unless `outcome` says otherwise."""

    house: House
    api: httpx.AsyncClient
    campaigning: CampaignRunner
    folder: Path
    outcome: Callable[[OutboxMessage], Outcome] = lambda message: Sent(message.id)

    @property
    def now(self) -> datetime:
        return self.house.clock.now()

    async def rules(self, text: str) -> None:
        """Take over an owner's rules.toml."""
        (self.folder / "rules.toml").write_text(text, "utf-8")
        settings, web = load_settings({}, cwd=self.folder), self.house.web
        rules = read_rules(settings, read_surveys(self.folder), customer_channels(), reportable(), hookable(settings))
        receiver = web.receiver
        receiver.adopt(replace(receiver.policy, rules=rules.book, reports=rules.reports))
        await keep_rules(receiver, web.reader.campaigns, web.hooks)(rules)

    async def closes(self, ticket: str, customer: str = "", *, status: str = "closed", **said: Any) -> Any:  # noqa: ANN401 (JSON is anything)
        """Let the help desk say that a ticket is closed, or stands otherwise; gives its survey."""
        who = customer or f"c-{ticket}"
        person = {"id": who, "contacts": [{"channel": "sandbox", "address": f"chat-{who}"}], **said.pop("person", {})}
        answer = await self.api.put(
            f"/api/v1/tickets/desk/{ticket}", json={"status": status, "customer": person, **said}
        )
        assert answer.is_success, answer.text
        return answer.json()["survey"]

    async def explained(self, ticket: str) -> Any:  # noqa: ANN401 (JSON is anything)
        """Ask which rule decides about a ticket."""
        return (await self.api.get(f"/api/v1/tickets/desk/{ticket}/survey/explain")).json()

    async def says(self, words: str, chat: str = "phone", name: str = "") -> None:
        """Let somebody type in a chat of the sandbox, by the payload that its page sends."""
        action = {"id": f"typed-{next(_NUMBERS):08}", "chat": chat, "person": name or chat, "text": words}
        raw = json.dumps(action).encode()
        await self.house.web.receiver.receive(parse_action(raw, self.now), f"sandbox:{chat}", raw)

    async def asks(self) -> list[Invitation]:
        """List what has been asked, in that order."""
        async with self.house.store.reading() as session:
            found = await session.records(Invitation, all_of(Invitation))
        return sorted(
            (one for one in found if one.sent_at is not None), key=lambda one: (one.sent_at or self.now, one.id)
        )

    async def passes(self, length: timedelta) -> None:
        """Let time pass, and do what becomes due on the way."""
        until = self.now + length
        await self._deliver()
        while (moment := await self.house.web.reader.next_wake()) is not None and moment <= until:
            self.house.clock.passes(max(timedelta(0), moment - self.now))
            for due in await self.house.web.reader.due(self.now, 500):
                await self.wake(due)
            await self._deliver()
        self.house.clock.passes(until - self.now)

    async def wake(self, due: Ref) -> None:
        """Do what is due, as the scheduler does."""
        await (self.campaigning if due.kind is RefKind.CAMPAIGN else self.house.web.receiver).wake(due)

    async def messages(self, *purposes: Purpose) -> list[OutboxMessage]:
        """List the messages that were for this, or all, in the order in which they were written."""
        async with self.house.store.reading() as session:
            found = await session.records(OutboxMessage, all_of(OutboxMessage))
        return [message for message in found if not purposes or message.purpose in purposes]

    async def _deliver(self) -> None:
        """Deliver each message that may go, and those that are written because of it; each once."""
        met: set[str] = set()
        while fresh := [message for message in await self.messages() if self._goes(message) and message.id not in met]:
            for message in fresh:
                met.add(message.id)
                await settle_now(self.house.web.receiver, message, self.outcome(message))

    def _goes(self, message: OutboxMessage) -> bool:
        return message.status is SendingState.PENDING and message.not_before <= self.now + _SOON


@asynccontextmanager
async def open_service(folder: Path, database: str = "") -> AsyncIterator[Service]:
    """Open the product on the database in a folder, or on another one; everything is closed again."""
    async with open_house(folder, database) as house, house.client() as api:
        receiver, reader = house.web.receiver, house.web.reader
        campaigning = CampaignRunner(receiver, reader.campaigns, Alarms(house.clock), house.clock)
        yield Service(house, api, campaigning, folder)
