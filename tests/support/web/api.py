"""The API of the real services, without a process or a socket."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx

from bot.http.app import create_app
from bot.http.context import Readiness, Web
from bot.http.scopes import ApiKey
from bot.http.sessions import ConsoleSessions
from bot.jobs.failed_deliveries import FailedDeliveries
from bot.process.alarms import Alarms
from bot.wiring.services import Services
from tests.support.web.house import URL

__all__ = ["api_of", "web_of"]


def web_of(
    services: Services,
    key: str,
    failed: FailedDeliveries | None = None,
    **more: Any,  # noqa: ANN401 (fields of Web)
) -> Web:
    """Return the web side of services, which one key opens."""

    async def ready() -> Readiness:
        return Readiness()

    async def scrape() -> bytes:
        return b""

    receiver, reader, clock = services.receiver, services.reader, services.clock
    return Web(
        receiver=receiver,
        reader=reader,
        clock=clock,
        secrets=services.secrets,
        console=ConsoleSessions(clock, services.secrets),
        ready=ready,
        scrape=scrape,
        hooks=services.hooks,
        failed=failed or FailedDeliveries(receiver=receiver, reader=reader, alarms=Alarms(clock), connections={}),
        public_url=URL,
        api_keys=(ApiKey(key),),
        imports=services.imports,
        **more,
    )


@asynccontextmanager
async def api_of(web: Web, key: str, **headers: str) -> AsyncIterator[httpx.AsyncClient]:
    """Return a client that holds a key."""
    app, held = httpx.ASGITransport(create_app(web)), {"authorization": f"Bearer {key}", **headers}
    async with httpx.AsyncClient(transport=app, base_url=URL, headers=held) as api:
        yield api
