"""Time zones by name, as the database of IANA has them (tz, theory.html)."""

import re
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

__all__ = ["find_zone", "is_zone_name"]

_NO_PLACES = ("Factory", "localtime", "posixrules")
"""What the database holds besides places: a placeholder, and settings of the machine."""
_OTHER_COUNTS = ("posix/", "right/")
"""Folders of the same zones, without and with leap seconds."""
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
    return _NAME.fullmatch(name) is not None
