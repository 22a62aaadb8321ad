"""Working time: hours of working days, which a team's deadlines count in; pure."""

from datetime import datetime, timedelta
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
