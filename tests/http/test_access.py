"""Whoever has no key stays outside; too much is refused; every error is a problem that says what is wrong."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from bot.http.context import Readiness
from bot.http.scopes import ApiKey
from tests.support.database.wire import Fault, wire_to
from tests.support.web.house import House, open_house
from tests.support.web.tickets import TICKET, ticket

HERE = "/api/v1/tickets/zendesk/42"


def is_problem(answer: httpx.Response) -> bool:
    told = answer.json()
    return (
        answer.headers["content-type"] == "application/problem+json"
        and told["status"] == answer.status_code
        and {"type", "title", "detail", "errors"} <= told.keys()
    )


@pytest.mark.parametrize(
    "authorization", ["", "Bearer", "Bearer ", "Bearer wrong", "Basic a2V5", "key-of-the-help-desk"]
)
async def test_without_a_right_key_the_api_answers_401(house: House, authorization: str) -> None:
    async with house.client(key=None) as client:
        for method, path in (("PUT", HERE), ("GET", "/api/v1/issues"), ("GET", "/api/v1"), ("GET", "/api/v1/none")):
            answer = await client.request(method, path, content=b"{", headers={"authorization": authorization})
            assert answer.status_code == 401
            assert is_problem(answer)
            assert answer.headers["www-authenticate"] == "Bearer"


async def test_any_of_several_keys_opens(folder: Path) -> None:
    async with open_house(folder, api_keys=(ApiKey("first-key"), ApiKey("second-key"))) as house:
        for key in ("first-key", "second-key"):
            async with house.client(key=key) as client:
                assert (await client.get("/api/v1/issues")).status_code == 200


async def test_with_no_key_set_the_api_is_closed_and_says_how_to_open_it(folder: Path) -> None:
    async with open_house(folder, api_keys=()) as house, house.client(key="") as client:
        answer = await client.get("/api/v1/issues")
    assert answer.status_code == 401
    assert "api.keys" in answer.json()["detail"]


async def test_a_body_of_64_kib_is_read_and_a_byte_more_refused(api: httpx.AsyncClient) -> None:
    assert (await api.put(HERE, content=b'{"a":1}'.ljust(65536))).status_code == 422
    answer = await api.put(HERE, content=b'{"a":1}'.ljust(65537))
    assert answer.status_code == 413
    assert is_problem(answer)


async def test_a_stream_without_end_is_cut_off(api: httpx.AsyncClient) -> None:
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        while True:
            sent += 1024
            yield b" " * 1024

    assert (await api.put(HERE, content=endless())).status_code == 413
    assert sent < 70_000


@pytest.mark.parametrize(
    "kind", ["", "text/plain", "application/x-www-form-urlencoded", "nonsense", "multipart/form-data"]
)
async def test_json_is_read_whatever_it_is_called(api: httpx.AsyncClient, kind: str) -> None:
    answer = await api.put(
        HERE, content=httpx.Request("PUT", "http://x", json=TICKET).content, headers={"content-type": kind}
    )
    assert answer.status_code == 201


async def test_unknown_paths_and_methods_are_problems(api: httpx.AsyncClient) -> None:
    lost = await api.get("/api/v1/nowhere")
    wrong = await api.delete(HERE)
    assert (lost.status_code, wrong.status_code) == (404, 405)
    assert is_problem(lost)
    assert is_problem(wrong)
    assert "PUT" in wrong.headers["allow"]


WRONG: list[tuple[object, str, str]] = [
    ({}, "status", "is required"),
    ({}, "customer", "is required"),
    (ticket(status="done"), "status", "must be one of"),
    (ticket(status=None), "status", "must be a text"),
    (ticket(customer="王女士"), "customer", "must be an object"),
    (ticket(customer={}), "customer.id", "is required"),
    (ticket(customer={"id": 7}), "customer.id", "must be a text"),
    (ticket(customer={"id": ""}), "customer.id", "at least 1"),
    (ticket(customer={"id": "x" * 201}), "customer.id", "at most 200"),
    (ticket(customer={"id": "a\nb"}), "customer.id", "line break"),
    (ticket(customer={"id": "a", "locale": "Klingon!"}), "customer.locale", "no language tag"),
    (ticket(customer={"id": " "}), "customer.id", "is blank"),
    (ticket(customer={"id": "a\x1db"}), "customer.id", "invisible character"),
    (ticket(customer={"id": "a", "locale": "x" * 36}), "customer.locale", "at most 35"),
    (ticket(customer={"id": "a", "timezone": "x/" * 33}), "customer.timezone", "at most 64"),
    (ticket(customer={"id": "a", "timezone": "Asia Peking"}), "customer.timezone", "is no time zone"),
    (ticket(customer={"id": "a", "timezone": "Factory"}), "customer.timezone", "is no time zone"),
    (ticket(customer={"id": "a", "timezone": "localtime"}), "customer.timezone", "is no time zone"),
    (ticket(customer={"id": "a", "timezone": "../../etc/passwd"}), "customer.timezone", "is no time zone"),
    (
        ticket(customer={"id": "a", "contacts": [{"channel": "fax", "address": "1"}]}),
        "customer.contacts.0.channel",
        "must be one of",
    ),
    (ticket(customer={"id": "a", "contacts": [{"channel": "web"}]}), "customer.contacts.0.address", "is required"),
    (ticket(closed_at="2026-11-22T02:30:00"), "closed_at", "needs a time zone"),
    (ticket(closed_at="yesterday"), "closed_at", "no moment of ISO 8601"),
    (ticket(closed_at=1795228200), "closed_at", "must be a text such as"),
    (ticket(closed_at="9999-12-31T23:59:59Z"), "closed_at", "must lie in the years"),
    (ticket(closed_at="0001-01-01T00:00:00+14:00"), "closed_at", "must lie in the years"),
    (ticket(subject="x" * 501), "subject", "at most 500"),
    (ticket(subject="a\0b"), "subject", "NUL"),
    (ticket(tags="vip"), "tags", "must be a list"),
    (ticket(tags=["x"] * 101), "tags", "at most 100"),
    (ticket(agent="李工"), "agent", "must be an object"),
    (ticket(closedat="2026-11-22T02:30:00Z"), "closedat", "is no field that is known"),
]


async def test_a_wrong_field_is_named_with_what_is_wrong(api: httpx.AsyncClient) -> None:
    for body, field, problem in WRONG:
        answer = await api.put(HERE, json=body)
        assert (answer.status_code, is_problem(answer)) == (422, True), body
        wrongs = answer.json()["errors"]
        assert [one for one in wrongs if one["field"] == field and problem in one["problem"]], (body, wrongs)


async def test_all_wrong_fields_are_named_at_once(api: httpx.AsyncClient) -> None:
    answer = await api.put(HERE, json=ticket(status=5, tags=5, closed_at="x"))
    assert {wrong["field"] for wrong in answer.json()["errors"]} == {"status", "tags", "closed_at"}


async def test_what_was_sent_is_not_repeated_in_the_problem(api: httpx.AsyncClient) -> None:
    answer = await api.put(HERE, json=ticket(customer={"id": 5, "name": "a very secret name"}))
    assert "secret" not in answer.text


async def test_a_source_and_an_id_are_readable_words(api: httpx.AsyncClient) -> None:
    for path in (
        "/api/v1/tickets/zendesk/",
        "/api/v1/tickets/a%00b/1",
        f"/api/v1/tickets/a/{'x' * 201}",
    ):
        answer = await api.put(path, json=TICKET)
        assert answer.status_code == 422, path
        assert is_problem(answer)


async def test_alive_is_200_whatever_is_wrong(house: House) -> None:
    house.readiness[0] = Readiness(writable=False)
    async with house.client(key=None) as client:
        assert (await client.get("/healthz")).status_code == 200


async def test_ready_tells_alarms_and_is_503_only_if_the_database_cannot_be_written(house: House) -> None:
    async with house.client() as client:
        house.readiness[0] = Readiness(alarms=("telegram.token: refused",))
        alarmed = await client.get("/readyz")
        house.readiness[0] = Readiness(writable=False)
        shut = await client.get("/readyz")
    assert (alarmed.status_code, alarmed.json()["alarms"]) == (200, ["telegram.token: refused"])
    assert (shut.status_code, shut.json()["status"]) == (503, "not ready")


@pytest.mark.parametrize("key", [None, "a-wrong-key-of-a-stranger"], ids=["none", "wrong"])
async def test_strangers_are_told_how_many_alarms_there_are_and_not_which(house: House, key: str | None) -> None:
    house.readiness[0] = Readiness(alarms=("telegram.token: refused", "backup: disk full"))
    async with house.client(key=key) as client:
        answer = await client.get("/readyz")
    assert answer.json() == {"status": "ready", "database": "ok", "alarm_count": 2}


async def test_what_the_database_does_not_take_is_told_as_such_and_may_be_sent_again(
    folder: Path, migrated_postgres: str
) -> None:
    nothing, unknown = "Nothing was saved", "Whether this was saved is not known"
    told = {Fault.CONFLICT: nothing, Fault.CUT: unknown, Fault.ANSWER_LOST: unknown}
    async with (
        wire_to(migrated_postgres) as wire,
        open_house(folder, wire.url(migrated_postgres)) as house,
        house.client() as api,
    ):
        for fault, said in told.items():
            wire.fires = lambda sent, fault=fault: fault if b"COMMIT" in sent else None
            answer = await api.put(HERE, json=ticket(subject=fault.name))
            wire.mend()
            assert (answer.status_code, is_problem(answer), said in answer.json()["detail"]) == (503, True, True), fault
            assert int(answer.headers["retry-after"]) > 0
        wire.cut()
        answer = await api.put(HERE, json=TICKET)
        assert (answer.status_code, nothing in answer.json()["detail"]) == (503, True)
        wire.mend()
        assert (await api.put(HERE, json=TICKET)).is_success
