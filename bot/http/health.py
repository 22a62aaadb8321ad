"""Alive, and able to serve: what a supervisor and a load balancer ask."""

from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.http.context import Web

__all__ = ["ROUTES"]

_FRESH = {"cache-control": "no-store"}


async def alive(_request: Request) -> Response:
    """Answer 200 while the process lives."""
    return JSONResponse({"status": "alive"}, headers=_FRESH)


async def ready(request: Request) -> Response:
    """Answer 200 while we can serve, 503 while the database cannot be written; alarms are lines in both."""
    web: Web = request.app.state.web
    readiness = await web.ready()
    status = HTTPStatus.OK if readiness.writable else HTTPStatus.SERVICE_UNAVAILABLE
    told = {
        "status": "ready" if readiness.writable else "not ready",
        "database": "ok" if readiness.writable else "cannot be written",
        "alarms": list(readiness.alarms),
    }
    return JSONResponse(told, status, _FRESH)


ROUTES = [Route("/healthz", alive), Route("/readyz", ready)]
