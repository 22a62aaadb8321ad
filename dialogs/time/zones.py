"""Time zones by name, as the database of IANA has them (tz, theory.html)."""

import re
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

__all__ = ["find_zone", "is_zone_name", "zone_hint"]

_NO_PLACES = ("Factory", "localtime", "posixrules")
"""What the database holds besides places: a placeholder, and settings of the machine."""
_OTHER_COUNTS = ("posix/", "right/")
"""Folders of the same zones, without and with leap seconds."""
_OFFSET = re.compile(r"(?:GMT|UTC?|Z)?\s*([+-])(\d{1,2}):?(\d{2})?", re.ASCII | re.IGNORECASE)
"""A distance from UTC, as people write it: GMT+8, UTC+08:00, +0800."""
_PLACES = {
    "+0": "Europe/London", "+1": "Europe/Berlin", "+2": "Europe/Athens", "+3": "Europe/Istanbul", "+4": "Asia/Dubai",
    "+5:30": "Asia/Kolkata", "+7": "Asia/Bangkok", "+8": "Asia/Shanghai", "+9": "Asia/Tokyo", "+10": "Australia/Sydney",
    "-0": "Europe/London", "-3": "America/Sao_Paulo", "-5": "America/New_York", "-6": "America/Chicago",
    "-7": "America/Denver", "-8": "America/Los_Angeles",
}  # fmt: skip
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_+-]{0,30}(/[A-Za-z][A-Za-z0-9_+-]{0,30}){1,2}", re.ASCII)


@lru_cache(maxsize=1024)
def find_zone(name: str) -> ZoneInfo | None:
    """Return a time zone by its name, None where this machine knows none."""
    if name in _NO_PLACES or name.startswith(_OTHER_COUNTS):
        return None
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def is_zone_name(name: str) -> bool:
    """Return whether a text has the form `Area/Place`, whether such a zone is known here or not."""
    return _NAME.fullmatch(name) is not None and not name.startswith(_OTHER_COUNTS)


def zone_hint(name: str) -> str:
    """Return what to write instead of a text that is no time zone: a distance from UTC names no place."""
    found = _OFFSET.fullmatch(name.strip())
    if found is None:
        return "Write a name such as Asia/Shanghai, which is Beijing's too, or Europe/Berlin."
    place = _PLACES.get(f"{found[1]}{int(found[2])}" + (f":{found[3]}" if int(found[3] or 0) else ""))
    if place is None:
        return "Write the name of a place on that clock, such as Asia/Shanghai."
    return f"Write the name of a place on that clock: {place}."
