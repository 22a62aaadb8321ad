"""`/metrics`: what Prometheus scrapes, with a key on the public port, and without one on a port of its own."""

from collections.abc import Awaitable, Callable
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.http.auth import granted_scopes, require_scope
from bot.http.problems import ErrorGuard, Problem
from bot.telemetry.instruments import EXPOSITION_TYPE
from config.values.key_scopes import KeyScope

__all__ = ["METRICS_PATH", "Scrape", "metrics_app", "metrics_page"]

METRICS_PATH = "/metrics"
Scrape = Callable[[], Awaitable[bytes]]
"""Returns the process's metrics in Prometheus' text format; raises Unavailable while the database is away."""
_CLOSED = (
    "Send Authorization: Bearer followed by a key of api.keys that may read, or scrape the port of metrics.listen."
)


async def metrics_page(request: Request) -> Response:
    """Answer with the metrics. Raises Problem: 401 without a key, 403 with one that may not read."""
    if not granted_scopes(request.scope):
        raise Problem(HTTPStatus.UNAUTHORIZED, _CLOSED, headers={"www-authenticate": "Bearer"})
    require_scope(request.scope, (KeyScope.READ,))
    scrape: Scrape = request.app.state.web.scrape
    return _exposed(await scrape())


def metrics_app(scrape: Scrape) -> ASGIApp:
    """Return the application of the port that has nothing but `/metrics`."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"] != METRICS_PATH:
            response: Response = PlainTextResponse("Only /metrics is here.\n", HTTPStatus.NOT_FOUND)
        elif scope["method"] not in ("GET", "HEAD"):
            response = PlainTextResponse("GET it.\n", HTTPStatus.METHOD_NOT_ALLOWED, {"allow": "GET"})
        else:
            response = _exposed(await scrape())
        await response(scope, receive, send)

    return ErrorGuard(answer)


def _exposed(text: bytes) -> Response:
    return Response(text, headers={"content-type": EXPOSITION_TYPE})
