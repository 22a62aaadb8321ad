"""A help desk's tickets reach a real process in its own format, and the right customers are asked, or nobody is."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from itertools import count
from typing import Any

import httpx
import pytest
import pytest_asyncio

from bot.connectors.connector_registry import CONNECTORS
from tests.support.helpdesks import SHEETS, Case, Sent, Sheet
from tests.support.helpdesks.sheets import GENERIC_PATHS
from tests.support.time.patience import PATIENCE
from tests.support.town.quick import quick_town_at
from tests.support.town.town import Json, Town, eventually
from tests.support.town.words import step

_NUMBERS = count(1)
SETTINGS = {f"hooks.{name}.secret": sheet.secret for name, sheet in SHEETS.items()}
SETTINGS |= {"hooks.generic.paths": json.dumps(GENERIC_PATHS)}


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def desk_town(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Town]:
    """Run the product with every connector on."""
    async with quick_town_at(tmp_path_factory.mktemp("desks"), "webhook", SETTINGS) as town:
        yield town


@pytest.fixture(params=list(CONNECTORS))
def sheet(request: pytest.FixtureRequest) -> Sheet:
    return SHEETS[request.param]


class Desk:
    """One ticket of a help desk, and the time there."""

    def __init__(self, town: Town, sheet: Sheet, chat: str = "") -> None:
        self.town, self.sheet, self.chat = town, sheet, chat
        self.number = next(_NUMBERS)
        self._events = count(1)

    def case(self, state: str) -> Case:
        event = f"{self.sheet.name}-{self.number}-{next(self._events)}"
        return Case(self.number, state, datetime.now(UTC), self.chat, event)

    async def post(self, sent: Sent) -> httpx.Response:
        async with httpx.AsyncClient(base_url=self.town.product.api.base_url) as client:
            return await client.post(self.sheet.path, content=sent.body, headers=dict(sent.headers))

    async def tells(self, state: str) -> Json:
        """Deliver a state; it has to be taken."""
        await asyncio.sleep(0.002)  # most help desks tell milliseconds
        answer = await self.post(self.sheet.send(self.case(state)))
        assert answer.is_success, answer.text
        told: Json = answer.json()
        return told

    async def survey(self) -> Json | None:
        ticket = self.sheet.ticket(self.number).replace("#", "%23")
        found = await self.town.call("GET", f"/api/v1/tickets/{self.sheet.name}/{ticket}")
        survey: Json | None = found["survey"]
        return survey

    async def becomes(self, status: str, reason: str | None = None) -> None:
        async def look() -> bool | None:
            survey = await self.survey()
            return (survey is not None and (survey["status"], survey["reason"]) == (status, reason)) or None

        await eventually(look)

    async def outcomes(self) -> list[Any]:
        """Return what became of this ticket's deliveries, the oldest first."""
        items = (await self.town.call("GET", f"/api/v1/deliveries?connector={self.sheet.name}"))["items"]
        mine = f"{self.sheet.name}/{self.sheet.ticket(self.number)}"
        return [item["outcome"] for item in reversed(items) if item["ticket"] == mine]


async def desk_of(town: Town, sheet: Sheet) -> tuple[Desk, Any]:
    """Return a ticket whose customer can be asked, and the customer."""
    mei = await town.customer()
    chat = str(mei.account.id)
    desk = Desk(town, sheet, chat)
    if not sheet.has_chat_fields:
        await desk.tells("open")
        customer = await town.call(
            "GET", f"/api/v1/tickets/{sheet.name}/{sheet.ticket(desk.number).replace('#', '%23')}"
        )
        known = customer["ticket"]["customer"]["id"]
        body = {"status": "open", "customer": {"id": known, "contacts": [{"channel": "telegram", "address": chat}]}}
        await town.call("PUT", f"/api/v1/tickets/bind/{desk.number}", body)
    return desk, mei


@pytest.mark.some(3)
@pytest.mark.asyncio(loop_scope="session")
class TestHelpDesks:
    """Everything in one town, since a process takes seconds to start."""

    @pytest.mark.some(2)
    async def test_solved_reopened_solved_asks_about_the_last_closing(self, desk_town: Town, sheet: Sheet) -> None:
        desk, mei = await desk_of(desk_town, sheet)
        await desk.tells("open")
        assert await desk.survey() is None
        await desk.tells("solved")
        await mei.sees(step(1))
        await desk.tells("reopened")
        await desk.becomes("cancelled", "reopened")
        again = await desk.tells("solved")
        assert again["ticket"]["status"] == "closed"
        assert (await desk.outcomes())[-4:] == ["stored"] * 4

    @pytest.mark.some(2)
    async def test_a_customer_answers_what_a_help_desk_closed(self, desk_town: Town, sheet: Sheet) -> None:
        desk, mei = await desk_of(desk_town, sheet)
        await desk.tells("solved")
        await mei.sees(step(1))
        await mei.taps("5")
        await mei.sees(step(2))
        await desk.becomes("started")

    @pytest.mark.some(2)
    async def test_repeated_and_late_deliveries_ask_once(self, desk_town: Town, sheet: Sheet) -> None:
        desk, mei = await desk_of(desk_town, sheet)
        opened = desk.case("open")
        await asyncio.sleep(0.002)
        solved = sheet.send(desk.case("solved"))
        first, again = await desk.post(solved), await desk.post(solved)
        assert (again.status_code, again.text) == (first.status_code, first.text)
        await mei.sees(step(1))
        if sheet.has_updated_at:
            assert (await desk.post(sheet.send(opened, now=datetime.now(UTC)))).status_code == 200
        await desk.becomes("sent")
        assert sum(step(1) in message.text for message in mei.messages) == 1

    @pytest.mark.some(2)
    async def test_what_closed_by_itself_is_kept_with_its_reason(self, desk_town: Town, sheet: Sheet) -> None:
        desk, mei = await desk_of(desk_town, sheet)
        await desk.tells("open")
        await desk.tells("auto_closed")
        await desk.becomes("suppressed", "excluded")
        assert (await desk.outcomes())[-1] == "excluded"
        assert not [message for message in mei.messages if step(1) in message.text]

    @pytest.mark.some(2)
    async def test_nothing_unsigned_is_taken(self, desk_town: Town, sheet: Sheet) -> None:
        desk = Desk(desk_town, sheet, "10001")
        unsigned = await desk.post(sheet.unsigned(desk.case("solved")))
        wrong = await desk.post(sheet.send(desk.case("solved"), secret="d3JvbmctdG8tdGhlLWxhc3QtbGV0dGVyISEh"))
        assert [unsigned.status_code, wrong.status_code] == [401, 401]
        ticket = f"/api/v1/tickets/{sheet.name}/{sheet.ticket(desk.number).replace('#', '%23')}"
        assert (await desk_town.product.api.get(ticket)).status_code == 404

    @pytest.mark.some(2)
    async def test_a_customer_whom_nobody_knows_is_asked_once_they_bind_a_chat(
        self, desk_town: Town, sheet: Sheet
    ) -> None:
        desk = Desk(desk_town, sheet)
        ticket = (await desk.tells("solved"))["ticket"]
        await desk.becomes("scheduled", "no_contact")
        link = await desk_town.call(
            "POST", f"/api/v1/customers/{ticket['customer']['id']}/links", {"channel": "telegram"}
        )
        mei = await desk_town.customer(started=False)
        await mei.start(link["url"].partition("start=")[2])
        await mei.sees(step(1), within=PATIENCE)
        await desk.becomes("sent")
