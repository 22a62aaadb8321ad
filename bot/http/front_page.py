"""What stands at `/`, and at an address where nothing is: a page for people, JSON for programs."""

from functools import partial
from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.http.context import Web
from bot.http.pages import NOT_CACHED
from bot.http.problems import HANDLERS, Problem
from bot.http.reader_language import language_of
from bot.http.survey_page.render import PRIVACY_PATH, SURVEY_PAGES

__all__ = ["FRONT_HANDLERS", "show_front"]

_HTML = "text/html"
_CONSOLE = "console"
_DESCRIPTION = "openapi.json"
_DOCS = "docs"
_FOR_PROGRAMS = ("/api/", "/hooks/")
_LOST = {HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED}


async def show_front(request: Request) -> Response:
    """Return what this is and where it leads; as JSON unless a page is asked for (Accept)."""
    web: Web = request.app.state.web
    if not _wants_page(request):
        leads_to = {"api": f"/{_DESCRIPTION}", "health": "/healthz", "privacy": PRIVACY_PATH}
        leads_to |= {"docs": f"/{_DOCS}"} if web.docs else {}
        leads_to |= {"console": f"/{_CONSOLE}"} if web.simulated is not None else {}
        return JSONResponse({"name": "huifang", **leads_to}, headers=NOT_CACHED | {"vary": "accept"})
    company = web.receiver.policy.privacy.company
    links = {"page.front_docs": _DOCS} if web.docs else {"page.front_api": _DESCRIPTION}
    if web.simulated is not None:
        links = {"page.front_console": _CONSOLE, **links}
    return _page(request, "front", HTTPStatus.OK, company=company, links=links)


async def _refused(request: Request, error: HTTPException | Problem) -> Response:
    """Return a page for a reader who came to an address where nothing is, and a problem for programs."""
    status = error.status if isinstance(error, Problem) else error.status_code
    is_for_programs = f"{request.url.path}/".startswith(_FOR_PROGRAMS)
    if status in _LOST and not is_for_programs and _wants_page(request):
        return _page(request, "lost", status)
    return await HANDLERS[Problem if isinstance(error, Problem) else HTTPException](request, error)


FRONT_HANDLERS = {**HANDLERS, HTTPException: _refused, Problem: _refused}
"""The handlers of exceptions, with a page where a reader lost the way."""


def _wants_page(request: Request) -> bool:
    """Return whether a browser asks: it names HTML, while programs take anything (RFC 9110, 12.5.1)."""
    return _HTML in request.headers.get("accept", "")


def _page(request: Request, name: str, status: int, **values: object) -> Response:
    """Return a page with addresses relative to the one that was asked for: there may be a prefix before ours."""
    web: Web = request.app.state.web
    policy = web.receiver.policy
    locale = language_of(request, policy.locale)
    say = partial(policy.phrases.say, locale)
    root = "../" * (request.scope["raw_path"].count(b"/") - 1) or "./"
    own = f"{policy.links.base.rstrip('/')}{PRIVACY_PATH}"
    common = {
        "locale": locale,
        "title": say(f"page.{name}_title"),
        "say": say,
        "root": root,
        "privacy": root + PRIVACY_PATH.lstrip("/") if policy.privacy.url == own else policy.privacy.url,
    }
    return SURVEY_PAGES.render(name, {**values, **common}, status, under=f"{root}s/")
