"""Customers are called back periodically, with a survey of its own for that."""

from datetime import timedelta

import pytest

from tests.support.web.service import Service

PERIODIC = """
[[calendar]]
name = "callback"
when = "monthly 1 10:00"
survey = "callback"
[calendar.audience]
closed_within = "92d"
"""


@pytest.mark.row("S3-07")
async def test_a_callback_comes_every_month_and_asks_about_people_product_and_all_in_all(service: Service) -> None:
    await service.rules(PERIODIC)
    await service.closes("1", "mei")
    await service.passes(timedelta(days=50))
    called = [one for one in await service.asks() if one.occasion]
    assert [one.occasion.partition("@")[2] for one in called] == ["2026-12-01T02:00:00Z", "2027-01-01T02:00:00Z"]
    assert {one.survey for one in called} == {"callback"}
    asked = service.house.web.receiver.policy.survey("callback").questions
    assert len(asked) == len({question.id for question in asked}) >= 4
    names = [question.name["zh-Hans"] for question in asked]
    assert names == ["送货安装的同事", "产品质量", "系统好不好用", "售后服务"]
    assert asked[0].measures == "attitude"
    ticket = (await service.api.get("/api/v1/tickets/desk/1")).json()
    assert ticket["survey"]["id"] not in {one.id for one in called}
