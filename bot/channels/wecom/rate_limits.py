"""How many requests the robot still takes: eighteen in any minute, whatever became of them.

WeCom takes twenty a minute and counts those that fail (group robots, "message frequency"). Two are left for clocks that
differ and for what a former process sent.
"""

from collections import deque

__all__ = ["RobotRateLimit"]

_A_MINUTE = 63.0
"""Seconds; requests that leave at an even pace may arrive closer together."""
_REQUESTS = 18


class RobotRateLimit:
    """Counts requests, in seconds of the monotonic clock; a message may be sent while `wanted` requests are left.

    It is the pace of a channel (`bot.ports.Pace`), with one chat.
    """

    def __init__(self, wanted: int) -> None:
        self._wanted = wanted
        self._spent: deque[float] = deque(maxlen=_REQUESTS)
        self._paused_until = 0.0

    def spend(self, now: float) -> None:
        """Count one request."""
        self._spent.append(now)

    def ready_at(self, chat: str, now: float) -> float:
        """Return the moment from which a message may be sent."""
        del chat  # a robot has one
        oldest = len(self._spent) + self._wanted - _REQUESTS - 1
        free_at = self._spent[oldest] + _A_MINUTE if oldest >= 0 else now
        return max(now, free_at, self._paused_until)

    def free_at(self, now: float) -> float:
        """Return the moment from which anything may be sent."""
        return max(now, self._paused_until)

    def take(self, chat: str, now: float) -> None:
        """Ignore it: requests are counted, by `spend`, and not messages."""

    def give_back(self, chat: str) -> None:
        """Ignore it, as above."""

    def pause(self, until: float) -> None:
        """Pause sending until then, as WeCom asked."""
        self._paused_until = max(self._paused_until, until)
