"""Customers are visited every year: a campaign that recurs announces it and asks, and each visit has its task sheet."""

from datetime import timedelta
from typing import Any

import pytest

from storage.model.records import Purpose
from tests.support.web.service import Service

YEARLY = """
[[calendar]]
name = "年度走访"
kind = "notice"
when = "yearly 12-10 10:00"
text = "{name}您好，这周我们上门走访，看看设备用得怎么样。"
[calendar.audience]
tiers = ["key"]

[[calendar]]
name = "走访以后"
when = "yearly 12-20 10:00"
survey = "callback"
[calendar.audience]
tiers = ["key"]
"""
YEAR = timedelta(days=365)
TASK: dict[str, Any] = {
    "form": "task_sheet",
    "subject": "north",
    "period": "2026-12",
    "role": "superior",
    "rater": "王经理",
    "by": "王经理",
    "values": {"done": 5, "in_time": 4, "customer": 5, "papers": 4},
    "words": {"task": "年度走访", "customer": "mei", "result": "换了滤芯，客户满意"},
}


async def told(service: Service) -> list[tuple[str, str]]:
    """Return the notices with their day and the chat they went to."""
    notices = await service.messages(Purpose.CAMPAIGN)
    return sorted((f"{one.created_at:%Y-%m-%d}", one.chat) for one in notices)


@pytest.mark.row("S3-36")
async def test_key_customers_are_visited_and_asked_every_year(service: Service) -> None:
    await service.rules(YEARLY)
    await service.closes("1", "mei", person={"tier": "key"})
    await service.closes("2", "lin", person={"tier": "usual"})
    await service.passes(2 * YEAR)
    assert await told(service) == [("2026-12-10", "chat-mei"), ("2027-12-10", "chat-mei")]
    visited = [one for one in await service.asks() if one.occasion]
    assert [one.occasion.partition("@")[2] for one in visited] == ["2026-12-20T02:00:00Z", "2027-12-20T02:00:00Z"]
    assert {(one.survey, one.customer) for one in visited} == {("callback", "mei")}


@pytest.mark.row("S3-36")
async def test_each_visit_has_its_task_sheet_with_what_came_of_it(service: Service) -> None:
    await service.passes(timedelta(days=20))
    answer = await service.api.post("/api/v1/assessments", json=TASK)
    assert answer.status_code == 201, answer.text
    sheet = answer.json()
    assert (sheet["words"]["task"], sheet["words"]["customer"]) == ("年度走访", "mei")
    assert (sheet["total"], sheet["grade"]) == (90, "优秀")
    asked = {"period": "2026-12", "of": "team:north", "format": "json", "locale": "zh-Hans"}
    document = (await service.api.get("/api/v1/reports/documents/appraisal", params=asked)).json()
    assert "完成情况（上级 王经理）：换了滤芯，客户满意" in str(document)
