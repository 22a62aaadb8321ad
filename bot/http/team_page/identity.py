"""The name of whoever works on the page: entered once, kept in a signed cookie that no script can read."""

from datetime import timedelta
from hmac import digest

from starlette.requests import Request
from starlette.responses import Response

from bot.http.context import Web
from bot.signed_links import LinkPurpose, Links, Stale

__all__ = ["forget_name", "known_name", "remember_name"]

_LASTS = timedelta(days=180)
_PATH = "/t"


def known_name(request: Request) -> str:
    """Return the name in the request's cookie, empty for none."""
    web: Web = request.app.state.web
    try:
        _, name = _name_links(web).read(request.cookies.get(_cookie(web), ""), web.clock.now())
    except (LookupError, Stale):
        return ""
    return name


def remember_name(response: Response, web: Web, name: str) -> Response:
    """Set the cookie with a name and return the response; `lax`, since the page is opened from other apps."""
    token = _name_links(web).token(LinkPurpose.TEAM, name, web.clock.now() + _LASTS)
    response.set_cookie(
        _cookie(web),
        token,
        max_age=int(_LASTS.total_seconds()),
        path=_PATH,
        secure=_is_secure(web),
        httponly=True,
        samesite="lax",
    )
    return response


def forget_name(response: Response, web: Web) -> Response:
    """Delete the cookie with the name and return the response."""
    response.delete_cookie(_cookie(web), path=_PATH, secure=_is_secure(web), httponly=True, samesite="lax")
    return response


def _name_links(web: Web) -> Links:
    """Return links signed with a key of their own, so that a name is never taken for a link, nor a link for a name."""
    links = web.receiver.policy.links
    return Links(links.base, digest(links.key, b"who works on the team page", "sha256"))


def _cookie(web: Web) -> str:
    """Return the cookie's name; with the prefix `__Secure-` browsers send it by https only (RFC 6265bis, 4.1.3.1)."""
    return "__Secure-huifang-name" if _is_secure(web) else "huifang-name"


def _is_secure(web: Web) -> bool:
    return web.receiver.policy.links.base.startswith("https:")
