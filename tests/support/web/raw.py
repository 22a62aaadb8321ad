"""A client that sends bytes of its own, whole requests or not, from a loopback address of its choice."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

__all__ = ["RawClient", "raw_client"]

_AT_ONCE = 65536


class RawClient:
    """One connection. What was received stays readable after the server has closed, unlike with asyncio's streams."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._loop = asyncio.get_running_loop()
        self._received = b""

    async def send(self, data: bytes) -> None:
        """Send it; nothing more where the server has closed."""
        with suppress(ConnectionError):
            await self._loop.sock_sendall(self._connection, data)

    async def flood(self, piece: bytes, size: int) -> int:
        """Send the same piece again and again, until the server closes or that many bytes are sent; return how many."""
        sent = 0
        with suppress(ConnectionError):
            while sent < size:
                await self._loop.sock_sendall(self._connection, piece)
                sent += len(piece)
        return sent

    async def answer(self, within: float = 5.0) -> str:
        """Return the status line and what follows, up to the end of the head; empty where it closed without a word."""
        async with asyncio.timeout(within):
            while b"\r\n\r\n" not in self._received and await self._receive():
                pass
        head, _, self._received = self._received.partition(b"\r\n\r\n")
        return head.decode()

    async def body(self, size: int, within: float = 5.0) -> bytes:
        """Return so many bytes of what follows the head."""
        async with asyncio.timeout(within):
            while len(self._received) < size and await self._receive():
                pass
        body, self._received = self._received[:size], self._received[size:]
        return body

    async def rest(self, within: float = 5.0) -> bytes:
        """Return everything until the server closes. Raises TimeoutError where it does not."""
        async with asyncio.timeout(within):
            while await self._receive():
                pass
        return self._received

    async def is_closed(self, within: float = 5.0) -> bool:
        """Return whether the server closes within some seconds, whatever it sends before."""
        try:
            await self.rest(within)
        except TimeoutError:
            return False
        return True

    async def _receive(self) -> bool:
        """Wait for more; return false where the server has closed."""
        try:
            received = await self._loop.sock_recv(self._connection, _AT_ONCE)
        except ConnectionError:
            return False
        self._received += received
        return bool(received)


@asynccontextmanager
async def raw_client(port: int, address: str = "127.0.0.1") -> AsyncIterator[RawClient]:
    """Connect from a loopback address."""
    with socket.socket() as connection:
        connection.settimeout(0)
        connection.bind((address, 0))
        await asyncio.get_running_loop().sock_connect(connection, ("127.0.0.1", port))
        yield RawClient(connection)
