"""How many custom messages an account may send to one person, and until when.

Five in 48 hours after the person sent a message, three in one minute after a click, a follow or a scan
(developers.weixin.qq.com, customer-service messages; a click on a msgmenu item counts as a click).
"""

from dataclasses import dataclass, field
from typing import Literal

from tests.support.wechat.errors import refused

__all__ = ["Allowance", "Allowances", "Spending"]

Spending = Literal["text first", "click first", "both"]
"""Which allowance a message is taken from while both are open: the platform does not say, so tests try each."""


@dataclass(slots=True)
class Allowance:
    """So many messages in so many seconds after it was opened; opening again refills it."""

    most: int
    life: float
    opened_at: float | None = None
    used: int = 0

    def opens(self, now: float) -> None:
        """Begin anew."""
        self.opened_at, self.used = now, 0

    def shuts(self) -> None:
        """End at once."""
        self.opened_at = None

    def is_open(self, now: float) -> bool:
        """Return whether its time still runs."""
        return self.opened_at is not None and now - self.opened_at < self.life

    def left(self, now: float) -> int:
        """Count what may still be sent."""
        return self.most - self.used if self.is_open(now) else 0


@dataclass(slots=True)
class Allowances:
    """Both allowances of one person."""

    text: Allowance = field(default_factory=lambda: Allowance(5, 48 * 3600.0))
    click: Allowance = field(default_factory=lambda: Allowance(3, 60.0))

    def shut(self) -> None:
        """End both, as unfollowing does."""
        self.text.shuts()
        self.click.shuts()

    def spend(self, now: float, spending: Spending) -> None:
        """Take one message; raises 45015 when nothing is open and 45047 when all is used up."""
        pair = (self.text, self.click) if spending != "click first" else (self.click, self.text)
        running = [allowance for allowance in pair if allowance.is_open(now)]
        if not running:
            raise refused(45015)
        usable = [allowance for allowance in running if allowance.left(now)]
        if not usable:
            raise refused(45047)
        for allowance in usable if spending == "both" else usable[:1]:
            allowance.used += 1
