"""Draws the console's pages in the reader's language."""

import json
import tomllib
from collections.abc import Mapping
from http import HTTPStatus
from importlib.resources import files

from starlette.requests import Request
from starlette.responses import Response

from bot.http.context import Web
from bot.http.pages import PageTemplates
from bot.http.reader_language import LANGUAGES, language_of

__all__ = ["CONSOLE_PAGES", "CONSOLE_TEXTS", "console_page", "reader_language"]

CONSOLE_TEXTS: Mapping[str, Mapping[str, str]] = tomllib.loads(
    files(__package__).joinpath("words.toml").read_text("utf-8")
)
"""The pages' texts by key, per language."""
CONSOLE_PAGES = PageTemplates(__package__, is_public=False)


def console_page(name: str, language: str, status: int = HTTPStatus.OK, **values: object) -> Response:
    """Return a template in one of our languages."""
    texts = CONSOLE_TEXTS[language]
    common = {
        "w": texts,
        "words_json": json.dumps(texts, ensure_ascii=False),
        "language": language,
        "languages": [(tag, CONSOLE_TEXTS[tag]["language"]) for tag in LANGUAGES],
    }
    return CONSOLE_PAGES.render(name, {**values, **common}, status)


def reader_language(request: Request) -> str:
    """Return the language of whoever looks at a page."""
    web: Web = request.app.state.web
    return language_of(request, web.receiver.policy.locale)
