"""The name of whoever works on the page: entered once, kept in a signed cookie that no script can read.

It also holds what was claimed in this browser, and whether the name came by the person's own link: whoever holds an
issue, or leads, proves it so, where a name alone proves nothing.
"""

from datetime import timedelta
from hmac import digest

from starlette.requests import Request
from starlette.responses import Response

from bot.handlers.issues.contact_details import HolderLink, read_holder_link
from bot.http.context import Web
from bot.signed_links import LinkPurpose, Links, Stale

__all__ = ["forget_name", "held_link", "is_own_name", "known_name", "remember_name"]

_LASTS = timedelta(days=180)
_PATH = "/t"
_OWN = "="
"""The cookie's line which says that the name was given by the person's own link."""
_HELD = 8
"""Claims that a browser knows of: a cookie holds 4096 bytes (RFC 6265, 6.1)."""


def known_name(request: Request) -> str:
    """Return the name in the request's cookie, empty for none."""
    return _kept(request)[0]


def is_own_name(request: Request, name: str) -> bool:
    """Return whether a name was given to this browser by the person's own link."""
    kept = _kept(request)
    return bool(name) and kept[0] == name and _OWN in kept[1:]


def held_link(request: Request, issue: str) -> HolderLink | None:
    """Return the holder's link to an issue that was claimed in this browser, under the name that it still has."""
    return next((link for link in _held(request) if link.issue == issue), None)


def remember_name(
    response: Response, request: Request, name: str, token: str = "", *, is_own: bool = False
) -> Response:
    """Set the cookie with a name and return the response; `lax`, since the page is opened from other apps.

    `token` is that of the holder's page of an issue just claimed; the cookie knows the latest of them. `is_own` where
    the name comes with the person's own link, which stays known until another name is given.
    """
    web: Web = request.app.state.web
    held = [f"{link.issue} {link.mark} {link.name}" for link in _held(request) if link.name == name]
    fresh = [web.receiver.policy.links.read(token, web.clock.now())[1]] if token else []
    own = (_OWN,) if is_own or is_own_name(request, name) else ()
    kept = "\n".join((name, *own, *list(dict.fromkeys((*fresh, *held)))[:_HELD]))
    value = _name_links(web).token(LinkPurpose.TEAM, kept, web.clock.now() + _LASTS)
    response.set_cookie(
        _cookie(web),
        value,
        max_age=int(_LASTS.total_seconds()),
        path=_PATH,
        secure=_is_secure(web),
        httponly=True,
        samesite="lax",
    )
    return response


def _held(request: Request) -> list[HolderLink]:
    return [read_holder_link(subject) for subject in _kept(request)[1:] if subject != _OWN]


def _kept(request: Request) -> list[str]:
    """Return the lines of the request's cookie: the name, then what was claimed under it."""
    web: Web = request.app.state.web
    try:
        _, kept = _name_links(web).read(request.cookies.get(_cookie(web), ""), web.clock.now())
    except (LookupError, Stale):
        return [""]
    return kept.split("\n")


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
