"""The page's answers: a screen of the interview, a friendly note, the code to be scanned."""

from functools import partial
from http import HTTPStatus

import segno
from starlette.requests import Request
from starlette.responses import Response

from bot.handlers.survey_page.page import Sight
from bot.http.console.words import language_of
from bot.http.context import Web
from bot.http.subscription import Offer, offer
from bot.http.survey_page.doors import Scan, Shut, Trouble
from bot.http.survey_page.drawing import Screen, drawn
from bot.http.survey_page.notice import PATH
from bot.http.survey_page.pages import BUTTON_STYLE, page
from dialogs.interview.model import InterviewState

__all__ = ["note", "screen", "shut", "to_scan"]

_SAID = {"late": "page.late", "empty": "page.empty"}
_IN_WECHAT = "MicroMessenger"


async def screen(request: Request, sight: Sight) -> Response:
    """Show where the interview stands."""
    web: Web = request.app.state.web
    drawing = drawn(sight, web.receiver.policy.phrases)
    offered = await _offer(request, sight)
    said = _SAID.get(request.query_params.get("said", ""), "")
    values = {**drawing.values, "said": said, "offer": offered, "button_style": BUTTON_STYLE}
    return _page(request, Screen(drawing.template, drawing.locale, values), allows="tell" if offered else "")


def note(request: Request, key: str, status: int = HTTPStatus.OK, locale: str = "") -> Response:
    """Say one thing, in the customer's language, or in the reader's where nobody knows who reads."""
    web: Web = request.app.state.web
    phrases = web.receiver.policy.phrases
    locale = phrases.locale(locale) if locale else language_of(request, web.receiver.policy.locale)
    head, text = (phrases.say(locale, f"page.{name}") for name in (f"{key}_title", key))
    can_stop = key == "nothing"
    return _page(
        request, Screen("note", locale, {"title": head, "head": head, "text": text, "can_stop": can_stop}), status
    )


def shut(request: Request, found: Shut) -> Response:
    """Return why a link opens nothing, and what to do."""
    return note(request, found.why, HTTPStatus.GONE if found.why is Trouble.EXPIRED else HTTPStatus.NOT_FOUND)


def to_scan(request: Request, found: Scan) -> Response:
    """Show the code; as a picture of its own, for only those are read by a long press in WeChat."""
    web: Web = request.app.state.web
    locale = language_of(request, web.receiver.policy.locale)
    code = segno.make(found.holds, error="m").png_data_uri(scale=8, border=4)
    title = web.receiver.policy.phrases.say(locale, "page.scan_title")
    return _page(request, Screen("scan", locale, {"title": title, "code": code}), allows="scan")


async def _offer(request: Request, sight: Sight) -> Offer | None:
    """Offer WeChat's one-time message to whoever was not satisfied and looks at the page in WeChat."""
    web: Web = request.app.state.web
    is_wanted = sight.interview.state is InterviewState.COMPLETED and bool(sight.interview.assessed)
    if web.subscription is None or not is_wanted or _IN_WECHAT not in request.headers.get("user-agent", ""):
        return None
    query = request.scope["query_string"].decode("latin-1")
    address = f"{web.receiver.policy.links.base.rstrip('/')}/s/{request.path_params['token']}"
    return await offer(web.subscription, f"{address}?{query}" if query else address)


def _page(request: Request, drawing: Screen, status: int = HTTPStatus.OK, *, allows: str = "") -> Response:
    web: Web = request.app.state.web
    say = partial(web.receiver.policy.phrases.say, drawing.locale)
    values = {**drawing.values, "say": say, "here": request.path_params["token"], "privacy": _privacy(web)}
    return page(drawing.template, drawing.locale, values, status, allows=allows)


def _privacy(web: Web) -> str:
    """Lead to the privacy notice; to ours from where the page stands, so that it is found behind any prefix."""
    policy = web.receiver.policy
    return f"..{PATH}" if policy.privacy.url == f"{policy.links.base.rstrip('/')}{PATH}" else policy.privacy.url
