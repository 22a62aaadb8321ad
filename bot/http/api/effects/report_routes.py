"""What a change comes to, and who is worth a call, by API."""

from http import HTTPStatus
from typing import Annotated

from fastapi import Query
from starlette.responses import Response

from bot.http.api.effects.comparison_json import ComparisonOut, comparison_out
from bot.http.api.effects.worth_call_json import MOST_CALLS, CallList, CallWords, call_list
from bot.http.api.openapi import problems
from bot.http.api.schemas.field_types import Language
from bot.http.api.schemas.figure_json import FigureLocale
from bot.http.api.strict_route import api_router
from bot.http.context import TheWeb
from bot.http.field_errors import FieldProblem
from bot.http.idempotent_decide import ok_answer
from bot.http.problems import Problem
from bot.jobs.effects.customers_to_call import customers_to_call
from bot.jobs.effects.window_comparison import compare_windows, read_comparison
from bot.jobs.period_summary import FigureRequestError
from dialogs.time.named_days import PERIOD_EXAMPLES

__all__ = ["router"]

router = api_router("reports")

Window = Annotated[
    str, Query(max_length=30, description=f"A period, as in {PERIOD_EXAMPLES}, or days as FIRST..AFTER.")
]
Group = Annotated[str, Query(max_length=300, description="A key and its value, such as team:north.")]


@router.get("/comparison", response_model=ComparisonOut, responses=problems(401, 422, 503))
async def comparison(
    web: TheWeb,
    *,
    before: Window,
    after: Window,
    metric: Annotated[str, Query(max_length=500, description="mean, csat and bad_review_rate without any.")] = "",
    by: Annotated[
        str, Query(max_length=20, description="dimension, question, or empty for all together.")
    ] = "dimension",
    of: Group = "",
    change: Annotated[str, Query(max_length=100, description="The tag of tickets that the change has reached.")] = "",
    pilot: Group = "",
    locale: Language = "",
) -> Response:
    """Set figures of two windows beside each other, with what may be said of the difference.

    Raises Problem for what is no window, metric, key or value.
    """
    policy, now = web.receiver.policy, web.clock.now()
    asked = {"before": before, "after": after, "metric": metric, "by": by, "of": of, "change": change, "pilot": pilot}
    try:
        wanted = read_comparison(asked, now, policy.calendar)
    except FigureRequestError as wrong:
        listed = [FieldProblem(wrong.field, wrong.problem)]
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "There is no such comparison.", listed) from None
    told = FigureLocale(policy.phrases, policy.phrases.locale(locale or policy.locale), policy.timezone, now)
    return ok_answer(comparison_out(await compare_windows(web.reader, wanted, now), told)).response()


@router.get("/calls", response_model=CallList, responses=problems(401, 422, 503))
async def list_calls(
    web: TheWeb, *, limit: Annotated[int, Query(ge=1, le=MOST_CALLS)] = 100, locale: Language = ""
) -> Response:
    """List customers who are worth a call by a person, each with the reason, most complaints first."""
    policy = web.receiver.policy
    found = await customers_to_call(web.reader, policy.calls, web.clock.now())
    words = CallWords(policy.phrases, policy.phrases.locale(locale or policy.locale))
    return ok_answer(call_list(policy.calls, found, words, limit)).response()
