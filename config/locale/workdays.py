"""Makes the calendar of working days from a country's public holidays and the owner's own days.

The library `holidays` takes a second to load: import this module where a calendar is wanted.
"""

from collections.abc import Collection
from datetime import date

from holidays import country_holidays, list_supported_countries

from dialogs.time.workdays import Workdays

__all__ = ["is_known", "make_workdays"]

_YEARS = range(2020, 2071)
"""Years that are computed ahead, in a few milliseconds; no process runs for longer."""


def is_known(country: str) -> bool:
    """Return whether there is a calendar for a country's two letters; true for no country, which has weekends only."""
    return not country or country in list_supported_countries()


def make_workdays(country: str, holidays: Collection[date] = (), workdays: Collection[date] = ()) -> Workdays:
    """Return a country's calendar, make-up working days included; the owner's own days have precedence."""
    if not country:
        return Workdays(frozenset(holidays), frozenset(workdays))
    public = country_holidays(country, years=_YEARS)
    return Workdays(
        holidays=frozenset(public) | frozenset(holidays),
        workdays=(frozenset(public.weekend_workdays) - frozenset(holidays)) | frozenset(workdays),
        weekend=frozenset(public.weekend),
    )
