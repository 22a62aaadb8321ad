"""Uses of the database by outgoing webhooks, for `test_transaction_sites`."""

import itertools
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from bot.handlers.outgoing.endpoint_commands import NewEndpoint
from storage.model.outgoing.hook_records import HookDelivery, HookDeliveryStatus, HookEventType

__all__ = ["HOOKS_ELSEWHERE", "HOOK_USES"]

Use = Callable[[Any], Awaitable[object]]
_NONE = "hook_none"
_numbers = itertools.count(1)


def _called(method: str, path: str, body: object = None) -> Use:
    return lambda desk: desk.call(method, f"webhooks{path}", body)


def _reads(use: Use) -> Use:
    return lambda desk: use(desk.container.services.hooks.reads)


async def _add(desk: Any) -> Any:  # noqa: ANN401 (the desk of the uses, and an answer)
    """Add an endpoint at an address of its own."""
    return await desk.call("POST", "webhooks", {"url": f"https://1.1.1.1/{next(_numbers)}"})


def _of_one(method: str, path: str = "", body: object = None) -> Use:
    """Return what adds an endpoint and does something with it."""

    async def use(desk: Any) -> object:  # noqa: ANN401 (as above)
        added = await _add(desk)
        return await desk.call(method, f"webhooks/{added.json()['id']}{path}", body) if added.is_success else added

    return use


def _of_delivery(what: str) -> Use:
    """Return what lets something happen that an endpoint hears of, and does something with its delivery."""

    async def use(desk: Any) -> object:  # noqa: ANN401 (as above)
        number = next(_numbers)
        added = await _add(desk)
        said = await desk.call("POST", "issues", {"title": f"空调不制冷 {number}"})
        if not (added.is_success and said.is_success):
            return said if added.is_success else added
        hooks, endpoint = desk.container.services.hooks, added.json()["id"]
        page = await hooks.reads.deliveries(endpoint, None, 9)
        return await getattr(hooks, what)(endpoint, page.items[0].number, "王工")

    return use


async def _keep(desk: Any) -> object:  # noqa: ANN401 (as above)
    """Take an endpoint over from the file, in the place of the one before."""
    number = next(_numbers)
    return await desk.container.services.hooks.keep([NewEndpoint(f"CRM {number}", f"https://1.1.1.1/{number}")])


_AT = datetime(2026, 11, 30, tzinfo=UTC)
_TRIED = HookDelivery(
    number=1,
    endpoint=_NONE,
    event="evt_1",
    type=HookEventType.ISSUE_OPENED,
    subject="iss_1",
    state=HookDeliveryStatus.WAITING,
    attempts=1,
    created_at=_AT,
    due_at=_AT,
    since=_AT,
    attempted_at=_AT,
    code=500,
    milliseconds=1,
    answer="",
    why="",
)
HOOK_USES: Mapping[str, Use] = {
    "list endpoints": _called("GET", ""),
    "add an endpoint": _add,
    "enable it": _of_one("PUT", "", {"enabled": True}),
    "give it a new secret": _of_one("POST", "/rotate"),
    "list its deliveries": _of_one("GET", "/deliveries"),
    "remove it": _of_one("DELETE"),
    "send once more": _of_delivery("replay"),
    "drop a delivery": _of_delivery("drop"),
    "take endpoints over from the file": _keep,
    "test an endpoint that is not there": _called("POST", f"/{_NONE}/test"),
    "an endpoint": _reads(lambda reads: reads.endpoint(_NONE)),
    "what an endpoint is due": _reads(lambda reads: reads.next_due(_NONE)),
    "what was given up": _reads(lambda reads: reads.standing()),
    "what came behind one that is not taken": _reads(lambda reads: reads.took_later_ones(_TRIED)),
    "a delivery": _reads(lambda reads: reads.delivery(1)),
}
HOOKS_ELSEWHERE = {
    "bot/control/campaigns.py": "a reply says so: bot/control/execute.py, as for the commands on people",
    "bot/control/outgoing/webhook_commands.py": "a reply says so: bot/control/execute.py, as for people's",
    "bot/jobs/outgoing/hook_sender.py": "as every role: tests/process/test_singletons.py; in doubt it sends once more",
}
"""Places, of commands as well, that are made to fail in other tests."""
