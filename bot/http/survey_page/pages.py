"""Draws the survey's pages: no inline script, nothing in a cache, nothing from elsewhere but WeChat's own button."""

from base64 import b64encode
from collections.abc import Mapping
from hashlib import sha256
from http import HTTPStatus
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.responses import HTMLResponse, Response

__all__ = ["ASSETS", "BUTTON_STYLE", "page"]

ASSETS: Mapping[str, bytes] = {file.name: file.read_bytes() for file in files(__package__).joinpath("static").iterdir()}
"""Style sheet, scripts and picture, by name."""

BUTTON_STYLE = (
    ".b{box-sizing:border-box;width:100%;padding:14px;border:0;border-radius:14px;"
    "background:#1f7a63;color:#fff;font:600 17px/1.3 system-ui,sans-serif}"
)
"""The style inside WeChat's button, which draws itself apart from the page and its style sheet."""

_WECHAT = "https://res.wx.qq.com"
_STYLE_HASH = f"'sha256-{b64encode(sha256(BUTTON_STYLE.encode()).digest()).decode()}'"
_SOURCES = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
_ALLOWED = {
    "tell": {"script-src": f"'self' {_WECHAT}", "style-src": f"'self' {_STYLE_HASH}"},
    "scan": {"img-src": "'self' data:"},
}
"""What single pages may load besides."""

_ADDRESSES = {name: f"static/{name}?{sha256(text).hexdigest()[:8]}" for name, text in ASSETS.items()}
"""Where pages find them, seen from the page; the address changes with the file, which may be kept for ever."""

_HEADERS = {
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    # "no-referrer" would make browsers send `Origin: null` with forms (Fetch, "serializing a request origin").
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "x-robots-tag": "noindex, nofollow",
}
_PAGES = Environment(
    loader=PackageLoader(__package__), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
)


def page(
    name: str,
    locale: str,
    values: Mapping[str, object],
    status: int = HTTPStatus.OK,
    *,
    allows: str = "",
    under: str = "",
) -> Response:
    """Draw a template; `allows` names what else it may load: `tell` WeChat's button, `scan` a picture in the page.

    `under` leads from the page's own address to those of customers' pages, where it stands elsewhere.
    """
    sources = {**_SOURCES, **_ALLOWED.get(allows, {})}
    headers = {**_HEADERS, "content-security-policy": "; ".join(map(" ".join, sources.items()))}
    asset = {file: under + address for file, address in _ADDRESSES.items()}
    text = _PAGES.get_template(f"{name}.html").render(locale=locale, asset=asset, **values)
    return HTMLResponse(text, status, headers)
