"""The time to ask is within 24 hours after the service ended, or the end of the month on the owner's clock."""

from datetime import timedelta

from tests.support.web.service import Service

MONTH_END = """
[[rules]]
name = "after_two_hours"
delay = "2h"

[[calendar]]
name = "month_end"
when = "monthly last 10:00"
timezone = "Asia/Shanghai"
survey = "callback"
[calendar.audience]
closed_within = "31d"
"""


async def test_a_closing_is_asked_about_after_the_delay_and_within_a_day(service: Service) -> None:
    await service.rules(MONTH_END)
    await service.closes("1")
    await service.passes(timedelta(days=1))
    (asked,) = await service.asks()
    assert asked.sent_at is not None
    assert asked.sent_at - asked.closed_at == timedelta(hours=2)


async def test_the_months_customers_are_asked_on_its_last_day(service: Service) -> None:
    await service.rules(MONTH_END)
    await service.closes("1", "mei")
    await service.passes(timedelta(days=45))
    occasions = [one.occasion.partition("@")[2] for one in await service.asks() if one.occasion]
    assert occasions == ["2026-11-30T02:00:00Z"]
