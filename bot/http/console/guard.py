"""Who is at the console's door: a session's cookie, and a page of ours behind every POST."""

from collections.abc import Awaitable, Callable
from functools import wraps
from http import HTTPStatus
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response

from bot.http.console.pages import page
from bot.http.console.words import language_of
from bot.http.context import Web
from bot.http.problems import Problem

__all__ = ["from_our_page", "greet", "is_inside", "members_only", "reader_language"]

Handler = Callable[[Request], Awaitable[Response]]

_HOURS_12 = 12 * 3600


def reader_language(request: Request) -> str:
    """Return the language of whoever looks at a page."""
    web: Web = request.app.state.web
    return language_of(request, web.receiver.policy.locale)


def is_inside(request: Request) -> bool:
    """Return whether the sender has a session."""
    web: Web = request.app.state.web
    return web.console.knows(request.cookies.get(_cookie(web), ""))


def greet(response: Response, web: Web, session: str) -> Response:
    """Set the session's cookie."""
    secure = _is_secure(web)
    response.set_cookie(
        _cookie(web), session, max_age=_HOURS_12, path="/", secure=secure, httponly=True, samesite="strict"
    )
    return response


def members_only(handler: Handler) -> Handler:
    """Answer those who are not inside with a friendly page, or with a problem where the page's script asks."""

    @wraps(handler)
    async def guarded(request: Request) -> Response:
        if is_inside(request):
            return await handler(request)
        if "text/html" in request.headers.get("accept", ""):
            return page("lost", reader_language(request), HTTPStatus.UNAUTHORIZED)
        raise Problem(HTTPStatus.UNAUTHORIZED, "Open the one-time link that huifang printed in the terminal.")

    return guarded


def from_our_page(handler: Handler) -> Handler:
    """Refuse a POST that another site made the browser send."""

    @wraps(handler)
    async def guarded(request: Request) -> Response:
        web: Web = request.app.state.web
        host = request.headers.get("host", "")
        ours = {_origin(web.public_url), f"http://{host}", f"https://{host}"}
        if request.headers.get("origin") not in ours:
            raise Problem(HTTPStatus.FORBIDDEN, "This was not sent by a page of ours.")
        return await handler(request)

    return guarded


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _cookie(web: Web) -> str:
    """Name the cookie; the prefix makes browsers insist on a secure, host-only one."""
    return "__Host-huifang" if _is_secure(web) else "huifang"


def _is_secure(web: Web) -> bool:
    return web.public_url.startswith("https:")
