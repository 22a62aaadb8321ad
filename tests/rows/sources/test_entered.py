"""Answers from paper, the telephone and outside reviews stand beside those of chats, each with its source."""

from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from dialogs.interview.model import InterviewState
from tests.support.database.answered import closed_visit, store_records
from tests.support.web.house import House
from tests.support.web.tickets import ticket

NOON = datetime(2026, 11, 20, 4, tzinfo=UTC)
RESPONSES = "/api/v1/responses"


async def closed(api: httpx.AsyncClient, *numbers: int, **changed: Any) -> None:  # noqa: ANN401 (anything may be sent)
    for number in numbers:
        body = ticket(customer={"id": f"c-{number}"}, **changed)
        assert (await api.put(f"/api/v1/tickets/desk/{number}", json=body)).status_code == 201


async def enter(api: httpx.AsyncClient, source: str, value: int, **about: str) -> dict[str, Any]:
    said = {"source": source, "by": "王芳", "answers": {"attitude": {"value": value}}, **about}
    answer = await api.post(RESPONSES, json=said)
    assert answer.status_code == 201, answer.text
    told: dict[str, Any] = answer.json()
    return told


async def figures(api: httpx.AsyncClient, **wanted: str) -> dict[tuple[str, str], dict[str, Any]]:
    answer = await api.get("/api/v1/reports/summary", params={"period": "2026-11", **wanted})
    by = wanted.get("by", "")
    return {(one["metric"], one["cut"].get(by, "")): one for one in answer.json()["figures"]}


@pytest.mark.row("S1-33")
async def test_reviews_from_outside_are_entered_with_their_source_and_never_mixed_in_silently(
    api: httpx.AsyncClient,
) -> None:
    await closed(api, *range(6))
    for number in range(6):
        await enter(api, "phone", 5, ticket=f"desk/{number}")
        review = await enter(api, "platform", 1, number=f"dianping-{number}", given_at="2026-11-21T04:00:00Z")
        assert (review["channel"], review["entered"]["by"]) == ("platform", "王芳")
    joined = (await figures(api, metric="csat"))["csat", ""]
    assert (joined["value"], joined["sources"]) == (50, {"phone": 6, "platform": 6})
    apart = await figures(api, metric="csat", by="channel")
    assert {source: one["value"] for (_, source), one in apart.items()} == {"phone": 100, "platform": 0}


@pytest.mark.row("S2-07")
async def test_chats_and_answers_entered_by_staff_are_told_apart_and_only_who_was_asked_has_a_rate(
    house: House, api: httpx.AsyncClient
) -> None:
    for number in range(12):
        state = InterviewState.COMPLETED if number % 2 else InterviewState.EXPIRED
        ratings = {"attitude": 5} if number % 2 else {}
        channel = "telegram" if number < 6 else "wechat"
        asked = closed_visit(str(number), NOON, ratings, state=state, channel=channel)
        await store_records(house.store, NOON, *asked)
    link = (await api.post("/api/v1/customers/c-1/links", json={"channel": "sandbox"})).json()
    assert link["url"].startswith("http")
    assert link["qr_svg"].startswith("<svg")
    await closed(api, *range(20, 26))
    for number in range(20, 26):
        await enter(api, "paper" if number < 25 else "onsite", 4, ticket=f"desk/{number}")
    told = await figures(api, by="channel")
    answered = {cut: one["value"] for (metric, cut), one in told.items() if metric == "answered" and one["value"]}
    assert answered == {"telegram": 3, "wechat": 3, "paper": 5, "onsite": 1}
    rates = {cut: one for (metric, cut), one in told.items() if metric == "response_rate"}
    assert {cut: (rates[cut]["value"], rates[cut]["denominator"]) for cut in ("telegram", "wechat")} == {
        "telegram": (50, 6),
        "wechat": (50, 6),
    }
    assert (rates["paper"]["value"], rates["paper"]["state"], rates["paper"]["excluded"]) == (
        None,
        "empty",
        {"entered": 5},
    )
    listed = (await api.get(RESPONSES)).json()["items"]
    assert {one["channel"]: (one["entered"] or {}).get("by") for one in listed} == {
        "telegram": None,
        "wechat": None,
        "paper": "王芳",
        "onsite": "王芳",
    }


@pytest.mark.row("S3-09")
async def test_the_service_report_comes_with_the_ticket_and_the_customers_remark_from_paper(
    api: httpx.AsyncClient,
) -> None:
    report = {
        "fault": "压缩机不启动",
        "fields": {"解决办法": "换电容", "更换零件": "电容 35µF"},
        "source_channel": "来电",
    }
    await closed(api, 1, **report)
    stored = (await api.get("/api/v1/tickets/desk/1")).json()["ticket"]
    assert {name: stored[name] for name in report} == report
    body = {"source": "paper", "by": "王芳", "ticket": "desk/1", "comment": "师傅很负责", "number": "0042"}
    answer = await api.post(RESPONSES, json={**body, "answers": {"attitude": {"value": 5, "text": "热情"}}})
    (listed,) = (await api.get(RESPONSES, params={"ticket": "desk/1"})).json()["items"]
    assert listed == answer.json()
    assert (listed["comment"], listed["answers"][0]["text"], listed["channel"]) == ("师傅很负责", "热情", "paper")


@pytest.mark.row("S1-73")
async def test_each_rating_carries_its_source_and_weeks_and_months_tell_their_first_day_and_zone(
    api: httpx.AsyncClient,
) -> None:
    await closed(api, *range(6))  # on Sunday 22 November, at 10:30 in Shanghai
    for number, source in enumerate(("sms", "phone", "paper", "onsite", "platform", "web")):
        told = await enter(api, source, 4, ticket=f"desk/{number}")
        explained = (await api.get(f"{RESPONSES}/{told['id']}/explain")).json()
        assert [one["channel"] for one in explained["ratings"]] == [source]
    periods = {
        "2026-W47": ("2026-11-16T00:00:00+08:00", "2026-11-23T00:00:00+08:00"),
        "2026-11": ("2026-11-01T00:00:00+08:00", "2026-12-01T00:00:00+08:00"),
    }
    for name, (first, until) in periods.items():
        found = (await api.get("/api/v1/reports/summary", params={"period": name, "metric": "csat"})).json()
        assert (found["period"], found["from"], found["to"], found["timezone"]) == (name, first, until, "Asia/Shanghai")
        sheet = await api.get("/api/v1/reports/summary", params={"period": name, "metric": "csat", "format": "csv"})
        assert f"{first},{until},csat" in sheet.text
        (csat,) = found["figures"]
        assert csat["sources"] == dict.fromkeys(("onsite", "paper", "phone", "platform", "sms", "web"), 1)
    (none,) = (await api.get("/api/v1/reports/summary", params={"period": "2026-W48", "metric": "csat"})).json()[
        "figures"
    ]
    assert (none["state"], none["sources"]) == ("empty", {})
