"""The routes of `/docs`: the index, a document, the API, and the files that the pages load.

Whoever reaches the address may read them, as the description of the API at `/openapi.json`: they are the documents of
the product, and say nothing of its owner's settings or data.
"""

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from http import HTTPStatus
from importlib.resources import files
from itertools import groupby
from typing import Any

from fastapi import FastAPI
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response
from starlette.routing import Route

from bot.http.context import Web
from bot.http.handbook.api_pages import ApiOperation, operations_by_tag, shapes_of
from bot.http.handbook.doc_files import DocFile, documents, picture
from bot.http.handbook.doc_markdown import page_html
from bot.http.pages import PageTemplates
from bot.http.problems import Problem
from bot.http.reader_language import LANGUAGES, language_of

__all__ = ["DOC_ROUTES"]

_PAGES = PageTemplates(__package__, has_scripts=False)
_WORDS: Mapping[str, Mapping[str, Any]] = tomllib.loads(
    files(__package__).joinpath("doc_words.toml").read_text("utf-8")
)
_NO_PAGE = "There is no such document."


async def _index(request: Request) -> Response:
    listed = documents().values()
    groups = [
        (group, [_named(request, each) for each in some]) for group, some in groupby(listed, lambda one: one.group)
    ]
    return _page(request, "doc_index", groups=groups)


async def _without_slash(request: Request) -> Response:  # noqa: ARG001 (as Starlette calls it)
    return RedirectResponse("../docs")


async def _document(request: Request) -> Response:
    found = documents().get(request.path_params["address"])
    if found is None:
        raise Problem(HTTPStatus.NOT_FOUND, _NO_PAGE)
    return _page(request, "doc_page", title=found.title, content=_content(found, _root(request)))


async def _api(request: Request) -> Response:
    return _page(request, "api_index", title="API", tags=_operations(request.app))


async def _api_tag(request: Request) -> Response:
    tag = request.path_params["tag"]
    found = _operations(request.app).get(tag)
    if found is None:
        raise Problem(HTTPStatus.NOT_FOUND, _NO_PAGE)
    shapes = shapes_of(request.app.openapi(), found)
    return _page(request, "api_tag", title=f"API: {tag}", operations=found, shapes=shapes)


async def _picture(request: Request) -> Response:
    found = picture(request.path_params["name"])
    if found is None:
        raise Problem(HTTPStatus.NOT_FOUND, _NO_PAGE)
    return FileResponse(found, media_type="image/png", headers={"x-content-type-options": "nosniff"})


@lru_cache(maxsize=1)
def _operations(app: FastAPI) -> Mapping[str, Sequence[ApiOperation]]:
    return operations_by_tag(app.openapi())


@cache
def _content(document: DocFile, root: str) -> Markup:
    """Return a document as HTML; `root` leads from its address to that of the index."""
    known = documents()

    def lead(path: str) -> str | None:
        address = path.removesuffix(".md")
        is_picture = path.startswith("pictures/")
        return f"{root}docs/{address}" if is_picture or (path.endswith(".md") and address in known) else None

    return page_html(document.path.read_text("utf-8"), document.base, lead)


def _named(request: Request, document: DocFile) -> tuple[str, str]:
    """Return the address of a document, and its name in the reader's language, where it has one."""
    names = _WORDS[_language(request)].get("names", {})
    return document.address, names.get(document.address, document.title)


def _page(request: Request, template: str, *, title: str = "", **values: object) -> Response:
    language, root = _language(request), _root(request)
    words = _WORDS[language]
    languages = [(tag, _WORDS[tag]["language"]) for tag in LANGUAGES if tag != language]
    common = {"words": words, "language": language, "languages": languages, "root": root}
    return _PAGES.render(template, {**values, **common, "title": title or words["title"]}, under=f"{root}docs/")


def _language(request: Request) -> str:
    web: Web = request.app.state.web
    return language_of(request, web.receiver.policy.locale)


def _root(request: Request) -> str:
    """Return what leads from the page's own address to the front page; there may be a prefix before ours."""
    return "../" * (request.url.path.count("/") - 1) or "./"


DOC_ROUTES = [
    Route("/docs", _index),
    Route("/docs/", _without_slash),
    Route("/docs/api", _api),
    Route("/docs/api/{tag}", _api_tag),
    Route("/docs/pictures/{name}", _picture),
    Route("/docs/static/{name}", _PAGES.static),
    Route("/docs/{address:path}", _document),
]
