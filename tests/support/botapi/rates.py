"""How fast the bot has sent: the figures that Telegram's limits are about."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

__all__ = ["Send", "busiest", "busiest_per_chat", "is_counted"]

COUNTED = frozenset(
    {"sendMessage", "sendPhoto", "sendDocument", "editMessageText", "editMessageCaption", "editMessageReplyMarkup"}
)


@dataclass(frozen=True, slots=True)
class Send:
    """One message or edit that reached Telegram, well or not: monotonic seconds, chat, method."""

    at: float
    chat_id: int
    method: str


def is_counted(method: str) -> bool:
    """Return whether Telegram's limits count this method: messages and edits, not callback answers."""
    return method in COUNTED


def busiest(sends: Iterable[Send], seconds: float = 1.0) -> int:
    """Count the most sends inside any half-open sliding window of so many seconds."""
    times = sorted(send.at for send in sends)
    most = first = 0
    for last, time in enumerate(times):
        while time - times[first] >= seconds:
            first += 1
        most = max(most, last - first + 1)
    return most


def busiest_per_chat(sends: Iterable[Send], seconds: float = 1.0) -> dict[int, int]:
    """Count the same for every chat by itself; a group's limit is about 60 seconds."""
    ordered = sorted(sends, key=lambda send: send.chat_id)
    return {chat: busiest(group, seconds) for chat, group in groupby(ordered, key=lambda send: send.chat_id)}
