"""Deliveries of help desks by API: the last ones with what became of them, and one decided again."""

from typing import Annotated

from fastapi import Path, Query
from starlette.requests import Request
from starlette.responses import Response

from bot.connectors.connector_registry import CONNECTORS
from bot.handlers.common.results import NotFound
from bot.http.api.openapi import problems
from bot.http.api.schemas.field_types import Id
from bot.http.api.schemas.inbox import RetryBody
from bot.http.api.strict_route import api_router
from bot.http.context import TheWeb
from bot.http.helpdesks.desk_replay import DeskDeliveryOut, DeskDeliveryPage, list_deliveries, replay_delivery
from bot.http.idempotent_decide import ApiAnswer, answer_once, ok_answer, refusal_answer

__all__ = ["router"]

router = api_router("deliveries")

DeskDeliveryId = Annotated[Id, Path(description="The delivery's id.")]
Connector = Annotated[
    str, Query(min_length=1, max_length=64, pattern=r"^[a-z]+$", description="Only those of this connector.")
]


@router.get("", response_model=DeskDeliveryPage, responses=problems(401, 404, 422, 503))
async def list_desk_deliveries(web: TheWeb, connector: Connector = "") -> Response:
    """List the last 50 deliveries of each help desk, or of one, the latest first."""
    if connector and connector not in CONNECTORS:
        return refusal_answer(NotFound(f"connector {connector}")).response()
    return ok_answer(await list_deliveries(web.desks, connector)).response()


@router.post(
    "/{delivery:path}/replay", response_model=DeskDeliveryOut, responses=problems(401, 404, 409, 413, 422, 503)
)
async def replay_desk_delivery(
    delivery: DeskDeliveryId, request: Request, web: TheWeb, body: RetryBody | None = None
) -> Response:
    """Read and decide one again, by the settings as they are now; 409 where its content is not kept any more."""

    async def replay() -> ApiAnswer:
        told = await replay_delivery(web.desks, delivery, (body.by if body is not None else None) or "api")
        return ok_answer(told) if isinstance(told, DeskDeliveryOut) else refusal_answer(told)

    return (await answer_once(web, request, replay)).response()
