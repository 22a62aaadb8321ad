"""The wire between the product and PostgreSQL: it can be cut, frozen, or fail one exchange in a chosen way.

It stands where a network stands, so whatever is behind it is real: the driver, the server, the product. An exchange is
what a client sends up to a Query or Sync, and what the server answers up to ReadyForQuery
(https://www.postgresql.org/docs/current/protocol-flow.html).
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from enum import Enum
from urllib.parse import urlsplit

__all__ = ["Fault", "Wire", "wire_to"]

_SILENT = 11.0
"""Seconds after which both sides notice a dead network (`tcp_keepalives_idle` and its kin)."""
_CANCEL, _TLS, _GSS = 80877102, 80877103, 80877104


class Fault(Enum):
    """How an exchange fails."""

    CONFLICT = "40001"
    """The server answers that another transaction was first."""
    REFUSED = "22003"
    """The server answers that a value cannot be stored, which nothing but a mistake of ours leads to."""
    CUT = "cut"
    """The connection ends before the server hears of it."""
    ANSWER_LOST = "answer lost"
    """The server does it, and the connection ends before its answer."""
    HANG = "hang"
    """Nothing is passed on any more, till the sockets' keepalive ends the connection."""


@dataclass(eq=False)
class Wire:
    """A wire to the server at `host` and `port`; it listens at `address`."""

    host: str
    port: int
    listening: int = 0
    is_up: bool = True
    thawed: asyncio.Event = field(default_factory=asyncio.Event)
    fires: Callable[[bytes], Fault | None] | None = None
    """Called with each exchange (its first message's type and body); returns how it fails, None to let it through."""
    fired: list[tuple[Fault, bytes]] = field(default_factory=list)
    prepared: dict[bytes, bytes] = field(default_factory=dict)
    """Statements by the names that the driver has given them, no two alike on any connection."""
    taken: int = 0
    """How many connections were begun."""
    _ends: set[asyncio.StreamWriter] = field(default_factory=set)
    _carrying: set[asyncio.Task[None]] = field(default_factory=set)

    def url(self, behind: str) -> str:
        """Return the URL of a database behind the wire, as it is reached through it."""
        parts = urlsplit(behind)
        return f"postgresql://{parts.username}@127.0.0.1:{self.listening}{parts.path}"

    def cut(self) -> None:
        """End every connection and take none, as while the server is away."""
        self.is_up = False
        for end in tuple(self._ends):
            end.transport.abort()

    def mend(self) -> None:
        """Take connections, and let everything through."""
        self.is_up, self.fires = True, None
        self.thawed.set()

    def freeze(self) -> None:
        """Take connections and bytes, and pass none on, as a server that is stopped."""
        self.thawed.clear()

    async def carry(self, client: asyncio.StreamReader, to_client: asyncio.StreamWriter) -> None:
        """Carry one connection until either side ends it."""
        task = asyncio.current_task()
        assert task is not None
        self.taken += 1
        self._carrying.add(task)
        self._ends.add(to_client)
        try:
            if self.is_up:
                server, to_server = await asyncio.open_connection(self.host, self.port)
                self._ends.add(to_server)
                try:
                    await _Conversation(self, client, to_client, server, to_server).run()
                finally:
                    self._ends.discard(to_server)
                    to_server.transport.abort()
        except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError):  # nobody waits for this task
            pass
        finally:
            self._ends.discard(to_client)
            to_client.transport.abort()
            self._carrying.discard(task)

    async def close(self) -> None:
        """End every connection."""
        self.cut()
        for task in tuple(self._carrying):
            task.cancel()
        await asyncio.gather(*self._carrying, return_exceptions=True)
        await asyncio.sleep(0.01)  # an aborted end closes its socket in the loop's next turn


