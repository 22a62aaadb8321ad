"""Parsers of values that occur in `rules.toml` only; each raises InvalidValue."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, time
from enum import StrEnum
from typing import TypeVar

from pydantic import ValidationInfo

from config.errors import InvalidValue, shown
from config.values.durations import read_list
from config.values.numbers import read_number
from config.values.strings import read_line
from dialogs.time.recurrence import read_recurrence_rule

__all__ = [
    "STATUSES",
    "names_of",
    "read_channels",
    "read_due_day",
    "read_endpoint_url",
    "read_event_types",
    "read_moment",
    "read_names",
    "read_recipients",
    "read_recurrence",
    "read_rule_flag",
    "read_score",
    "read_share",
    "read_text",
    "read_time_of_day",
    "word_of",
]

W = TypeVar("W", bound=StrEnum)

_NO_CHAT = "none"
"""Stands among channels for a customer without a chat."""

STATUSES = (
    "scheduled", "sent", "started", "completed", "partial", "declined", "expired", "suppressed", "unreachable",
    "cancelled",
)  # fmt: skip
"""The statuses of a survey (docs/reference/api.md, Tickets)."""

LONGEST_TEXT = 1000
"""The longest text of a campaign, in characters."""

_PERCENT = re.compile(r"([0-9]{1,3}(?:\.[0-9]{1,3})?)\s*[%％]")
_CLOCK = re.compile(r"([0-9]{1,2}):([0-9]{2})")
_HUNDRED = 100


def read_names(value: object) -> tuple[str, ...]:
    """Return a list of words, each once. Raises InvalidValue for an empty list, which would match nothing."""
    names = tuple(dict.fromkeys(read_list(value)))
    if not names:
        raise InvalidValue(
            "The list is empty, so nothing can ever match.", "Name at least one, or remove the line for any."
        )
    return names


def names_of(*allowed: str) -> Callable[[object], tuple[str, ...]]:
    """Return a parser of lists of these words."""

    def read(value: object) -> tuple[str, ...]:
        names = read_names(value)
        for name in names:
            if name not in allowed:
                raise InvalidValue(f"{shown(name)} is not possible here.", f"Write {', '.join(allowed)}.")
        return names

    return read


def read_channels(value: object, info: ValidationInfo) -> tuple[str, ...]:
    """Return channel names, of those in the validation's context; `none` becomes the empty name."""
    known = (*info.context["channels"], _NO_CHAT) if info.context else (_NO_CHAT,)
    return tuple("" if name == _NO_CHAT else name for name in names_of(*known)(value))


def read_recipients(value: object, info: ValidationInfo) -> tuple[str, ...]:
    """Return who gets a report: `team`, a channel, a chat such as `telegram:-100123`, or names of the roster.

    Raises InvalidValue.
    """
    names = read_names([value] if isinstance(value, str) else value)
    known = info.context["addressed"] if info.context else ()
    for name in names:
        channel, is_chat, chat = name.partition(":")
        if is_chat and (channel not in known or not chat.strip()):
            fix = f"Write the channel and the chat, such as telegram:-1001234567890; channels are {', '.join(known)}."
            raise InvalidValue(f"{shown(name)} is no chat.", fix)
    return names


def read_event_types(value: object, info: ValidationInfo) -> tuple[str, ...]:
    """Return types of events, of those in the validation's context."""
    return names_of(*info.context["hookable"].types if info.context else ())(value)


def read_endpoint_url(value: object, info: ValidationInfo) -> str:
    """Return the address of an endpoint. Raises InvalidValue for one that can be none, whatever its name leads to."""
    url = read_line(value)
    if info.context and (why := info.context["hookable"].refusal(url)):
        problem, _, fix = why.partition("; ")
        raise InvalidValue(f"It {problem}.", f"{_sentence(fix)}." if fix else "Write another address.")
    return url


def read_time_of_day(value: object) -> time:
    """Return a time of day such as 08:30, also one of TOML's own. Raises InvalidValue."""
    if isinstance(value, time):
        return value.replace(second=0, microsecond=0)
    found = _CLOCK.fullmatch(value.strip()) if isinstance(value, str) else None
    try:
        return time(int(found[1]), int(found[2])) if found else time(24)
    except ValueError:
        raise InvalidValue(f"{shown(str(value))} is no time of day.", 'Write it as "08:30".') from None


def read_due_day(value: object) -> int | None:
    """Return the day by which something is due, 0 for `off`. Raises InvalidValue."""
    if value == "off":
        return 0
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise InvalidValue(f"{shown(value)} is no day.", 'Count from the day on which it is made, or write "off".')
    return value


def word_of(kind: type[W]) -> Callable[[object], W]:
    """Return a parser of one word of an enumeration."""

    def read(value: object) -> W:
        if value not in list(kind):
            raise InvalidValue(f"{shown(value)} is not possible here.", f"Write {' or '.join(kind)}.")
        return kind(str(value))

    return read


def read_rule_flag(value: object) -> bool:
    """Return true or false. Raises InvalidValue for anything else."""
    if not isinstance(value, bool):
        raise InvalidValue(f"{shown(value)} is neither true nor false.", "Write true or false, without quotes.")
    return value


def read_share(value: object) -> float:
    """Return a share from 0 to 1, also of a percentage such as `10%`. Raises InvalidValue."""
    percent = _PERCENT.fullmatch(value.strip()) if isinstance(value, str) else None
    share = float(percent[1]) / _HUNDRED if percent else float(read_number(value))
    if not 0 <= share <= 1:
        raise InvalidValue(f"{shown(value)} is no share.", 'Write a number from 0 to 1, or a percentage such as "10%".')
    return share


def read_score(value: object) -> float | None:
    """Return a score in the units of the survey's scale."""
    return None if value is None else float(read_number(value))


def read_moment(value: object) -> datetime | None:
    """Return an instant as UTC, from TOML or ISO 8601 with an offset. Raises InvalidValue."""
    if value is None:
        return None
    moment = value if isinstance(value, datetime) else _iso(value)
    if moment is None or moment.tzinfo is None:
        raise InvalidValue(
            f"{shown(str(value))} is no instant.", "Write it with its offset: 2026-11-01T00:00:00+08:00."
        )
    return moment.astimezone(UTC)


def read_text(value: object) -> str:
    """Return a text for people: a few sentences, in lines as written. Raises InvalidValue where it is too long."""
    text = value.strip() if isinstance(value, str) else ""
    if not text:
        raise InvalidValue("There are no words in it.", "Write what people shall read.")
    if len(text) > LONGEST_TEXT:
        raise InvalidValue(f"The text has {len(text)} characters.", f"Write at most {LONGEST_TEXT}.")
    return text


def read_recurrence(value: object) -> str:
    """Return a recurrence such as `monthly last 10:00`, as `dialogs.time.recurrence` writes it. Raises InvalidValue."""
    try:
        return str(read_recurrence_rule(value if isinstance(value, str) else ""))
    except ValueError as wrong:
        problem, _, fix = str(wrong).partition("; ")
        raise InvalidValue(
            f"{_sentence(problem)}.", f"{_sentence(fix)}." if fix else "Write a time that comes."
        ) from None


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]


def _iso(value: object) -> datetime | None:
    try:
        return datetime.fromisoformat(str(value))
    except ValueError:
        return None
