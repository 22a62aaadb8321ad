"""What the tick does for people's rights, in a test's hands."""

from bot.jobs.data_requests import with_data_requests
from bot.ports import Dice
from bot.receiver import Receiver
from scoring.values import Value
from storage.connection.store import Store
from storage.reads.reader import Reader
from storage.unit_of_work.writer import Writer
from tests.support.web.house import House

__all__ = ["fulfil"]


class _Hands(Value, eq=False):
    receiver: Receiver
    reader: Reader
    writer: Writer
    store: Store
    dice: Dice


async def fulfil(house: House) -> None:
    """Do what is due, as the tick does."""
    web = house.web
    writer = Writer(house.store, house.clock.now)
    wake = with_data_requests(_Hands(web.receiver, web.reader, writer, house.store, web.dice), web.receiver.wake)
    for due in await web.reader.due(house.clock.now(), 500):
        await wake(due.kind, due.id)
    await writer.stop()
