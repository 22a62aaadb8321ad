"""Parsers of texts: ids, one-line sentences, a choice among a few words; and the nearest word to a mistyped one."""

import re
from collections.abc import Callable, Iterable
from difflib import get_close_matches

from config.errors import InvalidValue, shown
from config.values.durations import read_list

__all__ = [
    "LONGEST_LINE",
    "choice_of",
    "did_you_mean",
    "read_field_pairs",
    "read_id",
    "read_line",
    "read_user_ids",
    "read_words",
]

LONGEST_LINE = 200
"""Characters in one line of a survey: name and definition stay readable on a phone."""

_ID = re.compile(r"[a-z][a-z0-9_]{0,23}")
_USER = re.compile(r"[1-9][0-9]{0,15}")


def did_you_mean(written: str, known: Iterable[str], otherwise: str) -> str:
    """Return "Did you mean …?" for the nearest known word, or another sentence where none is near."""
    folded = {word.lower(): word for word in known}
    close = get_close_matches(written.lower(), folded, 1)
    return f"Did you mean {folded[close[0]]}?" if close else otherwise


def choice_of(*allowed: str) -> Callable[[object], str]:
    """Return a parser of one of these words."""

    def read(value: object) -> str:
        if value not in allowed:
            raise InvalidValue(f"{shown(value)} is not possible here.", f"Write {' or '.join(allowed)}.")
        return str(value)

    return read


def read_id(value: object) -> str:
    """Return the id of a survey or question. Raises InvalidValue."""
    if not isinstance(value, str) or not _ID.fullmatch(value):
        fix = "Write 1 to 24 lower-case letters, digits and `_`, a letter first."
        raise InvalidValue(f"{shown(value)} is not an id.", fix)
    return value


def read_line(value: object) -> str:
    """Return a sentence of one line. Raises InvalidValue."""
    if not isinstance(value, str):
        raise InvalidValue(f"{shown(value)} is not a text.", 'Write it in "double quotes".')
    line = value.strip()
    if not line:
        raise InvalidValue("The text is empty.", "Write what people shall read.")
    if not line.isprintable():
        raise InvalidValue("The text holds a line break or an invisible character.", "Write it in one line.")
    if len(line) > LONGEST_LINE:
        raise InvalidValue(f"The text has {len(line)} characters.", f"Write at most {LONGEST_LINE}.")
    return line


def read_words(value: object) -> tuple[str, ...]:
    """Return a list of texts, each once."""
    return tuple(dict.fromkeys(read_list(value)))


def read_field_pairs(value: object) -> tuple[tuple[str, str], ...]:
    """Return a list of `channel=field` as pairs. Raises InvalidValue."""
    if isinstance(value, tuple) and all(isinstance(entry, tuple) for entry in value):  # read before
        return value
    pairs = [tuple(map(str.strip, entry.partition("=")[::2])) for entry in read_list(value)]
    for channel, field in pairs:
        if not (channel and field):
            raise InvalidValue(
                f"{shown(channel or field)} names no channel and field.", "Write it as telegram=chat_number."
            )
    return tuple((channel, field) for channel, field in pairs)


def read_user_ids(value: object) -> tuple[int, ...]:
    """Return a list of Telegram user ids. Raises InvalidValue."""
    ids = read_list(value)
    for entry in ids:
        if not _USER.fullmatch(entry):
            raise InvalidValue(
                f"{shown(entry)} is not a Telegram user id.", "Write digits; @userinfobot tells you yours."
            )
    return tuple(dict.fromkeys(map(int, ids)))
