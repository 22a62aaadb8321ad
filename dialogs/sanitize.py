"""Makes text fit our messages: from outside safe, one line, of bounded length, without links or mentions."""

import re
import unicodedata
from functools import lru_cache

__all__ = ["LONGEST_MESSAGE", "clipped", "columns", "defanged", "masked", "one_line"]

LONGEST_MESSAGE = 3500
"""The limit of composed messages, in characters; Telegram's is 4096 UTF-16 units (Bot API, sendMessage)."""

_HARMLESS = "\N{ZERO WIDTH SPACE}"
_ACTIVE = re.compile(r"[@/#$.:](?=\S)|\[(?=~)")
_INVISIBLE = ("Cc", "Cf", "Cs")


def clipped(text: str, limit: int) -> str:
    """Return at most `limit` characters, the last one an ellipsis where something was cut."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def one_line(text: str, limit: int) -> str:
    """Return the text on one line, clipped: spaces folded, invisible and direction-changing characters removed."""
    seen = "".join(c for c in text if c.isspace() or unicodedata.category(c) not in _INVISIBLE)
    return clipped(" ".join(seen.split()), limit)


def defanged(text: str, limit: int) -> str:
    """Return one line in which no mention, link, hashtag or command works, as chat apps make of plain text.

    A zero-width space behind the active character prevents that and is not seen.
    """
    return _ACTIVE.sub(lambda mark: mark[0] + _HARMLESS, one_line(text, limit))


def masked(name: str) -> str:
    """Return the first character of a name and two stars, for groups, whose members need no full names."""
    seen = one_line(name, 60)
    return f"{seen[0]}**" if seen else ""


@lru_cache(maxsize=256)  # the same few scales stand under every question
def columns(text: str) -> int:
    """Return how wide a line is, where a Chinese character takes two columns and a Latin letter one."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)
