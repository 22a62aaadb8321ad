"""Campaigns by API: drafted, looked at, started, halted and ended; bad input is refused before anything is planned."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from tests.support.web.house import House

URL = "/api/v1/campaigns"
NOTICE = {"name": "新安排", "kind": "notice", "text": "{name}您好，预约时间改为 8:00–20:00。"}


@pytest.fixture
async def mei(api: httpx.AsyncClient) -> None:
    """Let there be one customer whose ticket is closed."""
    customer = {"id": "c-1", "name": "王女士", "contacts": [{"channel": "sandbox", "address": "mei"}]}
    body = {"status": "closed", "customer": customer, "product": "AC-300", "tags": ["vip"]}
    assert (await api.put("/api/v1/tickets/desk/1", json=body)).status_code == 201


async def drafted(api: httpx.AsyncClient, **changed: Any) -> dict[str, Any]:  # noqa: ANN401 (fields of JSON)
    answer = await api.post(URL, json=NOTICE | changed)
    assert answer.status_code == 201, answer.text
    told: dict[str, Any] = answer.json()
    return told


async def done(api: httpx.AsyncClient, campaign: str, deed: str, **body: Any) -> httpx.Response:  # noqa: ANN401 (fields of JSON)
    return await api.post(f"{URL}/{campaign}/{deed}", json=body or None)


@pytest.mark.usefixtures("mei")
async def test_a_campaign_is_drafted_and_told(api: httpx.AsyncClient) -> None:
    told = await drafted(
        api,
        audience={"tags": ["vip"], "closed_within": "30d"},
        schedule={"cron": "0 10 * * mon", "timezone": "Europe/Berlin"},
        window="10:00-20:00",
        per_minute=60,
        by="Zhang",
    )
    assert told["status"] == "draft"
    assert told["audience"] == {"tags": ["vip"], "closed_within": "30d"}
    assert told["schedule"] == {"repeats": "0 10 * * mon", "timezone": "Europe/Berlin"}
    assert (told["window"], told["per_minute"], told["created_by"]) == ("10:00-20:00", 60, "Zhang")
    assert told["progress"] == {"audience": 0, "sent": 0, "failed": 0, "waiting": 0, "skipped": {}}
    assert (await api.get(f"{URL}/{told['id']}")).json() == told
    assert (await api.get(URL)).json() == {"items": [told], "next": None}


@pytest.mark.usefixtures("mei")
async def test_a_preview_counts_and_masks(api: httpx.AsyncClient) -> None:
    told = await drafted(api)
    preview = (await done(api, told["id"], "preview")).json()
    assert (preview["audience"], preview["sends"], preview["skipped"]) == (1, 1, {})
    assert preview["examples"] == ["王**"]


@pytest.mark.usefixtures("mei")
async def test_deeds_done_twice_are_done_once(api: httpx.AsyncClient) -> None:
    told = await drafted(api, schedule={"at": "2026-11-23T03:00:00Z"})
    started = await done(api, told["id"], "start", by="Zhang")
    assert (started.json()["status"], started.json()["next_at"]) == ("scheduled", "2026-11-23T03:00:00Z")
    again = await done(api, told["id"], "start", by="Zhang")
    assert (again.status_code, again.json()["next_at"]) == (200, "2026-11-23T03:00:00Z")
    for deed, status in (("pause", "paused"), ("resume", "scheduled"), ("cancel", "cancelled")):
        for _ in range(2):
            answer = await done(api, told["id"], deed)
            assert (answer.status_code, answer.json()["status"]) == (200, status), deed
    refused = await done(api, told["id"], "resume")
    assert (refused.status_code, refused.json()["detail"]) == (409, "The campaign is cancelled and cannot be resumed.")


async def test_one_idempotency_key_drafts_one_campaign(api: httpx.AsyncClient) -> None:
    first, again = [await api.post(URL, json=NOTICE, headers={"Idempotency-Key": "once"}) for _ in range(2)]
    assert first.text == again.text
    assert len((await api.get(URL)).json()["items"]) == 1


async def test_a_campaign_for_nobody_is_not_started(api: httpx.AsyncClient) -> None:
    told = await drafted(api, audience={"products": ["none such"]})
    answer = await done(api, told["id"], "start")
    assert answer.status_code == 409
    assert "Nobody fits its audience" in answer.json()["detail"]


@pytest.mark.usefixtures("mei")
async def test_a_campaign_whose_time_has_passed_is_not_started(api: httpx.AsyncClient, house: House) -> None:
    told = await drafted(api, schedule={"at": "2026-11-23T03:00:00Z"})
    house.clock.passes(timedelta(days=2))
    answer = await done(api, told["id"], "start")
    assert answer.status_code == 409
    assert "has passed" in answer.json()["detail"]


@pytest.mark.parametrize("deed", ["preview", "start", "pause", "resume", "cancel"])
async def test_an_unknown_campaign_is_not_found(api: httpx.AsyncClient, deed: str) -> None:
    assert (await done(api, "cam_none", deed)).status_code == 404


@pytest.mark.parametrize(
    ("changed", "field", "problem"),
    [
        ({"name": " "}, "name", ""),
        ({"kind": "letter"}, "kind", ""),
        ({"surprise": 1}, "surprise", ""),
        ({"kind": "survey", "survey": "none_such"}, "survey", "there is no survey 'none_such'"),
        ({"survey": "ten_point"}, "survey", "a notice asks no survey of its own"),
        ({"text": "您好 {nmae}"}, "text", "there is no placeholder {nmae}; known are {name}"),
        ({"text": " "}, "text", "a notice needs words"),
        ({"schedule": {"at": "2020-01-01T00:00:00Z"}}, "schedule.at", "has passed"),
        ({"schedule": {"cron": "61 9 * * *", "timezone": "UTC"}}, "schedule.repeats", ""),
        ({"schedule": {"cron": "0 9 30 2 *", "timezone": "UTC"}}, "schedule.repeats", ""),
        ({"schedule": {"cron": "0 9 * * *", "timezone": "Mars/Base"}}, "schedule.timezone", "no time zone 'Mars/Base'"),
        ({"schedule": {"cron": "0 9 * * *", "repeats": "daily 09:00"}}, "schedule", "both cron and repeats"),
        ({"window": "22:00-23:00"}, "window", "never opens"),
        ({"window": "10:00"}, "window", "10:00-20:00"),
        ({"per_minute": 0}, "per_minute", ""),
        ({"per_minute": "60"}, "per_minute", ""),
        ({"audience": {"closed_within": "soon"}}, "audience.closed_within", "30m"),
        ({"audience": {"product": ["AC-300"]}}, "audience.product", ""),
        ({"audience": {"statuses": ["happy"]}}, "audience.statuses.0", ""),
    ],
)
async def test_what_is_wrong_is_said_before_anything_is_planned(
    api: httpx.AsyncClient, changed: dict[str, Any], field: str, problem: str
) -> None:
    answer = await api.post(URL, json=NOTICE | changed)
    assert answer.status_code == 422, answer.text
    (wrong,) = answer.json()["errors"]
    assert wrong["field"] == field
    assert problem in wrong["problem"]
    assert (await api.get(URL)).json()["items"] == []
