"""Messages into tickets on both databases: stored with the decision, written by the sender, given up, and erased."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import httpx
import pytest

from bot.control.commands import CONTROL_COMMANDS
from bot.control.execute import execute
from bot.control.protocol import CommandRequest
from bot.wiring.container import Container, open_container
from config.settings.loading import load_settings
from dialogs.messages import DeskStep
from dialogs.outbox.model import SendingState
from storage.model.records import Customer, OutboxMessage, Purpose
from storage.unit_of_work.selects import all_of
from tests.support.database.migrated import copy_migrated
from tests.support.helpdesks.vendors import FakeZammad
from tests.support.town.town import eventually
from tests.support.web.api import api_of, web_of

KEY = "key-of-the-help-desk-0123456789abcdef"
ENDED = (SendingState.SENT, SendingState.DEAD, SendingState.CANCELLED)


@dataclass(frozen=True, slots=True)
class Written:
    """A process without a socket, and the help desk into whose tickets it writes."""

    container: Container
    api: httpx.AsyncClient
    zammad: FakeZammad

    async def closes(self, number: str) -> None:
        """Close a ticket of somebody without a chat, and have it asked about at once."""
        body = {"status": "closed", "customer": {"id": "zammad:17", "locale": "en"}}
        for method, path, sent in (("PUT", "", body), ("POST", "/survey", {})):
            answer = await self.api.request(method, f"/api/v1/tickets/zammad/{number}{path}", json=sent)
            assert answer.is_success, answer.text

    async def messages(self) -> list[OutboxMessage]:
        """Return what was to be written."""
        async with self.container.services.store.reading() as session:
            found = await session.records(OutboxMessage, all_of(OutboxMessage))
        return [one for one in found if one.purpose is Purpose.DESK]

    async def invited_at(self) -> datetime | None:
        """Return when the customer was last written a link."""
        async with self.container.services.store.reading() as session:
            (customer,) = await session.records(Customer, all_of(Customer))
        return customer.invited_at

    async def ended(self) -> OutboxMessage:
        """Wait for the end of the only message."""

        async def look() -> OutboxMessage | None:
            (message,) = await self.messages()
            return message if message.status in ENDED else None

        return await eventually(look)


@asynccontextmanager
async def _running(folder: Path, url: str, zammad: FakeZammad, *, sends: bool) -> AsyncIterator[Written]:
    given = zammad.given | {"database.url": url, "survey.quiet_hours": "off", "api.keys": KEY}
    environ = {f"HUIFANG_{key.upper().replace('.', '__')}": value for key, value in given.items()}
    async with open_container(load_settings(environ, cwd=folder)) as container:
        sending = asyncio.ensure_future(container.sender.run()) if sends else None
        async with api_of(web_of(container.services, KEY), KEY) as api:
            yield Written(container, api, zammad)
        if sending is not None:
            sending.cancel()
            await asyncio.gather(sending, return_exceptions=True)


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return a migrated database of either kind."""
    if request.param == "sqlite":
        return f"sqlite:///{copy_migrated(tmp_path / 'huifang.db')}"
    found: str = request.getfixturevalue("migrated_postgres")
    return found


@pytest.fixture
async def written(tmp_path: Path, url: str) -> AsyncIterator[Written]:
    async with FakeZammad().serve() as zammad, _running(tmp_path, url, zammad, sends=True) as made:
        yield made


async def test_the_link_is_written_and_when_is_kept_with_the_customer(written: Written) -> None:
    ticket = written.zammad.has("7", 507)
    await written.closes("7")
    message = await written.ended()
    assert (message.status, message.receipt, message.why) == (SendingState.SENT, "901", "")
    assert [put.text for put in ticket.of(DeskStep.REPLY)] == [message.prompt.text]
    assert await written.invited_at() == message.created_at


async def test_a_ticket_that_is_gone_is_given_up_with_the_reason(written: Written) -> None:
    await written.closes("404")
    message = await written.ended()
    assert (message.status, message.why) == (SendingState.DEAD, "the ticket is not there")
    assert await written.invited_at() is None


async def test_a_link_that_reached_no_ticket_is_written_into_the_next(written: Written) -> None:
    await written.closes("404")
    await written.ended()
    ticket = written.zammad.has("7", 507)
    await written.closes("7")

    async def put() -> bool | None:
        return True if ticket.of(DeskStep.REPLY) else None

    await eventually(put)


async def test_an_erased_customer_is_written_nothing(tmp_path: Path, url: str) -> None:
    async with FakeZammad().serve() as zammad, _running(tmp_path, url, zammad, sends=False) as made:
        ticket = zammad.has("7", 507)
        await made.closes("7")
        (before,) = await made.messages()
        assert before.status is SendingState.PENDING
        forget = CommandRequest("customer forget", {"customer": "zammad:17"})
        assert (await execute(made.container.services, CONTROL_COMMANDS, forget)).problem == ""

        async def emptied() -> OutboxMessage | None:
            (message,) = await made.messages()
            return message if not message.prompt.text else None

        after = await eventually(emptied)
        assert (after.status, ticket.puts) == (SendingState.CANCELLED, [])
