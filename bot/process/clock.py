"""The one real clock."""

import time
from datetime import UTC, datetime

__all__ = ["SystemClock"]


class SystemClock:
    """The machine's time, as `bot.ports.Clock` asks for it."""

    def now(self) -> datetime:
        """Return the instant, UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Return seconds that only go forward."""
        return time.monotonic()