@dataclass(eq=False)
class _Conversation:
    wire: Wire
    client: asyncio.StreamReader
    to_client: asyncio.StreamWriter
    server: asyncio.StreamReader
    to_server: asyncio.StreamWriter
    state: bytes = b"I"
    loses_answer: bool = False
    awaits_byte: bool = False

    async def run(self) -> None:
        """Carry both ways until one side ends."""
        ways = [asyncio.ensure_future(self._up()), asyncio.ensure_future(self._down())]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            for outcome in await asyncio.gather(*ways, return_exceptions=True):
                with suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
                    if isinstance(outcome, BaseException):
                        raise outcome

    async def _up(self) -> None:
        await self._greeting()
        group = b""
        while True:
            kind, message = await _message(self.client)
            group += message
            if kind == b"P":
                name, statement, *_ = message[5:].split(b"\0")
                self.wire.prepared[name] = statement
            if kind in b"QS":
                await self._exchange(group)
                group = b""
            elif kind not in b"PBDEC":
                await self._pass_on(self.to_server, group)
                group = b""

    async def _greeting(self) -> None:
        """Pass on what comes before the first typed message."""
        while True:
            length = await self.client.readexactly(4)
            rest = await self.client.readexactly(int.from_bytes(length) - 4)
            self.awaits_byte = int.from_bytes(rest[:4]) in (_TLS, _GSS)  # these are answered by one byte
            await self._pass_on(self.to_server, length + rest)
            if int.from_bytes(rest[:4]) not in (_CANCEL, _TLS, _GSS):
                return

    async def _exchange(self, group: bytes) -> None:
        fault = self.wire.fires(group) if self.wire.fires is not None else None
        if fault is None:
            await self._pass_on(self.to_server, group)
            return
        self.wire.fired.append((fault, group))
        match fault:
            case Fault.CONFLICT | Fault.REFUSED:
                self.to_client.write(_error(fault.value) + _ready(b"I" if self.state == b"I" else b"E"))
            case Fault.CUT:
                raise ConnectionResetError
            case Fault.ANSWER_LOST:
                self.loses_answer = True
                await self._pass_on(self.to_server, group)
            case Fault.HANG:
                await asyncio.sleep(_SILENT)
                raise ConnectionResetError

    async def _down(self) -> None:
        while True:
            kind = await self.server.readexactly(1)
            if self.awaits_byte:
                self.awaits_byte = False
                await self._pass_on(self.to_client, kind)
                continue
            length = await self.server.readexactly(4)
            body = await self.server.readexactly(int.from_bytes(length) - 4)
            if kind == b"Z":
                self.state = body
                if self.loses_answer:
                    raise ConnectionResetError
            if not self.loses_answer:
                await self._pass_on(self.to_client, kind + length + body)

    async def _pass_on(self, to: asyncio.StreamWriter, what: bytes) -> None:
        await self.wire.thawed.wait()
        to.write(what)
        await to.drain()


async def _message(reader: asyncio.StreamReader) -> tuple[bytes, bytes]:
    kind = await reader.readexactly(1)
    length = await reader.readexactly(4)
    return kind, kind + length + await reader.readexactly(int.from_bytes(length) - 4)


def _error(code: str) -> bytes:
    fields = f"SERROR\0VERROR\0C{code}\0Mplanted on the wire\0\0".encode()
    return b"E" + (len(fields) + 4).to_bytes(4) + fields


def _ready(state: bytes) -> bytes:
    return b"Z" + (5).to_bytes(4) + state


@asynccontextmanager
async def wire_to(url: str) -> AsyncIterator[Wire]:
    """Lend a wire to the server of a URL."""
    parts = urlsplit(url)
    wire = Wire(parts.hostname or "127.0.0.1", parts.port or 5432)
    wire.thawed.set()
    server = await asyncio.start_server(wire.carry, "127.0.0.1", 0)
    wire.listening = server.sockets[0].getsockname()[1]
    try:
        yield wire
    finally:
        await wire.close()
        server.close()
        await server.wait_closed()
        await asyncio.sleep(0)
