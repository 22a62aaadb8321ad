"""Draws the team's pages: no script at all, nothing in a cache, nothing from elsewhere."""

from collections.abc import Mapping
from hashlib import sha256
from http import HTTPStatus
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.responses import HTMLResponse, Response

__all__ = ["ASSETS", "page"]

ASSETS: Mapping[str, bytes] = {file.name: file.read_bytes() for file in files(__package__).joinpath("static").iterdir()}
"""Style sheet and picture, by name."""

_ADDRESSES = {name: f"static/{name}?{sha256(text).hexdigest()[:8]}" for name, text in ASSETS.items()}
"""Where pages find them, seen from the page; the address changes with the file, which may be kept for ever."""

_SOURCES = {
    "default-src": "'none'",
    "style-src": "'self'",
    "img-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
_HEADERS = {
    "cache-control": "no-store",
    "content-security-policy": "; ".join(map(" ".join, _SOURCES.items())),
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


def page(name: str, locale: str, values: Mapping[str, object], status: int = HTTPStatus.OK) -> Response:
    """Draw a template in a language."""
    text = _PAGES.get_template(f"{name}.html").render(locale=locale, asset=_ADDRESSES, **values)
    return HTMLResponse(text, status, _HEADERS)
