"""The page's routes: a look at a link, a press on its page, the files that it loads."""

from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.handlers.survey_page.entry import Opened, needs
from bot.handlers.survey_page.page import Outcome, Sight, Why, act, look
from bot.http.context import Web
from bot.http.problems import Problem
from bot.http.survey_page.doors import Scan, Shut, opened
from bot.http.survey_page.form import deed_of, is_foreign
from bot.http.survey_page.notice import ROUTE as NOTICE
from bot.http.survey_page.pages import ASSETS
from bot.http.survey_page.showing import note, screen, shut, to_scan
from storage.model.errors import Conflict, DecisionFailed, Unavailable
from storage.unit_of_work.changes import Changes
from storage.unit_of_work.writer import Decision

__all__ = ["ROUTES"]

_KINDS = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}
_FAILURES = (Unavailable, Conflict, DecisionFailed)


async def show(request: Request) -> Response:
    """Show where the link leads; nothing is recorded, for previews of links and their scanners look, too."""
    match opened(request):
        case Shut() as found:
            return shut(request, found)
        case Scan() as found:
            return to_scan(request, found)
        case Opened() as found:
            return await _show(request, found)


async def take(request: Request) -> Response:
    """Take a press, and lead to what the page shows now; a page that is behind changes nothing."""
    web: Web = request.app.state.web
    found = opened(request)
    if isinstance(found, Shut):
        return shut(request, found)
    if is_foreign(request, web.receiver.policy.links.base):
        return note(request, "foreign", HTTPStatus.FORBIDDEN)
    deed = deed_of(await request.body())
    if isinstance(found, Scan) or deed is None:
        return _back(request)
    try:
        outcome = await web.receiver.do(needs(found), lambda context: act(context, found, deed))
    except _FAILURES:
        return note(request, "busy", HTTPStatus.SERVICE_UNAVAILABLE)
    return _back(request, outcome)


async def static(request: Request) -> Response:
    """Return a style sheet, script or picture of ours."""
    name = request.path_params["name"]
    if name not in ASSETS:
        raise Problem(HTTPStatus.NOT_FOUND, "There is no such file.")
    headers = {"cache-control": "public, max-age=31536000, immutable", "x-content-type-options": "nosniff"}
    return Response(ASSETS[name], media_type=_KINDS[name.rpartition(".")[2]], headers=headers)


async def _show(request: Request, found: Opened) -> Response:
    web: Web = request.app.state.web
    try:
        sight = await web.receiver.do(needs(found), lambda context: Decision(Changes(), look(context, found)))
    except _FAILURES:
        return note(request, "busy", HTTPStatus.SERVICE_UNAVAILABLE)
    if isinstance(sight, Sight):
        return await screen(request, sight)
    status = HTTPStatus.NOT_FOUND if sight.why is Why.UNKNOWN else HTTPStatus.OK
    return note(request, sight.why, status, sight.locale)


def _back(request: Request, outcome: Outcome = Outcome.DONE) -> Response:
    """Lead to the page by GET, so that reloading it sends nothing again; the address holds on behind any prefix."""
    said = "" if outcome is Outcome.DONE else f"?said={outcome}"
    return RedirectResponse(
        f"./{request.path_params['token']}{said}", HTTPStatus.SEE_OTHER, {"cache-control": "no-store"}
    )


ROUTES = [
    NOTICE,
    Route("/s/static/{name}", static),
    Route("/s/{token}", show, methods=["GET"]),
    Route("/s/{token}", take, methods=["POST"]),
]
