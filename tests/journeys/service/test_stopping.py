"""Starting and stopping: gone within five seconds of SIGTERM, whatever Telegram or the database does."""

import asyncio
import socket
from pathlib import Path

import pytest

from bot.chat_migrations import Moves
from bot.delivery.queue import SendQueue
from bot.delivery.sender import Sender
from bot.handlers.deliveries import Outcome
from bot.process.alarms import Alarms
from bot.process.system import SystemClock
from storage.connection.store import Store
from storage.dialects import database
from storage.model.records import OutboxMessage
from storage.unit_of_work.writer import Writer
from tests.support.botapi import TOKEN
from tests.support.database.migrated import copy_migrated
from tests.support.ports import reserved_port
from tests.support.process import STOPS_WITHIN, product_at
from tests.support.time.patience import PATIENCE
from tests.support.town.town import Town, eventually


@pytest.mark.parametrize("within", [PATIENCE, pytest.param(STOPS_WITHIN, marks=pytest.mark.proof)])
async def test_it_stops_at_once_while_telegram_takes_calls_and_answers_none(tmp_path: Path, within: float) -> None:
    with socket.create_server(("127.0.0.1", 0)) as hole:  # the kernel takes the calls, nobody reads them
        address = f"http://127.0.0.1:{hole.getsockname()[1]}"
        async with product_at(tmp_path, {"telegram.token": TOKEN, "telegram.api_base": address}, warm=True) as product:
            await product.start()
            await product.stop(within)


async def test_a_database_that_cannot_be_reached_ends_the_start_with_one_line(tmp_path: Path) -> None:
    with reserved_port() as nobody:
        url = f"postgresql://me:secret-word@127.0.0.1:{nobody}/huifang"
        async with product_at(tmp_path, {"database.url": url}, warm=True) as product:
            assert await product.ends() == 1
        (line,) = product.log.splitlines()
        assert line.startswith("huifang: the database cannot be used")
        assert "secret-word" not in line


@pytest.mark.asyncio(loop_scope="session")
async def test_a_second_process_on_the_same_file_is_refused(town: Town) -> None:
    url = f"sqlite:///{town.ledger.file}"
    folder = town.product.folder / "second"
    folder.mkdir()
    async with product_at(folder, {"database.url": url}, warm=True) as second:
        assert await second.ends() == 1
        (line,) = second.log.splitlines()
    assert town.product.process is not None
    assert f"is in use by another huifang, process {town.product.process.pid}: stop that one first" in line


async def test_the_sender_stops_though_a_message_comes_at_that_very_moment(tmp_path: Path) -> None:
    clock = SystemClock()
    async with Store.open(f"sqlite:///{copy_migrated(tmp_path / 'huifang.db')}") as store:
        writer = Writer(store, clock.now, on_commit=lambda _committed: None)
        sender = Sender({}, _settles_nothing, store, writer, SendQueue({}), clock, Alarms(clock), Moves())
        sending = asyncio.create_task(sender.run())
        await asyncio.sleep(0.2)
        sender.poke([])
        sending.cancel()
        await asyncio.wait([sending], timeout=1)
        assert sending.cancelled()
        await writer.stop()


async def _settles_nothing(_message: OutboxMessage, _outcome: Outcome, _anew: bool) -> Outcome:  # noqa: FBT001 (as `Settle` is)
    raise AssertionError("there is nothing to settle")


async def test_a_start_waits_for_a_command_that_has_the_database_and_says_so(tmp_path: Path) -> None:
    url = f"sqlite:///{copy_migrated(tmp_path / 'huifang.db')}"
    async with product_at(tmp_path, {"database.url": url}, warm=True) as product:

        async def waits() -> bool | None:
            return "waiting up to 15 s for the database" in product.log or None

        async def is_well() -> bool | None:
            return await product.is_well() or None

        with database(url).exclusive():
            await product.launch()
            await eventually(waits)
            assert not await product.is_well()
        await eventually(is_well)
        await product.stop()
