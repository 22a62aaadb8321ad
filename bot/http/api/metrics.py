"""The catalogue of metrics by API."""

from starlette.responses import Response

from bot.http.api.openapi import problems
from bot.http.api.schemas.figure_json import MetricList, catalogue_out
from bot.http.api.strict_route import api_router
from bot.http.context import TheWeb
from bot.http.idempotent_decide import ok_answer

__all__ = ["router"]

router = api_router("metrics")


@router.get("", response_model=MetricList, responses=problems(401, 422, 503))
async def list_metrics(web: TheWeb) -> Response:
    """List every metric: what it counts, how it is computed, and which moment places it."""
    return ok_answer(catalogue_out(web.receiver.policy.phrases)).response()
