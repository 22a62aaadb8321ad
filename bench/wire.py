"""HTTP/1.1 by hand over asyncio protocols: what the load generator costs must not be felt in what it measures."""

import asyncio
from collections import deque
from collections.abc import Callable
from typing import cast

__all__ = ["Pool", "request"]

Done = Callable[[int], None]


def request(method: str, path: str, headers: dict[str, str], body: bytes) -> bytes:
    """Write out one JSON request as bytes."""
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", "Content-Type: application/json"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, f"Content-Length: {len(body)}", "", ""]).encode() + body


class Pool:
    """Kept-alive connections to one server; a request waits when all of them are busy."""

    def __init__(self, host: str, port: int, size: int) -> None:
        self._host, self._port, self._size = host, port, size
        self._idle: list[_Line] = []
        self._waiting: deque[tuple[bytes, Done]] = deque()
        self._lines: set[_Line] = set()
        self._opening: set[asyncio.Task[None]] = set()

    def send(self, written: bytes, done: Done) -> None:
        """Send a request; `done` gets the HTTP status, or 0 when the connection broke."""
        if self._idle:
            self._idle.pop().send(written, done)
            return
        self._waiting.append((written, done))
        if len(self._lines) + len(self._opening) < self._size:
            task = asyncio.get_running_loop().create_task(self._open())
            self._opening.add(task)
            task.add_done_callback(self._opening.discard)

    def close(self) -> None:
        """Close every connection."""
        self._waiting.clear()
        for line in list(self._lines):
            line.close()

    def _free(self, line: "_Line") -> None:
        if self._waiting:
            line.send(*self._waiting.popleft())
        else:
            self._idle.append(line)

    def _lost(self, line: "_Line") -> None:
        self._lines.discard(line)
        if line in self._idle:
            self._idle.remove(line)

    async def _open(self) -> None:
        try:
            _, line = await asyncio.get_running_loop().create_connection(
                lambda: _Line(self._free, self._lost), self._host, self._port
            )
        except OSError:
            if self._waiting:
                self._waiting.popleft()[1](0)
            return
        self._lines.add(line)
        self._free(line)


class _Line(asyncio.Protocol):
    """One connection with at most one request under way."""

    def __init__(self, free: "Callable[[_Line], None]", lost: "Callable[[_Line], None]") -> None:
        self._free, self._lost = free, lost
        self._done: Done | None = None
        self._buffer = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remember where to write."""
        self._transport = cast("asyncio.Transport", transport)

    def send(self, written: bytes, done: Done) -> None:
        """Write a request; the line is busy until its answer is complete."""
        assert self._transport is not None
        self._done = done
        self._transport.write(written)

    def close(self) -> None:
        """Close the connection without waiting for an answer."""
        self._done = None
        if self._transport is not None:
            self._transport.close()

    def data_received(self, data: bytes) -> None:
        """Read until the answer is complete, tell its status, and be free again."""
        self._buffer += data
        if not _is_complete(self._buffer):
            return
        status, done = int(self._buffer[9:12]), self._done
        self._buffer, self._done = b"", None
        self._free(self)
        if done is not None:
            done(status)

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell whoever waits that no answer will come."""
        del exc
        self._lost(self)
        if self._done is not None:
            self._done(0)


def _is_complete(buffer: bytes) -> bool:
    end = buffer.find(b"\r\n\r\n")
    if end < 0:
        return False
    head = buffer[:end].lower()
    at = head.find(b"content-length:")
    if at >= 0:
        stop = head.find(b"\r\n", at)
        return len(buffer) >= end + 4 + int(head[at + 15 : stop if stop >= 0 else end])
    return b"transfer-encoding: chunked" not in head or buffer.endswith(b"0\r\n\r\n")
