"""Parsers of numbers as TOML or the environment gives them; a boolean is refused."""

import re
from collections.abc import Callable
from fractions import Fraction

from config.errors import InvalidValue, shown

__all__ = ["read_chat_id", "read_limit", "read_number", "read_rate", "whole"]

_WHOLE = re.compile(r"[+-]?[0-9]{1,19}")  # no 64-bit number is longer
_DECIMAL = re.compile(r"[+-]?[0-9]{1,19}(\.[0-9]{1,9})?")
_HIGHEST_LIMIT = 5  # the limits of the settings stand on 1-5 (docs/reference/api.md, Responses)


def whole(lowest: int, highest: int) -> Callable[[object], int]:
    """Return a parser of whole numbers between two bounds, both included."""

    def read(value: object) -> int:
        text = _plain(value)
        if not _WHOLE.fullmatch(text):
            raise InvalidValue(f"{shown(value)} is not a whole number.", f"Write digits, from {lowest} to {highest}.")
        if not lowest <= int(text) <= highest:
            raise InvalidValue(f"{text} is out of range.", f"Write a whole number from {lowest} to {highest}.")
        return int(text)

    return read


def read_chat_id(value: object) -> int:
    """Return the id of a Telegram chat; groups are negative, 52 bits at most (Bot API, Chat). Raises InvalidValue."""
    text = _plain(value)
    if not _WHOLE.fullmatch(text) or not 0 < abs(int(text)) < 2**52:
        raise InvalidValue(
            f"{shown(value)} is not a chat id.", "Write the number of the group, such as -1001234567890."
        )
    return int(text)


def read_rate(value: object) -> float:
    """Return a number of messages above 0. Raises InvalidValue."""
    number = read_number(value)
    if number <= 0:
        raise InvalidValue(f"{shown(value)} lets nothing through.", "Write a number above 0.")
    return float(number)


def read_limit(value: object) -> Fraction:
    """Return a limit on the scale 1-5 exactly; 0 never opens an issue. Raises InvalidValue."""
    number = read_number(value)
    if not 0 <= number <= _HIGHEST_LIMIT:
        raise InvalidValue(f"{shown(value)} is not on the scale 1-5.", "Write a number from 1 to 5, or 0 for no alarm.")
    return number


def read_number(value: object) -> Fraction:
    """Return a decimal number exactly as it is written. Raises InvalidValue."""
    text = _plain(value)
    if not _DECIMAL.fullmatch(text):
        raise InvalidValue(f"{shown(value)} is not a number.", "Write a number such as 2 or 3.5.")
    return Fraction(text)


def _plain(value: object) -> str:
    return "" if isinstance(value, bool) or not isinstance(value, (int, float, str, Fraction)) else str(value).strip()
