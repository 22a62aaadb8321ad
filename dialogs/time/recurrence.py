"""Recurrence in the local time of a zone: `daily 09:00`, `monthly last 09:00`, cron; pure, by IANA zones.

A local time that is missing because clocks are put forward runs at that moment; one that comes twice because they are
put back runs the first time only. So each local time runs once, and the instants of the runs always increase.
"""

import re
import unicodedata
from calendar import monthrange
from collections.abc import Callable, Iterator
from datetime import MAXYEAR, date, datetime, time
from zoneinfo import ZoneInfo

from dialogs.time.cron import WEEKDAYS, read_cron
from dialogs.time.local_time import instant_of, wall_of
from scoring.values import Value, replace

__all__ = ["Recurrence", "next_run", "read_recurrence_rule"]

_ALL_MONTHS, _ALL_DAYS, _ALL_WEEKDAYS = frozenset(range(1, 13)), frozenset(range(1, 32)), frozenset(range(7))
_STARTS, _ENDS = frozenset({1, 4, 7, 10}), frozenset({3, 6, 9, 12})
_LAST = 32
"""A day number beyond every month, which stands for the last day."""
_YEARS = 41
"""A 29th of February on a given weekday comes every 28 years, and after 40 around 2100; later than that, never."""
_LEAP = 2000
_LAST_HOUR, _LAST_MINUTE, _LAST_MONTH = 23, 59, 12
_DATE = re.compile(r"[0-9]{1,2}-[0-9]{1,2}")
_CLOCK = re.compile(r"[0-9]{1,2}:[0-9]{2}")
_FORMS = (
    "daily 09:00 · weekly mon,thu 09:00 · monthly 31 09:00 · monthly last 09:00 · quarterly 1 09:00 · "
    "quarterly last 09:00 · yearly 02-29 09:00 · or cron: 0 9 * * mon"
)


class Recurrence(Value):
    """A rule of recurrence; `text` is its written form.

    A day of these `months` matches if its number is in `days` and its weekday in `weekdays` (Sunday is 0); with
    `either` one of the two is enough. The last day of a month that is shorter than `reaches` days matches by number.
    """

    text: str
    hours: tuple[int, ...] = (0,)
    minutes: tuple[int, ...] = (0,)
    months: frozenset[int] = _ALL_MONTHS
    days: frozenset[int] = _ALL_DAYS
    weekdays: frozenset[int] = _ALL_WEEKDAYS
    reaches: int = 0
    either: bool = False

    def __str__(self) -> str:
        """Return the written form, which `read_recurrence_rule` reads."""
        return self.text


def read_recurrence_rule(text: str) -> Recurrence:
    """Parse the written form of a rule. Raises ValueError, whose text says what is wrong with it and what to write."""
    words = unicodedata.normalize("NFKC", text).lower().split()
    if not words:
        raise ValueError(f"it is empty; write {_FORMS}")
    if words[0][0] in "*0123456789":
        return _cron(" ".join(words))
    read = _READERS.get(words[0])
    if read is None:
        raise ValueError(f"{words[0]!r} is no recurrence; write {_FORMS}")
    days, clock = _split(words)
    (hour, minute), found = _clock(clock), read(days)
    return replace(found, text=f"{found.text} {hour:02}:{minute:02}", hours=(hour,), minutes=(minute,))


def next_run(recurrence: Recurrence, zone: ZoneInfo, after: datetime) -> datetime | None:
    """Return the instant (UTC) of the next run after `after`; None where the calendar ends before (the year 9999)."""
    shown = wall_of(after, zone)
    for day in _days(recurrence, shown.date()):
        for wall in _walls(recurrence, day):
            if wall > shown and (run := instant_of(wall, zone)) > after:
                return run
    return None


def _days(recurrence: Recurrence, start: date) -> Iterator[date]:
    """Yield the matching days from `start` on, for as many years as the rarest rule needs."""
    for year in range(start.year, min(start.year + _YEARS, MAXYEAR)):
        for month in sorted(recurrence.months):
            length = monthrange(year, month)[1]
            if (year, month) >= (start.year, start.month):
                days = (date(year, month, number) for number in range(1, length + 1))
                yield from (day for day in days if day >= start and _matches(recurrence, day, length))


