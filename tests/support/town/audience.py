"""An audience for campaigns: people who were asked and have said nothing yet."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

import aiohttp

from tests.support.botapi import Person
from tests.support.botapi.rates import Send
from tests.support.process import KEY
from tests.support.town.town import Json, Town, closing, eventually, town_at
from tests.support.town.words import said

__all__ = ["CAMPAIGN_POINTS", "Audience", "audience_at"]

CAMPAIGN_POINTS = {"occurrence", "portion"}
"""The crash points of a campaign: when an occurrence has begun, when a portion was handed out."""
LINES = 32
"""Tickets that the help desk closes at a time."""


@dataclass(slots=True)
class Audience:
    """A town with so many people in it, each with one unanswered survey."""

    town: Town
    people: list[Person]

    async def draft(self, **said: object) -> str:
        """Draft a campaign; return its id."""
        drafted = await self.town.call("POST", "/api/v1/campaigns", said)
        return str(drafted["id"])

    async def do(self, campaign: str, deed: str) -> Json:
        """Do something to a campaign; it must succeed."""
        return await self.town.call("POST", f"/api/v1/campaigns/{campaign}/{deed}")

    async def told(self, campaign: str) -> Json:
        """Return a campaign as it stands."""
        return await self.town.call("GET", f"/api/v1/campaigns/{campaign}")

    async def becomes(self, campaign: str, status: str, within: float = 20.0) -> Json:
        """Wait until a campaign has this status."""

        async def look() -> Json | None:
            told = await self.told(campaign)
            return told if told["status"] == status else None

        return await eventually(look, within)

    async def has_sent(self, campaign: str, least: int, within: float = 20.0) -> Json:
        """Wait until so many of its messages have gone."""

        async def look() -> Json | None:
            told = await self.told(campaign)
            return told if told["progress"]["sent"] >= least else None

        return await eventually(look, within)

    def reminders(self) -> dict[int, int]:
        """Count, by chat, the reminders that arrived, whatever became of them later; only campaigns remind here."""
        return self.got(said("remind.length", count=5))

    def got(self, words: str) -> dict[int, int]:
        """Count, by chat, the messages with these words that arrived."""
        found = dict.fromkeys((one.chat_id for one in self.people), 0)
        for call in self.town.telegram.calls("sendMessage"):
            if call.status == HTTPStatus.OK and words in call.values["text"] and int(call.values["chat_id"]) in found:
                found[int(call.values["chat_id"])] += 1
        return found

    def sends_of(self, words: str) -> list[Send]:
        """Return when messages with these words arrived or were refused."""
        calls = (call for call in self.town.telegram.calls("sendMessage") if words in call.values["text"])
        return [Send(call.at, int(call.values["chat_id"]), call.method) for call in calls]

    async def restarted(self, settings: Mapping[str, str]) -> None:
        """Stop the product and start it with other settings."""
        product = self.town.product
        await product.stop()
        product.settings = {**product.settings, **settings}
        await product.start()

    async def is_well(self) -> None:
        """Wait until the product, just launched, can be asked."""

        async def look() -> bool | None:
            return await self.town.product.is_well() or None

        await eventually(look, within=30)

    def received(self) -> list[int]:
        """Count the messages of each person's chat."""
        return [len(person.messages) for person in self.people]

    async def asked(self) -> None:
        """Close a ticket of everybody, and wait until everybody has the first question."""
        base, headers = str(self.town.product.api.base_url), {"Authorization": f"Bearer {KEY}"}
        lines = asyncio.Semaphore(LINES)
        async with aiohttp.ClientSession(base, headers=headers) as desk, asyncio.TaskGroup() as closings:

            async def close(number: int, person: Person) -> None:
                async with lines, desk.put(f"/api/v1/tickets/desk/t{number}", json=closing(person)) as answer:
                    answer.raise_for_status()

            for number, person in enumerate(self.people, 1):
                closings.create_task(close(number, person))

        async def look() -> bool | None:
            return True if set(self.received()) == {1} else None

        await eventually(look, within=120)
        await self.town.settles()


@asynccontextmanager
async def audience_at(folder: Path, people: int, settings: Mapping[str, str] | None = None) -> AsyncIterator[Audience]:
    """Bring together people who were asked; the product in it runs."""
    async with town_at(folder, "webhook", {"survey.reminder_after": "40h", **(settings or {})}, warm=True) as town:
        await town.product.start()
        crowd = [town.telegram.user(200_001 + number, name="王女士") for number in range(people)]
        for person in crowd:
            person.chat.bot = "member"  # they pressed Start long ago
        there = Audience(town, crowd)
        await there.asked()
        yield there
        await town.check()
