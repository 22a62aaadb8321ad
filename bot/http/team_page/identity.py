"""Who works on the page: a name given once, remembered in a signed cookie that no script reads."""

from datetime import timedelta
from hmac import digest

from starlette.requests import Request
from starlette.responses import Response

from bot.http.context import Web
from bot.signed_links import Links, Purpose, Stale

__all__ = ["forget", "known_name", "remember"]

_LASTS = timedelta(days=180)
_PATH = "/t"


def known_name(request: Request) -> str:
    """Return the name that this browser was told to remember, empty for none."""
    web: Web = request.app.state.web
    try:
        _, name = _seal(web).read(request.cookies.get(_cookie(web), ""), web.clock.now())
    except (LookupError, Stale):
        return ""
    return name


def remember(response: Response, web: Web, name: str) -> Response:
    """Let the browser remember a name. `lax`, since the page is opened from other apps."""
    token = _seal(web).token(Purpose.TEAM, name, web.clock.now() + _LASTS)
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


def forget(response: Response, web: Web) -> Response:
    """Let the browser forget the name."""
    response.delete_cookie(_cookie(web), path=_PATH, secure=_is_secure(web), httponly=True, samesite="lax")
    return response


def _seal(web: Web) -> Links:
    """Sign with a key of its own, so that a name is never a link and a link never a name."""
    links = web.receiver.policy.links
    return Links(links.base, digest(links.key, b"who works on the team page", "sha256"))


def _cookie(web: Web) -> str:
    """Name the cookie; the prefix makes browsers insist on https."""
    return "__Secure-huifang-name" if _is_secure(web) else "huifang-name"


def _is_secure(web: Web) -> bool:
    return web.receiver.policy.links.base.startswith("https:")
