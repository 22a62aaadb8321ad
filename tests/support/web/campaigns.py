"""Campaigns in a row's hands: drafted and started by the API, run by the product, read in the chats."""

from typing import Any

from scoring.values import Value
from storage.model.records import OutboxMessage
from storage.unit_of_work.selects import all_of
from tests.support.web.service import Service

__all__ = ["Letter", "letters", "started", "told"]


class Letter(Value):
    """A message of a campaign: to whom, and its words."""

    customer: str
    text: str


async def started(service: Service, **said: Any) -> str:  # noqa: ANN401 (what JSON is)
    """Draft a campaign and let it go; gives its id."""
    drafted = await service.api.post("/api/v1/campaigns", json=said)
    assert drafted.is_success, drafted.text
    campaign = str(drafted.json()["id"])
    answer = await service.api.post(f"/api/v1/campaigns/{campaign}/start")
    assert answer.is_success, answer.text
    return campaign


async def told(service: Service, campaign: str) -> Any:  # noqa: ANN401 (what JSON is)
    """Return a campaign as the API tells it."""
    return (await service.api.get(f"/api/v1/campaigns/{campaign}")).json()


async def letters(service: Service, campaign: str) -> list[Letter]:
    """List what a campaign has sent, by customer."""
    async with service.house.store.reading() as session:
        found = await session.records(OutboxMessage, all_of(OutboxMessage))
    mine = (Letter(one.customer or "", one.prompt.text) for one in found if one.campaign == campaign)
    return sorted(mine, key=lambda letter: letter.customer)
