"""Draws the survey's pages: a screen of the interview, a note, the code to be scanned, the privacy notice."""

import asyncio
from base64 import b64encode
from collections.abc import Callable, Mapping
from datetime import timedelta
from enum import Enum
from functools import partial
from hashlib import sha256
from http import HTTPStatus
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from bot.handlers.survey_page.page import SurveyPageOutcome, SurveyView
from bot.http.context import Web
from bot.http.pages import PageTemplates
from bot.http.reader_language import language_of
from bot.http.survey_page.link import BindingCode, ClosedLink, LinkProblem
from bot.http.survey_page.survey_screen import Screen, screen_of
from bot.jobs.data_requests import report_reader
from bot.ports import SubscriptionSource
from dialogs.interview.events import Hint
from dialogs.interview.message_text import View
from dialogs.interview.model import InterviewState
from dialogs.personal_report import personal_report
from scoring.values import Value

__all__ = [
    "PRIVACY_PATH",
    "SURVEY_PAGES",
    "DataPage",
    "render_closed_link",
    "render_closure",
    "render_code",
    "render_data_page",
    "render_note",
    "render_personal_report",
    "render_place",
    "render_privacy_notice",
    "render_screen",
    "render_screen_under",
]

PRIVACY_PATH = "/privacy"
SURVEY_PAGES = PageTemplates(__package__)

_BUTTON_STYLE = (
    ".b{box-sizing:border-box;width:100%;padding:14px;border:0;border-radius:14px;"
    "background:#1f7a63;color:#fff;font:600 17px/1.3 system-ui,sans-serif}"
)
"""The style inside WeChat's button, which draws itself apart from the page and its style sheet."""
_STYLE_HASH = f"'sha256-{b64encode(sha256(_BUTTON_STYLE.encode()).digest()).decode()}'"
_FOR_BUTTON = {
    "script-src": "'self' https://res.wx.qq.com",
    "style-src": f"'self' {_STYLE_HASH}",
}
_FOR_PICTURE_IN_PAGE = {"img-src": "'self' data:"}

_DAY = timedelta(days=1)
_SAID = {
    "late": "page.late",
    "empty": "page.empty",
    "kept": "page.kept",
    "person": "notice.person",
    "left": "page.contact_left",
}
_GOES_ON = ("foreign", "busy")
"""Notices after which the same link may work: what the page keeps of unsent words stays."""


class _Offer(Value):
    """What a button needs that can be shown now."""

    template: str
    config: Mapping[str, object]


async def render_screen(request: Request, sight: SurveyView) -> Response:
    """Return the page for where the interview stands."""
    web: Web = request.app.state.web
    screen = screen_of(sight, web.receiver.policy.phrases)
    offered = await _offer(request, sight)
    values = {
        **screen.values,
        "said": _told(web, sight, request.query_params.get("said", "")),
        "offer": offered,
        "button_style": _BUTTON_STYLE,
    }
    sources = _FOR_BUTTON if offered else None
    return render_screen_under(request, Screen(screen.template, screen.locale, values), sources=sources)


def _told(web: Web, sight: SurveyView, outcome: str) -> str:
    """Return what is said above the step about the press before, empty where nothing is."""
    phrases = web.receiver.policy.phrases
    locale = phrases.locale(sight.interview.locale)
    if outcome == SurveyPageOutcome.WHO:
        return View(sight.interview, sight.survey, phrases, locale, sight.greeting, Hint.WHO).who()
    return phrases.say(locale, _SAID[outcome]) if outcome in _SAID else ""


def render_closure(request: Request, locale: str, values: Mapping[str, object]) -> Response:
    """Return the page of a closure."""
    web: Web = request.app.state.web
    return render_screen_under(request, Screen("closure", web.receiver.policy.phrases.locale(locale), values))


def render_note(request: Request, key: str, status: int = HTTPStatus.OK, locale: str = "") -> Response:
    """Return a page with one notice, in the customer's language, or in the reader's where that is not known."""
    web: Web = request.app.state.web
    phrases = web.receiver.policy.phrases
    locale = phrases.locale(locale) if locale else language_of(request, web.receiver.policy.locale)
    head, text = (phrases.say(locale, f"page.{name}") for name in (f"{key}_title", key))
    values = {"title": head, "head": head, "text": text, "can_stop": key == "nothing", "is_over": key not in _GOES_ON}
    return render_screen_under(request, Screen("note", locale, values), status)


def render_closed_link(request: Request, found: ClosedLink) -> Response:
    """Return the page that says why a link opens nothing, and what to do."""
    status = HTTPStatus.GONE if found.why is LinkProblem.EXPIRED else HTTPStatus.NOT_FOUND
    return render_note(request, found.why, status)


def render_code(request: Request, found: BindingCode) -> Response:
    """Return the page with a QR code; as a picture of its own, since a long press in WeChat reads only those."""
    web: Web = request.app.state.web
    locale = language_of(request, web.receiver.policy.locale)
    import segno  # noqa: PLC0415 (not before a code is asked for)

    code = segno.make(found.holds, error="m").png_data_uri(scale=8, border=4)
    title = web.receiver.policy.phrases.say(locale, "page.scan_title")
    screen = Screen("scan", locale, {"title": title, "code": code})
    return render_screen_under(request, screen, sources=_FOR_PICTURE_IN_PAGE)


