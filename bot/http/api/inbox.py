"""Failed deliveries by API: listed, looked at, tried again, given up; the commands of `huifang inbox`."""

from typing import Annotated

from fastapi import Path, Query
from starlette.requests import Request
from starlette.responses import Response

from bot.handlers.common.results import NotFound
from bot.http.api.openapi import problems
from bot.http.api.paging import Cursor, Limit, paged
from bot.http.api.schemas.field_types import Id
from bot.http.api.schemas.inbox import (
    DeliveryOut,
    DeliveryPage,
    DroppedOut,
    RetriedPageOut,
    RetryBody,
    delivery_out,
    delivery_page,
    retried_page_out,
)
from bot.http.api.strict_route import api_router
from bot.http.context import TheWeb
from bot.http.idempotent_decide import ApiAnswer, answer_once, ok_answer, refusal_answer
from storage.reads.inbox import KeptDelivery

__all__ = ["router"]

router = api_router("inbox")

DeliveryId = Annotated[Id, Path(description="The delivery's id.")]
Channel = Annotated[
    str, Query(min_length=1, max_length=64, pattern=r"^[a-z]+$", description="Only those of this channel.")
]
_BY = "api"


@router.get("", response_model=DeliveryPage, responses=problems(401, 422, 503))
async def list_failed_deliveries(
    web: TheWeb, *, channel: Channel | None = None, cursor: Cursor | None = None, limit: Limit = 50
) -> Response:
    """List the deliveries that are kept because they could not be decided, oldest first; never what they say."""
    return ok_answer(delivery_page(await paged(web.reader.failed_deliveries(channel, cursor, limit)))).response()


@router.post("/retry", response_model=RetriedPageOut, responses=problems(401, 413, 422, 503))
async def retry_failed_deliveries(
    request: Request, web: TheWeb, *, cursor: Cursor | None = None, body: RetryBody | None = None
) -> Response:
    """Decide all of them again; what fails again is kept. Where `next` is set, call again with it as `cursor`."""

    async def retry() -> ApiAnswer:
        return ok_answer(retried_page_out(await paged(web.failed.retry_some(_by(body), cursor))))

    return (await answer_once(web, request, retry)).response()


@router.get("/{delivery}", response_model=DeliveryOut, responses=problems(401, 404, 422, 503))
async def get_delivery(delivery: DeliveryId, web: TheWeb, *, raw: bool = False) -> Response:
    """Return a delivery; with `raw=true` also what came, in which customers' words may stand."""
    found = await web.reader.delivery(delivery)
    if found is None:
        return refusal_answer(NotFound(f"delivery {delivery}")).response()
    return ok_answer(delivery_out(found, raw=raw)).response()


@router.post("/{delivery}/retry", response_model=DeliveryOut, responses=problems(401, 404, 409, 413, 422, 503))
async def retry_delivery(
    delivery: DeliveryId, request: Request, web: TheWeb, body: RetryBody | None = None
) -> Response:
    """Decide one again and return it as it stands then; 409 where its channel is not connected, or it was dropped."""

    async def retry() -> ApiAnswer:
        answer = await web.failed.retry(delivery, _by(body))
        if isinstance(answer, KeptDelivery):
            return ok_answer(delivery_out(answer, raw=False))
        return refusal_answer(answer)

    return (await answer_once(web, request, retry)).response()


@router.delete("/{delivery}", response_model=DroppedOut, responses=problems(401, 404, 422, 503))
async def drop_delivery(delivery: DeliveryId, request: Request, web: TheWeb) -> Response:
    """Drop one: its content is deleted, its id stays known, and it is never tried again."""

    async def drop() -> ApiAnswer:
        answer = await web.failed.drop(delivery, _BY)
        if isinstance(answer, NotFound):
            return refusal_answer(answer)
        return ok_answer(DroppedOut(id=answer.id, dropped=answer.dropped))

    return (await answer_once(web, request, drop)).response()


def _by(body: RetryBody | None) -> str:
    return (body.by if body is not None else None) or _BY
