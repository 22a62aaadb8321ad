"""What a real process writes into tickets: the link for a customer whom no chat knows, and how it ended."""

import json
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack
from dataclasses import replace
from typing import Any

import httpx
import pytest
import pytest_asyncio

from dialogs.messages import DeskStep
from tests.journeys.helpdesks.test_help_desks import SETTINGS, Desk
from tests.support.botapi import Person
from tests.support.helpdesks import SHEETS
from tests.support.helpdesks.vendors import FAKE_DESKS, ApiTicket, FakeDesk
from tests.support.town.quick import quick_town_at
from tests.support.town.town import Town, eventually
from tests.support.town.words import asked, said, step

TAG = "csat-low"


class Company:
    """The town, and the help desks that can be written to."""

    def __init__(self, town: Town, desks: Mapping[str, FakeDesk]) -> None:
        self.town, self.desks = town, desks

    def ticket(self, name: str, **more: Any) -> tuple[Desk, ApiTicket]:  # noqa: ANN401 (fields of a ticket)
        """Open a ticket in a help desk, and in its API."""
        desk = Desk(self.town, SHEETS[name])
        return desk, self.desks[name].has(desk.sheet.ticket(desk.number), 500 + desk.number, **more)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def company(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Company]:
    """Run the product with all help desks, and everything that can be written into their tickets."""
    async with AsyncExitStack() as stack:
        desks = {name: await stack.enter_async_context(fake().serve()) for name, fake in FAKE_DESKS.items()}
        settings = dict(SETTINGS)
        for name, desk in desks.items():
            settings |= desk.given | {f"hooks.{name}.tag": TAG, f"hooks.{name}.reopen": "true"}
            if name != "github":
                settings[f"hooks.{name}.notes"] = "true"
        folder = tmp_path_factory.mktemp("written")
        town = await stack.enter_async_context(quick_town_at(folder, "webhook", settings))
        yield Company(town, desks)
        assert {name: (desk.wrong, desk.refused) for name, desk in desks.items() if desk.wrong or desk.refused} == {}
        assert [desk.token for desk in desks.values() if desk.token in town.product.log] == []
        told = town.ledger.rows("SELECT body FROM prompts")
        assert [desk.token for desk in desks.values() if any(desk.token in str(row) for row in told)] == []


async def _link_in(ticket: ApiTicket) -> str:
    async def written() -> str | None:
        replies = ticket.of(DeskStep.REPLY)
        return replies[0].text if replies else None

    (url,) = re.findall(r"https?://\S+/b/[\w-]+", await eventually(written))
    return str(url)


async def _bound(town: Town, url: str) -> Person:
    """Open the page of a ticket's link, choose Telegram there, and press Start."""
    async with httpx.AsyncClient() as browser:
        page = await browser.get(url)
        assert (page.status_code, "Telegram" in page.text) == (200, True), page.text
        opened = await browser.post(url, data={"channel": "telegram"})
    (token,) = set(re.findall(r"\?start=([\w-]+)", opened.text))
    mei = await town.customer(started=False)
    await mei.start(token)
    return mei


async def _rates_low(mei: Person) -> None:
    await mei.sees(step(1))
    await mei.taps("1")
    await mei.sees(asked("ask.why", 1, 1))
    await mei.says("等了两天")
    for place in range(2, 6):
        await mei.sees(step(place))
        await mei.taps("5")
    await mei.sees(said("ask.comment"))
    await mei.taps(said("button.skip"))


async def _comes(ticket: ApiTicket, step: DeskStep, count: int) -> list[str]:
    async def look() -> list[str] | None:
        texts = [put.text for put in ticket.of(step)]
        return texts if len(texts) >= count else None

    return await eventually(look)


@pytest.mark.some(2)
@pytest.mark.asyncio(loop_scope="session")
@pytest.mark.parametrize("name", list(FAKE_DESKS))
async def test_a_link_binds_a_customer_and_the_ticket_learns_how_it_ended(company: Company, name: str) -> None:
    town, (desk, ticket) = company.town, company.ticket(name)
    await desk.tells("solved")
    mei = await _bound(town, await _link_in(ticket))
    await _rates_low(mei)
    await desk.becomes("completed")
    if name != "github":
        noted = "\n".join(await _comes(ticket, DeskStep.NOTE, 2))
        assert all(words in noted for words in ("4.2", "等了两天", "/t/")), noted
    await eventually(lambda: _is(TAG in ticket.tags and "vip" in ticket.tags))
    number = desk.sheet.ticket(desk.number).replace("#", "%23")
    (issue,) = (await town.call("GET", f"/api/v1/issues?ticket={name}/{number}"))["items"]
    await town.call("POST", f"/api/v1/issues/{issue['id']}/resolve", {"by": "小李", "note": "压缩机换好了"})
    await mei.sees("压缩机换好了")
    await mei.taps(said("button.not_solved"))
    await eventually(lambda: _is(ticket.state == "open"))
    await desk.tells("reopened")  # as the help desk tells it of what we have done
    await desk.tells("solved")
    await desk.becomes("suppressed", "quarantine")
    assert (len(ticket.of(DeskStep.REPLY)), ticket.tags.count(TAG)) == (1, 1)
    assert len([one for one in mei.messages if step(1) in one.text]) <= 1


async def _is(fact: bool) -> bool | None:  # noqa: FBT001 (what is looked for)
    return fact or None


COMMENTED: dict[str, tuple[dict[str, str], dict[str, Any]]] = {
    "chatwoot": ({}, {"event": "message_created", "id": 41, "message_type": "outgoing"}),
    "github": ({"x-github-event": "issue_comment"}, {"action": "created"}),
    "gitlab": ({"x-gitlab-event": "Note Hook"}, {"object_kind": "note"}),
    "jira": ({}, {"webhookEvent": "comment_created"}),
    "freescout": ({"x-freescout-event": "convo.agent.reply.created"}, {}),
    "zendesk": ({}, {"type": "zen:event-type:ticket.comment_added"}),
}
"""What a help desk may tell of a text of ours, besides the ticket as it is."""


@pytest.mark.some(2)
@pytest.mark.asyncio(loop_scope="session")
@pytest.mark.parametrize("name", list(FAKE_DESKS))
async def test_what_a_help_desk_tells_of_our_own_text_changes_nothing(company: Company, name: str) -> None:
    town, (desk, ticket) = company.town, company.ticket(name)
    await desk.tells("solved")
    await _link_in(ticket)
    before = await desk.survey()
    await desk.tells("solved")  # changed at a later time, by the reply
    if name in COMMENTED:
        headers, changed = COMMENTED[name]
        case = desk.case("solved")
        body = json.loads(desk.sheet.send(case).body) | changed
        sent = desk.sheet.send(case, body=body)
        answer = await desk.post(replace(sent, headers={**sent.headers, **headers}))
        assert (answer.status_code, answer.json().get("outcome", "ignored")) == (202, "ignored"), answer.text
    assert await desk.survey() == before
    await town.settles()
    assert (len(ticket.texts), ticket.tags, ticket.state) == (1, ["vip"], "solved")
