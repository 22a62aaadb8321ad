"""Complaints are told apart as valid or not, none ends without an outcome or a reason, and each week they are told."""

from datetime import timedelta
from typing import Any

import pytest

from scoring.values import replace
from tests.jobs.test_digest import WEEKLY, digest, told
from tests.rows.test_complaints import complains, judged
from tests.support.web.service import Service


async def resolves(service: Service, issue: dict[str, Any], status: int = 200, **said: Any) -> dict[str, Any]:  # noqa: ANN401 (JSON is anything)
    answer = await service.api.post(f"/api/v1/issues/{issue['id']}/resolve", json={"by": "李工", **said})
    assert answer.status_code == status, answer.text
    found: dict[str, Any] = answer.json()
    return found


@pytest.mark.row("S3-17")
async def test_each_complaint_is_valid_or_not_with_its_reason_ends_with_an_outcome_and_is_told_each_week(
    service: Service,
) -> None:
    job = digest(service)
    await job.look(WEEKLY)
    late, price, third = [await complains(service, who) for who in ("mei", "li", "wang")]
    refused = await judged(service, price, 422, verdict="invalid")
    assert refused["errors"][0]["field"] == "why"  # an invalid one is explained
    await judged(service, late, verdict="valid", category="late")
    invalid = await judged(service, price, verdict="invalid", why="合同写明了上门费", category="price_not_shown")
    assert (invalid["judgement"]["verdict"], invalid["judgement"]["why"]) == ("invalid", "合同写明了上门费")
    silent = await resolves(service, late, 422, notify=False)
    assert silent["errors"][0]["field"] == "note"
    assert "hears nothing" in silent["errors"][0]["problem"]
    assert (await resolves(service, late, note="下次按约定时间到。"))["status"] == "resolved"
    assert (await resolves(service, price, notify=False))["status"] == "closed"  # the reason is recorded
    await judged(service, third, verdict="valid", category="late")
    await resolves(service, third, notify=False, root_cause="客户已经当面谈妥")
    await service.passes(timedelta(days=2))
    await job.look(WEEKLY)
    (message,) = await told(service)
    assert "投诉 3 件：属实 2，不属实 1，处理完 3，最多的是「不及时」" in message.prompt.text.splitlines()


async def test_other_issues_may_end_silently_and_a_week_without_complaints_tells_of_none(service: Service) -> None:
    job = digest(service)
    await job.look(WEEKLY)
    opened = (await service.api.post("/api/v1/issues", json={"title": "门铃坏了"})).json()
    assert (await resolves(service, opened, notify=False))["status"] == "closed"
    await service.closes("1")
    await service.passes(timedelta(days=2))
    await job.look(WEEKLY)
    (message,) = await told(service)
    assert "投诉" not in message.prompt.text


@pytest.mark.some(1)
@pytest.mark.parametrize(
    ("locale", "line"),
    [
        ("en", "Complaints: 1, of them valid 1, invalid 0, resolved 0; most of them: price not shown"),
        ("zh-Hant", "投訴 1 件：屬實 1，不屬實 0，處理完 0，最多的是「收費沒公示」"),
    ],
)
async def test_the_line_is_told_in_the_teams_language(service: Service, locale: str, line: str) -> None:
    job = digest(service)
    receiver = service.house.web.receiver
    receiver.adopt(replace(receiver.policy, locale=locale))
    await job.look(WEEKLY)
    issue = await complains(service, "mei")
    await judged(service, issue, verdict="valid", category="price_not_shown")
    await service.passes(timedelta(days=2))
    await job.look(WEEKLY)
    told_lines = [text for one in await service.messages() for text in one.prompt.text.splitlines()]
    assert line in told_lines
