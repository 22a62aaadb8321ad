"""An Idempotency-Key: the same request twice is done once and answered alike, for a day and for its sender alone."""

from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from bot.http.scopes import ApiKey
from tests.support.web.house import House, open_house

ISSUES = "/api/v1/issues"


async def _open(api: httpx.AsyncClient, key: str, title: str = "leak") -> httpx.Response:
    return await api.post(ISSUES, json={"title": title}, headers={"idempotency-key": key})


async def _count(api: httpx.AsyncClient) -> int:
    return len((await api.get(ISSUES)).json()["items"])


@pytest.mark.parametrize("key", ["a", "k" * 255, "with spaces and 'quotes'", '"quoted"'])
async def test_the_same_key_twice_is_done_once_and_answered_alike(key: str, api: httpx.AsyncClient) -> None:
    first, again = await _open(api, key), await _open(api, key, "another title")
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.text == first.text
    assert again.headers["content-type"] == first.headers["content-type"]
    assert await _count(api) == 1


async def test_other_keys_and_no_key_are_requests_of_their_own(api: httpx.AsyncClient) -> None:
    for key in ("a", "b", "", ""):
        assert (await _open(api, key)).status_code == 201
    assert await _count(api) == 4


async def test_a_refusal_is_answered_alike_too_though_it_would_be_granted_now(api: httpx.AsyncClient) -> None:
    issue = (await _open(api, "")).json()["id"]
    headers = {"idempotency-key": "once"}
    body = {"by": "李工", "note": "好了", "notify": False}
    assert (await api.post(f"{ISSUES}/{issue}/claim", json={"by": "王工"})).status_code == 200
    refused = await api.post(f"{ISSUES}/{issue}/resolve", json=body, headers=headers)
    assert refused.status_code == 409
    assert (await api.post(f"{ISSUES}/{issue}/release", json={"by": "王工"})).status_code == 200
    again = await api.post(f"{ISSUES}/{issue}/resolve", json=body, headers=headers)
    assert (again.status_code, again.text) == (409, refused.text)
    assert again.headers["content-type"] == "application/problem+json"


async def test_a_key_is_forgotten_some_time_after_a_day_and_not_before(house: House) -> None:
    async with house.client() as api:
        first = await _open(api, "a")
        house.clock.passes(timedelta(hours=23, minutes=59))
        assert (await _open(api, "a")).json() == first.json()
        house.clock.passes(timedelta(hours=48))
        assert (await _open(api, "a")).json()["id"] != first.json()["id"]


async def test_a_key_belongs_to_its_sender_and_its_path(folder: Path) -> None:
    async with (
        open_house(folder, api_keys=(ApiKey("first-key"), ApiKey("second-key"))) as house,
        house.client(key="first-key") as first,
        house.client(key="second-key") as second,
    ):
        issue = (await _open(first, "a")).json()["id"]
        assert (await _open(second, "a")).json()["id"] != issue
        claimed = await first.post(f"{ISSUES}/{issue}/claim", json={"by": "李工"}, headers={"idempotency-key": "a"})
        assert (claimed.status_code, claimed.json()["status"]) == (200, "claimed")


async def test_a_key_that_is_too_long_is_told_and_nothing_is_done(api: httpx.AsyncClient) -> None:
    refused = await _open(api, "k" * 256)
    assert (refused.status_code, refused.headers["content-type"]) == (422, "application/problem+json")
    assert refused.json()["errors"] == [{"field": "Idempotency-Key", "problem": "must have at most 255 characters"}]
    assert await _count(api) == 0


async def test_what_cannot_be_read_takes_no_key(api: httpx.AsyncClient) -> None:
    wrong = await api.post(ISSUES, json={"title": ""}, headers={"idempotency-key": "a"})
    assert wrong.status_code == 422
    assert (await _open(api, "a")).status_code == 201
