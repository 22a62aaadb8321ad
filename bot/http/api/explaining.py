"""Which survey rule decides about a ticket, and why."""

from typing import Annotated

from fastapi import Path
from starlette.responses import Response

from bot.handlers.answers import NotFound
from bot.handlers.explaining import explain, explain_needs
from bot.http.api.explain_shapes import ExplainAnswer, explain_answer
from bot.http.api.fields import Id, Source
from bot.http.deciding import refused, said
from bot.http.openapi import problems
from bot.http.strict_route import api_router
from bot.http.web import TheWeb
from storage.changes import Changes
from storage.writer import Decision

__all__ = ["router"]

router = api_router("tickets")

SourceName = Annotated[Source, Path(description="The help desk's name.")]
TicketId = Annotated[Id, Path(description="The ticket's id there; it may hold slashes.")]


@router.get(
    "/{source}/{ticket:path}/survey/explain", response_model=ExplainAnswer, responses=problems(401, 404, 422, 503)
)
async def explain_survey(source: SourceName, ticket: TicketId, web: TheWeb) -> Response:
    """Tell which rule decides about a ticket, and why; one that is not closed is taken as if it closed now."""
    key = (source, ticket)
    told = await web.receiver.do(explain_needs(key), lambda scene: Decision(Changes(), explain(scene, key)))
    return (refused(told) if isinstance(told, NotFound) else said(explain_answer(told))).response()
