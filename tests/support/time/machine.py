"""A machine whose wall clock is set, and whose steady clock is not."""

from datetime import datetime, timedelta

from bot.process.trusted_time import ClockReading

__all__ = ["Machine"]


class Machine:
    """Both clocks of a machine; time passes when a test says so."""

    def __init__(self, wall: datetime) -> None:
        self.wall, self.steady = wall, timedelta(hours=3)

    def passes(self, time: timedelta) -> ClockReading:
        """Let time pass; return what the clocks show then."""
        self.wall, self.steady = self.wall + time, self.steady + time
        return self.read()

    def read(self) -> ClockReading:
        """Return what the clocks show."""
        return ClockReading(self.wall, self.steady)

    def monotonic(self) -> float:
        """Return the steady clock as the event loop has it."""
        return self.steady.total_seconds()
