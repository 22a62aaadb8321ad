"""A chart that leaves its limits becomes a finding of its department, raised by those who gave the low ratings."""

from typing import Any

from tests.rows.watch.test_early_warning import BAD, a_week_on, job, twelve_weeks, visited
from tests.support.web.service import Service


async def findings(service: Service, **which: str) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = (await service.api.get("/api/v1/findings", params=which)).json()["items"]
    return listed


async def test_an_excursion_opens_one_finding_for_the_team_with_those_who_were_not_content(service: Service) -> None:
    first, second = job(service), job(service)
    await twelve_weeks(service, first, second)
    assert await findings(service) == [], "a year as usual raises nothing"
    for week in (1, 2, 3):
        await visited(service, week, BAD)
    await a_week_on(service, first, second)
    (found,) = await findings(service)
    assert (found["kind"], found["department"], found["status"]) == ("warning", "北区", "open")
    assert found["text"].startswith("北区「响应速度」最近明显变差：")
    assert (found["opened_by"], found["origin"]) == ("huifang", "chart:week:北区:response_speed:2026-11-16")
    low = {f"北区1-{number}" for number in range(BAD[0])}
    assert set(found["responses"]) == {f"int_{number}" for number in low}
    assert {one["customer"] for one in found["voices"]} == {f"c-{number}" for number in low}
    for _ in range(2):
        await a_week_on(service, first, second)
    assert len(await findings(service)) == 1, "one for each excursion, by however many processes"
    assert [one["id"] for one in await findings(service, department="北区", kind="warning")] == [found["id"]]
    assert await findings(service, department="南区") == []
    item = {"text": "维修质量这一项总是最低", "department": "南区", "kind": "low_item", "by": "王经理"}
    assert (await service.api.post("/api/v1/findings", json=item)).status_code == 201
    assert [one["kind"] for one in await findings(service, department="南区")] == ["low_item"]
