"""Routers of the API: described with their key, and with bodies read strictly, whatever content type they claim."""

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import APIRouter, Security
from fastapi.routing import APIRoute
from fastapi.security import HTTPBearer
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Scope

from bot.http.request_json import json_body

__all__ = ["api_router"]

Handler = Callable[[Request], Coroutine[Any, Any, Response]]

# `KeyGuard` checks the key; this only describes it.
_KEY = HTTPBearer(auto_error=False, description="One of the keys of `api.keys`.")


class _Read(Request):
    """A request whose JSON has been read already."""

    value: Any = None

    async def json(self) -> Any:  # noqa: ANN401 (JSON is anything)
        """Return the body as it was read."""
        return self.value


def api_router(things: str) -> APIRouter:
    """Return the router of `/api/v1/{things}`; with its prefix, since `include_router` would slow the first request."""
    return APIRouter(
        prefix=f"/api/v1/{things}",
        tags=[things.capitalize()],
        dependencies=[Security(_KEY)],
        route_class=_StrictRoute,
        strict_content_type=False,
    )


class _StrictRoute(APIRoute):
    """A route of the API. `curl -d` says "form" and means JSON, so the content type is not believed."""

    def get_route_handler(self) -> Handler:
        """Return a handler that reads the body first, so that bad JSON is answered in our format."""
        answer = super().get_route_handler()

        async def strictly(request: Request) -> Response:
            read = _Read(_as_json(request.scope), request.receive)
            body = await read.body() if self.body_field else b""
            if body:
                read.value = json_body(body)
            return await answer(read)

        return strictly


def _as_json(scope: Scope) -> Scope:
    """Return the scope with JSON as its content type."""
    headers = [pair for pair in scope["headers"] if pair[0].lower() != b"content-type"]
    return {**scope, "headers": [*headers, (b"content-type", b"application/json")]}
