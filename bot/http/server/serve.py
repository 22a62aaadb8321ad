"""The web server: uvicorn, with bounded connections, on sockets that are bound already."""

import asyncio
import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import uvicorn
from starlette.types import ASGIApp

from bot.http.server.connections import Connections
from bot.http.server.protocol import BoundedProtocol

__all__ = ["serve_http"]

_GRACE = 2
"""Seconds that requests under way get when the server stops."""
_CUT_WITHIN = 1
"""Seconds in which what is cut off has to be over."""
_BACKLOG = 256
"""Connections that the kernel may hold before they are accepted, all of them at once where we were busy."""


async def serve_http(
    app: ASGIApp, sockets: Sequence[socket.socket], connections: Connections, on_listening: Callable[[], None]
) -> None:
    """Serve until cancelled; requests under way then get two seconds.

    Raises OSError where it cannot listen, and whatever ends the closing of slow clients, without which none is served.
    """
    proxies = [str(network) for network in connections.limits.proxies]
    config = uvicorn.Config(
        app,
        http=BoundedProtocol,
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        proxy_headers=bool(proxies),
        forwarded_allow_ips=proxies,
        server_header=False,
        date_header=False,
        timeout_graceful_shutdown=_GRACE,
        backlog=_BACKLOG,
    )
    server = _Server(config, connections, on_listening)
    serving = asyncio.ensure_future(server.serve(list(sockets)))
    sweeping = asyncio.ensure_future(connections.keep_sweeping())
    try:
        ended, _ = await asyncio.wait({serving, sweeping}, return_when=asyncio.FIRST_COMPLETED)
        for one in ended:
            one.result()
    finally:  # a cancelled uvicorn would leave its requests behind, which need the database
        server.should_exit = True
        try:
            await serving
        finally:
            sweeping.cancel()


class _Server(uvicorn.Server):
    """Leaves signals to `bot.app`: one place decides when the process ends."""

    def __init__(self, config: uvicorn.Config, connections: Connections, on_listening: Callable[[], None]) -> None:
        super().__init__(config)
        self.server_state = self._bounded = connections
        self._on_listening = on_listening

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._on_listening()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Wait for requests under way, then close what is left."""
        await super().shutdown(sockets)
        if self._bounded.tasks:
            await asyncio.wait(self._bounded.tasks, timeout=_CUT_WITHIN)
        self._bounded.cut()
