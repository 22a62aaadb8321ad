"""When a customer may be asked, and preferably is: quiet hours, office hours, working days; pure.

Local time jumps where daylight saving begins and ends, so no arithmetic is done on it. Instead time is cut into
stretches in which the answer does not change (at the edges of the hours, at midnight, at the jumps), and each stretch
is decided by the local time at its start.
"""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from dialogs.time.local_time import change_between
from dialogs.time.workdays import Workdays
from scoring.values import Value

__all__ = ["ContactHours", "DailyHours", "due_at", "stretches"]

_MINUTE, _DAY = timedelta(minutes=1), timedelta(days=1)


class DailyHours(Value):
    """Hours of every day, in the customer's local time, such as 21:00 to 09:00; `start` after `end` spans midnight."""

    start: time
    end: time

    def contains(self, clock: time) -> bool:
        """Return whether a time of day lies in these hours; `end` does not."""
        if self.start <= self.end:
            return self.start <= clock < self.end
        return clock >= self.start or clock < self.end


class ContactHours(Value):
    """When asking is forbidden (`quiet`), and when it is preferred: in `business` hours, on `workdays`.

    None means: never forbidden; at any hour; on any day.
    """

    quiet: DailyHours | None = None
    business: DailyHours | None = None
    workdays: Workdays | None = None

    def allows(self, local: datetime) -> bool:
        """Return whether a customer with this local time may be asked at all."""
        return self.quiet is None or not self.quiet.contains(local.time())

    def prefers(self, local: datetime) -> bool:
        """Return whether a customer with this local time may be asked, and preferably is."""
        in_hours = self.business is None or self.business.contains(local.time())
        return in_hours and (self.workdays is None or self.workdays.is_working(local.date())) and self.allows(local)

    def edges(self) -> list[timedelta]:
        """Return the times of day, since midnight and in order, at which `allows` and `prefers` may change."""
        hours = [time.min, *(edge for span in (self.quiet, self.business) if span for edge in (span.start, span.end))]
        return sorted({timedelta(hours=edge.hour, minutes=edge.minute) for edge in hours})


def due_at(
    wanted: datetime, earliest: datetime, deadline: datetime, welcome: ContactHours, zone: ZoneInfo
) -> datetime | None:
    """Return the moment to ask, from `earliest` on and before `deadline`, all instants UTC.

    The first preferred moment from `wanted` on, else the first allowed one, else the last allowed one before it; None
    when the quiet hours leave no moment at all.
    """
    start = max(wanted, earliest)
    local = start.astimezone(zone)
    if start < deadline and welcome.prefers(local):
        return start
    allowed = None
    for at, _, shown in stretches(start, deadline, welcome, zone):
        if welcome.prefers(shown):
            return at
        if allowed is None and welcome.allows(shown):
            allowed = at
    return allowed or _last_before(min(start, deadline), earliest, welcome, zone)


def _last_before(end: datetime, earliest: datetime, welcome: ContactHours, zone: ZoneInfo) -> datetime | None:
    """Return a minute before the end of the last allowed stretch, or its start where it is shorter."""
    allowed = None
    for at, until, shown in stretches(earliest, end, welcome, zone):
        if welcome.allows(shown):
            allowed = max(at, until - _MINUTE)
    return allowed


def stretches(
    start: datetime, end: datetime, welcome: ContactHours, zone: ZoneInfo
) -> Iterator[tuple[datetime, datetime, datetime]]:
    """Yield the stretches from `start` to before `end`: start, end, and the local time at the start."""
    edges = welcome.edges()
    while start < end:
        local = start.astimezone(zone)
        until = start + _to_next(edges, local)
        if until.astimezone(zone).utcoffset() != local.utcoffset():
            until = change_between(start, until, zone)
        until = min(until, end)
        yield start, until, local
        start = until


def _to_next(edges: list[timedelta], local: datetime) -> timedelta:
    """Return the time from a local time to the next edge, today or tomorrow."""
    shown = timedelta(hours=local.hour, minutes=local.minute, seconds=local.second, microseconds=local.microsecond)
    return next((edge for edge in edges if edge > shown), edges[0] + _DAY) - shown
