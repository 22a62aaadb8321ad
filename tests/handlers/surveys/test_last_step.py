"""The survey is the last step of the process: it comes after completion, and only then."""

from datetime import timedelta

import pytest

from tests.support.web.service import Service


@pytest.mark.row("S4-11")
async def test_nothing_is_asked_on_the_way_and_the_survey_comes_after_completion(service: Service) -> None:
    for status in ("open", "pending", "open"):
        assert await service.closes("1", status=status) is None
        await service.passes(timedelta(minutes=40))
    assert await service.asks() == []
    survey = await service.closes("1")
    assert survey["status"] == "scheduled"
    await service.passes(timedelta(minutes=29))
    assert await service.asks() == []
    await service.passes(timedelta(minutes=2))
    assert [one.ticket for one in await service.asks()] == ["1"]


@pytest.mark.row("S4-28")
async def test_an_appointment_is_asked_about_the_day_after(service: Service) -> None:
    await service.rules(
        '[[calendar]]\nname = "after_appointment"\nwhen = "daily 10:00"\n'
        '[calendar.audience]\nappointment_before = "1d"\nappointment_within = "2d"\n'
    )
    await service.closes("1", "mei", status="open", appointment_at="2026-11-24T09:00:00+08:00")
    await service.closes("2", "li", status="open")
    await service.passes(timedelta(days=6))
    assert [(one.customer, one.occasion.partition("@")[2]) for one in await service.asks()] == [
        ("mei", "2026-11-25T02:00:00Z")
    ]
