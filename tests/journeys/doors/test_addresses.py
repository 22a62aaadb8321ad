"""Chats in which no customer can be: what an older version stored of them is not written to."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

from dialogs.messages import Prompt
from storage.connection.store import Store
from storage.model.records import Contact, Customer, OutboxMessage, Purpose
from storage.unit_of_work.changes import Changes
from storage.unit_of_work.needs import Needs
from storage.unit_of_work.writer import Decision, Job, Writer
from tests.support.database.migrated import copy_migrated
from tests.support.town.town import eventually, town_at

PUBLIC = -1_005_551
BEFORE = datetime.now(UTC) - timedelta(minutes=1)


async def test_what_waits_for_a_public_group_since_before_is_dropped_with_the_reason(tmp_path: Path) -> None:
    async with town_at(tmp_path, "polling", warm=True) as town:
        stranger = town.telegram.user(666, name="路人")
        public = town.telegram.group(PUBLIC, "人人可进", [stranger])
        await _stored_before(tmp_path / "var")
        await town.product.start()

        async def look() -> str | None:
            ((status, why),) = town.ledger.rows("SELECT status, why FROM outbox WHERE id = 'out_before'")
            return str(why) if status == "dead" else None

        assert "must be the id of a private chat" in await eventually(look)
        body = {"status": "closed", "customer": {"id": "c-before"}}
        told = await town.call("PUT", "/api/v1/tickets/desk/before", body)
        assert (told["survey"]["status"], told["survey"]["reason"]) == ("scheduled", "no_contact")
        assert [one["field"] for one in told["warnings"]] == ["customer.contacts.0.address"]
        await town.settles()
        assert public.member(stranger).messages == []
        await town.check()


async def _stored_before(folder: Path) -> None:
    """Store a group as a customer's chat, with a message on its way there, as versions before 422 did."""
    await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
    file = copy_migrated(folder / "huifang.db")
    contact = Contact("c-before", "telegram", str(PUBLIC))
    message = OutboxMessage(
        "out_before", "telegram", str(PUBLIC), Purpose.SURVEY, Prompt("您好"), BEFORE, BEFORE, "c-before"
    )
    records = (Customer("c-before", "王女士"), contact, message)
    async with Store.open(f"sqlite:///{file}") as store:
        writer = Writer(store, lambda: BEFORE)
        await writer.decide(Job(Needs(), lambda _rows, _now: Decision(Changes(records), None)))
        await writer.stop()
