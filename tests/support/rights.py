"""What the tick does for people's rights, in a test's hands."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.jobs.data_requests import DataRequestDependencies
from bot.jobs.data_requests import fulfil as fulfil_request
from bot.ports import SecretSource
from bot.receiver import Receiver
from dialogs.ids import RefKind
from scoring.values import Value
from storage.connection.store import Store
from storage.reads.reader import Reader
from storage.unit_of_work.writer import Writer
from tests.support.web.house import House

__all__ = ["fulfil", "hands_of"]


class _Hands(Value, eq=False):
    receiver: Receiver
    reader: Reader
    writer: Writer
    store: Store
    secrets: SecretSource


@asynccontextmanager
async def hands_of(house: House) -> AsyncIterator[DataRequestDependencies]:
    """Return with what people's rights are served."""
    web = house.web
    writer = Writer(house.store, house.clock.now)
    yield _Hands(web.receiver, web.reader, writer, house.store, web.secrets)
    await writer.stop()


async def fulfil(house: House) -> None:
    """Do what is due, as the tick does."""
    async with hands_of(house) as hands:
        for due in await house.web.reader.due(house.clock.now(), 500):
            await (fulfil_request(hands, due) if due.kind is RefKind.REQUEST else house.web.receiver.wake(due))
