"""When a customer may be asked, and preferably is: quiet hours, office hours, working days; pure.

Local clocks jump, so no arithmetic is done on them: time is cut into stretches in which nothing changes, at the edges
of the hours, at midnight and where a clock is put forward or back, and each stretch is judged by what the clock shows.
"""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from dialogs.time.local_time import change_between
from dialogs.time.workdays import Workdays
from scoring.values import Value

__all__ = ["QuietHours", "Welcome", "due_at"]

_MINUTE, _DAY = timedelta(minutes=1), timedelta(days=1)


class QuietHours(Value):
    """Hours of the day, on the customer's clock, in which nobody is asked; `start` after `end` spans midnight."""

    start: time
    end: time

    def cover(self, moment: datetime, zone: ZoneInfo) -> bool:
        """Return whether a moment lies in them; their end is outside."""
        return self.hold(moment.astimezone(zone).time())

    def hold(self, clock: time) -> bool:
        """Return whether a time of day lies in them."""
        if self.start <= self.end:
            return self.start <= clock < self.end
        return clock >= self.start or clock < self.end


class Welcome(Value):
    """When asking is forbidden (`quiet`), and when it is preferred: in `business` hours, on `workdays`.

    None: never forbidden, preferred at any hour, on any day.
    """

    quiet: QuietHours | None = None
    business: QuietHours | None = None
    workdays: Workdays | None = None

    def allows(self, local: datetime) -> bool:
        """Return whether a customer whose clock shows this may be asked at all."""
        return self.quiet is None or not self.quiet.hold(local.time())

    def likes(self, local: datetime) -> bool:
        """Return whether it is also a preferred moment."""
        in_hours = self.business is None or self.business.hold(local.time())
        return in_hours and (self.workdays is None or self.workdays.is_working(local.date())) and self.allows(local)

    def edges(self) -> list[timedelta]:
        """Return the times of day at which the answers may change, counted from midnight, in order."""
        hours = [time.min, *(edge for span in (self.quiet, self.business) if span for edge in (span.start, span.end))]
        return sorted({timedelta(hours=edge.hour, minutes=edge.minute) for edge in hours})


def due_at(
    wanted: datetime, earliest: datetime, deadline: datetime, welcome: Welcome, zone: ZoneInfo
) -> datetime | None:
    """Return the moment to ask, from `earliest` on and before `deadline`, all instants UTC.

    The first preferred moment from `wanted` on, else the first allowed one, else the last allowed one before it; None
    when the quiet hours leave no moment at all.
    """
    start = max(wanted, earliest)
    local = start.astimezone(zone)
    if start < deadline and welcome.likes(local):
        return start
    allowed = None
    for at, _, shown in _stretches(start, deadline, welcome, zone):
        if welcome.likes(shown):
            return at
        if allowed is None and welcome.allows(shown):
            allowed = at
    return allowed or _last_before(min(start, deadline), earliest, welcome, zone)


def _last_before(end: datetime, earliest: datetime, welcome: Welcome, zone: ZoneInfo) -> datetime | None:
    """Return the last allowed moment, a minute before it is over, or as soon as it begins."""
    allowed = None
    for at, until, shown in _stretches(earliest, end, welcome, zone):
        if welcome.allows(shown):
            allowed = max(at, until - _MINUTE)
    return allowed


def _stretches(
    start: datetime, end: datetime, welcome: Welcome, zone: ZoneInfo
) -> Iterator[tuple[datetime, datetime, datetime]]:
    """Cut the time from `start` to before `end`; return each stretch's start and end, and what clocks show first."""
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
    """Return the time from what a clock shows to the next edge, today or tomorrow."""
    shown = timedelta(hours=local.hour, minutes=local.minute, seconds=local.second, microseconds=local.microsecond)
    return next((edge for edge in edges if edge > shown), edges[0] + _DAY) - shown
