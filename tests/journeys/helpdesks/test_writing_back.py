"""What huifang writes into the tickets of a real process's help desk: the link for a customer whom no chat knows."""

import re
from pathlib import Path

import httpx

from dialogs.messages import DeskStep
from tests.journeys.helpdesks.test_help_desks import SETTINGS, Desk
from tests.support.helpdesks import SHEETS
from tests.support.helpdesks.vendors.fake_zammad import FakeZammad
from tests.support.town.quick import quick_town_at
from tests.support.town.town import eventually
from tests.support.town.words import step


async def test_a_customer_whom_nobody_knows_binds_a_chat_by_the_link_in_their_ticket(tmp_path: Path) -> None:
    async with FakeZammad().serve() as zammad, quick_town_at(tmp_path, "webhook", SETTINGS | zammad.given) as town:
        desk = Desk(town, SHEETS["zammad"])
        ticket = zammad.has(desk.sheet.ticket(desk.number), 7)
        await desk.tells("solved")

        async def written() -> str | None:
            return ticket.texts[0] if ticket.texts else None

        text = await eventually(written)
        (put,) = ticket.of(DeskStep.REPLY)
        assert put.how == {"type": "email", "to": "wang@mail.example"}
        (url,) = re.findall(r"https?://\S+", text)
        async with httpx.AsyncClient() as browser:
            page = await browser.get(url)
            assert (page.status_code, "Telegram" in page.text) == (200, True)
            opened = await browser.post(url, data={"channel": "telegram"})
        (token,) = set(re.findall(r"\?start=([\w-]+)", opened.text))
        mei = await town.customer(started=False)
        await mei.start(token)
        await mei.sees(step(1))
        assert zammad.wrong == zammad.refused == []
        assert zammad.token not in town.product.log
