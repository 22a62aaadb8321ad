"""Phrases by API: the table of a period, what is proposed, and what is decided about it."""

from asyncio import to_thread
from http import HTTPStatus
from typing import Annotated

from fastapi import Query
from starlette.requests import Request
from starlette.responses import Response

from bot.handlers.phrases import PhraseAnswer, PhraseDecision, PhraseOutcome, decide_phrase, phrase_needs
from bot.http.api.openapi import problems
from bot.http.api.periods.asked_period import AskedPeriod, asked_period
from bot.http.api.strict_route import api_router
from bot.http.api.text.phrase_json import (
    DecidedPhraseBody,
    MapPhraseBody,
    PhraseList,
    PhraseTableOut,
    StoredPhraseOut,
    phrase_table_out,
    stored_phrase_out,
)
from bot.http.context import TheWeb, Web
from bot.http.field_errors import FieldProblem
from bot.http.idempotent_decide import ApiAnswer, decide_once, ok_answer, refusal_answer
from bot.http.problems import Problem
from bot.jobs.period_summary import FigureRequestError
from bot.jobs.text.phrase_table import phrase_table
from storage.model.text_records import PhraseStanding

__all__ = ["router"]

router = api_router("text")
Key = Annotated[str, Query(max_length=50, description="One key to cut by, such as team, agent, product or category.")]


@router.get("/phrases", response_model=PhraseTableOut, responses=problems(401, 422, 503))
async def list_phrases(web: TheWeb, *, period: AskedPeriod = "", by: Key = "") -> Response:
    """List the phrases of a period, the costliest for the mean first. Raises Problem."""
    now = web.clock.now()
    try:
        table = await phrase_table(web.receiver, web.reader, asked_period(web, period, now), by)
    except FigureRequestError as wrong:
        listed = [FieldProblem(wrong.field, wrong.problem)]
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "There are no such phrases.", listed) from None
    return ok_answer(phrase_table_out(table, web.receiver.policy.timezone.key, now)).response()


@router.get("/proposals", response_model=PhraseList, responses=problems(401, 422, 503))
async def list_proposals(web: TheWeb, *, state: PhraseStanding = PhraseStanding.PROPOSED) -> Response:
    """List the phrases that no lexicon has, or those that were mapped or ignored."""
    found = [one for one in await web.reader.texts.phrases() if one.state is state]
    return ok_answer(PhraseList(items=tuple(map(stored_phrase_out, found)))).response()


@router.post("/map", response_model=StoredPhraseOut, responses=problems(401, 404, 409, 413, 422, 503))
async def map_phrase(body: MapPhraseBody, request: Request, web: TheWeb) -> Response:
    """Store what a phrase speaks of: comments are read by it from then on, those of before as well."""
    return await _decided(web, request, body.mapping())


@router.post("/ignore", response_model=StoredPhraseOut, responses=problems(401, 404, 409, 413, 422, 503))
async def ignore_phrase(body: DecidedPhraseBody, request: Request, web: TheWeb) -> Response:
    """Store that a phrase speaks of nothing: it is not proposed again."""
    return await _decided(web, request, body.decision(PhraseStanding.IGNORED))


@router.post("/unmap", response_model=StoredPhraseOut, responses=problems(401, 404, 409, 413, 422, 503))
async def unmap_phrase(body: DecidedPhraseBody, request: Request, web: TheWeb) -> Response:
    """Take back what was decided about a phrase: it is proposed as before."""
    return await _decided(web, request, body.decision(PhraseStanding.PROPOSED))


async def _decided(web: Web, request: Request, wanted: PhraseDecision) -> Response:
    await to_thread(lambda: web.receiver.policy.comments.lexicons)
    needs = phrase_needs(web.receiver.policy, wanted)
    answer = await decide_once(web, request, needs, lambda context: decide_phrase(context, wanted), _told)
    return answer.response()


def _told(answer: PhraseAnswer) -> ApiAnswer:
    if isinstance(answer, PhraseOutcome):
        return ok_answer(stored_phrase_out(answer.phrase))
    return refusal_answer(answer)
