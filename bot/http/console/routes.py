"""The console's routes: the way in by a one-time link, the sandbox's page, what it asks and sends."""

from http import HTTPStatus
from importlib.resources import files
from urllib.parse import parse_qs, urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.http.console.guard import from_our_page, greet, is_inside, members_only, reader_language
from bot.http.console.pages import page
from bot.http.console.sandbox import act, close_ticket, state, stream
from bot.http.context import Web
from bot.http.problems import Problem

__all__ = ["ROUTES"]

_SANDBOX = "/console/sandbox"
_KINDS = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}
_FILES = {file.name: file.read_bytes() for file in files(__package__).joinpath("static").iterdir()}


async def door(request: Request) -> Response:
    """Show the way in; the key is burnt only by the POST, for previews of links fetch them by GET."""
    if is_inside(request):
        return RedirectResponse(_SANDBOX, HTTPStatus.SEE_OTHER)
    return page("enter", reader_language(request), key=request.query_params.get("key", "")[:100])


@from_our_page
async def enter(request: Request) -> Response:
    """Burn the key and let its bearer in."""
    web: Web = request.app.state.web
    form = parse_qs((await request.body()).decode(errors="replace"))
    session = web.console.enter(form.get("key", [""])[0])
    language = reader_language(request)
    if session is None:
        return page("used", language, HTTPStatus.UNAUTHORIZED)
    address = f"{_SANDBOX}?{urlencode({'lang': language})}"
    return greet(RedirectResponse(address, HTTPStatus.SEE_OTHER), web, session)


@members_only
async def sandbox(request: Request) -> Response:
    """Show the customer's phone and the team's group."""
    web: Web = request.app.state.web
    language, start = reader_language(request), request.query_params.get("start", "")[:100]
    foreign = language != web.receiver.policy.locale
    return page("sandbox", language, start=start, foreign=foreign)


async def static(request: Request) -> Response:
    """Return a style sheet, script or picture of ours."""
    name = request.path_params["name"]
    if name not in _FILES:
        raise Problem(HTTPStatus.NOT_FOUND, "There is no such file.")
    headers = {"cache-control": "no-cache", "x-content-type-options": "nosniff"}
    return Response(_FILES[name], media_type=_KINDS[name.rpartition(".")[2]], headers=headers)


async def to_sandbox(_request: Request) -> Response:
    """Lead to the only page there is as yet."""
    return RedirectResponse(_SANDBOX, HTTPStatus.SEE_OTHER)


ROUTES = [
    Route("/console", to_sandbox),
    Route("/console/enter", door, methods=["GET"]),
    Route("/console/enter", enter, methods=["POST"]),
    Route(_SANDBOX, sandbox),
    Route(f"{_SANDBOX}/state", members_only(state)),
    Route(f"{_SANDBOX}/stream", members_only(stream)),
    Route(f"{_SANDBOX}/close", members_only(from_our_page(close_ticket)), methods=["POST"]),
    Route(f"{_SANDBOX}/act", members_only(from_our_page(act)), methods=["POST"]),
    Route("/console/static/{name}", static),
]
