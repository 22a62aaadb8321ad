"""A bare HTTP/1.1 server over an asyncio protocol, for places where the server must not be felt."""

import asyncio
from collections.abc import Callable
from typing import cast

__all__ = ["Answer", "listen_raw"]

Answer = Callable[[bytes, bytes, bytes], tuple[int, bytes]]


async def listen_raw(answer: Answer, port: int = 0, host: str = "127.0.0.1") -> tuple[asyncio.Server, str]:
    """Serve on loopback: `answer` gets path, lower-case head and body, and gives status and JSON body.

    Gives the server and its base address.
    """
    server = await asyncio.get_running_loop().create_server(lambda: _Connection(answer), host, port)
    return server, f"http://{host}:{server.sockets[0].getsockname()[1]}"


class _Connection(asyncio.Protocol):
    """One kept-alive connection; bodies have a Content-Length, as those of HTTP clients have."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer
        self._buffer = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remember where to answer."""
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """Answer every request that is complete."""
        self._buffer += data
        while (head_end := self._buffer.find(b"\r\n\r\n")) >= 0:
            head = self._buffer[:head_end].lower()
            start, length = head_end + 4, _content_length(head)
            if len(self._buffer) < start + length:
                return
            path = self._buffer[: self._buffer.index(b"\r\n")].split(b" ")[1]
            body = self._buffer[start : start + length]
            self._buffer = self._buffer[start + length :]
            self._write(*self._answer(path, head, body))

    def _write(self, status: int, body: bytes) -> None:
        assert self._transport is not None
        head = b"HTTP/1.1 %d -\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
        self._transport.write(head % (status, len(body)) + body)


def _content_length(head: bytes) -> int:
    at = head.find(b"content-length:")
    if at < 0:
        return 0
    end = head.find(b"\r\n", at)
    return int(head[at + 15 : end if end >= 0 else len(head)])
