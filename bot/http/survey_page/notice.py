"""The privacy notice as a page, for owners who have none of their own, in the reader's language."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

from starlette.requests import Request
from starlette.responses import Response

from bot.http.context import Web
from bot.http.reader_language import language_of
from bot.http.survey_page.render import SURVEY_PAGES

__all__ = ["show_notice"]

_DAY = timedelta(days=1)


async def show_notice(request: Request) -> Response:
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


def _period(say: Callable[..., str], length: timedelta | None) -> str:
    """Return a retention period in whole days, rounded up; None is for ever."""
    return say("privacy_page.for_ever") if length is None else say("privacy_page.days", count=-(-length // _DAY))
