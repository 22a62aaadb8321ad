"""Phones of the team, without JavaScript: each has its own browser, opens the link of an issue, presses and writes."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx

from bot.channels.sandbox.channel import parse_action
from bot.signed_links import LinkPurpose, Links
from scoring.values import replace
from storage.model.records import Member
from storage.unit_of_work.changes import Changes
from storage.unit_of_work.needs import Needs
from storage.unit_of_work.writer import Decision
from tests.support.web.house import KEY, URL, House, open_house
from tests.support.web.survey_pages import Page
from tests.support.web.tickets import TICKET

__all__ = ["LINKS", "SENTENCE", "Office", "Phone", "open_office"]

LINKS = Links(URL, b"an installation's own key, 32 by")
SENTENCE = "已经换好压缩机，师傅明早十点再去看一次。"
CONTACTS = [{"channel": "sandbox", "address": "phone"}]


@dataclass(slots=True)
class Phone:
    """One person's phone; `page` is what it shows, `html` how."""

    browser: httpx.AsyncClient
    link: str
    page: Page = field(init=False)

    async def opens(self, query: str = "", **headers: str) -> Page:
        """Open the link."""
        answer = await self.browser.get(f"{self.link}{query}", headers=headers)
        self.page = Page(answer)
        return self.page

    async def presses(self, act: str, **written: str) -> Page:
        """Press a button of the page, with what is written in its fields; gives what is shown then."""
        form = self.page.form("act")
        assert act in {value for _, value, _ in form.buttons}, form.buttons
        return await self.sends(form.hidden | written | {"act": act})

    async def sends(self, fields: dict[str, str], **headers: str) -> Page:
        """Post fields, as the page's form or a crooked one does, and follow."""
        told = {"origin": URL, **headers}
        answer = await self.browser.post(self.link, data=fields, headers=told, follow_redirects=True)
        self.page = Page(answer)
        return self.page

    @property
    def acts(self) -> list[str]:
        """What can be pressed."""
        return [value for form in self.page.forms for name, value, _ in form.buttons if name == "act"]


@dataclass(slots=True)
class Office:
    """A house with one issue, and its people's phones."""

    house: House
    api: httpx.AsyncClient
    issue: str
    phones: list[Phone] = field(default_factory=list)

    async def phone(self, issue: str | None = None, lasts: timedelta = timedelta(days=14)) -> Phone:
        """Hand somebody a phone that shows the issue."""
        link = LINKS.url(LinkPurpose.TEAM, issue or self.issue, self.house.clock.now() + lasts).removeprefix(URL)
        phone = Phone(self.house.client(key=None), link)
        self.phones.append(phone)
        await phone.opens()
        return phone

    async def told(self, issue: str | None = None) -> dict[str, Any]:
        """Return the issue as the API tells it."""
        answer: dict[str, Any] = (await self.api.get(f"/api/v1/issues/{issue or self.issue}")).json()
        return answer

    async def opened(self, title: str, ticket: str | None = "zendesk/42") -> str:
        """Open another issue by hand."""
        made = await self.api.post("/api/v1/issues", json={"title": title, **({"ticket": ticket} if ticket else {})})
        assert made.status_code == 201, made.text
        return str(made.json()["id"])

    async def does(self, deed: str, **body: object) -> httpx.Response:
        """Do something to the issue by API."""
        return await self.api.post(f"/api/v1/issues/{self.issue}/{deed}", json=body)

    async def customer_says(self, text: str, number: str = "typed-by-customer") -> None:
        """Let the customer type something, under a number of its own."""
        raw = json.dumps({"id": number, "chat": "phone", "person": "c", "text": text}).encode()
        await self.house.web.receiver.receive(parse_action(raw, self.house.clock.now()), "sandbox", raw)

    async def enlists(self, *members: Member) -> None:
        """Put people on the roster."""
        await self.house.web.receiver.do(Needs(), lambda _: Decision(Changes(members), None))


@asynccontextmanager
async def open_office(folder: Path, **customer: Any) -> AsyncIterator[Office]:  # noqa: ANN401 (JSON as it is sent)
    """Open a house whose links are signed, with a ticket of a customer and an issue about it."""
    async with open_house(folder) as house, house.client(key=KEY) as api:
        house.web.receiver.adopt(replace(house.web.receiver.policy, links=LINKS))
        body = {**TICKET, "status": "open", "customer": {**TICKET["customer"], "contacts": CONTACTS, **customer}}
        assert (await api.put("/api/v1/tickets/zendesk/42", json=body)).is_success
        office = Office(house, api, "")
        office.issue = await office.opened("客户来电说漏水")
        yield office
        for phone in office.phones:
            await phone.browser.aclose()
