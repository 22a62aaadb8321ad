"""What is written into a ticket stands there once, whatever dies in between, and holds up nobody's survey."""

import asyncio
from pathlib import Path

import pytest

from dialogs.messages import DeskStep
from tests.journeys.helpdesks.test_help_desks import SETTINGS, Desk
from tests.support.helpdesks import SHEETS
from tests.support.helpdesks.vendors import Answer, ApiTicket, FakeZammad, Fault
from tests.support.time.patience import PATIENCE
from tests.support.town.quick import quick_town_at
from tests.support.town.town import Town, eventually, town_at
from tests.support.town.words import step


async def settled(town: Town) -> str:
    """Wait until the message into the ticket has come to an end, and return its state."""

    async def look() -> str | None:
        (row,) = town.ledger.rows("SELECT status FROM outbox WHERE purpose = 'desk'") or [("",)]
        return row[0] if row[0] not in ("", "pending", "leased") else None

    return await eventually(look)


async def reply_of(ticket: ApiTicket) -> str:
    async def look() -> str | None:
        return ticket.texts[0] if ticket.texts else None

    return await eventually(look)


async def test_a_process_that_dies_between_the_help_desks_answer_and_its_own_commit(tmp_path: Path) -> None:
    async with FakeZammad().serve() as zammad, town_at(tmp_path, "webhook", SETTINGS | zammad.given, warm=True) as town:
        await town.product.start()
        await town.product.stop()
        await town.product.launch(crash_at="sent")
        await eventually(lambda: _well(town))
        desk = Desk(town, SHEETS["zammad"])
        ticket = zammad.has(desk.sheet.ticket(desk.number), 7)
        await desk.tells("solved")
        await town.product.dies()
        assert len(ticket.of(DeskStep.REPLY)) == 1
        await town.product.start()
        assert await settled(town) == "sent"
        assert len(ticket.of(DeskStep.REPLY)) == 1
        await town.check()


@pytest.mark.proof
async def test_a_process_that_is_killed_before_the_help_desk_answers(tmp_path: Path) -> None:
    async with FakeZammad().serve() as zammad, quick_town_at(tmp_path, "webhook", SETTINGS | zammad.given) as town:
        desk = Desk(town, SHEETS["zammad"])
        ticket = zammad.has(desk.sheet.ticket(desk.number), 7)
        zammad.hangs_after = asyncio.Event()
        await desk.tells("solved")
        await asyncio.wait_for(zammad.hangs_after.wait(), PATIENCE)
        await town.product.kill()
        zammad.hangs_after = None
        await town.product.start()
        assert await settled(town) == "sent"
        assert len(ticket.of(DeskStep.REPLY)) == 1


async def test_a_help_desk_that_is_away_holds_up_no_survey_and_gets_it_later(tmp_path: Path) -> None:
    async with FakeZammad().serve() as zammad, quick_town_at(tmp_path, "webhook", SETTINGS | zammad.given) as town:
        desk = Desk(town, SHEETS["zammad"])
        ticket = zammad.has(desk.sheet.ticket(desk.number), 7)
        zammad.faults.append(Fault(Answer(429, None, {"retry-after": "2"})))
        await desk.tells("solved")
        mei = await town.customer()
        other = Desk(town, SHEETS["zammad"], str(mei.account.id))
        await other.tells("solved")
        await mei.sees(step(1))
        await desk.becomes("scheduled", "no_contact")
        assert await reply_of(ticket)
        assert (await settled(town), len(ticket.texts)) == ("sent", 1)


async def test_a_ticket_that_is_gone_is_given_up_with_the_reason(tmp_path: Path) -> None:
    async with FakeZammad().serve() as zammad, quick_town_at(tmp_path, "webhook", SETTINGS | zammad.given) as town:
        desk = Desk(town, SHEETS["zammad"])
        await desk.tells("solved")
        assert await settled(town) == "dead"
        assert town.ledger.rows("SELECT why FROM outbox WHERE purpose = 'desk'") == [("the ticket is not there",)]
        assert f"nothing more is written into zammad/{desk.sheet.ticket(desk.number)}" in town.product.log
        ready = (await town.product.api.get("/readyz")).json()
        assert ready["alarms"] == []


async def test_a_refused_token_is_an_alarm_and_no_storm(tmp_path: Path) -> None:
    async with FakeZammad().serve() as zammad:
        wrong = zammad.given | {"hooks.zammad.api_token": "wrong-token-of-nobody"}
        async with quick_town_at(tmp_path, "webhook", SETTINGS | wrong) as town:
            for _ in range(3):
                desk = Desk(town, SHEETS["zammad"])
                zammad.has(desk.sheet.ticket(desk.number), desk.number)
                await desk.tells("solved")

            async def alarmed() -> str | None:
                lines = (await town.product.api.get("/readyz")).json()["alarms"]
                return next((line for line in lines if line.startswith("hooks.zammad.api_token: ")), None)

            assert "HTTP 401" in await eventually(alarmed)
            await asyncio.sleep(2.5)
            assert len(zammad.calls) == 1, "nothing is called again for ten minutes"
            assert "wrong-token-of-nobody" not in town.product.log


async def _well(town: Town) -> bool | None:
    return await town.product.is_well() or None
