"""Looks for duplicates as the service does in the background."""

from bot.jobs.validity.duplicate_search import DuplicateJob
from tests.support.web.house import House

__all__ = ["settle_duplicates_of"]


async def settle_duplicates_of(house: House) -> int:
    """Settle which responses count once, as after a start; return how many count otherwise than before."""
    return await DuplicateJob(house.store, house.web.receiver, house.clock.now).catch_up()
