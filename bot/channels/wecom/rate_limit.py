"""How many requests the robot still takes: eighteen in any minute, whatever became of them.

WeCom takes twenty a minute and counts those that fail (group robots, "message frequency"); two are left for clocks that
differ and for what a former process sent.
"""

from collections import deque

__all__ = ["Allowance"]

_A_MINUTE = 63.0
"""Seconds; requests that leave evenly may arrive bunched."""
_REQUESTS = 18


class Allowance:
    """Counts requests in seconds of a clock that only goes forward; a message may go while `wanted` are left."""

    def __init__(self, wanted: int) -> None:
        self._wanted = wanted
        self._spent: deque[float] = deque(maxlen=_REQUESTS)
        self._paused_until = 0.0

    def spend(self, now: float) -> None:
        """Count one request."""
        self._spent.append(now)

    def ready_at(self, chat: str, now: float) -> float:
        """Return the moment from which a message may go."""
        del chat  # a robot has one
        oldest = len(self._spent) + self._wanted - _REQUESTS - 1
        free_at = self._spent[oldest] + _A_MINUTE if oldest >= 0 else now
        return max(now, free_at, self._paused_until)

    def free_at(self, now: float) -> float:
        """Return the moment from which anything may go."""
        return max(now, self._paused_until)

    def take(self, chat: str, now: float) -> None:
        """Do nothing: requests count, not messages."""

    def pause(self, until: float) -> None:
        """Let nothing go before `until`: WeCom asked for it."""
        self._paused_until = max(self._paused_until, until)