def render_place(request: Request, name: str) -> Response:
    """Return the page of a code that hangs at a place of this name, in the reader's language."""
    web: Web = request.app.state.web
    locale = language_of(request, web.receiver.policy.locale)
    title = web.receiver.policy.phrases.say(locale, "page.place_title", name=name)
    return render_screen_under(request, Screen("place", locale, {"title": title}))


class DataPage(Enum):
    """What is behind a link to somebody's data, by its template and the keys of its heading and text."""

    OFFER = ("data", "data_title", "data")
    EXPIRED = ("note", "expired_title", "data_expired")
    UNKNOWN = ("note", "unknown_title", "unknown")
    FOREIGN = ("note", "foreign_title", "data_expired")


def render_data_page(request: Request, page: DataPage, status: int = HTTPStatus.OK) -> Response:
    """Return the page with the button for the file, or a notice; in the reader's language, since only that is known."""
    web: Web = request.app.state.web
    phrases, (template, *keys) = web.receiver.policy.phrases, page.value
    locale = language_of(request, web.receiver.policy.locale)
    head, text = (phrases.say(locale, f"page.{key}") for key in keys)
    values = {"title": head, "head": head, "text": text, "can_stop": False, "is_over": False}
    return render_screen_under(request, Screen(template, locale, values), status, under="../s/")


def render_personal_report(request: Request, held: Mapping[str, Any]) -> Response:
    """Return what is held about a person as a page; in the reader's language, else in that which is known of them."""
    web: Web = request.app.state.web
    policy = web.receiver.policy
    known = policy.phrases.locale(held["customer"]["locale"] or policy.locale)
    reader = report_reader(held, policy, language_of(request, known))
    values = {"title": reader.say("page_title"), "sections": personal_report(held, reader)}
    return render_screen_under(request, Screen("report", reader.locale, values), under="../s/")


async def render_privacy_notice(request: Request) -> Response:
    """Return who asks, why, how long it is kept and how to stop; `?locale=` comes before the browser's preference."""
    web: Web = request.app.state.web
    policy = web.receiver.policy
    phrases, chosen = policy.phrases, request.query_params.get("locale", "")
    locale = phrases.locale(chosen) if chosen else language_of(request, policy.locale)
    say = partial(phrases.say, locale)
    values = {
        "locale": locale,
        "title": say("privacy_page.title"),
        "say": say,
        "owner": policy.privacy,
        "kept": [(say(f"privacy_page.kept_{kind}"), _period(say, length)) for kind, length in policy.privacy.kept],
        "tongues": {tag: phrases.say(tag, "language.name") for tag in phrases.texts if tag != locale},
        "privacy": "",
    }
    return SURVEY_PAGES.render("privacy", values, under="s/")


async def _offer(request: Request, sight: SurveyView) -> _Offer | None:
    """Return WeChat's one-time message for a customer who was not satisfied and has the page open in WeChat."""
    web: Web = request.app.state.web
    is_wanted = sight.interview.state is InterviewState.COMPLETED and bool(sight.interview.assessed)
    subscription = web.subscription
    if subscription is None or not is_wanted or subscription.user_agent not in request.headers.get("user-agent", ""):
        return None
    query = request.scope["query_string"].decode("latin-1")
    address = f"{web.receiver.policy.links.base.rstrip('/')}/s/{request.path_params['token']}"
    return await _offer_of(subscription, f"{address}?{query}" if query else address, web.subscription_within)


async def _offer_of(subscription: SubscriptionSource, url: str, within: float) -> _Offer | None:
    """Return what the button needs, None where WeChat does not give it within so many seconds."""
    try:
        async with asyncio.timeout(within):
            return _Offer(subscription.template_id, await subscription.config(url))
    except (LookupError, TimeoutError):
        return None


def render_screen_under(
    request: Request,
    screen: Screen,
    status: int = HTTPStatus.OK,
    *,
    sources: Mapping[str, str] | None = None,
    under: str = "",
) -> Response:
    """Return a screen as a page; `under` leads from its address to the survey page's files."""
    web: Web = request.app.state.web
    common = {
        "locale": screen.locale,
        "say": partial(web.receiver.policy.phrases.say, screen.locale),
        "here": request.path_params.get("token") or request.path_params.get("connector", ""),
        "privacy": _privacy(web),
    }
    return SURVEY_PAGES.render(screen.template, {**screen.values, **common}, status, sources=sources, under=under)


def _privacy(web: Web) -> str:
    """Return the address of the privacy notice; of ours relative to the page, so that it holds behind any prefix."""
    policy = web.receiver.policy
    own = f"{policy.links.base.rstrip('/')}{PRIVACY_PATH}"
    return f"..{PRIVACY_PATH}" if policy.privacy.url == own else policy.privacy.url


def _period(say: Callable[..., str], length: timedelta | None) -> str:
    """Return a retention period in whole days, rounded up; None is for ever."""
    return say("privacy_page.for_ever") if length is None else say("privacy_page.days", count=-(-length // _DAY))
