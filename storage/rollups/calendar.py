"""Local days and months as ranges of instants, by which ratings are summed up."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from dialogs.time.local_time import instant_of, wall_of
from scoring.values import Value

__all__ = ["Grain", "LocalCalendar", "WholeDays"]

_DAY = timedelta(days=1)
_LONGEST_MONTH = 31


class Grain(StrEnum):
    """What a sum is over."""

    DAY = "day"
    MONTH = "month"


class WholeDays(Value):
    """What of a period is whole days, and of these whole months; where there are none, the two ends are equal.

    `days_from` ≤ `months_from` ≤ `months_until` ≤ `days_until`.
    """

    days_from: datetime
    months_from: datetime
    months_until: datetime
    days_until: datetime


class LocalCalendar:
    """The days and months of a zone; each begins at an instant (UTC), and ends where the next one begins."""

    def __init__(self, zone: ZoneInfo) -> None:
        self.zone = zone
        self._begins: dict[date, datetime] = {}

    def begins(self, day: date) -> datetime:
        """Return the first instant of a day."""
        if day not in self._begins:
            self._begins[day] = instant_of(datetime.combine(day, time()), self.zone)
        return self._begins[day]

    def day_of(self, instant: datetime) -> date:
        """Return the day in which an instant lies: the last that has begun, also where clocks are put back to it."""
        day = wall_of(instant, self.zone).date()
        return day + _DAY if instant >= self.begins(day + _DAY) else day

    def first(self, grain: Grain, instant: datetime) -> datetime:
        """Return where the day, or the month, begins in which an instant lies."""
        day = self.day_of(instant)
        return self.begins(day if grain is Grain.DAY else day.replace(day=1))

    def ranges(self, grain: Grain, since: datetime, until: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Yield first instant and end of each day, or month, from that of `since` to that of `until`."""
        begins = self.first(grain, since)
        while begins <= until:
            ends = self._next(grain, begins)
            yield begins, ends
            begins = ends

    def whole(self, since: datetime, until: datetime) -> WholeDays:
        """Return the whole days and months of a period."""
        first, last = self._at_or_after(Grain.DAY, since), self.first(Grain.DAY, until)
        if first >= last:
            return WholeDays(until, until, until, until)
        months_from, months_until = self._at_or_after(Grain.MONTH, first), self.first(Grain.MONTH, last)
        if months_from >= months_until:
            return WholeDays(first, last, last, last)
        return WholeDays(first, months_from, months_until, last)

    def _at_or_after(self, grain: Grain, instant: datetime) -> datetime:
        begins = self.first(grain, instant)
        return begins if begins == instant else self._next(grain, begins)

    def _next(self, grain: Grain, begins: datetime) -> datetime:
        day = self.day_of(begins)
        ahead = day + (_DAY if grain is Grain.DAY else _DAY * _LONGEST_MONTH)
        return self.begins(ahead if grain is Grain.DAY else ahead.replace(day=1))
