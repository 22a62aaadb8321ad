"""Guards of the console: a session's cookie for every page, and an origin of ours for every POST."""

from collections.abc import Awaitable, Callable
from functools import wraps
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import Response

from bot.http.console.render import console_page, reader_language
from bot.http.context import Web
from bot.http.pages import own_origins
from bot.http.problems import Problem

__all__ = ["from_our_page", "greet", "is_inside", "members_only"]

Handler = Callable[[Request], Awaitable[Response]]

_HOURS_12 = 12 * 3600


def is_inside(request: Request) -> bool:
    """Return whether the request has a session."""
    web: Web = request.app.state.web
    return web.console.knows(request.cookies.get(_cookie(web), ""))


def greet(response: Response, web: Web, session: str) -> Response:
    """Set the session's cookie and return the response."""
    secure = _is_secure(web)
    response.set_cookie(
        _cookie(web), session, max_age=_HOURS_12, path="/", secure=secure, httponly=True, samesite="strict"
    )
    return response


def members_only(handler: Handler) -> Handler:
    """Wrap a handler: without a session it answers 401, with a page, or with a problem where a script asks."""

    @wraps(handler)
    async def guarded(request: Request) -> Response:
        if is_inside(request):
            return await handler(request)
        if "text/html" in request.headers.get("accept", ""):
            return console_page("lost", reader_language(request), HTTPStatus.UNAUTHORIZED)
        raise Problem(HTTPStatus.UNAUTHORIZED, "Open the one-time link that huifang printed in the terminal.")

    return guarded


def from_our_page(handler: Handler) -> Handler:
    """Wrap a handler: it answers 403 to a POST that another site made the browser send."""

    @wraps(handler)
    async def guarded(request: Request) -> Response:
        web: Web = request.app.state.web
        if request.headers.get("origin") not in own_origins(request, web.public_url):
            raise Problem(HTTPStatus.FORBIDDEN, "This was not sent by a page of ours.")
        return await handler(request)

    return guarded


def _cookie(web: Web) -> str:
    """Return the cookie's name; with the prefix `__Host-` browsers accept it from this host by https only."""
    return "__Host-huifang" if _is_secure(web) else "huifang"


def _is_secure(web: Web) -> bool:
    return web.public_url.startswith("https:")
