"""The page's routes: a look at an issue, a press on its page, the files that it loads."""

from datetime import timedelta
from hashlib import sha256
from http import HTTPStatus
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.handlers.common.context import DecisionContext
from bot.handlers.issues.team_messages import call_needs
from bot.handlers.issues.team_page import Act, Deed, Outcome, do, needs
from bot.http.answer_cache import memory
from bot.http.context import Web
from bot.http.problems import Problem
from bot.http.survey_page.form import is_foreign
from bot.http.team_page.form import FORGET, REMEMBER, Form, read_form
from bot.http.team_page.identity import forget, known_name, remember
from bot.http.team_page.pages import ASSETS
from bot.http.team_page.showing import Wrong, note, sheet
from bot.signed_links import Purpose, Stale
from dialogs.issue.closure_message import LONGEST_NOTE
from storage.model.errors import Conflict, DecisionFailed, Unavailable
from storage.unit_of_work.writer import Decision

__all__ = ["ROUTES"]

_KINDS = {"css": "text/css", "svg": "image/svg+xml"}
_FAILURES = (Unavailable, Conflict, DecisionFailed)
_ONCE_WITHIN = timedelta(hours=24)
_DOOR = "team_page"
_WRITTEN = frozenset({Act.DRAFT, Act.PROGRESS, Act.ASK})
"""Acts that take words for the customer."""


async def show(request: Request) -> Response:
    """Show the issue that the link opens; nothing is recorded, for previews of links and their scanners look, too."""
    issue = _opened(request)
    if isinstance(issue, Response):
        return issue
    try:
        return await sheet(request, issue)
    except _FAILURES:
        return note(request, "busy", HTTPStatus.SERVICE_UNAVAILABLE)


async def take(request: Request) -> Response:
    """Take a press, and lead to the page as it stands now."""
    web: Web = request.app.state.web
    issue = _opened(request)
    if isinstance(issue, Response):
        return issue
    if is_foreign(request, web.receiver.policy.links.base):
        return note(request, "foreign", HTTPStatus.FORBIDDEN)
    form = read_form(await request.body())
    if form is None:
        return _back(request)
    try:
        return await _taken(request, issue, form)
    except _FAILURES:
        return note(request, "busy", HTTPStatus.SERVICE_UNAVAILABLE)


async def static(request: Request) -> Response:
    """Return a style sheet or picture of ours."""
    name = request.path_params["name"]
    if name not in ASSETS:
        raise Problem(HTTPStatus.NOT_FOUND, "There is no such file.")
    headers = {"cache-control": "public, max-age=31536000, immutable", "x-content-type-options": "nosniff"}
    return Response(ASSETS[name], media_type=_KINDS[name.rpartition(".")[2]], headers=headers)


def _opened(request: Request) -> str | Response:
    """Return the issue that the link opens, or the page that says why it opens nothing."""
    web: Web = request.app.state.web
    try:
        purpose, issue = web.receiver.policy.links.read(request.path_params["token"], web.clock.now())
    except Stale:
        return note(request, "expired", HTTPStatus.GONE)
    except LookupError:
        return note(request, "unknown", HTTPStatus.NOT_FOUND)
    return issue if purpose is Purpose.TEAM else note(request, "unknown", HTTPStatus.NOT_FOUND)


async def _taken(request: Request, issue: str, form: Form) -> Response:
    web: Web = request.app.state.web
    if form.act == FORGET:
        return forget(_back(request), web)
    name = form.name or known_name(request)
    wrong = _wrong(form, name)
    if wrong is not None:
        return await sheet(request, issue, wrong)
    said = ""
    if form.act != REMEMBER:
        said = await _done(web, Deed(Act(form.act), issue, name, form.round, form.draft, form.note), form.once)
    back = _back(request, said)
    return remember(back, web, name) if form.name and said != Outcome.NOT_ALLOWED else back


def _wrong(form: Form, name: str) -> Wrong | None:
    """Find what is missing or too long."""
    if not name:
        return Wrong("no_name", form.note)
    if form.act in _WRITTEN and not form.note:
        return Wrong("no_note", form.note)
    if len(form.note) > LONGEST_NOTE:
        return Wrong("long_note", form.note, {"most": LONGEST_NOTE, "count": len(form.note)})
    return None


async def _done(web: Web, deed: Deed, once: str) -> str:
    """Do it; the same press sent again within a day, as by an impatient thumb, is answered alike and does nothing."""
    pressed = sha256(repr((deed, once)).encode()).hexdigest()
    kept = memory(f"{_DOOR}:{pressed}", _ONCE_WITHIN, web.clock.now(), _DOOR)
    wanted = needs(deed.issue) | kept.needs | call_needs(web.receiver.policy, web.clock.now())

    def decide(context: DecisionContext) -> Decision[str]:
        decision = do(context, deed)
        return Decision(decision.changes, decision.answer.value)

    return await web.receiver.do(wanted, lambda context: kept.answered(context, decide))


def _back(request: Request, said: str = "") -> Response:
    """Lead to the page by GET, so that reloading it sends nothing again; the address holds on behind any prefix."""
    asked = {"said": said, "lang": request.query_params.get("lang", "")}
    query = urlencode({name: value for name, value in asked.items() if value})
    here: str = request.path_params["token"]
    return RedirectResponse(f"{here}?{query}" if query else here, HTTPStatus.SEE_OTHER)


ROUTES = [
    Route("/t/static/{name}", static, methods=["GET"]),
    Route("/t/{token}", show, methods=["GET"]),
    Route("/t/{token}", take, methods=["POST"]),
]
