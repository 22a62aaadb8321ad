"""Parsers of calendar values: a yes or no, a country, lists of days."""

import re
from datetime import date

from config.errors import InvalidValue, shown
from config.values.durations import read_list

__all__ = ["read_country", "read_day", "read_days", "read_flag"]

_COUNTRY = re.compile(r"[A-Z]{2}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def read_flag(value: object) -> bool:
    """Return true or false, as TOML or the environment writes it. Raises InvalidValue."""
    if isinstance(value, bool):
        return value
    word = value.strip().lower() if isinstance(value, str) else ""
    if word not in {"true", "false"}:
        raise InvalidValue(f"{shown(value)} is neither true nor false.", "Write true or false.")
    return word == "true"


def read_country(value: object) -> str:
    """Return two letters of ISO 3166, empty for `off`; whether there is a calendar is checked later.

    Raises InvalidValue.
    """
    word = value.strip().upper() if isinstance(value, str) else ""
    if word == "OFF":
        return ""
    if not _COUNTRY.fullmatch(word):
        raise InvalidValue(f"{shown(value)} is not a country.", "Write its two letters, such as CN, TW or DE; or off.")
    return word


def read_days(value: object) -> frozenset[date]:
    """Return a list of days such as 2026-10-01; in TOML they may be unquoted."""
    if isinstance(value, frozenset):
        return value
    entries = [str(day) if type(day) is date else day for day in value] if isinstance(value, list) else value
    return frozenset(_day(entry) for entry in read_list(entries))


def read_day(value: object) -> date:
    """Return a day such as 2026-10-01; in TOML it may be unquoted. Raises InvalidValue."""
    return value if type(value) is date else _day(str(value))


def _day(entry: str) -> date:
    try:
        if _DAY.fullmatch(entry):
            return date.fromisoformat(entry)
    except ValueError:
        raise InvalidValue(f"{shown(entry)} is in no calendar.", "Write a day that there is.") from None
    raise InvalidValue(f"{shown(entry)} is not a day.", "Write year, month and day, such as 2026-10-01.")
