"""Once the problem has been solved the survey goes out, by itself or when a colleague sends it now."""

from datetime import timedelta

import pytest

from tests.support.web.service import Service


@pytest.mark.row("S0-15")
async def test_a_closed_ticket_is_asked_about_by_itself(service: Service) -> None:
    await service.closes("1")
    await service.passes(timedelta(minutes=31))
    assert [one.ticket for one in await service.asks()] == ["1"]


@pytest.mark.row("S0-15")
async def test_a_colleague_sends_it_now_whatever_the_rules_say(service: Service) -> None:
    await service.rules('[[rules]]\nname = "nobody"\nask = false\n')
    assert (await service.closes("1"))["reason"] == "excluded"
    answer = await service.api.post("/api/v1/tickets/desk/1/survey", json={"survey": "ten_point"})
    assert answer.status_code == 200
    await service.passes(timedelta(seconds=1))
    (asked,) = await service.asks()
    assert (asked.survey, asked.by_hand) == ("ten_point", True)
