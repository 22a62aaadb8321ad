"""Cron expressions: five fields as in crontab(5) of Vixie's cron, and `L` for the last day of a month."""

import re

from scoring.values import Value

__all__ = ["MONTHS", "WEEKDAYS", "Cron", "read_cron"]

WEEKDAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

_PART = re.compile(r"(?:(\*)|([0-9]+|[a-z]{3})(?:-([0-9]+|[a-z]{3}))?)(?:/([0-9]+))?")


class Cron(Value):
    """A parsed cron expression; weekdays count from Sunday, 0; `last` means that the days hold `L`.

    `either`: a day matches by its number or by its weekday, otherwise by both; crontab(5) has it so where neither field
    begins with `*`.
    """

    minutes: frozenset[int]
    hours: frozenset[int]
    days: frozenset[int]
    last: bool
    months: frozenset[int]
    weekdays: frozenset[int]
    either: bool


class Field(Value):
    """One of the five fields: its numbers run from `low` to `high`; `names` are their names, beginning with `low`'s."""

    called: str
    low: int
    high: int
    names: tuple[str, ...] = ()
    also: int = -1
    """A second number for `low`: Sunday is 0 and 7."""


_MINUTES, _HOURS = Field("minutes", 0, 59), Field("hours", 0, 23)
_DAYS, _MONTHS = Field("days", 1, 31), Field("months", 1, 12, MONTHS)
_WEEKDAYS = Field("weekdays", 0, 6, WEEKDAYS, 7)


def read_cron(text: str) -> Cron:
    """Parse `minutes hours days months weekdays`, in lower case.

    Raises ValueError, whose text names the wrong field and says what is wrong with it.
    """
    fields = text.split()
    if len(fields) != len(("minutes", "hours", "days", "months", "weekdays")):
        raise ValueError(f"a cron expression has five fields (minutes hours days months weekdays), not {len(fields)}")
    minutes, hours, days, months, weekdays = fields
    numbered = [part for part in days.split(",") if part != "l"]
    return Cron(
        minutes=_read(_MINUTES, minutes),
        hours=_read(_HOURS, hours),
        days=_read(_DAYS, ",".join(numbered)) if numbered else frozenset(),
        last="l" in days.split(","),
        months=_read(_MONTHS, months),
        weekdays=_read(_WEEKDAYS, weekdays),
        either=not days.startswith("*") and not weekdays.startswith("*"),
    )


def _read(field: Field, text: str) -> frozenset[int]:
    numbers = [number for part in text.split(",") for number in _part(field, part)]
    return frozenset(field.low if number == field.also else number for number in numbers)


def _part(field: Field, part: str) -> range:
    """Return the numbers of `*`, `5` or `1-5`, of which `*` and `1-5` may have a step, as in `/2`."""
    found = _PART.fullmatch(part)
    if not found:
        raise ValueError(f"{part!r} is nothing that cron's {field.called} can be")
    star, first, last, every = found.groups()
    if every and not star and not last:
        raise ValueError(f"{part!r} has a step but no range; write {first}-{field.high}/{every}")
    low = field.low if star else _number(field, first)
    high = field.high if star else _number(field, last) if last else low
    if high < low:
        raise ValueError(f"{part!r} runs backwards; write it as two ranges, parted by a comma")
    return range(low, high + 1, _step(field, part, every))


def _number(field: Field, word: str) -> int:
    number = int(word) if word.isdigit() else field.names.index(word) + field.low if word in field.names else -1
    if number == field.also >= 0 or field.low <= number <= field.high:
        return number
    raise ValueError(f"{word!r} is not among cron's {field.called}: {field.low} to {field.high}")


def _step(field: Field, part: str, every: str | None) -> int:
    step = int(every or 1)
    if not 1 <= step <= field.high - field.low + 1:
        raise ValueError(f"a step of {step} in {part!r} is none: cron counts it within the {field.called} only")
    return step
