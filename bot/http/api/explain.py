"""Which survey rule decides about a ticket, and why."""

from typing import Annotated

from fastapi import Path
from starlette.responses import Response

from bot.handlers.common.results import NotFound
from bot.handlers.surveys.explain import explain, explain_needs
from bot.http.api.openapi import problems
from bot.http.api.schemas.explain import ExplainAnswer, explain_answer
from bot.http.api.schemas.fields import Id, Source
from bot.http.api.strict_route import api_router
from bot.http.context import TheWeb
from bot.http.idempotent_decide import refused, said
from storage.unit_of_work.changes import Changes
from storage.unit_of_work.writer import Decision

__all__ = ["router"]

router = api_router("tickets")

SourceName = Annotated[Source, Path(description="The help desk's name.")]
TicketId = Annotated[Id, Path(description="The ticket's id there; it may hold slashes.")]


@router.get(
    "/{source}/{ticket:path}/survey/explain", response_model=ExplainAnswer, responses=problems(401, 404, 422, 503)
)
async def explain_survey(source: SourceName, ticket: TicketId, web: TheWeb) -> Response:
    """Return which rule decides about a ticket, and why; one that is not closed is taken as if it closed now."""
    key = (source, ticket)
    told = await web.receiver.do(explain_needs(key), lambda context: Decision(Changes(), explain(context, key)))
    return (refused(told) if isinstance(told, NotFound) else said(explain_answer(told))).response()
