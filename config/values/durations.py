"""Parsers of times and lists as owners write them: `30m`, `PT30M`, `21:00-09:00`, `a,b` or `["a", "b"]`."""

import json
import re
from datetime import time, timedelta

from config.errors import InvalidValue, shown
from dialogs.time.contact_hours import DailyHours
from dialogs.time.recurrence import Recurrence, read_recurrence_rule

__all__ = [
    "read_duration",
    "read_keeping",
    "read_list",
    "read_nightly",
    "read_quiet_hours",
    "read_span",
    "read_times",
    "said_duration",
]

_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_SIZES = {"d": 86_400, "h": 3_600, "m": 60, "s": 1}
_SHORT = re.compile(r"([0-9]+(?:\.[0-9]+)?)([smhd])")
_NUMBER = r"([0-9]+(?:[.,][0-9]+)?)"
_ISO = re.compile(
    rf"P(?=.)(?:{_NUMBER}W)?(?:{_NUMBER}D)?(?:T(?=.)(?:{_NUMBER}H)?(?:{_NUMBER}M)?(?:{_NUMBER}S)?)?", re.IGNORECASE
)
_PARTS = ("weeks", "days", "hours", "minutes", "seconds")
_LONGEST = timedelta(days=3660)  # ten years; dates further away leave the calendar of some databases

_HOURS = re.compile(r"([0-9]{1,2}):([0-9]{2})\s*[-–~]\s*([0-9]{1,2}):([0-9]{2})")
_AS_HOURS = "Write it as 21:00-09:00, or off."

_HOUR = re.compile(r"[0-9]{1,2}:[0-9]{2}", re.ASCII)


def read_duration(value: object) -> timedelta:
    """Return a duration, from `2s 30m 24h 14d` or ISO 8601 without years and months. Raises InvalidValue."""
    if isinstance(value, timedelta):
        return value
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        raise InvalidValue(f"{value} has no unit.", f'Write it as "{value}s", "{value}m", "{value}h" or "{value}d".')
    amounts = _amounts(value.strip()) if isinstance(value, str) else None
    if amounts is None:
        raise InvalidValue(f"{shown(value)} is not a duration.", "Write it as 30m, 24h or PT30M.")
    return _bounded(value, amounts)


def read_span(value: object) -> timedelta:
    """Return a duration above zero. Raises InvalidValue."""
    length = read_duration(value)
    if not length:
        raise InvalidValue(f"{shown(value)} leaves no time at all.", "Write a time above zero, such as 1m.")
    return length


def read_keeping(value: object) -> timedelta | None:
    """Return how long something is kept; None for `off`, which is without limit."""
    if value is None or (isinstance(value, str) and value.strip().lower() == "off"):
        return None
    return read_span(value)


def said_duration(length: timedelta) -> str:
    """Return a duration as an owner writes it: in the largest unit that gives a whole number."""
    seconds = int(length.total_seconds())
    unit, size = next((unit, size) for unit, size in _SIZES.items() if seconds % size == 0)
    return f"{seconds // size}{unit}"


def read_quiet_hours(value: object) -> DailyHours | None:
    """Return hours of the customer's clock such as `21:00-09:00`, whose end may be 24:00; None for `off`.

    Raises InvalidValue.
    """
    if value is None or isinstance(value, DailyHours):
        return value
    if not isinstance(value, str):
        raise InvalidValue(f"{shown(value)} is not a range of hours.", _AS_HOURS)
    if value.strip().lower() == "off":
        return None
    found = _HOURS.fullmatch(value.strip())
    if not found:
        raise InvalidValue(f"{shown(value)} is not a range of hours.", _AS_HOURS)
    return _quiet(value, *(int(part) for part in found.groups()))


def read_times(value: object) -> Recurrence | None:
    """Return times that come again, such as `weekly mon 09:00`; None for `off`. Raises InvalidValue."""
    if value is None or isinstance(value, Recurrence):
        return value
    text = value.strip() if isinstance(value, str) else ""
    if text.lower() == "off":
        return None
    try:
        return read_recurrence_rule(text)
    except ValueError as error:
        raise InvalidValue(f"{shown(value)}: {error}.", "Or write off.") from error


def read_nightly(value: object) -> Recurrence | None:
    """Return times as `read_times` does; an hour alone, such as `03:30`, is every day's. Raises InvalidValue."""
    is_hour = isinstance(value, str) and _HOUR.fullmatch(value.strip()) is not None
    return read_times(f"daily {str(value).strip()}" if is_hour else value)


def read_list(value: object) -> tuple[str, ...]:
    """Return a TOML or JSON list, or texts separated by commas or line ends, without blanks. Raises InvalidValue."""
    if isinstance(value, (list, tuple)):
        return tuple(_item(item) for item in value)
    if isinstance(value, int) and not isinstance(value, bool):
        return (str(value),)
    if not isinstance(value, str):
        raise InvalidValue(f"{shown(value)} is not a list.", 'Write it as ["one", "two"] or "one,two".')
    if value.lstrip().startswith("["):
        return read_list(_json(value))
    return tuple(part.strip() for part in re.split(r"[,，\n]", value) if part.strip())


def _amounts(text: str) -> dict[str, float] | None:
    if short := _SHORT.fullmatch(text):
        return {_UNITS[short[2]]: float(short[1])}
    if iso := _ISO.fullmatch(text):
        return {part: float(amount.replace(",", ".")) for part, amount in zip(_PARTS, iso.groups("0"), strict=True)}
    return None


def _bounded(value: object, amounts: dict[str, float]) -> timedelta:
    try:
        length = timedelta(**amounts)
    except OverflowError:
        length = timedelta.max
    if length > _LONGEST:
        raise InvalidValue(f"{shown(value)} is longer than ten years.", "Write a shorter time, such as 14d.")
    return length


def _quiet(value: str, from_hour: int, from_minute: int, to_hour: int, to_minute: int) -> DailyHours:
    midnight = (to_hour, to_minute) == (24, 0)
    try:
        hours = DailyHours(time(from_hour, from_minute), time(0 if midnight else to_hour, to_minute))
    except ValueError:
        raise InvalidValue(f"{shown(value)} names an hour that no clock shows.", _AS_HOURS) from None
    if hours.start == hours.end:
        raise InvalidValue(f"{shown(value)} starts when it ends.", "Leave some hours for asking, or write off.")
    return hours


def _item(item: object) -> str:
    if isinstance(item, bool) or not isinstance(item, (str, int)):
        raise InvalidValue(f"{shown(item)} is not a text.", 'Write the list as ["one", "two"].')
    if not str(item).strip():
        raise InvalidValue("An entry of the list is empty.", "Remove it.")
    return str(item).strip()


def _json(text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise InvalidValue(
            "This begins like a JSON list and is none.", 'Write it as ["one", "two"] or one,two.'
        ) from None
