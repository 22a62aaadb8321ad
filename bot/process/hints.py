"""What processes on one database tell each other right after a commit: messages to send, and when something is due.

And in which language the team of the sandbox is spoken to, which its page decides.

A hint is only quick, not sure: whatever is told this way is found without it, too, at the next regular look.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from datetime import datetime

from storage.connection.store import Store

__all__ = ["Hints"]

_ASKS_EVERY = 5.0
"""Seconds of silence after which the connection is tried."""
_KEPT = 1000
"""Messages remembered that cannot be told just now; older ones are left to the regular look."""
_TOGETHER = 100
"""Ids in one payload, which may have 8,000 bytes (https://www.postgresql.org/docs/current/sql-notify.html)."""
_MESSAGES, _DUE, _LANGUAGE = "messages ", "due ", "language "


class Hints:
    """Publishes hints to the other processes, and passes on theirs.

    Ids go to `on_messages`, moments to `on_due`, the team's language to `on_language`.
    """

    def __init__(
        self,
        store: Store,
        on_messages: Callable[[Sequence[str]], None],
        on_due: Callable[[datetime], None],
        on_language: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._store, self._on_messages, self._on_due, self._on_language = store, on_messages, on_due, on_language
        self._messages: deque[str] = deque(maxlen=_KEPT)
        self._due: datetime | None = None
        self._language = ""
        self._news = asyncio.Event()

    def publish_messages(self, messages: Iterable[str]) -> None:
        """Queue a hint that these messages wait to be sent."""
        self._messages.extend(messages)
        if self._messages:
            self._news.set()

    def publish_due(self, at: datetime) -> None:
        """Queue a hint that something is due then."""
        self._due = min(at, self._due or at)
        self._news.set()

    def publish_language(self, language: str) -> None:
        """Queue a hint of the language in which the sandbox's team is spoken to."""
        self._language = language
        self._news.set()

    async def run(self) -> None:
        """Publish and receive hints until cancelled. Raises Unavailable where the connection is lost."""
        async with self._store.exchange(self._receive) as publish:
            self._news.set()  # there may be some that could not be told
            while True:
                with suppress(TimeoutError):
                    async with asyncio.timeout(_ASKS_EVERY):
                        await self._news.wait()
                self._news.clear()
                told, due, language = list(self._messages), self._due, self._language
                others = (f"{_DUE}{due.isoformat()}" if due is not None else "", language and f"{_LANGUAGE}{language}")
                await publish([*_payloads(told), *filter(None, others)])
                self._drop(told, due)
                self._language = "" if self._language == language else self._language

    def _drop(self, told: Sequence[str], due: datetime | None) -> None:
        """Forget what has been told, and keep what came meanwhile."""
        over = set(told)
        self._messages = deque((one for one in self._messages if one not in over), maxlen=_KEPT)
        self._due = None if self._due == due else self._due

    def _receive(self, payload: str) -> None:
        if payload.startswith(_MESSAGES):
            self._on_messages(payload.removeprefix(_MESSAGES).split(","))
        elif payload.startswith(_DUE):
            self._on_due(datetime.fromisoformat(payload.removeprefix(_DUE)))
        elif payload.startswith(_LANGUAGE):
            self._on_language(payload.removeprefix(_LANGUAGE))


def _payloads(messages: Sequence[str]) -> list[str]:
    starts = range(0, len(messages), _TOGETHER)
    return [_MESSAGES + ",".join(messages[start : start + _TOGETHER]) for start in starts]
