"""Commands on endpoints of outgoing webhooks, as the API has them."""

from collections.abc import Mapping
from typing import Any

from bot.control.arguments import BY, body_argument, result_of, text_argument
from bot.control.execute import CommandHandler
from bot.control.protocol import CommandProblem
from bot.handlers.common.results import NotFound
from bot.handlers.outgoing import endpoint_commands
from bot.handlers.outgoing.delivery_outcome import HookAnswer
from bot.http.api.outgoing.endpoint_json import (
    EndpointBody,
    EndpointChangeBody,
    endpoint_out,
    hook_delivery_out,
    hook_delivery_page,
    listed_endpoint,
    ping_out,
)
from bot.wiring.services import Services
from storage.model.outgoing.hook_records import HookDelivery, HookEndpoint

__all__ = ["WEBHOOK_COMMANDS"]

Json = dict[str, Any]
_MOST = 200


async def _list(services: Services, _arguments: Mapping[str, Any]) -> Json:
    found = await services.hooks.reads.endpoints()
    return {"items": [listed_endpoint(one).model_dump(mode="json") for one in found]}


async def _show(services: Services, arguments: Mapping[str, Any]) -> Json:
    """Return an endpoint with its whole address. Raises CommandProblem."""
    found = await services.hooks.reads.endpoint(await _named(services, arguments))
    return _shown(result_of(HookEndpoint, found or NotFound(text_argument(arguments, "endpoint"))))


async def _add(services: Services, arguments: Mapping[str, Any]) -> Json:
    """Add an endpoint, and show its secret. Raises CommandProblem."""
    body = body_argument(EndpointBody, arguments)
    await _permit(services, body.url)
    added = await services.receiver.do(
        endpoint_commands.endpoint_needs(""),
        lambda context: endpoint_commands.add_endpoint(context, body.wanted(), BY),
    )
    return _with_secret(services, added)


async def _change(services: Services, arguments: Mapping[str, Any]) -> Json:
    """Change an endpoint. Raises CommandProblem."""
    endpoint = await _named(services, arguments)
    body = body_argument(EndpointChangeBody, {name: value for name, value in arguments.items() if name != "endpoint"})
    if body.url is not None:
        await _permit(services, body.url)
    answer = await services.receiver.do(
        endpoint_commands.endpoint_needs(endpoint),
        lambda context: endpoint_commands.change_endpoint(context, endpoint, body.change(), BY),
    )
    changed = result_of(HookEndpoint, answer)
    if body.enabled:
        await services.hooks.release_waiting(endpoint)
    return _shown(changed)


async def _remove(services: Services, arguments: Mapping[str, Any]) -> Json:
    """Remove an endpoint. Raises CommandProblem."""
    endpoint = await _named(services, arguments)
    removed = result_of(HookEndpoint, await services.hooks.remove(endpoint, BY))
    return {"id": removed.id, "name": removed.name}


async def _rotate(services: Services, arguments: Mapping[str, Any]) -> Json:
    """Return an endpoint with a new secret. Raises CommandProblem."""
    endpoint = await _named(services, arguments)
    answer = await services.receiver.do(
        endpoint_commands.endpoint_needs(endpoint),
        lambda context: endpoint_commands.rotate_secret(context, endpoint, BY),
    )
    return _with_secret(services, result_of(HookEndpoint, answer))


async def _deliveries(services: Services, arguments: Mapping[str, Any]) -> Json:
    """List deliveries to an endpoint. Raises CommandProblem."""
    endpoint = await _named(services, arguments)
    page = await services.hooks.reads.deliveries(endpoint, text_argument(arguments, "cursor") or None, _MOST)
    return hook_delivery_page(page).model_dump(mode="json")


async def _secret(services: Services, arguments: Mapping[str, Any]) -> Json:
    """Show the secret of an endpoint. Raises CommandProblem."""
    endpoint = await services.hooks.reads.endpoint(await _named(services, arguments))
    return _with_secret(services, result_of(HookEndpoint, endpoint or NotFound(text_argument(arguments, "endpoint"))))


async def _replay(services: Services, arguments: Mapping[str, Any]) -> Json:
    """Send a delivery once more. Raises CommandProblem."""
    answer = await services.hooks.replay(await _named(services, arguments), _number(arguments), BY)
    return hook_delivery_out(result_of(HookDelivery, answer)).model_dump(mode="json")


async def _drop(services: Services, arguments: Mapping[str, Any]) -> Json:
    """Drop a delivery that does not arrive. Raises CommandProblem."""
    answer = await services.hooks.drop(await _named(services, arguments), _number(arguments), BY)
    return hook_delivery_out(result_of(HookDelivery, answer)).model_dump(mode="json")


def _number(arguments: Mapping[str, Any]) -> int:
    number = text_argument(arguments, "delivery")
    if not number.isdecimal():
        raise CommandProblem(f"{number!r} is no delivery; `huifang webhooks deliveries` lists them")
    return int(number)


async def _test(services: Services, arguments: Mapping[str, Any]) -> Json:
    """Post a test event. Raises CommandProblem."""
    endpoint = await _named(services, arguments)
    return ping_out(result_of(HookAnswer, await services.hooks.ping(endpoint))).model_dump(mode="json")


async def _named(services: Services, arguments: Mapping[str, Any]) -> str:
    """Return the id of the endpoint with this id or name. Raises CommandProblem where there is none, or several."""
    wanted = text_argument(arguments, "endpoint")
    found = [one.id for one in await services.hooks.reads.endpoints() if wanted in (one.id, one.name)]
    if len(found) != 1:
        problem = f"{len(found)} endpoints are called {wanted!r}" if found else f"there is no endpoint {wanted!r}"
        raise CommandProblem(f"{problem}; `huifang webhooks list` shows their ids")
    return found[0]


async def _permit(services: Services, url: str) -> None:
    if wrong := await services.hooks.url_problem(url):
        raise CommandProblem(f"{wrong.field}: {wrong.problem}")


def _shown(endpoint: HookEndpoint) -> Json:
    return endpoint_out(endpoint).model_dump(mode="json")


def _with_secret(services: Services, endpoint: HookEndpoint) -> Json:
    key = services.receiver.policy.links.key
    return _shown(endpoint) | {"secret": endpoint_commands.secret_numbered(key, endpoint.id, endpoint.secret_number)}


WEBHOOK_COMMANDS: Mapping[str, CommandHandler] = {
    "webhooks add": _add,
    "webhooks change": _change,
    "webhooks deliveries": _deliveries,
    "webhooks drop": _drop,
    "webhooks list": _list,
    "webhooks remove": _remove,
    "webhooks replay": _replay,
    "webhooks rotate": _rotate,
    "webhooks secret": _secret,
    "webhooks show": _show,
    "webhooks test": _test,
}
