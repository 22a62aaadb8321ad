"""The ASGI application: the API, webhooks, pages and probes, put together."""

from collections.abc import Iterator
from functools import partial
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.http.api import (
    audit,
    campaigns,
    customers,
    data_requests,
    inbox,
    issues,
    metrics,
    reports,
    responses,
    surveys,
    tickets,
)
from bot.http.api.archive import archive_routes
from bot.http.api.archive.shared_page import SHARED_ROUTES
from bot.http.api.effects import interval_routes, report_routes
from bot.http.api.forms import assessment_routes, file_routes, rating_routes
from bot.http.api.imports import import_routes
from bot.http.api.improvement import finding_routes
from bot.http.api.openapi import described
from bot.http.api.outgoing import endpoint_routes
from bot.http.api.outgoing.event_schemas import with_events
from bot.http.api.periods import period_routes
from bot.http.api.quality import audit_sample, case_library, entries, place_codes, report_files, review_pack
from bot.http.api.text import phrase_routes
from bot.http.auth import KeyGuard, granted_scopes
from bot.http.backoff import WrongSecrets
from bot.http.context import Web
from bot.http.front_page import FRONT_HANDLERS, show_front
from bot.http.handbook.doc_routes import DOC_ROUTES
from bot.http.helpdesks import delivery_routes
from bot.http.helpdesks.desk_door import take_desk_delivery
from bot.http.limits import BodyLimit
from bot.http.pages import NOT_CACHED
from bot.http.problems import ErrorGuard
from bot.http.rater_page.routes import rater_routes
from bot.http.server.metrics_page import METRICS_PATH, metrics_page
from bot.http.server.request_ids import RequestIds
from bot.http.survey_page import routes as survey_page
from bot.http.survey_page.data_file import DATA_ROUTES
from bot.http.team_page import routes as team_page
from bot.http.team_page.sent_file import FILE_ROUTES
from bot.http.ticket_page.routes import ticket_page_routes
from bot.http.ticket_page.ticket_proof import ticket_proof_routes
from bot.http.webhooks.platforms import ChannelHook
from bot.http.webhooks.tickets import take_ticket_event

__all__ = ["create_app"]

_VERSION = "1"


class Api(FastAPI):
    """FastAPI, whose description also covers the routes that it does not know."""

    def openapi(self) -> dict[str, Any]:
        """Return the description of every route."""
        if self.openapi_schema is None:
            self.openapi_schema = with_events(described(super().openapi(), self.state.web.channels))
        return self.openapi_schema


def create_app(web: Web) -> ASGIApp:
    """Return the ASGI application. The channels' webhooks pass no middleware: they take most requests by far."""
    wrong = WrongSecrets(web.clock)
    answering = ErrorGuard(KeyGuard(BodyLimit(_api(web, wrong)), web.api_keys, wrong))
    rest = RequestIds(answering, web.secrets)
    by_path = dict(_webhooks(web, wrong))

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        chosen = by_path.get(scope["path"], rest) if scope["type"] == "http" else rest
        await chosen(scope, receive, send)

    return app


def _webhooks(web: Web, wrong: WrongSecrets) -> Iterator[tuple[str, ASGIApp]]:
    """Yield path and application of each channel that is called, and of one that is off where it tells so."""
    for channel in web.channels:
        address, webhook = channel.address, web.webhooks.get(channel.name)
        if address is not None and (webhook is not None or address.off):
            yield address.path, ErrorGuard(ChannelHook(address, webhook, wrong))


async def _alive(_request: Request) -> Response:
    """Answer 200 while the process lives."""
    return JSONResponse({"status": "alive"}, headers=NOT_CACHED)


async def _ready(request: Request) -> Response:
    """Answer 200 while requests can be served, 503 while the database cannot be written.

    Both count the alarms, which are for the operator: their texts are told to whoever has a key.
    """
    web: Web = request.app.state.web
    readiness = await web.ready()
    status = HTTPStatus.OK if readiness.writable else HTTPStatus.SERVICE_UNAVAILABLE
    content: dict[str, object] = {
        "status": "ready" if readiness.writable else "not ready",
        "database": "ok" if readiness.writable else "cannot be written",
        "alarm_count": len(readiness.alarms),
    }
    if granted_scopes(request.scope):
        content["alarms"] = list(readiness.alarms)
        content["failed_deliveries"] = readiness.failed
    return JSONResponse(content, status, NOT_CACHED)


_FORMS = (assessment_routes, file_routes, rating_routes)
_DOORS = (import_routes, inbox, delivery_routes, endpoint_routes)
_REGISTERS = (*_FORMS, *_DOORS, audit, entries, period_routes, phrase_routes)
_REVIEWS = (archive_routes, review_pack, report_files, audit_sample, case_library, finding_routes)
_PROBES = [
    Route("/", show_front),
    Route("/healthz", _alive),
    Route("/readyz", _ready),
    Route(METRICS_PATH, metrics_page),
]


def _tickets(wrong: WrongSecrets) -> list[BaseRoute]:
    """Return the webhooks for tickets: the product's own format, and those of help desks."""
    own = Route("/hooks/tickets", partial(take_ticket_event, wrong), methods=["POST"])
    return [own, Route("/hooks/tickets/{connector}", partial(take_desk_delivery, wrong), methods=["POST"])]


def _api(web: Web, wrong: WrongSecrets) -> Api:
    api = Api(
        title="huifang",
        version=_VERSION,
        summary="The follow-up call after a service visit.",
        docs_url=None,
        redoc_url=None,
        routes=[*_PROBES, *_tickets(wrong)],
        exception_handlers=FRONT_HANDLERS,
        redirect_slashes=False,
        strict_content_type=False,
    )
    api.state.web = web
    answers = (place_codes, responses, surveys, metrics, reports, report_routes, interval_routes)
    for module in (*_REGISTERS, *_REVIEWS, tickets, customers, issues, campaigns, *answers):
        api.router.routes.extend(module.router.routes)
    api.router.routes.extend([*data_requests.register.routes, *reports.scores.routes, *DATA_ROUTES])
    api.router.routes.extend([*FILE_ROUTES, *SHARED_ROUTES, *(DOC_ROUTES if web.docs else ())])
    api.router.routes.extend([*survey_page.ROUTES, *rater_routes(wrong), *ticket_page_routes(wrong)])
    api.router.routes.extend(ticket_proof_routes(wrong))
    api.router.routes.extend([*team_page.ROUTES, *_console(web)])
    return api


def _console(web: Web) -> list[BaseRoute]:
    if web.simulated is None:
        return []
    from bot.http.console import routes  # noqa: PLC0415 (only where a channel is drawn there)

    return list(routes.ROUTES)
