"""The last look before a message goes: whoever has opted out since it was leased gets nothing.

A lease is saved before its message is sent, and between the two a customer may opt out. So sending begins inside a
second transaction, which holds the customer's row: an opt-out is saved before it, and is seen here, or after it, when
the message has begun to go. That is true between processes, too (docs/decisions/opt_out.md).
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Iterable, Iterator, Mapping

from sqlalchemy import select

from dialogs.outbox.machine import LeaseReturned, MessageDropped, target_of
from storage.connection.session import Session
from storage.dialects import among
from storage.model.records import Customer
from storage.schema import tables as t
from storage.unit_of_work.changes import Changes
from storage.unit_of_work.leases import Claimed
from storage.unit_of_work.outbox_writes import MARK

__all__ = ["Go", "NotedOptOuts", "opted_out_ids", "start_sending"]

Go = Callable[[Collection[str]], Awaitable[None]]
"""Begins to send the messages with these ids, and returns when all have begun. Called again, it begins none twice."""

# A row that another process has locked is left to it, as in `leases`: an opt-out may be on its way.
_CUSTOMERS = (
    select(t.customers.c.id, t.customers.c.opted_out_at)
    .where(among("customers", t.customers.c.id))
    .with_for_update(read=True, skip_locked=True)
)


async def start_sending(session: Session, leased: Mapping[str, str], go: Go) -> list[Claimed]:
    """Start sending the leased messages without an opt-out; return the others, cancelled or to be tried again.

    `leased` names the customer of each message.
    """
    customers = dict(await session.fetch(_CUSTOMERS, customers=sorted(set(leased.values()))))
    kept = [_kept(message, customers, who) for message, who in leased.items() if customers.get(who, True)]
    await go(leased.keys() - {one.id for one in kept})
    await session.write(MARK, [(one.id, one.status, one.why, None, 0) for one in kept])
    return kept


class NotedOptOuts:
    """Who has opted out since this process began, noted before that is saved.

    Where no other process can save an opt-out, messages to people who are not noted begin to go without a look at the
    database; whoever is being noted waits until they have begun.
    """

    def __init__(self) -> None:
        self._noted: set[str] = set()
        self._starting: set[asyncio.Future[None]] = set()

    async def note(self, customers: Iterable[str]) -> None:
        """Note customers whose opt-out is about to be saved."""
        before = len(self._noted)
        self._noted.update(customers)
        if len(self._noted) > before and self._starting:
            await asyncio.wait(self._starting)

    async def start(self, leased: Mapping[str, str], go: Go) -> bool:
        """Start sending messages, named with their customers, unless one of these is noted; return whether it did."""
        if not self._noted.isdisjoint(leased.values()):
            return False
        starting = asyncio.ensure_future(_gone(leased, go))
        self._starting.add(starting)
        starting.add_done_callback(self._starting.discard)
        await starting
        return True


async def _gone(leased: Mapping[str, str], go: Go) -> None:
    await go(leased.keys())


def opted_out_ids(decided: Iterable[Changes]) -> Iterator[str]:
    """Name the customers who opt out by what has been decided."""
    records = (record for changes in decided for record in changes.records)
    return (one.id for one in records if isinstance(one, Customer) and one.opted_out_at is not None)


def _kept(message: str, customers: Mapping[str, object], customer: str) -> Claimed:
    """Return a claim that ends: dropped where the customer opted out, else returned, to be leased anew."""
    if customer in customers:
        return Claimed(message, target_of(MessageDropped), "", why="opted_out")
    return Claimed(message, target_of(LeaseReturned), "")
