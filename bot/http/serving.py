"""The web server: uvicorn in our own loop, without its own signals and log lines."""

from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from starlette.types import ASGIApp

__all__ = ["serve_http"]


class _Server(uvicorn.Server):
    """Leaves signals to us: one place decides when the process ends."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


async def serve_http(app: ASGIApp, host: str, port: int) -> None:
    """Serve until cancelled; open requests then get two seconds."""
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        http="httptools",
        lifespan="off",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        date_header=False,
        timeout_graceful_shutdown=2,
        backlog=1024,
    )
    server = _Server(config)
    try:
        await server.serve()
    finally:
        server.should_exit = True
