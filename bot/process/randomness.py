"""The one place where secrets are drawn."""

import secrets

__all__ = ["SystemDice"]

_BYTES = 16


class SystemDice:
    """The machine's randomness, as `bot.ports.Dice` asks for it."""

    def token(self) -> str:
        """Draw 128 bits: 22 letters, digits, `-` and `_`, fit for a Telegram deep link (at most 64)."""
        return secrets.token_urlsafe(_BYTES)
