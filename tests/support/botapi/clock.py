"""The outside world's own clock: Unix seconds, real or moved by a test."""

import time

__all__ = ["HandClock", "wall_clock"]


def wall_clock() -> float:
    """Tell the present Unix time in seconds."""
    return time.time()


class HandClock:
    """A clock that a test moves by hand; it starts at the present time."""

    def __init__(self) -> None:
        """Start at the present time."""
        self._now = wall_clock()

    def __call__(self) -> float:
        """Tell the time that the test has set, in Unix seconds."""
        return self._now

    def advance(self, seconds: float) -> None:
        """Let this many seconds pass at once."""
        self._now += seconds
