"""A port that somebody else takes between our binding and our listening is not greeted on."""

import asyncio
import socket

import pytest
from starlette.types import Receive, Scope, Send

from bot.http.server.connections import ConnectionLimits, Connections
from bot.http.server.serve import serve_http
from bot.process.alarms import Alarms
from bot.process.server_sockets import bound_sockets
from bot.process.system import SystemClock
from tests.support.ports import reserved_port
from tests.support.time.patience import PATIENCE


async def _nothing(_scope: Scope, _receive: Receive, _send: Send) -> None: ...


async def test_nobody_is_told_that_we_listen_before_the_port_is_ours() -> None:
    told = list[str]()
    with reserved_port() as port, socket.socket() as other:
        async with bound_sockets("127.0.0.1", port, lambda _key: "") as sockets:
            other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            other.bind(("127.0.0.1", port))
            other.listen()
            serving = serve_http(
                _nothing,
                sockets,
                Connections(ConnectionLimits(), Alarms(SystemClock())),
                lambda: told.append("listening"),
            )
            with pytest.raises(OSError, match="in use"):
                async with asyncio.timeout(PATIENCE):
                    await serving
    assert told == []
