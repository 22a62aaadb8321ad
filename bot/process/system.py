"""What is taken from the machine itself: its clock, its randomness, and what is installed."""

import secrets
import time
from datetime import UTC, datetime, timedelta
from importlib.metadata import version

from bot.process.trusted_time import ClockReading
from dialogs.time.doubt import Doubt

__all__ = ["SystemClock", "SystemSecrets", "product_version"]

_BYTES = 16
_STEADY = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)  # the first is Linux's


def product_version() -> str:
    """Return the version of what is installed; it takes some milliseconds to look up."""
    return version("huifang")


class SystemClock:
    """The machine's time, as `bot.ports.Clock` asks for it."""

    def now(self) -> datetime:
        """Return the instant, UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Return seconds that only go forward."""
        return time.monotonic()

    def doubt(self) -> Doubt | None:
        """Return None: by itself the machine's clock is taken as it is."""
        return None

    def reading(self) -> ClockReading:
        """Return both clocks at this moment; the steady one also counts while the machine is suspended."""
        return ClockReading(datetime.now(UTC), timedelta(seconds=time.clock_gettime(_STEADY)))


class SystemSecrets:
    """The machine's randomness, as `bot.ports.SecretSource` asks for it."""

    def token(self) -> str:
        """Draw 128 bits: 22 letters, digits, `-` and `_`, fit for a Telegram deep link (at most 64)."""
        return secrets.token_urlsafe(_BYTES)
