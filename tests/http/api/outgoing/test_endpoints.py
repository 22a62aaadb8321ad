"""Endpoints of outgoing webhooks by API."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from bot.handlers.outgoing.endpoint_commands import NewEndpoint
from scoring.values import replace
from storage.model.outgoing.hook_records import HookDeliveryStatus
from storage.schema import tables as t
from tests.support.outgoing.hook_receiver import HookReceiver, answer, hook_receiver
from tests.support.web.house import House, open_house

URL = "https://1.1.1.1/hook"
SHOWN = {"id", "name", "url", "events", "status", "why", "created_at", "secret_number", "overlap_until", "origin"}


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with open_house(tmp_path) as one:
        yield one


@pytest.fixture
async def api(house: House) -> AsyncIterator[httpx.AsyncClient]:
    async with house.client() as one:
        yield one


@pytest.fixture
async def receiver(house: House) -> AsyncIterator[HookReceiver]:
    """Lend a receiver on this machine, which endpoints may be."""
    house.web.hooks.poster.allow_private = True
    async with hook_receiver() as one:
        yield one
    await house.web.hooks.poster.close()


async def added(api: httpx.AsyncClient, url: str = URL, **more: Any) -> Any:  # noqa: ANN401 (JSON is anything)
    answered = await api.post("/api/v1/webhooks", json={"url": url, **more})
    assert answered.status_code == 201, answered.text
    return answered.json()


async def test_an_endpoint_is_added_and_its_secret_is_shown_this_once(api: httpx.AsyncClient) -> None:
    one = await added(api, name="CRM", events=["issue.opened", "issue.opened", "response.completed"])
    assert set(one) == SHOWN | {"secret"}
    assert one["secret"].startswith("whsec_")
    assert (one["name"], one["url"], one["status"], one["secret_number"]) == ("CRM", URL, "active", 1)
    assert one["events"] == ["issue.opened", "response.completed"]
    shown = (await api.get(f"/api/v1/webhooks/{one['id']}")).json()
    assert shown == {name: value for name, value in one.items() if name != "secret"}
    assert (await api.get("/api/v1/webhooks")).json() == {"items": [shown]}


@pytest.mark.parametrize(
    ("whole", "listed"),
    [
        ("https://1.1.1.1/hook", "https://1.1.1.1/hook"),
        ("https://1.1.1.1:8443/services/T0/B0/s3cret", "https://1.1.1.1:8443/servi…"),
        ("https://1.1.1.1/?key=s3cret", "https://1.1.1.1/…"),
        ("https://1.1.1.1", "https://1.1.1.1"),
    ],
)
async def test_a_list_shows_how_an_address_begins_and_one_alone_the_whole(
    api: httpx.AsyncClient, whole: str, listed: str
) -> None:
    one = await added(api, whole)
    (shown,) = (await api.get("/api/v1/webhooks")).json()["items"]
    assert (one["url"], shown["url"]) == (whole, listed)
    assert (await api.get(f"/api/v1/webhooks/{one['id']}")).json()["url"] == whole


async def test_an_endpoint_without_a_name_is_called_as_its_host_and_receives_everything(
    api: httpx.AsyncClient,
) -> None:
    one = await added(api)
    assert (one["name"], one["events"]) == ("1.1.1.1", [])


async def test_two_endpoints_have_two_secrets(api: httpx.AsyncClient) -> None:
    first, second = await added(api, name="a"), await added(api, name="b")
    assert first["secret"] != second["secret"]


async def test_no_secret_is_stored(house: House, api: httpx.AsyncClient) -> None:
    one = await added(api)
    again = await api.post(f"/api/v1/webhooks/{one['id']}/rotate", headers={"idempotency-key": "k-1"})
    secrets = (one["secret"].removeprefix("whsec_"), again.json()["secret"].removeprefix("whsec_"))
    async with house.store.reading() as session:
        for table in (t.hook_endpoints, t.audit_log):
            rows = await session.fetch(select(*table.columns))
            assert rows
            assert not any(secret in str(rows) for secret in secrets)
        kept = str(await session.fetch(select(t.inbox.c.answer, t.inbox.c.raw)))
        assert not any(secret in kept for secret in secrets)


async def test_the_same_key_gets_the_same_answer_and_adds_nothing(api: httpx.AsyncClient) -> None:
    first, second = [
        await api.post("/api/v1/webhooks", json={"url": URL}, headers={"idempotency-key": "add-1"}) for _ in range(2)
    ]
    assert (first.status_code, first.json()) == (second.status_code, second.json())
    assert "secret" in second.json()
    assert len((await api.get("/api/v1/webhooks")).json()["items"]) == 1


@pytest.mark.parametrize(
    ("body", "field", "problem"),
    [
        ({}, "url", "is required"),
        ({"url": ""}, "url", "must have at least 1 character(s)"),
        ({"url": 5}, "url", "must be a text"),
        ({"url": "https://hooks.example.com/" + "x" * 2000}, "url", "must have at most 2000 characters"),
        ({"url": "hooks.example.com"}, "url", "is not a URL; write it as https://host/path"),
        ({"url": "http://1.1.1.1/"}, "url", "is not encrypted; write https://, or set webhooks.allow_private"),
        ({"url": "https://a:b@1.1.1.1/"}, "url", "holds a name or password before the @; leave it out,"),
        ({"url": "https://10.0.0.1/"}, "url", "leads to 10.0.0.1, which is private; only webhooks.allow_private"),
        ({"url": "https://2130706433/"}, "url", "leads to 127.0.0.1, which is this machine;"),
        ({"url": "https://localhost/"}, "url", "leads to "),
        ({"url": "https://nothing.invalid/"}, "url", "has a name that cannot be looked up: nothing.invalid"),
        ({"url": URL, "events": ["issue.exploded"]}, "events.0", "must be one of 'response.completed'"),
        ({"url": URL, "events": ["webhook.test"]}, "events.0", "must be one of 'response.completed'"),
        ({"url": URL, "events": "issue.opened"}, "events", "must be a list"),
        ({"url": URL, "name": ""}, "name", "must have at least 1 character(s)"),
        ({"url": URL, "secret": "whsec_mine"}, "secret", "is no field that is known here"),
    ],
)
async def test_what_cannot_be_an_endpoint_is_refused_with_the_field(
    api: httpx.AsyncClient, body: dict[str, object], field: str, problem: str
) -> None:
    refused = await api.post("/api/v1/webhooks", json=body)
    assert refused.status_code == 422
    (wrong,) = refused.json()["errors"]
    assert (wrong["field"], wrong["problem"][: len(problem)]) == (field, problem)
    assert (await api.get("/api/v1/webhooks")).json() == {"items": []}


async def test_what_is_left_out_stays_as_it_was(api: httpx.AsyncClient) -> None:
    one = await added(api, name="CRM", events=["issue.opened"])
    path = f"/api/v1/webhooks/{one['id']}"
    changed = (await api.put(path, json={"events": ["issue.closed"]})).json()
    assert (changed["name"], changed["events"], changed["url"]) == ("CRM", ["issue.closed"], URL)
    changed = (await api.put(path, json={"enabled": False, "url": "https://8.8.8.8/hook"})).json()
    assert (changed["status"], changed["why"], changed["url"]) == ("disabled", None, "https://8.8.8.8/hook")
    assert (await api.put(path, json={})).json() == changed
    assert (await api.put(path, json={"enabled": True})).json()["status"] == "active"


async def test_an_address_is_checked_when_it_is_changed_too(api: httpx.AsyncClient) -> None:
    one = await added(api)
    refused = await api.put(f"/api/v1/webhooks/{one['id']}", json={"url": "https://[::ffff:127.0.0.1]/"})
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "url")
    assert (await api.get(f"/api/v1/webhooks/{one['id']}")).json()["url"] == URL


async def test_a_removed_endpoint_is_gone_and_its_address_forgotten(house: House, api: httpx.AsyncClient) -> None:
    one = await added(api, url="https://1.1.1.1/hook?token=t0ken")
    await api.post("/api/v1/issues", json={"title": "空调不制冷"})
    path = f"/api/v1/webhooks/{one['id']}"
    assert (await api.delete(path)).status_code == 204
    async with house.store.reading() as session:
        assert await session.fetch(select(t.hook_deliveries.c.number)) == []
        assert "t0ken" not in str(await session.fetch(select(*t.hook_endpoints.columns)))
    for method, below in (
        *(("GET", ""), ("PUT", ""), ("DELETE", ""), ("POST", "/rotate"), ("POST", "/test")),
        *(("GET", "/deliveries"), ("POST", "/deliveries/1/replay")),
    ):
        gone = await api.request(method, path + below, json={} if method == "PUT" else None)
        assert gone.status_code == 404, (method, below)


async def test_a_new_secret_is_shown_and_until_when_the_old_one_holds(api: httpx.AsyncClient) -> None:
    one = await added(api)
    first = (await api.post(f"/api/v1/webhooks/{one['id']}/rotate", json={"by": "李工"})).json()
    second = (await api.post(f"/api/v1/webhooks/{one['id']}/rotate")).json()
    assert len({one["secret"], first["secret"], second["secret"]}) == 3
    assert (second["secret_number"], second["overlap_until"] is not None) == (3, True)


async def test_the_audit_log_says_who_did_what(api: httpx.AsyncClient) -> None:
    one = await added(api, by="王工")
    await api.post(f"/api/v1/webhooks/{one['id']}/rotate", json={"by": "李工"})
    await api.delete(f"/api/v1/webhooks/{one['id']}")
    lines = (await api.get("/api/v1/audit")).json()["items"]
    told = [(line["action"], line["by"]) for line in lines if line["subject"] == one["id"]]
    assert sorted(told) == [
        ("webhook.added", "王工"),
        ("webhook.removed", "api"),
        ("webhook.secret_rotated", "李工"),
    ]


async def test_a_test_says_what_came_back(api: httpx.AsyncClient, receiver: HookReceiver) -> None:
    one = await added(api, url=receiver.url, name="CRM")
    receiver.answers += [answer(202, "thanks"), answer(500, "no")]
    well = (await api.post(f"/api/v1/webhooks/{one['id']}/test")).json()
    assert (well["delivered"], well["code"], well["answer"], well["problem"]) == (True, 202, "thanks", None)
    badly = (await api.post(f"/api/v1/webhooks/{one['id']}/test", json={"by": "李工"})).json()
    assert (badly["delivered"], badly["code"], badly["answer"]) == (False, 500, "no")
    (got, _) = receiver.got
    assert got.json["type"] == "webhook.test"
    assert got.json["data"] == {"endpoint": one["id"], "name": "CRM"}
    assert got.headers["webhook-id"].startswith("evt_")


async def test_a_test_of_an_endpoint_where_nobody_listens_says_so(api: httpx.AsyncClient, house: House) -> None:
    house.web.hooks.poster.allow_private = True
    one = await added(api, url="http://127.0.0.1:1/")
    told = (await api.post(f"/api/v1/webhooks/{one['id']}/test")).json()
    assert (told["delivered"], told["code"]) == (False, None)
    assert "no connection" in told["problem"]
    await house.web.hooks.poster.close()


async def test_deliveries_are_listed_and_one_can_be_sent_once_more(api: httpx.AsyncClient) -> None:
    one = await added(api)
    for title in ("空调不制冷", "水管漏了", "门锁坏了"):
        await api.post("/api/v1/issues", json={"title": title})
    path = f"/api/v1/webhooks/{one['id']}/deliveries"
    page = (await api.get(path, params={"limit": 2})).json()
    rest = (await api.get(path, params={"limit": 2, "cursor": page["next"]})).json()
    found = [*page["items"], *rest["items"]]
    assert [item["type"] for item in found] == ["issue.opened"] * 3
    assert [int(item["id"]) for item in found] == sorted((int(item["id"]) for item in found), reverse=True)
    assert rest["next"] is None
    assert {(item["status"], item["attempts"], item["code"], item["problem"]) for item in found} == {
        ("waiting", 0, None, None)
    }
    again = await api.post(f"{path}/{found[0]['id']}/replay", json={"by": "李工"})
    assert (again.status_code, again.json()["id"], again.json()["status"]) == (200, found[0]["id"], "waiting")
    lines = (await api.get("/api/v1/audit")).json()["items"]
    assert [line["by"] for line in lines if line["action"] == "webhook.replayed"] == ["李工"]


async def test_one_that_does_not_arrive_can_be_dropped(house: House, api: httpx.AsyncClient) -> None:
    from storage.outgoing.delivery_claims import claim_deliveries, settle_delivery  # noqa: PLC0415 (as a sender does)

    one = await added(api)
    await api.post("/api/v1/issues", json={"title": "空调不制冷"})
    path = f"/api/v1/webhooks/{one['id']}/deliveries"
    (found,) = (await api.get(path)).json()["items"]
    writer = house.web.hooks.writer
    (claimed,) = await writer.perform(lambda session, now: claim_deliveries(session, now, one["id"], 9))
    refused = await api.post(f"{path}/{found['id']}/drop")
    assert (refused.status_code, refused.json()["detail"]) == (409, "It is being sent at this moment.")
    waits = replace(claimed.delivery, state=HookDeliveryStatus.WAITING)
    await writer.perform(lambda session, _now: settle_delivery(session, waits))
    dropped = await api.post(f"{path}/{found['id']}/drop", json={"by": "李工"}, headers={"idempotency-key": "d-1"})
    assert (dropped.status_code, dropped.json()["event"]) == (200, found["event"])
    again = await api.post(f"{path}/{found['id']}/drop", json={"by": "李工"}, headers={"idempotency-key": "d-1"})
    assert (again.status_code, again.json()) == (200, dropped.json())
    assert (await api.get(path)).json()["items"] == []
    assert (await api.post(f"{path}/{found['id']}/drop")).status_code == 404
    lines = (await api.get("/api/v1/audit")).json()["items"]
    assert [line["by"] for line in lines if line["action"] == "webhook.dropped"] == ["李工"]


async def test_what_has_arrived_is_not_dropped(house: House, api: httpx.AsyncClient) -> None:
    from storage.outgoing.delivery_claims import claim_deliveries, settle_delivery  # noqa: PLC0415 (as a sender does)

    one = await added(api)
    await api.post("/api/v1/issues", json={"title": "空调不制冷"})
    writer = house.web.hooks.writer
    (claimed,) = await writer.perform(lambda session, now: claim_deliveries(session, now, one["id"], 9))
    over = replace(claimed.delivery, state=HookDeliveryStatus.DELIVERED)
    await writer.perform(lambda session, _now: settle_delivery(session, over))
    refused = await api.post(f"/api/v1/webhooks/{one['id']}/deliveries/{over.number}/drop")
    assert (refused.status_code, refused.json()["detail"]) == (409, "It has arrived: there is nothing to drop.")


async def test_an_endpoint_of_the_file_is_changed_and_removed_there_only(house: House, api: httpx.AsyncClient) -> None:
    assert await house.web.hooks.keep([NewEndpoint("CRM", URL)]) == []
    (one,) = (await api.get("/api/v1/webhooks")).json()["items"]
    assert (one["name"], one["origin"], "secret" in one) == ("CRM", "rules", False)
    path = f"/api/v1/webhooks/{one['id']}"
    bodies: list[dict[str, object]] = [{"url": "https://8.8.8.8/"}, {"name": "b"}, {"events": []}]
    for body in (*bodies, {"enabled": False, "name": "CRM"}):
        refused = await api.put(path, json=body)
        assert (refused.status_code, "edit the file" in refused.json()["detail"]) == (409, True), body
    refused = await api.delete(path)
    assert (refused.status_code, "edit the file" in refused.json()["detail"]) == (409, True)
    assert (await api.put(path, json={"enabled": False})).json()["status"] == "disabled"
    assert (await api.put(path, json={"enabled": True})).json() == one
    assert (await api.post(f"{path}/rotate")).json()["secret"].startswith("whsec_")


@pytest.mark.parametrize("cursor", ["x", "-", "9" * 30])
async def test_a_cursor_of_nobodys_is_refused(api: httpx.AsyncClient, cursor: str) -> None:
    one = await added(api)
    found = await api.get(f"/api/v1/webhooks/{one['id']}/deliveries", params={"cursor": cursor})
    assert (found.status_code, found.json()["errors"][0]["field"]) == (422, "cursor")


async def test_a_delivery_of_another_endpoint_is_not_sent_once_more(api: httpx.AsyncClient) -> None:
    one = await added(api, name="a")
    await api.post("/api/v1/issues", json={"title": "空调不制冷"})
    other = await added(api, name="b")
    (found,) = (await api.get(f"/api/v1/webhooks/{one['id']}/deliveries")).json()["items"]
    refused = await api.post(f"/api/v1/webhooks/{other['id']}/deliveries/{found['id']}/replay")
    assert refused.status_code == 404
    for crooked in ("0", "-1", "x", "9" * 30):
        path = f"/api/v1/webhooks/{one['id']}/deliveries/{crooked}/replay"
        assert (await api.post(path)).status_code == 422, crooked


async def test_what_is_being_sent_at_this_moment_is_not_sent_twice(house: House, api: httpx.AsyncClient) -> None:
    from storage.outgoing.delivery_claims import claim_deliveries  # noqa: PLC0415 (as another process does)

    one = await added(api)
    await api.post("/api/v1/issues", json={"title": "空调不制冷"})
    writer = house.web.hooks.writer
    (claimed,) = await writer.perform(lambda session, now: claim_deliveries(session, now, one["id"], 9))
    path = f"/api/v1/webhooks/{one['id']}/deliveries/{claimed.delivery.number}/replay"
    refused = await api.post(path)
    assert (refused.status_code, refused.json()["detail"]) == (409, "It is being sent at this moment.")


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_without_a_key_nobody_gets_near(house: House, method: str) -> None:
    async with house.client(key=None) as nobody:
        assert (await nobody.request(method, "/api/v1/webhooks", json={"url": URL})).status_code == 401
