"""Data requests by API: everything held about a person, erasing them, and the register of requests."""

from datetime import datetime
from http import HTTPStatus
from typing import Any

from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response

from bot.handlers.common.results import Erased, NotFound
from bot.handlers.common.tombstones import ERASED_DETAIL, tombstone_hash
from bot.handlers.customers.data_requests import Erasure, forget_needs, forget_now
from bot.http.api.customers import CustomerId, router
from bot.http.api.openapi import problems
from bot.http.api.paging import Cursor, Limit, paged
from bot.http.api.strict_route import api_router
from bot.http.context import TheWeb
from bot.http.idempotent_decide import ApiAnswer, decide_once, ok_answer, refusal_answer
from bot.jobs.data_requests import export_person
from dialogs.ids import RefKind
from storage.model import registers
from storage.model.registers import RequestKind

__all__ = ["register", "request_out"]

register = api_router("requests")


class RequestOut(BaseModel):
    """A person's request for their data (`access`) or to be forgotten (`erasure`), and until when it must be done."""

    id: str
    kind: RequestKind
    customer: str
    door: str
    asked_at: datetime
    due_at: datetime
    done_at: datetime | None


class RequestPage(BaseModel):
    """A page of the register, oldest first."""

    items: tuple[RequestOut, ...]
    next: str | None


class HeldOut(BaseModel, extra="allow"):
    """Everything held about a person, by kind."""

    made_at: datetime
    customer: dict[str, Any]


@router.get("/{customer:path}", response_model=HeldOut, responses=problems(401, 404, 410, 422, 503))
async def get_customer(customer: CustomerId, web: TheWeb) -> Response:
    """Return everything held about a person: the same file that they get by `/mydata`."""
    try:
        text = await export_person(web.reader, customer, web.clock.now())
    except LookupError:
        is_gone = await web.reader.tombstone(tombstone_hash(web.receiver.policy, customer))
        return refusal_answer(Erased(ERASED_DETAIL) if is_gone else NotFound(f"customer {customer}")).response()
    return ApiAnswer(HTTPStatus.OK, text.decode()).response()


@router.delete(
    "/{customer:path}",
    status_code=HTTPStatus.ACCEPTED,
    response_model=RequestOut,
    responses=problems(401, 404, 410, 422, 503),
)
async def forget_customer(customer: CustomerId, request: Request, web: TheWeb) -> Response:
    """Forget a person: no message is sent from now on, and shortly only counts are kept."""
    wanted = Erasure(customer, f"{RefKind.REQUEST}_{web.secrets.token()}", "api")
    needs = forget_needs(customer, web.receiver.policy)
    return (await decide_once(web, request, needs, lambda context: forget_now(context, wanted), _told)).response()


@register.get("", response_model=RequestPage, responses=problems(401, 422, 503))
async def list_requests(
    web: TheWeb,
    *,
    open: bool | None = None,  # noqa: A002 (the name in the address)
    cursor: Cursor | None = None,
    limit: Limit = 50,
) -> Response:
    """List what people have asked for about themselves; `open=true` lists what has yet to be done."""
    page = await paged(web.reader.requests(cursor, limit, is_open=open))
    return ok_answer(RequestPage(items=tuple(map(request_out, page.items)), next=page.next)).response()


def _told(answer: registers.Request | NotFound | Erased) -> ApiAnswer:
    return (
        ok_answer(request_out(answer), HTTPStatus.ACCEPTED)
        if isinstance(answer, registers.Request)
        else refusal_answer(answer)
    )


def request_out(request: registers.Request) -> RequestOut:
    """Return a request as the register shows it."""
    return RequestOut(
        id=request.id,
        kind=request.kind,
        customer=request.customer,
        door=request.door,
        asked_at=request.asked_at,
        due_at=request.due_at,
        done_at=request.done_at,
    )
