"""The survey page's routes: the page behind a link, a press on it, the files that it loads, the privacy notice."""

from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.handlers.survey_page.closure import OpenedClosure
from bot.handlers.survey_page.entry import OpenedLink, needs
from bot.handlers.survey_page.page import (
    NothingReason,
    SurveyAction,
    SurveyPageOutcome,
    SurveySubmission,
    SurveyView,
    submit_survey,
    view_survey,
)
from bot.handlers.survey_page.walk_in import WALK_IN_LASTS, PlaceCode, begin_walk_in, walk_in_needs
from bot.http.context import Web
from bot.http.pages import NOT_CACHED, NOT_DECIDED, form_fields, is_foreign
from bot.http.survey_page.closure_page import show_closure, take_verdict_on_page
from bot.http.survey_page.link import BindingCode, ClosedLink, read_link
from bot.http.survey_page.render import (
    PRIVACY_PATH,
    SURVEY_PAGES,
    render_closed_link,
    render_code,
    render_note,
    render_place,
    render_privacy_notice,
    render_screen,
)
from bot.signed_links import LinkPurpose
from storage.unit_of_work.changes import Changes
from storage.unit_of_work.writer import Decision

__all__ = ["ROUTES"]

_MOST_FIELDS = 8
_LONGEST_NUMBER = 3
_CONTACT = ("name", "phone")
_NUMBERED = (SurveyAction.RATE, SurveyAction.REASON, SurveyAction.CLARIFY)
_ORDER = (SurveyAction.STOP, SurveyAction.BACK, SurveyAction.SKIP, *_NUMBERED, SurveyAction.SAY, SurveyAction.CONTACT)
"""Which press counts where a forged form names several: the one that changes least."""


async def show(request: Request) -> Response:
    """Return the page behind a link. Nothing is recorded, since link previews and scanners fetch it, too."""
    match read_link(request):
        case ClosedLink() as found:
            return render_closed_link(request, found)
        case BindingCode() as found:
            return render_code(request, found)
        case PlaceCode() as found:
            return render_place(request, found.name)
        case OpenedClosure() as found:
            return await show_closure(request, found)
        case OpenedLink() as found:
            return await _show(request, found)


async def take(request: Request) -> Response:
    """Apply a press and redirect to the page; one from a page that is out of date changes nothing."""
    web: Web = request.app.state.web
    found = read_link(request)
    if isinstance(found, ClosedLink):
        return render_closed_link(request, found)
    if is_foreign(request, web.receiver.policy.links.base):
        return render_note(request, "foreign", HTTPStatus.FORBIDDEN)
    if isinstance(found, OpenedClosure | PlaceCode):
        return await _take_of_no_interview(request, found)
    press = _press(await request.body())
    if isinstance(found, BindingCode) or press is None:
        return _redirect(request)
    try:
        outcome = await web.receiver.do(needs(found), lambda context: submit_survey(context, found, press))
    except NOT_DECIDED:
        return render_note(request, "busy", HTTPStatus.SERVICE_UNAVAILABLE)
    return _redirect(request, "" if outcome is SurveyPageOutcome.DONE else outcome)


async def _take_of_no_interview(request: Request, found: OpenedClosure | PlaceCode) -> Response:
    """Return the answer to a press on a closure, or on the page of a code."""
    if isinstance(found, PlaceCode):
        return await _begin_at_place(request, found)
    pressed = await take_verdict_on_page(request, found)
    return pressed if isinstance(pressed, Response) else _redirect(request, pressed)


async def _begin_at_place(request: Request, place: PlaceCode) -> Response:
    """Begin a survey for whoever pressed, and redirect to its page."""
    web: Web = request.app.state.web
    secret, policy = web.secrets.token(), web.receiver.policy
    wanted = walk_in_needs(place, secret, policy)
    try:
        begun = await web.receiver.do(wanted, lambda context: begin_walk_in(context, place, secret))
    except NOT_DECIDED:
        begun = ""
    if not begun:
        return render_note(request, "busy", HTTPStatus.SERVICE_UNAVAILABLE)
    token = policy.links.token(LinkPurpose.WEB, secret, web.clock.now() + WALK_IN_LASTS)
    return RedirectResponse(f"./{token}", HTTPStatus.SEE_OTHER, NOT_CACHED)


async def _show(request: Request, found: OpenedLink) -> Response:
    web: Web = request.app.state.web
    try:
        sight = await web.receiver.do(needs(found), lambda context: Decision(Changes(), view_survey(context, found)))
    except NOT_DECIDED:
        return render_note(request, "busy", HTTPStatus.SERVICE_UNAVAILABLE)
    if isinstance(sight, SurveyView):
        return await render_screen(request, sight)
    status = HTTPStatus.NOT_FOUND if sight.why is NothingReason.UNKNOWN else HTTPStatus.OK
    return render_note(request, sight.why, status, sight.locale)


def _redirect(request: Request, outcome: str = "") -> Response:
    """Redirect to the page by GET, so that reloading sends nothing again; relative, as there may be a prefix."""
    said = f"?said={outcome}" if outcome else ""
    return RedirectResponse(f"./{request.path_params['token']}{said}", HTTPStatus.SEE_OTHER, NOT_CACHED)


def _press(raw: bytes) -> SurveySubmission | None:
    """Return the press that a form holds; None where it holds none of ours."""
    said = form_fields(raw, _MOST_FIELDS)
    did = next((one for one in _ORDER if said.get(one)), None)
    if did is None:
        return None
    value = _number(said.get(did, "")) if did in _NUMBERED else 0
    importance = _number(said.get("importance") or "0")
    if value is None or importance is None:
        return None
    contact = tuple((name, said.get(name, "")) for name in _CONTACT)
    return SurveySubmission(did, said.get("step", ""), value, said.get("text", ""), importance, contact)


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _LONGEST_NUMBER else None


ROUTES = [
    Route(PRIVACY_PATH, render_privacy_notice, methods=["GET"]),
    Route("/s/static/{name}", SURVEY_PAGES.static),
    Route("/s/{token}", show, methods=["GET"]),
    Route("/s/{token}", take, methods=["POST"]),
]
