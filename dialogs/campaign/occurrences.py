"""The occurrences of a campaign, and the hours in which it may send to a person; pure."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from dialogs.campaign.model import Schedule
from dialogs.time.contact_hours import ContactHours, DailyHours, due_at
from dialogs.time.recurrence import next_run, read_recurrence_rule

__all__ = ["first_occurrence", "is_open_ever", "next_allowed", "occurrences_until"]

_TWO_DAYS = timedelta(days=2)


def first_occurrence(schedule: Schedule, now: datetime) -> datetime | None:
    """Return the first occurrence of a campaign that is started now; None where its only moment has passed."""
    if schedule.repeats:
        return next_run(read_recurrence_rule(schedule.repeats), ZoneInfo(schedule.timezone), now)
    if schedule.at is not None:
        return schedule.at if schedule.at >= now else None
    return now


def occurrences_until(schedule: Schedule, first: datetime, now: datetime) -> tuple[list[datetime], datetime | None]:
    """Return the occurrences from `first` to now, and the one after them, None when there is none."""
    come = [first] if first <= now else []
    if not schedule.repeats:
        return come, None if come else first
    recurrence, zone = read_recurrence_rule(schedule.repeats), ZoneInfo(schedule.timezone)
    following: datetime | None = next_run(recurrence, zone, first) if come else first
    while following is not None and following <= now:
        come.append(following)
        following = next_run(recurrence, zone, following)
    return come, following


def next_allowed(now: datetime, quiet: DailyHours | None, window: DailyHours | None, zone: ZoneInfo) -> datetime | None:
    """Return the first moment from now on that is outside the quiet hours and inside the window, in `zone`.

    None when there is none within two days.
    """
    welcome = ContactHours(quiet, window)
    moment = due_at(now, now, now + _TWO_DAYS, welcome, zone)
    return moment if moment is not None and welcome.prefers(moment.astimezone(zone)) else None


def is_open_ever(window: DailyHours, quiet: DailyHours | None) -> bool:
    """Return whether a window has a minute outside the quiet hours."""
    midnight = datetime.combine(date(2026, 1, 1), time(), UTC)
    return next_allowed(midnight, quiet, window, ZoneInfo("UTC")) is not None
