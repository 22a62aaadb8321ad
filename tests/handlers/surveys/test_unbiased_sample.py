"""The sample is unbiased: nobody chooses who is asked, and whoever is not carries the reason."""

from collections import Counter

import pytest

from tests.support.web.service import Service

SAMPLE = """
[[rules]]
name = "internal"
tags = ["internal"]
ask = false

[[rules]]
name = "sample"
sample = 2
"""


@pytest.mark.row("S2-11")
async def test_who_is_asked_is_drawn_by_the_tickets_id_and_everybody_else_has_a_reason(service: Service) -> None:
    await service.rules(SAMPLE)
    outcomes = [await service.closes(str(number), agent={"id": f"a{number % 2}"}) for number in range(60)]
    counted = Counter((one["status"], one["reason"]) for one in outcomes)
    assert counted.keys() == {("scheduled", None), ("suppressed", "sampled_out")}
    assert 15 <= counted["scheduled", None] <= 45


@pytest.mark.row("S2-11")
async def test_no_agent_can_draw_again_or_take_a_closed_ticket_out(service: Service) -> None:
    await service.rules(SAMPLE)
    first = {str(number): (await service.closes(str(number)))["status"] for number in range(20)}
    again = {
        str(number): (await service.closes(str(number), tags=["internal"], agent={"id": "a9"}))["status"]
        for number in range(20)
    }
    assert first == again
    assert set(first.values()) == {"scheduled", "suppressed"}
