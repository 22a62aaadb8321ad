"""The services on a database of their own, and a way to run a command on them as the control socket does."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from bot.control.commands import CONTROL_COMMANDS
from bot.control.execute import execute
from bot.control.inbox import inbox_commands
from bot.control.protocol import CommandReply, CommandRequest
from bot.handlers.surveys import tickets
from bot.handlers.surveys.ticket_event import CustomerEvent, TicketEvent
from bot.jobs.failed_deliveries import FailedDeliveries
from bot.process.alarms import Alarms
from bot.wiring.services import Services, open_services
from config.settings.loading import load_settings
from config.settings.settings import Settings
from storage.model.records import TicketStatus
from tests.support.database.migrated import copy_migrated

Run = Callable[..., Awaitable[CommandReply]]
Close = Callable[[str], Awaitable[None]]


def failed_deliveries(services: Services) -> FailedDeliveries:
    """Return what is done about failed deliveries where no channel is connected."""
    alarms = Alarms(services.clock)
    return FailedDeliveries(receiver=services.receiver, reader=services.reader, alarms=alarms, connections={})


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Return the settings of a service on a migrated database, which asks nobody today."""
    file = copy_migrated(tmp_path / "huifang.db")
    return load_settings({"HUIFANG_DATABASE__URL": f"sqlite:///{file}", "HUIFANG_SURVEY__DELAY": "20h"}, cwd=tmp_path)


@pytest.fixture
async def desk(settings: Settings) -> AsyncIterator[Services]:
    """Open the services."""
    async with open_services(settings) as opened:
        yield opened


@pytest.fixture
def run(desk: Services) -> Run:
    """Return what runs a command by its name, with these arguments."""
    commands = {**CONTROL_COMMANDS, **inbox_commands(failed_deliveries(desk))}

    async def run(command: str, /, **arguments: object) -> CommandReply:
        return await execute(desk, commands, CommandRequest(command, arguments))

    return run


@pytest.fixture
def closes(desk: Services) -> Close:
    """Return what lets the help desk close the ticket `desk/…` of the customer `c-…`."""

    async def closes(ticket: str) -> None:
        who = CustomerEvent(f"c-{ticket}", "王梅", contacts=(("sandbox", f"chat-{ticket}"),))
        event = TicketEvent("desk", ticket, TicketStatus.CLOSED, who, subject="空调不制冷", tags=("vip",))
        policy = desk.receiver.policy
        await desk.receiver.do(tickets.needs(event, policy), lambda context: tickets.put(context, event))

    return closes
