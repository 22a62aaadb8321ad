"""Complaints: how severe, looked into by when, valid or not, of which category, put right how, and their counts."""

from datetime import timedelta
from typing import Any

import pytest

from tests.support.web.service import Service

REMEDIES = ("repair", "exchange", "return", "explanation", "compensation", "other")
CATEGORIES = ("quarrel", "goods_demanded", "late", "repeated_repair", "rules_broken", "bad_quality", "price_not_shown")


async def complains(service: Service, who: str, words: str = "我要投诉", **person: str) -> dict[str, Any]:
    """Let a customer complain about a closed ticket in the chat; gives the issue."""
    contact = {"channel": "sandbox", "address": f"phone-{who}"}
    team, agent = person.pop("team", "north"), person.pop("agent", "a1")
    await service.closes(who, who, team=team, agent={"id": agent}, person={"contacts": [contact], **person})
    await service.passes(timedelta(minutes=31))
    await service.says(words, f"phone-{who}")
    (issue,) = [one for one in await issues(service) if one["tickets"] == [f"desk/{who}"]]
    return issue


async def issues(service: Service) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = (await service.api.get("/api/v1/issues?limit=200")).json()["items"]
    return listed


async def judged(service: Service, issue: dict[str, Any], status: int = 200, **found: str) -> dict[str, Any]:
    answer = await service.api.post(f"/api/v1/issues/{issue['id']}/judge", json={"by": "陈工", **found})
    assert answer.status_code == status, answer.text
    told: dict[str, Any] = answer.json()
    return told


async def figures(service: Service, metric: str, by: str) -> dict[tuple[str, ...], float | None]:
    wanted = {"period": "2026-11", "metric": metric, "by": by}
    told = (await service.api.get("/api/v1/reports/summary", params=wanted)).json()["figures"]
    return {tuple(one["cut"].values()): one["value"] for one in told}


@pytest.mark.row("S1-47")
@pytest.mark.parametrize("remedy", REMEDIES)
async def test_how_a_complaint_was_put_right_is_one_of_six(service: Service, remedy: str) -> None:
    issue = await complains(service, "mei")
    told = await judged(service, issue, remedy=remedy)
    assert told["judgement"]["remedy"] == remedy
    assert told["timeline"][-1]["event"] == "judged"
    (kept,) = await issues(service)
    assert (kept["judgement"]["remedy"], kept["judgement"]["by"]) == (remedy, "陈工")
    assert await figures(service, "complaints", "remedy") == {(remedy,): 1}


@pytest.mark.row("S3-10", "S1-83")
async def test_complaints_have_categories_and_are_counted_for_each_provider_without_money(service: Service) -> None:
    for number, category in enumerate(CATEGORIES):
        issue = await complains(service, f"c{number}", team="north" if number % 2 else "south")
        await judged(service, issue, category=category, verdict="valid")
    assert await figures(service, "complaints", "complaint_category") == {
        (category,): 1 for category in sorted(CATEGORIES)
    }
    assert await figures(service, "complaints", "team") == {("north",): 3, ("south",): 4}
    by_both = await figures(service, "complaints", "team,complaint_category")
    assert by_both["south", "price_not_shown"] == 1
    wanted = {"period": "2026-11", "metric": "complaints", "by": "team,complaint_category", "format": "csv"}
    table = (await service.api.get("/api/v1/reports/summary", params=wanted)).text
    assert table.count("price_not_shown") == 1


async def test_an_unknown_category_is_refused(service: Service) -> None:
    refused = await judged(service, await complains(service, "mei"), 422, category="fine")
    assert refused["errors"][0]["field"] == "category"


@pytest.mark.row("S1-43")
async def test_a_complaint_is_to_be_looked_into_within_three_working_days(service: Service) -> None:
    issue = await complains(service, "mei")  # on Sunday the 22nd
    assert issue["judgement"]["check_by"] == "2026-11-25T16:00:00Z"  # the end of Wednesday
    told = await service.api.post(f"/api/v1/issues/{issue['id']}/progress", json={"by": "陈工", "text": "周五前修好。"})
    assert told.status_code == 200
    assert any("周五前修好。" in message.prompt.text for message in await service.messages())
    after = await judged(service, issue, verdict="valid")
    assert (after["judgement"]["verdict"], after["judgement"]["at"]) == ("valid", service.now.isoformat()[:19] + "Z")


async def test_an_invalid_complaint_needs_its_reason_and_saying_the_same_changes_nothing(service: Service) -> None:
    issue = await complains(service, "mei")
    refused = await judged(service, issue, 422, verdict="invalid")
    assert refused["errors"] == [
        {"field": "why", "problem": "an invalid complaint needs its reason, which can be told to the customer"}
    ]
    assert (await judged(service, issue, 422))["errors"][0]["field"] == "verdict"
    once = await judged(service, issue, verdict="invalid", why="客户当时不在家")
    again = await judged(service, issue, verdict="invalid")
    assert once["judgement"] == again["judgement"]
    assert len(once["timeline"]) == len(again["timeline"])
    assert once["timeline"][-1]["text"] == "invalid; 客户当时不在家"
    assert await figures(service, "complaints", "verdict") == {("invalid",): 1}


@pytest.mark.row("S1-22")
@pytest.mark.parametrize(
    ("severity", "hours"),
    [("high", 2), ("normal", 4), ("low", 8)],
)
async def test_each_severity_has_a_deadline_of_its_own(service: Service, severity: str, hours: int) -> None:
    opened = await service.api.post("/api/v1/issues", json={"title": "门铃坏了", "severity": severity})
    due = service.now + timedelta(hours=hours)
    assert opened.json()["due_at"] == due.isoformat()[:19] + "Z"


@pytest.mark.row("S1-22")
@pytest.mark.parametrize(
    ("tier", "words", "severity"),
    [("", "2", "normal"), ("VIP", "2", "high"), ("", "1", "high"), ("", "我要退款", "high")],
)
async def test_severity_follows_score_words_and_tier(service: Service, tier: str, words: str, severity: str) -> None:
    receiver = service.house.web.receiver
    assert "vip" in receiver.policy.raised_tiers
    contact = {"channel": "sandbox", "address": "phone-mei"}
    await service.closes("1", "mei", person={"contacts": [contact], **({"tier": tier} if tier else {})})
    await service.passes(timedelta(minutes=31))
    await service.says(words, "phone-mei")
    await service.says("师傅没来", "phone-mei")
    await service.passes(timedelta(minutes=5))
    (issue,) = await issues(service)
    assert issue["severity"] == severity
