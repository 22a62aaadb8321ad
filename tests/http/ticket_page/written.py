"""What waits to be written into tickets, and the link in it."""

import re
from typing import Any

import httpx

from dialogs.messages import DeskStep
from storage.model.records import OutboxMessage, Purpose
from storage.unit_of_work.selects import all_of
from tests.support.web.house import House

__all__ = ["asked_about", "link_of", "waiting"]


async def waiting(house: House, step: DeskStep | None = None) -> list[OutboxMessage]:
    """Return what waits for the help desk, of one kind or all."""
    async with house.store.reading() as session:
        found = await session.records(OutboxMessage, all_of(OutboxMessage))
    written = [one for one in found if one.purpose is Purpose.DESK and one.prompt.desk is not None]
    return [one for one in written if step is None or (one.prompt.desk is not None and one.prompt.desk.step is step)]


async def asked_about(api: httpx.AsyncClient, number: str = "7", source: str = "zammad", **customer: Any) -> Any:  # noqa: ANN401 (any JSON)
    """Close a ticket and have its survey asked at once; return what has become of it."""
    person = {"id": "zammad:17", "locale": "en", **customer}
    body = {"status": "closed", "subject": "Leaking pipe", "customer": person}
    assert (await api.put(f"/api/v1/tickets/{source}/{number}", json=body)).is_success
    asked = await api.post(f"/api/v1/tickets/{source}/{number}/survey", json={})
    return asked.json().get("survey")


async def link_of(house: House) -> str:
    """Return the path of the link in the only reply that waits."""
    (reply,) = await waiting(house, DeskStep.REPLY)
    (path,) = re.findall(r"(/b/[\w-]+)", reply.prompt.text)
    return str(path)
