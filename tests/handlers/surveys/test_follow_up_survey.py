"""An important customer is followed up some days after the solution, besides being asked right after it."""

from datetime import timedelta

import pytest

from tests.support.web.service import Service

FOLLOW_UP = """
[[calendar]]
name = "vip_follow_up"
when = "daily 10:30"
survey = "callback"
[calendar.audience]
tiers = ["vip"]
closed_before = "7d"
closed_within = "8d"

[[calendar]]
name = "special_follow_up"
when = "daily 10:30"
survey = "callback"
[calendar.audience]
tags = ["特殊故障"]
closed_before = "14d"
closed_within = "15d"
"""


@pytest.mark.row("S1-49")
async def test_a_vip_is_followed_up_once_seven_days_after_the_solution_and_others_are_not(service: Service) -> None:
    await service.rules(FOLLOW_UP)
    await service.closes("1", "mei", person={"tier": "vip"})
    await service.closes("2", "li")
    await service.passes(timedelta(days=12))
    asked = [(one.customer, one.survey) for one in await service.asks()]
    assert sorted(asked) == [("li", "after_service"), ("mei", "after_service"), ("mei", "callback")]
    follow_up = next(one for one in await service.asks() if one.survey == "callback")
    assert follow_up.occasion.endswith("@2026-11-30T02:30:00Z")
    assert timedelta(days=7) <= (follow_up.sent_at or service.now) - follow_up.closed_at <= timedelta(days=8)


@pytest.mark.row("S1-49")
async def test_a_special_repair_is_followed_up_by_its_tag(service: Service) -> None:
    await service.rules(FOLLOW_UP)
    await service.closes("1", "mei", tags=["特殊故障"])
    await service.closes("2", "li", tags=["维修"])
    await service.passes(timedelta(days=20))
    asked = [(one.customer, one.survey) for one in await service.asks()]
    assert sorted(asked) == [("li", "after_service"), ("mei", "after_service"), ("mei", "callback")]
