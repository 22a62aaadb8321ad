"""A terminal in a folder with a migrated database, in which no service runs."""

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from bot.cli import main
from bot.handlers.surveys import tickets
from bot.handlers.surveys.ticket_event import CustomerEvent, TicketEvent
from bot.wiring.services import open_services
from config.settings.loading import load_settings
from storage.model.records import TicketStatus
from tests.support.commands import Said
from tests.support.database.migrated import copy_migrated

Type = Callable[..., Said]
Close = Callable[[str], None]
Keep = Callable[[str, bytes], str]


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Work in a folder with a short path, so that the control socket would lie in it."""
    with TemporaryDirectory(dir="/tmp") as folder:
        (Path(folder) / "var").mkdir()
        copy_migrated(Path(folder, "var", "huifang.db"))
        monkeypatch.chdir(folder)
        monkeypatch.setenv("HUIFANG_SURVEY__DELAY", "20h")
        yield Path(folder)


@pytest.fixture
def types(desk: Path, capsys: pytest.CaptureFixture[str]) -> Type:
    """Return what types a command, and returns what it said."""
    del desk

    def types(*arguments: str) -> Said:
        code = main(arguments)
        return Said(code, *capsys.readouterr())

    return types


@pytest.fixture
def closes(desk: Path) -> Close:
    """Return what lets the help desk close the ticket `desk/…` of the customer `c-…`."""

    async def close(ticket: str) -> None:
        who = CustomerEvent(f"c-{ticket}", "王梅", contacts=(("sandbox", f"chat-{ticket}"),))
        event = TicketEvent("desk", ticket, TicketStatus.CLOSED, who, subject="空调不制冷")
        async with open_services(load_settings({"HUIFANG_SURVEY__DELAY": "20h"}, cwd=desk)) as services:
            policy = services.receiver.policy
            await services.receiver.do(tickets.needs(event, policy), lambda context: tickets.put(context, event))

    return lambda ticket: asyncio.run(close(ticket))


@pytest.fixture
def keeps(desk: Path) -> Keep:
    """Return what keeps a delivery as failed, and returns its id."""

    async def keep(door: str, raw: bytes) -> str:
        async with open_services(load_settings({}, cwd=desk)) as services:
            return await services.receiver.keep_unread(door, raw, "not read by that version")

    return lambda door, raw: asyncio.run(keep(door, raw))
