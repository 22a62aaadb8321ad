"""Makes the calendar of working days: a country's public holidays, and the owner's own days.

The library that knows the holidays takes a second to load, and its calendars 30 MB: for the team's deadlines that is
done beside the start, so that no decision waits for it; until then only weekends and the owner's own days are off.
"""

import asyncio
from datetime import date
from functools import cache

from bot.receiver import Receiver
from config.settings.settings import Settings
from dialogs.time.workdays import Workdays
from scoring.values import replace

__all__ = ["calendar_of", "learn_workdays"]


def calendar_of(settings: Settings) -> Workdays:
    """Return the calendar of working days."""
    chosen = settings.calendar
    if not chosen.country:
        return Workdays(chosen.holidays, chosen.workdays)
    return _with_public_holidays(chosen.country, chosen.holidays, chosen.workdays)


@cache
def _with_public_holidays(country: str, holidays: frozenset[date], workdays: frozenset[date]) -> Workdays:
    from config.locale.workdays import make_workdays  # noqa: PLC0415 (slow, and needed by few)

    return make_workdays(country, holidays, workdays)


async def learn_workdays(receiver: Receiver, settings: Settings) -> None:
    """Replace the policy's working days by the whole calendar; not where nothing counts in working time."""
    policy = receiver.policy
    is_counted = policy.resolve_within is not None or any(target.working for target in policy.targets)
    if not is_counted or not settings.calendar.country:
        return
    made = await asyncio.to_thread(calendar_of, settings)
    receiver.adopt(replace(receiver.policy, team_workdays=made))
