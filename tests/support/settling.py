"""Settling a message without waiting for company, which in service spares a commit."""

import asyncio

from bot.handlers.deliveries import Outcome
from bot.receiver import Receiver
from storage.model.records import OutboxMessage
from storage.unit_of_work.changes import Changes
from storage.unit_of_work.needs import Needs
from storage.unit_of_work.writer import Decision

__all__ = ["settle_now"]


async def settle_now(receiver: Receiver, message: OutboxMessage, outcome: Outcome) -> None:
    """Settle a message in the commit of a decision that changes nothing, and does not wait."""
    settling = asyncio.create_task(receiver.settle(message, outcome, anew=False))
    await asyncio.sleep(0)
    await receiver.do(Needs(), lambda _context: Decision(Changes(), None))
    await settling
