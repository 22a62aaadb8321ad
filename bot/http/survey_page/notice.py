"""The privacy notice as a page, for owners who have none of their own: `/privacy`, in the reader's language."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.http.console.words import language_of
from bot.http.context import Web
from bot.http.survey_page.pages import page

__all__ = ["PATH", "ROUTE"]

PATH = "/privacy"
_DAY = timedelta(days=1)


async def show(request: Request) -> Response:
    """Return who asks, why, how long it is kept and how to stop; `?locale=` wins over what the browser wishes."""
    web: Web = request.app.state.web
    policy = web.receiver.policy
    phrases, chosen = policy.phrases, request.query_params.get("locale", "")
    locale = phrases.locale(chosen) if chosen else language_of(request, policy.locale)
    say = partial(phrases.say, locale)
    values = {
        "title": say("privacy_page.title"),
        "say": say,
        "owner": policy.privacy,
        "kept": [(say(f"privacy_page.kept_{kind}"), _so_long(say, length)) for kind, length in policy.privacy.kept],
        "tongues": {tag: phrases.say(tag, "language.name") for tag in phrases.texts if tag != locale},
        "privacy": "",
    }
    return page("privacy", locale, values, under="s/")


def _so_long(say: Callable[..., str], length: timedelta | None) -> str:
    return say("privacy_page.for_ever") if length is None else say("privacy_page.days", count=-(-length // _DAY))


ROUTE = Route(PATH, show, methods=["GET"])
