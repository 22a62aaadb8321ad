"""What is taken from the machine itself: its clock and its randomness."""

import secrets
import time
from datetime import UTC, datetime

__all__ = ["SystemClock", "SystemSecrets"]

_BYTES = 16


class SystemClock:
    """The machine's time, as `bot.ports.Clock` asks for it."""

    def now(self) -> datetime:
        """Return the instant, UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Return seconds that only go forward."""
        return time.monotonic()


class SystemSecrets:
    """The machine's randomness, as `bot.ports.SecretSource` asks for it."""

    def token(self) -> str:
        """Draw 128 bits: 22 letters, digits, `-` and `_`, fit for a Telegram deep link (at most 64)."""
        return secrets.token_urlsafe(_BYTES)
