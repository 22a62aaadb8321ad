"""Deliveries, listed, decided again and dropped, for the database to fail in."""

import json
from collections.abc import Awaitable, Callable, Mapping
from itertools import count
from typing import Any

from bot.connectors.connector_registry import CONNECTORS
from bot.connectors.desk_delivery import DeskDelivery
from bot.connectors.payload import read_payload
from bot.http.context import Desks
from bot.http.helpdesks.desk_storage import store_delivery
from tests.support.helpdesks import SHEETS, Case
from tests.support.helpdesks.sheet import payload

__all__ = ["DESK_USES"]

_numbers = count(1)


async def _replay(desk: Any) -> object:  # noqa: ANN401 (a `Desk` of test_transaction_sites)
    about = {"outcome": "failed", "reason": "", "ticket": "", "customer": "", "headers": {}, "number": next(_numbers)}
    raw = json.dumps(about).encode() + b"\n" + json.dumps(payload("zammad")).encode()
    key = await desk.container.services.receiver.keep_unread("/hooks/tickets/zammad", raw, "not read")
    return await desk.command("deliveries replay", id=key)


async def _retry_something(desk: Any) -> object:  # noqa: ANN401 (as above)
    raw = b'{"id": "%08d", "chat": "phone", "person": "p1", "text": "4"}' % next(_numbers)
    key = await desk.container.services.receiver.keep_unread("sandbox:phone", raw, "not read")
    said = await desk.call("POST", f"inbox/{key}/retry")
    return said if not said.is_success or said.json()["outcome"] == "done" else "mistake of huifang"


async def _deliver(desk: Any) -> object:  # noqa: ANN401 (as above)
    services, case = desk.container.services, Case(next(_numbers), "solved", desk.container.services.clock.now())
    sheet = SHEETS["zammad"]
    sent, desks = sheet.send(case), Desks(services.receiver, services.reader, services.clock, {})
    delivery = DeskDelivery({"x-zammad-delivery": f"event-{case.number}"}, sent.body, case.at)
    return await store_delivery(desks, CONNECTORS["zammad"], delivery, read_payload(sent.body))


DESK_USES: Mapping[str, Callable[[Any], Awaitable[object]]] = {
    "deliver, as a help desk does": _deliver,
    "list what help desks delivered": lambda desk: desk.command("deliveries list"),
    "decide one of them again": _replay,
    "list failed deliveries": lambda desk: desk.command("inbox list"),
    "drop one": lambda desk: desk.command("inbox drop", id="none"),
    "try one again": _retry_something,
}
"""What is done to them, by name."""
