"""Working days: weekends, public holidays, and the make-up days that are worked instead (Chinese 调休); pure."""

from datetime import date

from scoring.values import Value

__all__ = ["Workdays"]

_SATURDAY, _SUNDAY = 5, 6


class Workdays(Value):
    """A calendar of working days; `workdays` are weekend days and holidays that are worked all the same.

    `weekend` holds weekdays, counted from Monday, 0.
    """

    holidays: frozenset[date] = frozenset()
    workdays: frozenset[date] = frozenset()
    weekend: frozenset[int] = frozenset({_SATURDAY, _SUNDAY})

    def is_working(self, day: date) -> bool:
        """Return whether a day is a working day."""
        return day in self.workdays or (day not in self.holidays and day.weekday() not in self.weekend)
