"""The text form of a schedule, as an admin types it: a day and a time, or `monthly last 10:00`; a zone may follow."""

import re
import unicodedata
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from dialogs.campaign.model import Schedule
from dialogs.time.recurrence import next_run, read_recurrence_rule
from dialogs.time.zones import find_zone

__all__ = ["ScheduleError", "read_schedule", "schedule_on_day"]

_ZONE = re.compile(r"[a-z]+(?:/[a-z0-9_+-]+)+|utc", re.IGNORECASE)
_DAY = re.compile(r"(?:([0-9]{4})[-/.年])?([0-9]{1,2})[-/.月]([0-9]{1,2})日?")
_CLOCK = re.compile(r"([0-9]{1,2}):([0-9]{2})")
_DAY_WORDS = {"今天": 0, "today": 0, "明天": 1, "tomorrow": 1, "后天": 2, "後天": 2}


class ScheduleError(ValueError):
    """A text that is no schedule; the phrase `admin.when.KEY`, with `values`, tells the admin why."""

    def __init__(self, key: str, **values: str) -> None:
        """Take the phrase and its values; the exception's own text is for logs."""
        super().__init__(f"{key.replace('_', ' ')}: {', '.join(values.values())}")
        self.key = key
        self.values = values


def read_schedule(text: str, zone: ZoneInfo, now: datetime) -> Schedule:
    """Return the schedule of `2026-12-01 10:00`, `明天 18:30`, `weekly mon 09:00` or cron, with or without a zone.

    Raises ScheduleError.
    """
    words = unicodedata.normalize("NFKC", text).split()
    if len(words) > 1 and _ZONE.fullmatch(words[-1]):
        zone = _zone(words.pop())
    day = _day(words[0], now.astimezone(zone).date()) if words else None
    if day is None:
        return _recurring(" ".join(words), zone, now)
    clock = _CLOCK.fullmatch(words[1]) if len(words) == 2 else None  # noqa: PLR2004 - a day and a time
    if clock is None:
        raise ScheduleError("no_time", text=text)
    try:
        at = datetime.combine(day, time(int(clock[1]), int(clock[2])), zone).astimezone(UTC)
    except ValueError:
        raise ScheduleError("no_time", text=text) from None
    if at <= now:
        raise ScheduleError("past", text=text)
    return Schedule(at=at, timezone=zone.key)


def schedule_on_day(days: int, hour: int, zone: ZoneInfo, now: datetime) -> Schedule:
    """Return the schedule of a full hour, `days` days from today, in `zone`."""
    day = now.astimezone(zone).date() + timedelta(days=days)
    return Schedule(at=datetime.combine(day, time(hour), zone).astimezone(UTC), timezone=zone.key)


def _zone(name: str) -> ZoneInfo:
    found = find_zone(name)
    if found is None:
        raise ScheduleError("unknown_zone", name=name)
    return found


def _day(word: str, today: date) -> date | None:
    """Return the day that a word names, the next such day where it has no year; None where it names none.

    Raises ScheduleError for a day that does not exist, such as 02-30.
    """
    if word.lower() in _DAY_WORDS:
        return today + timedelta(days=_DAY_WORDS[word.lower()])
    found = _DAY.fullmatch(word)
    if found is None:
        return None
    try:
        day = date(int(found[1] or today.year), int(found[2]), int(found[3]))
        return day if found[1] or day >= today else day.replace(year=today.year + 1)
    except ValueError:
        raise ScheduleError("no_day", text=word) from None


def _recurring(text: str, zone: ZoneInfo, now: datetime) -> Schedule:
    try:
        recurrence = read_recurrence_rule(text)
    except ValueError:
        raise ScheduleError("not_understood", text=text) from None
    if next_run(recurrence, zone, now) is None:
        raise ScheduleError("never", text=text)
    return Schedule(repeats=str(recurrence), timezone=zone.key)
