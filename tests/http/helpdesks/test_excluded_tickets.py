"""Closed by merging, as spam, deleted, or by itself: the ticket is kept, and nobody is asked, however it was before."""

from datetime import timedelta
from typing import Any

import pytest

from tests.http.helpdesks.test_desk_door import case, deliver, deliveries, desk_house, told
from tests.support.helpdesks import SHEETS
from tests.support.helpdesks.sheet import edited
from tests.support.web.house import House

__all__ = ["desk_house"]

ZAMMAD = SHEETS["zammad"]
EXCLUDED = ("excluded", "suppressed")


async def send(house: House, state: str, **changes: Any) -> dict[str, Any]:  # noqa: ANN401 (JSON is anything)
    made = case(house, state)
    body = edited(ZAMMAD.make(made), {path.replace("__", "."): value for path, value in changes.items()})
    answer = await deliver(house, ZAMMAD, ZAMMAD.send(made, body=body))
    assert answer.is_success, answer.text
    survey: dict[str, Any] = answer.json()["survey"] or {}
    return survey


@pytest.mark.parametrize("tag", ["spam", "merged", "deleted", "auto-closed"])
async def test_a_tag_at_the_closing_says_why(tag: str, desk_house: House) -> None:
    survey = await send(desk_house, "solved", ticket__tags=["vip", tag])
    assert (survey["reason"], survey["status"]) == EXCLUDED
    (kept,) = await deliveries(desk_house, ZAMMAD)
    assert kept["reason"] == f"{tag}; survey suppressed: excluded"


async def test_what_is_merged_once_it_was_solved_is_not_asked_about_any_more(desk_house: House) -> None:
    assert (await send(desk_house, "solved"))["status"] == "scheduled"
    survey = await send(desk_house, "solved", ticket__state="merged")
    assert (survey["reason"], survey["status"]) == EXCLUDED


async def test_it_stays_so_when_the_same_is_told_again(desk_house: House) -> None:
    await send(desk_house, "solved", ticket__state="merged")
    survey = await send(desk_house, "solved", ticket__state="merged")
    assert (survey["reason"], survey["status"]) == EXCLUDED


async def test_it_is_asked_about_when_it_is_opened_and_solved_after_all(desk_house: House) -> None:
    await send(desk_house, "solved", ticket__tags=["spam"])
    await send(desk_house, "reopened", ticket__tags=[])
    assert (await send(desk_house, "solved", ticket__tags=[]))["status"] == "scheduled"


async def test_a_person_may_ask_by_hand_nevertheless(desk_house: House) -> None:
    await send(desk_house, "auto_closed", ticket__telegram_id="10001")
    async with desk_house.client() as client:
        asked = await client.post("/api/v1/tickets/zammad/22017/survey")
    assert (asked.status_code, asked.json()["survey"]["status"]) == (200, "scheduled")


async def test_a_closing_long_ago_has_the_deadline_as_its_reason(desk_house: House) -> None:
    made = case(desk_house, "solved")
    long_ago = made.stamp(timedelta(days=-3))
    times = {"ticket.last_close_at": long_ago, "ticket.tags": ["spam"]}
    await deliver(desk_house, ZAMMAD, ZAMMAD.send(made, body=edited(ZAMMAD.make(made), times)))
    survey = (await told(desk_house, ZAMMAD))["survey"]
    assert (survey["reason"], survey["status"]) == ("deadline", "suppressed")
