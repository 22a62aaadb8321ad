"""Endpoints of outgoing webhooks by API: added, changed, tried, removed; and the log of their deliveries."""

from http import HTTPStatus
from typing import Annotated

from fastapi import Path
from starlette.requests import Request
from starlette.responses import Response

from bot.handlers.common.results import Conflict, Invalid, NotFound
from bot.handlers.outgoing import endpoint_commands
from bot.http.api.openapi import problems
from bot.http.api.outgoing.endpoint_json import (
    EndpointBody,
    EndpointChangeBody,
    EndpointList,
    EndpointOut,
    HookDeliveryOut,
    HookDeliveryPage,
    NewEndpointOut,
    PingOut,
    endpoint_out,
    hook_delivery_out,
    hook_delivery_page,
    listed_endpoint,
    ping_out,
)
from bot.http.api.paging import Cursor, Limit, paged
from bot.http.api.schemas.field_types import Id
from bot.http.api.schemas.inbox import RetryBody
from bot.http.api.strict_route import api_router
from bot.http.context import TheWeb, Web
from bot.http.idempotent_decide import ApiAnswer, answer_once, decide_once, ok_answer, refusal_answer
from storage.model.outgoing.hook_records import HookDelivery, HookEndpoint

__all__ = ["router"]

router = api_router("webhooks")

EndpointId = Annotated[Id, Path(description="The endpoint's id.")]
DeliveryNumber = Annotated[int, Path(ge=1, le=2**62, description="The delivery's id.")]
_BY = "api"


@router.get("", response_model=EndpointList, responses=problems(401, 422, 503))
async def list_endpoints(web: TheWeb) -> Response:
    """List every endpoint of outgoing webhooks, each by how its address begins."""
    found = await web.hooks.reads.endpoints()
    return ok_answer(EndpointList(items=tuple(map(listed_endpoint, found)))).response()


@router.post("", status_code=HTTPStatus.CREATED, response_model=NewEndpointOut, responses=problems(401, 413, 422, 503))
async def add_endpoint(body: EndpointBody, request: Request, web: TheWeb) -> Response:
    """Add an endpoint, which is told of what happens from now on; the answer shows its secret, this once."""
    if wrong := await web.hooks.url_problem(body.url):
        return refusal_answer(wrong).response()
    wanted = body.wanted()
    answer = await decide_once(
        web,
        request,
        endpoint_commands.endpoint_needs(""),
        lambda context: endpoint_commands.add_endpoint(context, wanted, body.by or _BY),
        lambda added: ok_answer(endpoint_out(added), HTTPStatus.CREATED),
    )
    return _with_secret(web, answer).response()


@router.get("/{endpoint}", response_model=EndpointOut, responses=problems(401, 404, 422, 503))
async def show_endpoint(endpoint: EndpointId, web: TheWeb) -> Response:
    """Return an endpoint, without its secret."""
    found = await web.hooks.reads.endpoint(endpoint)
    if found is None:
        return refusal_answer(NotFound(f"webhook endpoint {endpoint}")).response()
    return ok_answer(endpoint_out(found)).response()


@router.put("/{endpoint}", response_model=EndpointOut, responses=problems(401, 404, 409, 413, 422, 503))
async def change_endpoint(endpoint: EndpointId, body: EndpointChangeBody, web: TheWeb) -> Response:
    """Change an endpoint; one that is enabled again is sent everything that waits for it.

    Of one from rules.toml nothing else is changed here than whether it is enabled.
    """
    wrong = await web.hooks.url_problem(body.url) if body.url is not None else None
    if wrong is not None:
        return refusal_answer(wrong).response()
    changed = await web.receiver.do(
        endpoint_commands.endpoint_needs(endpoint),
        lambda context: endpoint_commands.change_endpoint(context, endpoint, body.change(), body.by or _BY),
    )
    if not isinstance(changed, HookEndpoint):
        return refusal_answer(changed).response()
    if body.enabled:
        await web.hooks.release_waiting(endpoint)
    return ok_answer(endpoint_out(changed)).response()


