"""The privacy notice as a page, for owners who have none of their own: `/privacy`, in the reader's language."""

from functools import partial

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.http.console.words import language_of
from bot.http.survey_page.pages import page
from bot.http.web import Web

__all__ = ["PATH", "ROUTE"]

PATH = "/privacy"


async def show(request: Request) -> Response:
    """Say who asks, why, how long it is kept and how to stop; `?locale=` wins over what the browser wishes."""
    web: Web = request.app.state.web
    policy = web.receiver.policy
    phrases, chosen = policy.phrases, request.query_params.get("locale", "")
    locale = phrases.locale(chosen) if chosen else language_of(request, policy.locale)
    values = {
        "title": phrases.say(locale, "privacy_page.title"),
        "say": partial(phrases.say, locale),
        "owner": policy.privacy,
        "kept": (),
        "tongues": {tag: phrases.say(tag, "language.name") for tag in phrases.texts if tag != locale},
        "privacy": "",
    }
    return page("privacy", locale, values, under="s/")


ROUTE = Route(PATH, show, methods=["GET"])
