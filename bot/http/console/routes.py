"""The console's routes: entering by a one-time link, the sandbox's page, what its script asks and sends."""

from http import HTTPStatus
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.http.console.figure_page import show_figure
from bot.http.console.guard import from_our_page, greet, is_inside, members_only
from bot.http.console.render import CONSOLE_PAGES, console_page, reader_language
from bot.http.console.sample_company import load_sample, remove_sample, sample_month, show_sample
from bot.http.console.sandbox import close_ticket, settle_now, state, stream, take_action
from bot.http.context import Web
from bot.http.pages import form_fields
from bot.jobs.reports.figure_links import FIGURE_PAGE

__all__ = ["ROUTES"]

_SANDBOX = "/console/sandbox"
_MOST_FIELDS = 8


async def show_entrance(request: Request) -> Response:
    """Return the page that enters the console; only its POST uses the key up, since link previews fetch by GET."""
    if is_inside(request):
        return RedirectResponse(_SANDBOX, HTTPStatus.SEE_OTHER)
    return console_page("enter", reader_language(request), key=request.query_params.get("key", "")[:100])


@from_our_page
async def enter(request: Request) -> Response:
    """Exchange the key for a session and redirect to the sandbox's page."""
    web: Web = request.app.state.web
    session = web.console.enter(form_fields(await request.body(), _MOST_FIELDS).get("key", ""))
    language = reader_language(request)
    if session is None:
        return console_page("used", language, HTTPStatus.UNAUTHORIZED)
    address = f"{_SANDBOX}?{urlencode({'lang': language})}"
    return greet(RedirectResponse(address, HTTPStatus.SEE_OTHER), web, session)


@members_only
async def sandbox(request: Request) -> Response:
    """Return the page with the customer's phone and the team's group."""
    web: Web = request.app.state.web
    language, start = reader_language(request), request.query_params.get("start", "")[:100]
    zone = web.receiver.policy.timezone.key
    return console_page("sandbox", language, start=start, zone=zone, sample_month=await sample_month(web))


async def to_sandbox(_request: Request) -> Response:
    """Redirect to the sandbox's page."""
    return RedirectResponse(_SANDBOX, HTTPStatus.SEE_OTHER)


ROUTES = [
    Route("/console", to_sandbox),
    Route("/console/enter", show_entrance, methods=["GET"]),
    Route("/console/enter", enter, methods=["POST"]),
    Route(_SANDBOX, sandbox),
    Route(f"{_SANDBOX}/state", members_only(state)),
    Route(f"{_SANDBOX}/stream", members_only(stream)),
    Route(f"{_SANDBOX}/close", members_only(from_our_page(close_ticket)), methods=["POST"]),
    Route(f"{_SANDBOX}/settle", members_only(from_our_page(settle_now)), methods=["POST"]),
    Route(f"{_SANDBOX}/act", members_only(from_our_page(take_action)), methods=["POST"]),
    Route(FIGURE_PAGE, show_figure),
    Route(f"{_SANDBOX}/sample", members_only(from_our_page(load_sample)), methods=["POST"]),
    Route(f"{_SANDBOX}/sample/remove", members_only(from_our_page(remove_sample)), methods=["POST"]),
    Route(f"{_SANDBOX}/sample/report", members_only(show_sample), methods=["GET"]),
    Route("/console/static/{name}", CONSOLE_PAGES.static),
]
