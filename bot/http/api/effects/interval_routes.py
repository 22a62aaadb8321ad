"""How sure a share of so many answers is, and how many answers it takes, by API."""

from typing import Annotated

from fastapi import Query
from starlette.responses import Response

from bot.http.api.effects.sample_size import MOST_ANSWERS, AnswersNeeded, ShareInterval, needed_answers, share_interval
from bot.http.api.openapi import problems
from bot.http.api.schemas.field_types import Language
from bot.http.api.strict_route import api_router
from bot.http.context import TheWeb
from bot.http.field_errors import FieldProblem
from bot.http.idempotent_decide import ok_answer
from bot.http.problems import Problem

__all__ = ["router"]

router = api_router("metrics")


@router.get("/interval", response_model=ShareInterval, responses=problems(401, 422, 503))
async def interval(
    web: TheWeb,
    *,
    of: Annotated[int, Query(ge=0, le=MOST_ANSWERS, description="How many of them, such as satisfied ones.")],
    n: Annotated[int, Query(ge=1, le=MOST_ANSWERS, description="How many answers there are.")],
    locale: Language = "",
) -> Response:
    """Return how sure a share of answers is, such as 3 of 3. Raises Problem for more than there are."""
    policy = web.receiver.policy
    try:
        found = share_interval(of, n, policy.phrases, policy.phrases.locale(locale or policy.locale))
    except ValueError as wrong:
        raise Problem(422, "There is no such share.", [FieldProblem("of", str(wrong))]) from None
    return ok_answer(found).response()


@router.get("/answers", response_model=AnswersNeeded, responses=problems(401, 422, 503))
async def answers(
    web: TheWeb,
    *,
    within: Annotated[float, Query(ge=0.1, le=50, description="Points to either side.")],
    share: Annotated[float, Query(ge=0, le=100, description="What is expected, in percent; 50 needs most.")] = 50,
    locale: Language = "",
) -> Response:
    """Return how many answers it takes to know a share to within so many points."""
    policy = web.receiver.policy
    found = needed_answers(within, share, policy.phrases, policy.phrases.locale(locale or policy.locale))
    return ok_answer(found).response()
