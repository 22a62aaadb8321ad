"""Working time: hours of working days, which a team's deadlines count in; pure."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from dialogs.time.contact_hours import ContactHours, DailyHours, stretches
from dialogs.time.workdays import Workdays
from scoring.values import Value

__all__ = ["WorkingTime"]

_COUNTED_FROM = timedelta(hours=1)
"""A shorter time is counted on the clock: whoever sets one wants to see it pass, also on a Sunday."""
_FURTHEST = timedelta(days=400)


class WorkingTime(Value):
    """When the team works: in `hours` (None: all day) of the working days of `calendar`, in `zone`."""

    zone: ZoneInfo
    hours: DailyHours | None = None
    calendar: Workdays = Workdays()

    def after(self, start: datetime, length: timedelta) -> datetime:
        """Return the moment at which so much working time has passed since `start`, instants in UTC.

        What is shorter than an hour passes on the clock; so does everything where the calendar has no working time.
        """
        if length < _COUNTED_FROM:
            return start + length
        works, left = ContactHours(business=self.hours, workdays=self.calendar), length
        for at, until, shown in stretches(start, start + _FURTHEST + 40 * length, works, self.zone):
            if not works.prefers(shown):
                continue
            if until - at >= left:
                return at + left
            left -= until - at
        return start + length

    def end_of_day(self, start: datetime, days: int) -> datetime:
        """Return the end of the `days`-th working day after the day of `start`, an instant in UTC.

        In a calendar without working days all days count.
        """
        today = start.astimezone(self.zone).date()
        later = [today + timedelta(days=number) for number in range(1, _FURTHEST.days)]
        working = [day for day in later if self.calendar.is_working(day)] or later
        after = working[min(days, len(working)) - 1] + timedelta(days=1)
        return datetime(after.year, after.month, after.day, tzinfo=self.zone).astimezone(UTC)
