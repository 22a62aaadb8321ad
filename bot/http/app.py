"""The web side put together: the API, the doors for others, health, and the sandbox's page where there is one."""

from typing import Any

from fastapi import FastAPI
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.http import health
from bot.http.api import audit, campaigns, customers, explain, issues, people, responses, surveys, tickets
from bot.http.api.openapi import described
from bot.http.auth import KeyGuard
from bot.http.console import routes as console
from bot.http.context import Web
from bot.http.data_file import ROUTE as DATA_FILE
from bot.http.limits import BodyLimit
from bot.http.problems import HANDLERS, Guard
from bot.http.survey_page import routes as pages
from bot.http.team_page import routes as team
from bot.http.webhooks import tickets as hooks
from bot.http.webhooks.telegram import PATH, TelegramHook
from bot.http.webhooks.wechat import ROUTE as WECHAT

__all__ = ["create_app"]

_VERSION = "1"


class Api(FastAPI):
    """FastAPI, describing also what it does not know of."""

    def openapi(self) -> dict[str, Any]:
        """Describe every route."""
        if self.openapi_schema is None:
            self.openapi_schema = described(super().openapi())
        return self.openapi_schema


def create_app(web: Web) -> ASGIApp:
    """Return the ASGI application. Telegram's door stands before everything else: it has to keep up with the taps."""
    rest = Guard(KeyGuard(BodyLimit(_api(web)), web.api_keys))
    telegram = Guard(TelegramHook(web.telegram_secret, web.telegram)) if web.telegram else rest

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        is_telegram = scope["type"] == "http" and scope["path"] == PATH
        await (telegram if is_telegram else rest)(scope, receive, send)

    return app


def _api(web: Web) -> Api:
    api = Api(
        title="huifang",
        version=_VERSION,
        summary="The follow-up call after a service visit.",
        docs_url=None,
        redoc_url=None,
        routes=[*health.ROUTES, WECHAT, Route("/hooks/tickets", hooks.tickets, methods=["POST"])],
        exception_handlers=HANDLERS,
        redirect_slashes=False,
        strict_content_type=False,
    )
    api.state.web = web
    for module in (explain, tickets, customers, responses, issues, campaigns, surveys, audit):
        api.router.routes.extend(module.router.routes)
    api.router.routes.extend([*people.register.routes, DATA_FILE])
    api.router.routes.extend([*pages.ROUTES, *team.ROUTES, *(console.ROUTES if web.sandbox else ())])
    return api
