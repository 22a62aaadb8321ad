"""How fast the tickets of one help desk are written to: one message a second, of three calls, unless it asks for less.

So few that the help desks' own limits (Freshdesk's smallest plan: 50 calls a minute) are met by their Retry-After, and
that what hangs there takes few of the places in which the customers' messages are sent.
"""

__all__ = ["DeskPace"]

_EVERY = 1.0


class DeskPace:
    """The pace of one help desk (`bot.ports.Pace`), in seconds of the monotonic clock."""

    def __init__(self) -> None:
        self._free_at = 0.0
        self._paused_until = 0.0

    def ready_at(self, chat: str, now: float) -> float:
        """Return the moment from which this ticket may be written to."""
        del chat
        return now

    def free_at(self, now: float) -> float:
        """Return the moment from which any ticket may be written to."""
        return max(now, self._free_at, self._paused_until)

    def take(self, chat: str, now: float) -> None:
        """Count a message that is written now."""
        del chat
        self._free_at = max(self._free_at, now) + _EVERY

    def give_back(self, chat: str) -> None:
        """Count one less."""
        del chat
        self._free_at -= _EVERY

    def pause(self, until: float) -> None:
        """Pause until `until`."""
        self._paused_until = max(self._paused_until, until)
