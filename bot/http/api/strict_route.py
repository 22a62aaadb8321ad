"""Routers of the API: open to keys of the right scope, and with bodies read strictly, whatever their content type."""

import re
from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import APIRouter
from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Scope

from bot.http.api.openapi import SECURITY_SCHEME, problems
from bot.http.auth import require_scope
from bot.http.request_json import json_body
from bot.http.scopes import scopes_for

__all__ = ["api_router"]

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


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
        route_class=_StrictRoute,
        strict_content_type=False,
    )


def _as_told(docstring: str) -> str:
    """Return what a docstring says to whoever calls the route: nothing of exceptions."""
    return re.sub(r"Raises Problem\s(for\s)?", "Refuses ", docstring.replace("Raises Problem.", "")).strip()


class _StrictRoute(APIRoute):
    """A route of the API. `curl -d` says "form" and means JSON, so the content type is not believed.

    Raises KeyError where `ROUTE_SCOPES` has no scope for it. `KeyGuard` has checked that there is a key.
    """

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:  # noqa: ANN401 (as FastAPI has it)
        self._scopes = scopes_for(options["methods"], path)
        security = {"security": [{SECURITY_SCHEME: [scope]} for scope in self._scopes]}
        security |= options.pop("openapi_extra", None) or {}
        responses = {**problems(403, 429), **(options.pop("responses", None) or {})}
        super().__init__(path, endpoint, **{**options, "responses": responses, "openapi_extra": security})
        self.description = _as_told(self.description)

    def get_route_handler(self) -> Handler:
        """Return a handler that reads the body first, so that bad JSON is answered in our format."""
        answer, scopes = super().get_route_handler(), self._scopes

        async def strictly(request: Request) -> Response:
            require_scope(request.scope, scopes)
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
