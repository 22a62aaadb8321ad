"""Responses by API: every interview that was asked, finished or not."""

from typing import Annotated, Literal

from fastapi import Path
from starlette.responses import Response

from bot.handlers.common.results import NotFound
from bot.http.api.openapi import problems
from bot.http.api.paging import Cursor, Limit, paged
from bot.http.api.schemas.field_types import Id, Moment, TicketRef, read_ticket
from bot.http.api.schemas.response import ResponsePage, response_out
from bot.http.api.schemas.response_explanation import ResponseExplanation, response_explanation
from bot.http.api.strict_route import api_router
from bot.http.context import TheWeb
from bot.http.idempotent_decide import ok_answer, refusal_answer
from storage.reads.listings import ResponseFilter

__all__ = ["router"]

router = api_router("responses")

Status = Literal[
    "scheduled",
    "sent",
    "started",
    "completed",
    "partial",
    "declined",
    "expired",
    "suppressed",
    "unreachable",
    "cancelled",
]


@router.get("", response_model=ResponsePage, responses=problems(401, 422, 503))
async def list_responses(
    web: TheWeb,
    *,
    ticket: TicketRef | None = None,
    customer: Id | None = None,
    since: Moment | None = None,
    until: Moment | None = None,
    status: Status | None = None,
    cursor: Cursor | None = None,
    limit: Limit = 50,
) -> Response:
    """List responses, those asked first before those asked later; `since` and `until` are about the asking."""
    wanted = ResponseFilter(read_ticket(ticket) if ticket else None, customer, since, until, status)
    page = await paged(web.reader.responses(wanted, cursor, limit))
    surveys = await web.receiver.survey_versions(view.interview.survey for view in page.items)
    locale = web.receiver.policy.phrases.default
    items = (
        response_out(view.interview, view.invitation, surveys.get(view.interview.survey), locale) for view in page.items
    )
    return ok_answer(ResponsePage(items=tuple(items), next=page.next)).response()


@router.get("/{response}/explain", response_model=ResponseExplanation, responses=problems(401, 404, 422, 503))
async def explain_response(response: Annotated[Id, Path(description="The response's id.")], web: TheWeb) -> Response:
    """Return what of a response counts, and why: its closing, its flags, each rating."""
    facts = await web.reader.response_facts(response)
    if facts is None:
        return refusal_answer(NotFound(f"response {response}")).response()
    return ok_answer(response_explanation(facts)).response()