@router.delete("/{endpoint}", status_code=HTTPStatus.NO_CONTENT, responses=problems(401, 404, 409, 422, 503))
async def remove_endpoint(endpoint: EndpointId, web: TheWeb) -> Response:
    """Remove an endpoint; once this is answered, nothing is sent to it any more."""
    removed = await web.hooks.remove(endpoint, _BY)
    return Response(status_code=204) if isinstance(removed, HookEndpoint) else refusal_answer(removed).response()


@router.post("/{endpoint}/rotate", response_model=NewEndpointOut, responses=problems(401, 404, 413, 422, 503))
async def rotate_secret(endpoint: EndpointId, request: Request, web: TheWeb, body: RetryBody | None = None) -> Response:
    """Return an endpoint with a new secret, shown this once; the old one signs for 24 hours as well."""
    answer = await decide_once(
        web,
        request,
        endpoint_commands.endpoint_needs(endpoint),
        lambda context: endpoint_commands.rotate_secret(context, endpoint, _by(body)),
        _told,
    )
    return _with_secret(web, answer).response()


@router.post("/{endpoint}/test", response_model=PingOut, responses=problems(401, 404, 413, 422, 503))
async def ping_endpoint(endpoint: EndpointId, web: TheWeb, body: RetryBody | None = None) -> Response:
    """Post an event of the type `webhook.test` to an endpoint now, and return what came back."""
    del body  # nothing is written down
    answer = await web.hooks.ping(endpoint)
    return (refusal_answer(answer) if isinstance(answer, NotFound) else ok_answer(ping_out(answer))).response()


@router.get("/{endpoint}/deliveries", response_model=HookDeliveryPage, responses=problems(401, 404, 422, 503))
async def list_hook_deliveries(
    endpoint: EndpointId, web: TheWeb, *, cursor: Cursor | None = None, limit: Limit = 50
) -> Response:
    """List what was and is to be sent to an endpoint, the newest first."""
    if await web.hooks.reads.endpoint(endpoint) is None:
        return refusal_answer(NotFound(f"webhook endpoint {endpoint}")).response()
    page = await paged(web.hooks.reads.deliveries(endpoint, cursor, limit))
    return ok_answer(hook_delivery_page(page)).response()


@router.post(
    "/{endpoint}/deliveries/{delivery}/replay",
    response_model=HookDeliveryOut,
    responses=problems(401, 404, 409, 413, 422, 503),
)
async def replay_hook_delivery(
    endpoint: EndpointId, delivery: DeliveryNumber, request: Request, web: TheWeb, body: RetryBody | None = None
) -> Response:
    """Send a delivery once more, whether it arrived or not, with the same `webhook-id`."""

    async def replay() -> ApiAnswer:
        return _delivery(await web.hooks.replay(endpoint, delivery, _by(body)))

    return (await answer_once(web, request, replay)).response()


@router.post(
    "/{endpoint}/deliveries/{delivery}/drop",
    response_model=HookDeliveryOut,
    responses=problems(401, 404, 409, 413, 422, 503),
)
async def drop_hook_delivery(
    endpoint: EndpointId, delivery: DeliveryNumber, request: Request, web: TheWeb, body: RetryBody | None = None
) -> Response:
    """Drop a delivery that does not arrive: it is sent no more, and what follows of its subject goes."""

    async def drop() -> ApiAnswer:
        return _delivery(await web.hooks.drop(endpoint, delivery, _by(body)))

    return (await answer_once(web, request, drop)).response()


def _delivery(told: HookDelivery | NotFound | Conflict) -> ApiAnswer:
    return ok_answer(hook_delivery_out(told)) if isinstance(told, HookDelivery) else refusal_answer(told)


def _by(body: RetryBody | None) -> str:
    return (body.by if body is not None else None) or _BY


def _told(answer: HookEndpoint | NotFound | Invalid | Conflict) -> ApiAnswer:
    return ok_answer(endpoint_out(answer)) if isinstance(answer, HookEndpoint) else refusal_answer(answer)


def _with_secret(web: Web, answer: ApiAnswer) -> ApiAnswer:
    """Add the secret to an answer; what is kept to be answered again is without it."""
    if answer.status >= HTTPStatus.BAD_REQUEST:
        return answer
    shown = EndpointOut.model_validate_json(answer.text)
    secret = endpoint_commands.secret_numbered(web.receiver.policy.links.key, shown.id, shown.secret_number)
    return ok_answer(NewEndpointOut(**dict(shown), secret=secret), answer.status)
