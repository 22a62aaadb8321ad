"""Draws the console's pages: no inline script or style, nothing from elsewhere, nothing kept in a cache."""

import json
from http import HTTPStatus

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.responses import HTMLResponse, Response

from bot.http.console.words import LANGUAGES, WORDS

__all__ = ["FRESH", "page"]

FRESH = {"cache-control": "no-store"}

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
_HEADERS = {
    **FRESH,
    "content-security-policy": "; ".join(map(" ".join, _SOURCES.items())),
    "x-content-type-options": "nosniff",
    # "no-referrer" would make browsers send `Origin: null` with forms (Fetch, "serializing a request origin").
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
}
_PAGES = Environment(
    loader=PackageLoader(__package__), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
)


def page(name: str, language: str, status: int = HTTPStatus.OK, **values: str | bool) -> Response:
    """Draw a template in a language of the reader's."""
    words = WORDS[language]
    languages = [(tag, WORDS[tag]["language"]) for tag in LANGUAGES]
    text = _PAGES.get_template(f"{name}.html").render(
        w=words, words_json=json.dumps(words, ensure_ascii=False), language=language, languages=languages, **values
    )
    return HTMLResponse(text, status, _HEADERS)
