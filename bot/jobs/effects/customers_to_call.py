"""Finds who is worth a call by a person."""

from datetime import datetime

from bot.handlers.common.tombstones import is_anonymous
from scoring.worth_call import CallRule, WorthCall, worth_a_call
from storage.reads.reader import Reader

__all__ = ["customers_to_call"]


async def customers_to_call(reader: Reader, rule: CallRule, now: datetime) -> list[WorthCall]:
    """Return who is worth a call now, most complaints first; nobody who was erased."""
    found = await reader.call_candidates(now - rule.within, rule.tiers, rule.complaints)
    return worth_a_call((one for one in found if not is_anonymous(one.customer)), rule)
