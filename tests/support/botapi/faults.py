"""What a test can break between the bot and Telegram."""

from dataclasses import dataclass, field
from typing import Any

from tests.support.botapi.errors import ApiError, refused

__all__ = ["Cut", "Fault", "Faults", "Garbled", "Html", "Refuse", "Slow", "flood"]

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Refuse:
    """The call is answered with this error and changes nothing."""

    error: ApiError


@dataclass(frozen=True, slots=True)
class Html:
    """A gateway in front of Telegram answers with a page of HTML; the call took effect (`done`) or never arrived."""

    status: int = 502
    done: bool = False


@dataclass(frozen=True, slots=True)
class Cut:
    """The connection breaks before the answer: the call took effect (`done`) or never arrived.

    With `after` the bot is left waiting so many seconds first, so that its own time-out may come before.
    """

    done: bool
    after: float = 0.0


@dataclass(frozen=True, slots=True)
class Slow:
    """The call takes effect at once and is answered after so many seconds."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Garbled:
    """The call takes effect and is answered 200 with something that is not JSON."""

    body: str = '{"ok": tru'


Fault = Refuse | Html | Cut | Slow | Garbled


def flood(retry_after: int) -> Refuse:
    """Make the 429 by which Telegram asks for a pause of so many seconds."""
    return Refuse(refused(429, f"Too Many Requests: retry after {retry_after}", retry_after=retry_after))


@dataclass(slots=True)
class _Rule:
    fault: Fault
    method: str | None
    chat_id: int | None
    left: int | None

    def fits(self, method: str, chat_id: int | None) -> bool:
        return self.method in {None, method} and self.chat_id in {None, chat_id} and self.left != 0


@dataclass(slots=True)
class Faults:
    """The faults that are planted now, in the order in which they were planted."""

    _rules: list[_Rule] = field(default_factory=list)

    def plant(
        self,
        fault: Fault,
        *,
        method: str | None = None,
        chat_id: int | None = None,
        times: int | None = 1,
    ) -> None:
        """Let this fault befall the next calls of a method, in a chat; `times=None` until cleared."""
        self._rules.append(_Rule(fault, method, chat_id, times))

    def clear(self) -> None:
        """Let everything work again."""
        self._rules.clear()

    def strike(self, method: str, chat_id: int | None) -> Fault | None:
        """Return the fault that befalls this call, and count it."""
        rule = next((rule for rule in self._rules if rule.fits(method, chat_id)), None)
        if rule is None:
            return None
        rule.left = None if rule.left is None else rule.left - 1
        return rule.fault
