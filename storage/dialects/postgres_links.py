"""The connections to a PostgreSQL server: every one bounded in time, and all of them known.

A server that is frozen, or behind a network that drops packets, takes bytes and answers none; the kernel would wait for
minutes. So each call has a limit, and the first that reaches it ends all connections at once: whoever uses another one
gets an error now, and not after a limit of their own. While this process itself is stopped nobody is silent: it reads
first what has arrived meanwhile.
"""

import asyncio
import math
import socket
from collections.abc import Awaitable, Collection, Iterator, Mapping
from types import TracebackType
from typing import Any, TypeVar
from weakref import WeakSet

import asyncpg

from storage.dialects.postgres_address import PostgresAddress
from storage.model.errors import ConnectionLost, Unavailable

__all__ = ["DEADLINE", "UNHURRIED", "PostgresLinks", "error_kind"]

T = TypeVar("T")

DEADLINE = 4.0
"""Seconds for connecting, for each statement and for a commit, so that a caller has an answer within five."""
UNHURRIED = 120.0
"""Seconds for each statement where a process computes something large, and nobody else waits for that connection."""
_CLOSES_WITHIN = 0.5
"""Seconds for an orderly end of all connections."""
_PREPARED = 512
"""Statements that a connection keeps prepared; of asyncpg's own 100, rare ones would push out others."""
_LATE = 0.5
"""Seconds by which a timer is late at least where the process was stopped, and not only busy."""
_GRACE = 1.0
"""Seconds that a call has then, from the moment at which the process goes on."""
_PAUSE = 1.0
"""Seconds without another try after one that took its whole time: others would only wait as long for the same."""
_QUIET = 5
"""Seconds of silence before the kernel asks whether the other side is still there; then it asks every two seconds."""
_UNANSWERED_MS = 10_000
_SETTINGS = {
    "application_name": "huifang",
    "synchronous_commit": "on",
    "lock_timeout": "2s",
    "idle_in_transaction_session_timeout": "5s",  # the rows of a client that vanished are free again
    "tcp_keepalives_idle": str(_QUIET),
    "tcp_keepalives_interval": "2",
    "tcp_keepalives_count": "3",
    "tcp_user_timeout": str(_UNANSWERED_MS),
}
_BEFORE = 0.5
"""Seconds by which the server's limit is below the one on this side: a slow statement costs no connection."""
_COMPUTES = {"random_page_cost": "1.1"}
"""Where a month is computed: the default is of disks that turn, and has all tickets read for a twelfth of them."""
_OPTIONS = {"TCP_KEEPIDLE": _QUIET, "TCP_KEEPINTVL": 2, "TCP_KEEPCNT": 3, "TCP_USER_TIMEOUT": _UNANSWERED_MS}
"""Options of our own sockets, where the system has them (tcp(7))."""


_ENDS = (
    asyncpg.PostgresConnectionError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.IdleSessionTimeoutError,
    asyncpg.IdleInTransactionSessionTimeoutError,
    asyncpg.InternalClientError,
    OSError,
)
"""Errors with which the server, or the network, ends a connection.

The driver's internal one tells that it was used after it had read the server's last word, and before it saw the end.
"""
_ELSEWHERE = (*_ENDS, asyncpg.CannotConnectNowError)
"""Errors after which another server may be well: it is away, silent, starting up, or not of the kind that is wanted.

Not a password that is refused: the other servers of a database have the same, and would be tried for nothing.
"""


_STATES = ("08", "25", "42", "53", "55", "57", "58")
"""Classes of errors that tell of the server's state, or of our own statement: their texts hold no value."""


def error_kind(error: BaseException) -> str:
    """Return the kind of a driver's error, its code and its constraint; its text only where that quotes nothing.

    The text, DETAIL and HINT of others quote values: a whole row that breaks a constraint, an input that is no number
    (https://www.postgresql.org/docs/current/protocol-error-fields.html).
    """
    kind = type(error).__name__
    if isinstance(error, OSError):
        return f"{kind}: {error}" if str(error) else kind
    code = getattr(error, "sqlstate", None)
    if not isinstance(error, asyncpg.PostgresError) or code is None:
        return kind
    names = [name for name in (error.constraint_name, error.column_name) if name]
    text = f": {error.args[0]}" if code[:2] in _STATES and error.args else ""
    return f"{kind} ({', '.join([code, *names])}){text}"


class _Limit:
    """A time limit in seconds of a running process; where that was stopped, the limit is prolonged."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._limit = asyncio.timeout(None)
        self.is_prolonged = False

    async def __aenter__(self) -> None:
        await self._limit.__aenter__()
        self._set(self._seconds)

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._timer.cancel()
        await self._limit.__aexit__(kind, error, trace)

    def _set(self, seconds: float) -> None:
        loop = asyncio.get_running_loop()
        due = loop.time() + seconds
        self._timer = loop.call_at(due, self._is_due, due)

    def _is_due(self, due: float) -> None:
        now = asyncio.get_running_loop().time()
        if now - due > _LATE:
            self.is_prolonged = True
            self._set(_GRACE)
        else:
            self._limit.reschedule(now)


class _Link(asyncpg.Connection):
    """A connection whose socket notices a dead peer."""

    def __init__(self, protocol: Any, transport: asyncio.Transport, *rest: Any, **named: Any) -> None:  # noqa: ANN401 - asyncpg's own
        super().__init__(protocol, transport, *rest, **named)
        link: socket.socket | None = transport.get_extra_info("socket")
        if link is None or link.family not in (socket.AF_INET, socket.AF_INET6):
            return
        link.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        for name, value in _OPTIONS.items():
            if hasattr(socket, name):
                link.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)


def _servers(arguments: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Return the driver's arguments for each server alone, since its own limit would be one for all of them."""
    hosts = arguments.get("host", ())
    if not hosts or arguments.get("target_session_attrs") == "prefer-standby":  # which looks at all of them
        yield arguments
        return
    for host, port in zip(hosts, arguments["port"], strict=True):
        yield {**arguments, "host": [host], "port": [port]}