def _matches(recurrence: Recurrence, day: date, length: int) -> bool:
    by_number = day.day in recurrence.days or (day.day == length < recurrence.reaches)
    by_weekday = day.isoweekday() % 7 in recurrence.weekdays
    return (by_number or by_weekday) if recurrence.either else (by_number and by_weekday)


def _walls(recurrence: Recurrence, day: date) -> Iterator[datetime]:
    for hour in recurrence.hours:
        for minute in recurrence.minutes:
            yield datetime.combine(day, time(hour, minute))


def _split(words: list[str]) -> tuple[str, str]:
    """Return the words between the first word and the time of day."""
    if len(words) != (2 if words[0] == "daily" else 3):
        raise ValueError(f"{' '.join(words)!r} says too little or too much; write {_FORMS}")
    return " ".join(words[1:-1]), words[-1]


def _clock(text: str) -> tuple[int, int]:
    hour, minute = map(int, text.split(":")) if _CLOCK.fullmatch(text) else (24, 0)
    if hour > _LAST_HOUR or minute > _LAST_MINUTE:
        raise ValueError(f"{text!r} is no time of day; write it as 09:00, from 00:00 to 23:59")
    return hour, minute


def _daily(_day: str) -> Recurrence:
    return Recurrence("daily")


def _weekly(day: str) -> Recurrence:
    unknown = [name for name in day.split(",") if name not in WEEKDAYS]
    if unknown:
        raise ValueError(f"{unknown[0]!r} is no weekday; write {','.join(WEEKDAYS)}")
    numbers = sorted({WEEKDAYS.index(name) for name in day.split(",")}, key=lambda number: (number - 1) % 7)
    return Recurrence(f"weekly {','.join(WEEKDAYS[number] for number in numbers)}", weekdays=frozenset(numbers))


def _monthly(day: str) -> Recurrence:
    number = _day_number(day)
    return Recurrence(f"monthly {_day_text(number)}", days=frozenset({number}), reaches=number)


def _quarterly(day: str) -> Recurrence:
    number = _day_number(day)
    months = _ENDS if number == _LAST else _STARTS
    return Recurrence(f"quarterly {_day_text(number)}", months=months, days=frozenset({number}), reaches=number)


def _yearly(day: str) -> Recurrence:
    month, number = map(int, day.split("-")) if _DATE.fullmatch(day) else (0, 0)
    if not 1 <= month <= _LAST_MONTH or not 1 <= number <= monthrange(_LEAP, month)[1]:
        raise ValueError(f"{day!r} is no day of a year; write month and day, such as 02-29")
    months, days = frozenset({month}), frozenset({number})
    return Recurrence(f"yearly {month:02}-{number:02}", months=months, days=days, reaches=number)


def _cron(text: str) -> Recurrence:
    cron = read_cron(text)
    found = Recurrence(
        text=text.upper(),
        hours=tuple(sorted(cron.hours)),
        minutes=tuple(sorted(cron.minutes)),
        months=cron.months,
        days=cron.days,
        weekdays=cron.weekdays,
        reaches=_LAST if cron.last else 0,
        either=cron.either,
    )
    if next(_days(found, date(_LEAP, 1, 1)), None) is None:
        raise ValueError(f"{text!r} never comes: none of its months has such a day")
    return found


def _day_number(day: str) -> int:
    if day == "last":
        return _LAST
    if not day.isdecimal() or int(day) not in _ALL_DAYS:
        raise ValueError(f"{day!r} is no day of a month; write 1 to 31, or last")
    return int(day)


def _day_text(number: int) -> str:
    return "last" if number == _LAST else str(number)


_READERS: dict[str, Callable[[str], Recurrence]] = {
    "daily": _daily,
    "weekly": _weekly,
    "monthly": _monthly,
    "quarterly": _quarterly,
    "yearly": _yearly,
}
