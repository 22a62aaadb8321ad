"""The world's clock and secrets, set by the test."""

from datetime import UTC, datetime, timedelta

from dialogs.time.doubt import Doubt

__all__ = ["Clockwork", "Draws"]


class Clockwork:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self._now = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
        self.unsure: Doubt | None = None

    def now(self) -> datetime:
        return self._now

    def monotonic(self) -> float:
        return self._now.timestamp()

    def doubt(self) -> Doubt | None:
        return self.unsure

    def passes(self, time: timedelta) -> None:
        self._now += time


class Draws:
    """A source of numbered secrets."""

    def __init__(self) -> None:
        self._drawn = 0

    def token(self) -> str:
        self._drawn += 1
        return f"drawn-secret-{self._drawn:09d}"