class PostgresLinks:
    """Makes connections, and ends them."""

    def __init__(self, address: PostgresAddress, limit: float = DEADLINE) -> None:
        self._servers = list(_servers(address.arguments))
        own = {"statement_timeout": f"{1000 * (limit - _BEFORE):.0f}ms", **(_COMPUTES if limit > DEADLINE else {})}
        self._settings = {**_SETTINGS, **own, **address.settings}
        self._limit = limit
        self._each = min(address.connect_timeout or DEADLINE, DEADLINE)
        self._open: WeakSet[asyncpg.Connection] = WeakSet()
        self._not_before = 0.0

    async def connect(self) -> asyncpg.Connection:
        """Return a connection whose statements are bounded. Raises Unavailable and what the driver raises."""
        link = await self.connect_apart()
        self._open.add(link)
        return link

    async def connect_apart(self, command_timeout: float | None = None) -> asyncpg.Connection:
        """Return a connection that is not ended with the others; each statement may take `command_timeout` seconds.

        The server that answered last is tried first. One that is silent takes its share of the time, and no more.
        Raises Unavailable and what the driver raises.
        """
        if self._is_silent:
            raise Unavailable("the database does not answer")
        loop, left, failures = asyncio.get_running_loop(), DEADLINE, list[Exception]()
        for number, server in enumerate(tuple(self._servers)):
            limit, begun = min(self._each, left / (len(self._servers) - number)), loop.time()
            try:
                link = await self._connect_to(server, limit, command_timeout)
            except _ELSEWHERE as error:
                failures.append(error)
                left -= min(limit, loop.time() - begun)
            else:
                self._servers.sort(key=lambda one: one is not server)
                return link
        if any(isinstance(failure, TimeoutError) for failure in failures):
            self._not_before = loop.time() + _PAUSE
            raise Unavailable(f"the database does not answer within {DEADLINE - left:.0f} s")
        raise min(failures, key=lambda failure: isinstance(failure, asyncpg.TargetServerAttributeNotMatched))

    async def _connect_to(
        self, server: Mapping[str, Any], limit: float, command_timeout: float | None
    ) -> asyncpg.Connection:
        async with _Limit(limit):
            return await asyncpg.connect(
                **server,
                connection_class=_Link,
                timeout=None,
                command_timeout=command_timeout,
                server_settings=self._settings,
                statement_cache_size=_PREPARED,
            )

    async def bounded(self, link: asyncpg.Connection, call: Awaitable[T]) -> T:
        """Return the result of a call over a connection, as `within` does.

        Raises ConnectionLost where the connection ends before there is a result.
        """
        try:
            return await self.within(call)
        except (*_ENDS, asyncpg.InterfaceError) as error:
            if not (isinstance(error, _ENDS) or link.is_closed()):
                raise
            link.terminate()
            raise ConnectionLost(f"the connection to the database was lost: {error_kind(error)}") from error

    async def within(self, call: Awaitable[T]) -> T:
        """Return the result of a call; where its time runs out, end all connections.

        Raises Unavailable then; ConnectionLost where the server was not told to go on while this process was stopped.
        """
        limit = _Limit(self._limit)
        try:
            async with limit:
                return await call
        except TimeoutError:
            self._not_before = asyncio.get_running_loop().time() + _PAUSE
            self.terminate()
            raise Unavailable(f"the database did not answer within {self._limit:.0f} s") from None
        except asyncpg.QueryCanceledError as error:
            if not limit.is_prolonged:
                raise
            raise ConnectionLost(
                f"this process was stopped, and the database has cancelled: {error_kind(error)}"
            ) from error

    def give_up(self) -> None:
        """End every bounded connection, and make none any more."""
        self._not_before = math.inf
        self.terminate()

    def terminate(self) -> None:
        """End every bounded connection without a word; whoever uses one gets an error."""
        for link in tuple(self._open):
            link.terminate()

    async def close(self) -> None:
        """End every bounded connection."""
        await self.end(tuple(self._open))

    async def end(self, links: Collection[asyncpg.Connection]) -> None:
        """End connections: in order where the server answers, and within half a second anyhow."""
        goodbyes = [asyncio.ensure_future(link.close()) for link in links if not link.is_closed()]
        if goodbyes and not self._is_silent:
            await asyncio.wait(goodbyes, timeout=_CLOSES_WITHIN)
        for link in links:
            link.terminate()
        for goodbye in goodbyes:
            goodbye.cancel()
        await asyncio.gather(*goodbyes, return_exceptions=True)
        await asyncio.sleep(0)  # what was cut closes its socket in the loop's next turn

    @property
    def _is_silent(self) -> bool:
        """Return whether the server did not answer just now."""
        return asyncio.get_running_loop().time() < self._not_before
