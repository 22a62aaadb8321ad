"""A November of visits: six customers answer at once, two close to the end of the month have not answered yet."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from tests.support.web.service import Service

__all__ = [
    "DECEMBER",
    "MANAGER",
    "ONES",
    "answers",
    "late_ones",
    "november",
    "published",
    "shown",
    "standing",
    "visited",
]

DECEMBER = datetime(2026, 11, 30, 16, 0, tzinfo=UTC)
"""When December begins in Shanghai."""
MANAGER = {"by": "王经理"}
FIVES = ("5", "5", "5", "5", "5", "跳过")
ONES = ("1", "跳过", "1", "跳过", "1", "1", "1", "跳过")


async def visited(service: Service, number: int, tier: str = "") -> None:
    """Close a ticket and ask about it at once."""
    person = {"contacts": [{"channel": "sandbox", "address": f"phone-c{number}"}], "tier": tier}
    given: dict[str, Any] = {"team": "north", "agent": {"id": "a17", "name": "李工"}}
    await service.closes(str(number), f"c{number}", person=person, **given)
    await service.api.post(f"/api/v1/tickets/desk/{number}/survey", json={})


async def answers(service: Service, number: int, words: tuple[str, ...] = FIVES) -> None:
    """Let a customer answer all of the survey."""
    for word in words:
        await service.says(word, f"phone-c{number}")


async def november(service: Service, tier: str = "") -> None:
    """Let the month pass, up to its last evening."""
    for number in range(6):
        await visited(service, number, tier)
        await answers(service, number, FIVES if number else ONES)
    await service.passes(DECEMBER - timedelta(hours=3) - service.now)
    for number in (6, 7):
        await visited(service, number)


async def late_ones(service: Service) -> None:
    """Let the last two answer, in December."""
    for number in (6, 7):
        await answers(service, number)


async def published(
    service: Service,
    revision: int = 1,
    about: str = "figures",
    period: str = "2026-11",
    **body: Any,  # noqa: ANN401 (JSON is anything)
) -> httpx.Response:
    given = {**MANAGER, "revision": revision, **body}
    return await service.api.post(f"/api/v1/periods/{period}/{about}", json=given)


async def shown(service: Service, revision: int | None = None, about: str = "figures") -> dict[str, Any]:
    """Return what was published, and that its content is what the digest says."""
    wanted = {} if revision is None else {"revision": revision}
    answer = await service.api.get(f"/api/v1/periods/2026-11/{about}", params=wanted)
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    assert told["verified"] is True
    return told


async def standing(service: Service, period: str = "2026-11", **wanted: str) -> dict[str, Any]:
    answer = await service.api.get(f"/api/v1/periods/{period}", params=wanted)
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told
