"""Gives a house an address, so that browsers can come."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import uvicorn

from tests.support.ports import reserved_port
from tests.support.web.house import House

__all__ = ["served"]


@asynccontextmanager
async def served(house: House) -> AsyncIterator[str]:
    """Serve a house while the block runs."""
    with reserved_port() as port:
        server = uvicorn.Server(uvicorn.Config(house.app, port=port, lifespan="off", log_config=None))
        serving = asyncio.create_task(server.serve())
        while not server.started:  # noqa: ASYNC110 (uvicorn tells in no other way)
            await asyncio.sleep(0.01)
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            server.should_exit = True
            await serving
