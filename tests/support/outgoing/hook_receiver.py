"""A receiver of outgoing webhooks: it verifies with the reference library, and answers as a test tells it to."""

import asyncio
import json
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any

from standardwebhooks import Webhook, WebhookVerificationError

from scoring.values import Value
from tests.support.time.patience import PATIENCE

__all__ = ["Answering", "Got", "HookReceiver", "answer", "drips", "hangs", "hook_receiver"]

Answering = Callable[[asyncio.StreamWriter], Awaitable[None]]
"""What a receiver does once it has read a request."""


class Got(Value):
    """A request as it came."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def event(self) -> str:
        """The event's id."""
        return self.headers["webhook-id"]

    @property
    def json(self) -> Any:  # noqa: ANN401 (JSON is anything)
        """The body as JSON."""
        return json.loads(self.body)

    def is_signed_by(self, secret: str) -> bool:
        """Return whether the reference library accepts it."""
        with suppress(WebhookVerificationError):
            Webhook(secret).verify(self.body.decode(), self.headers)
            return True
        return False


class HookReceiver:
    """Listens on a port of this machine; each request gets the next of `answers`, then `usual` again and again."""

    def __init__(self) -> None:
        self.got: list[Got] = []
        self.answers: deque[Answering] = deque()
        self.usual: Answering = answer(200)
        self.url = ""
        self._more = asyncio.Event()
        self._serving: set[asyncio.Task[None]] = set()

    async def until(self, seen: Callable[[], object], within: float = PATIENCE) -> list[Got]:
        """Return everything that came once `seen` holds."""
        try:
            async with asyncio.timeout(within):
                while not seen():
                    self._more.clear()
                    await self._more.wait()
        except TimeoutError:
            raise AssertionError(f"only {[(one.event, one.json['type']) for one in self.got]} came") from None
        return self.got

    def types(self) -> list[str]:
        """Return the types of what came, in order."""
        return [one.json["type"] for one in self.got]

    async def take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve a connection: one request."""
        task = asyncio.ensure_future(self._serve(reader, writer))
        self._serving.add(task)
        task.add_done_callback(self._serving.discard)

    async def close(self) -> None:
        """End what is still being answered."""
        for task in list(self._serving):
            task.cancel()
        await asyncio.gather(*self._serving, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await self._answer(reader, writer)
        finally:
            writer.close()
            with suppress(ConnectionError):
                await writer.wait_closed()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
            headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in head[1:] if line)}
            body = await reader.readexactly(int(headers.get("content-length", 0)))
            self.got.append(Got(head[0].split(" ")[1], headers, body))
            self._more.set()
            await (self.answers.popleft() if self.answers else self.usual)(writer)


def answer(status: int, body: str = "", **headers: str) -> Answering:
    """Answer with a status, a body, and headers."""
    lines = [f"HTTP/1.1 {status} It", f"content-length: {len(body.encode())}", "connection: close"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]

    async def say(writer: asyncio.StreamWriter) -> None:
        writer.write("\r\n".join([*lines, "", body]).encode())
        await writer.drain()

    return say


async def hangs(writer: asyncio.StreamWriter) -> None:
    """Answer nothing for as long as anybody waits."""
    with suppress(ConnectionError):
        while True:
            await asyncio.sleep(0.05)
            await writer.drain()


async def drips(writer: asyncio.StreamWriter) -> None:
    """Answer 200 at once, and then a byte of a long body from time to time."""
    writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n")
    while not writer.is_closing():
        writer.write(b".")
        await writer.drain()
        await asyncio.sleep(0.3)


@asynccontextmanager
async def hook_receiver() -> AsyncIterator[HookReceiver]:
    """Lend a receiver."""
    receiver = HookReceiver()
    server = await asyncio.start_server(receiver.take, "127.0.0.1", 0)
    receiver.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/hook"
    try:
        yield receiver
    finally:
        server.close()
        await receiver.close()
