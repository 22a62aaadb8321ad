"""How fast messages may be sent to Telegram: in all, to one chat, to one group. In seconds of the monotonic clock.

About 30 messages a second over all chats, one a second in a chat with short bursts, 20 a minute in a
group, edits included (core.telegram.org/bots/faq, "My bot is hitting limits").
"""

from collections import deque

from scoring.values import Value

__all__ = ["RateLimiter", "RateLimits", "is_group"]

_MARGIN = 1.05
"""Messages drift by some milliseconds on their way: what leaves evenly may arrive bunched."""
_AT_ONCE = 0.001
"""What is due within a millisecond goes together, or a million a second could not be reached."""
_MINUTE = 60.0


class RateLimits(Value):
    """Messages and edits: per second over all, per second and in a burst in a chat, per minute in a group."""

    rate: float = 30
    chat_rate: float = 1
    chat_burst: int = 5
    group_rate: int = 20


class RateLimiter:
    """Counts messages and computes when the next may be sent: never more than `rate` in any second."""

    def __init__(self, limits: RateLimits) -> None:
        self._limits = limits
        self._next = self._paused_until = 0.0
        self._chats: dict[str, float] = {}
        self._groups: dict[str, deque[float]] = {}

    def ready_at(self, chat: str, now: float) -> float:
        """Return the moment from which this chat may be written to, over all limits aside."""
        if is_group(chat):
            return self._group_ready_at(chat, now)
        spent_until = self._chats.get(chat, 0.0)
        allowance = (self._limits.chat_burst - 1) / self._limits.chat_rate
        return max(now, spent_until - allowance)

    def free_at(self, now: float) -> float:
        """Return the moment from which any chat may be written to."""
        free_at = max(self._next, self._paused_until)
        return free_at if free_at > now + _AT_ONCE else now

    def take(self, chat: str, now: float) -> None:
        """Count one message to this chat."""
        self._next = max(self._next, self._paused_until, now) + _MARGIN / self._limits.rate
        if is_group(chat):
            self._groups.setdefault(chat, deque()).append(now)
        else:
            self._chats[chat] = max(self._chats.get(chat, 0.0), now) + _MARGIN / self._limits.chat_rate
        if len(self._chats) > _FORGET_FROM:
            self._forget(now)

    def give_back(self, chat: str) -> None:
        """Count one message less: the last one taken for this chat does not go."""
        self._next -= _MARGIN / self._limits.rate
        if self._groups.get(chat):
            self._groups[chat].pop()
        elif chat in self._chats:
            self._chats[chat] -= _MARGIN / self._limits.chat_rate

    def pause(self, until: float) -> None:
        """Pause sending until then, as the platform asked."""
        self._paused_until = max(self._paused_until, until)

    def _group_ready_at(self, chat: str, now: float) -> float:
        sent = self._groups.get(chat)
        while sent and sent[0] <= now - _MINUTE * _MARGIN:
            sent.popleft()
        if not sent or len(sent) < self._limits.group_rate:
            return now
        return sent[-self._limits.group_rate] + _MINUTE * _MARGIN

    def _forget(self, now: float) -> None:
        self._chats = {chat: until for chat, until in self._chats.items() if until > now}


_FORGET_FROM = 50_000
"""Chats remembered before those that are free again are dropped."""


def is_group(chat: str) -> bool:
    """Return whether a chat is a group: Telegram's group ids are negative (Bot API, Chat)."""
    return chat.startswith("-")
