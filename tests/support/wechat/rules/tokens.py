"""Access tokens: stable ones and those of the older call, each kind for itself, and the JS-SDK ticket."""

import os
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.support.wechat.errors import broken, refused

__all__ = ["LIFE", "OVERLAP", "Tokens"]

LIFE = 7200.0
OVERLAP = 300.0  # old and new are both good for five minutes
LENGTH = 512  # the longest that the platform announces
FORCED_A_DAY = 20
FORCED_APART = 30.0
DAY = 86_400


@dataclass(slots=True)
class _Issued:
    value: str
    dies_at: float
    replaced: bool = False


@dataclass(slots=True)
class Tokens:
    """What was issued and what of it is still good."""

    clock: Callable[[], float]
    issued: dict[str, _Issued] = field(default_factory=dict)
    _stable: _Issued | None = None
    _classic: _Issued | None = None
    _ticket: _Issued | None = None
    _forced: list[float] = field(default_factory=list)

    def stable(self, *, force: bool) -> tuple[str, int]:
        """Return the stable token and its seconds: the same until five minutes before its end, then the next.

        Forced, the old one ends at once; at most 20 times in 24 hours and 30 s apart.
        """
        now = self.clock()
        if force:
            self._count_forced(now)
            self._end(self._stable, now)
            self._stable = None
        if self._stable is None or self._stable.dies_at - now <= OVERLAP:
            self._stable = self._issue(now)
        return self._stable.value, int(self._stable.dies_at - now)

    def classic(self) -> tuple[str, int]:
        """Return a new token of the older call; the one before it is good for five minutes more."""
        now = self.clock()
        self._end(self._classic, now + OVERLAP)
        self._classic = self._issue(now)
        return self._classic.value, int(LIFE)

    def ticket(self) -> tuple[str, int]:
        """Return the JS-SDK ticket and its seconds: the same as long as it lives."""
        now = self.clock()
        if self._ticket is None or self._ticket.dies_at <= now:
            self._ticket = _Issued("bxLdikRXVbTPdHSM" + os.urandom(35).hex(), now + LIFE)
        return self._ticket.value, int(self._ticket.dies_at - now)

    def revoke(self) -> None:
        """Let every token be replaced at once, as when somebody else fetched one or reset the secret."""
        for one in (self._stable, self._classic):
            self._end(one, self.clock())
        self._stable = self._classic = None

    def check(self, value: str) -> None:
        """Pass a good token; raises 41001 missing, 40014 no token at all, 40001 not the latest, 42001 expired."""
        if not value:
            raise broken(41001)
        token = self.issued.get(value)
        if token is None:
            raise refused(40001 if len(value) == LENGTH else 40014)
        if token.dies_at <= self.clock():
            raise refused(40001 if token.replaced else 42001)

    def _issue(self, now: float) -> _Issued:
        value = f"{len(self.issued) + 80}_{os.urandom(LENGTH).hex()}"[:LENGTH]
        token = self.issued[value] = _Issued(value, now + LIFE)
        return token

    def _end(self, token: _Issued | None, at: float) -> None:
        if token is not None and token.dies_at > at:
            token.dies_at, token.replaced = at, True

    def _count_forced(self, now: float) -> None:
        if self._forced and now - self._forced[-1] < FORCED_APART:
            raise refused(45011)
        if sum(now - at < DAY for at in self._forced) >= FORCED_A_DAY:
            raise refused(45009)
        self._forced.append(now)
