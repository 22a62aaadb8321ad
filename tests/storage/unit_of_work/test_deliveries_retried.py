"""Failed deliveries at run time, on either database: decided once whoever tries them, dropped, and told meanwhile."""

import asyncio
import json
import shutil
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.channels.telegram.inbound.parse import parse_update
from bot.control.socket_client import run_command
from bot.ports import InboundResult
from storage.model.records import AnswerLog, Customer, InboxOutcome, InboxRow, OutboxMessage
from storage.unit_of_work.changes import Changes
from storage.unit_of_work.needs import Needs
from storage.unit_of_work.writer import Decision
from tests.storage.samples import NOW
from tests.support.web.failing import WORDS, Service, asks, mend, service, spoil, written

ON_ONE = pytest.mark.parametrize("url", ["sqlite"], indirect=True)
"""What no database makes a difference to."""


@pytest.fixture
async def here(url: str, tmp_path: Path) -> AsyncIterator[Service]:
    """Return a process that has asked a customer."""
    async with service(tmp_path, url) as opened:
        await asks(opened)
        yield opened


async def test_what_failed_is_decided_once_however_often_it_is_tried(here: Service, url: str) -> None:
    await spoil(url)
    key = await here.hears("4")
    (listed,) = (await here.call("GET")).json()["items"]
    assert (listed["id"], listed["outcome"], listed["attempts"], listed["door"]) == (key, "failed", 1, "telegram")
    assert here.alarms() == ["inbox"]
    again = (await here.call("POST", f"/{key}/retry")).json()
    assert (again["outcome"], again["attempts"], again["why"]) == ("failed", 2, listed["why"])
    assert again["last_attempt_at"] > listed["last_attempt_at"] == listed["at"]
    await mend(url)
    tries = [here.call("POST", f"/{key}/retry", json={"by": "李工"}) for _ in range(4)]
    told = [answer.json() for answer in await asyncio.gather(*tries, here.call("POST", "/retry"))]
    assert [one["outcome"] for one in told[:-1]] == ["done"] * 4
    assert [answer.value for answer in await here.rows(AnswerLog)] == [4]
    assert (await here.call("GET")).json() == {"items": [], "next": None}
    kept = (await here.call("GET", f"/{key}", params={"raw": True})).json()
    assert (kept["outcome"], kept["raw"]) == ("done", {"encoding": "utf-8", "body": ""})
    assert here.alarms() == []
    audit = (await here.api.get("/api/v1/audit")).json()["items"]
    assert {(entry["action"], entry["by"]) for entry in audit} >= {("inbox.retried", "李工"), ("inbox.retried", "api")}


async def test_what_was_kept_unread_is_decided_under_its_own_key_and_once(here: Service) -> None:
    raw, own = written("4")
    kept = await here.container.services.receiver.keep_unread("telegram", raw, "not read by that version")
    assert kept != own
    page = (await here.call("POST", "/retry")).json()
    assert (page["items"], page["done"], page["failed"]) == ([{"id": kept, "outcome": "done", "why": ""}], 1, 0)
    rows = {row.key: row for row in await here.rows(InboxRow) if row.door == "telegram"}
    assert {key: (row.raw, row.outcome) for key, row in rows.items()} == dict.fromkeys(
        (kept, own), (b"", InboxOutcome.DONE)
    )
    assert [answer.value for answer in await here.rows(AnswerLog)] == [4]


async def test_an_opt_out_that_was_kept_is_heard_though_nothing_else_can_be_read(here: Service, url: str) -> None:
    key = await here.container.services.receiver.keep_unread(
        "telegram", written("/stop")[0], "not read by that version"
    )
    await spoil(url)
    assert (await here.call("POST", f"/{key}/retry")).json()["outcome"] == "done"
    (customer,) = await here.rows(Customer)
    assert customer.opted_out_at is not None


async def test_what_is_dropped_is_never_decided_and_dropping_twice_is_the_same(here: Service) -> None:
    raw, _ = written("4")
    key = await here.container.services.receiver.keep_unread("telegram", raw, "not read by that version")
    assert here.alarms() == ["inbox"]
    found = await here.container.services.reader.delivery(key)
    assert found is not None
    first, second = [(await here.call("DELETE", f"/{key}")).json() for _ in range(2)]
    assert (first, second) == ({"id": key, "dropped": True}, {"id": key, "dropped": False})
    assert here.alarms() == []
    again = await here.call("POST", f"/{key}/retry")
    assert (again.status_code, "It was dropped" in again.json()["detail"]) == (409, True)
    assert await here.rows(AnswerLog) == []
    parsed = parse_update(raw, here.container.services.clock.now(), "")
    late = await here.container.services.receiver.receive_again(parsed, found.row)
    assert (late, await here.rows(AnswerLog)) == (InboundResult.REPEATED, []), "by whoever read it before"
    same = await here.container.services.receiver.keep_unread("telegram", raw, "not read by that version")
    assert (same, here.alarms()) == (key, []), "what was dropped is not kept again"


@ON_ONE
async def test_an_idempotency_key_gets_the_answer_of_the_first_time(here: Service, url: str) -> None:
    await spoil(url)
    key = await here.hears("4")
    once = {"idempotency-key": "retry-1"}
    first = await here.call("POST", f"/{key}/retry", headers=once)
    await mend(url)
    second = await here.call("POST", f"/{key}/retry", headers=once)
    assert (first.json()["outcome"], second.json()) == ("failed", first.json())
    assert (await here.call("POST", f"/{key}/retry")).json()["outcome"] == "done"


@ON_ONE
async def test_a_channel_that_is_not_connected_is_told_by_its_name(
    here: Service, caplog: pytest.LogCaptureFixture
) -> None:
    key = await here.container.services.receiver.keep_unread("wechat", b"<xml/>", "not read by that version")
    one = await here.call("POST", f"/{key}/retry")
    assert (one.status_code, one.headers["content-type"]) == (409, "application/problem+json")
    assert one.json()["detail"] == "It cannot be tried: the channel wechat is not connected here."
    (item,) = (await here.call("POST", "/retry")).json()["items"]
    assert item == {"id": key, "outcome": "failed", "why": "the channel wechat is not connected here"}
    (listed,) = (await here.call("GET", params={"channel": "wechat"})).json()["items"]
    assert (listed["why"], listed["attempts"]) == ("not read by that version", 1), "it was not tried"
    assert (await here.call("GET", params={"channel": "telegram"})).json()["items"] == []
    caplog.clear()
    await here.container.failed.retry_all()  # as at a start
    assert f"{key} still cannot be decided: the channel wechat is not connected here" in caplog.messages
    assert here.alarms() == ["inbox"]


@ON_ONE
async def test_what_there_is_not_is_a_problem(here: Service) -> None:
    for method, path in (("GET", "/none"), ("POST", "/none/retry"), ("DELETE", "/none")):
        answer = await here.call(method, path)
        assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")
        assert "none" in answer.json()["detail"]
    for query in ({"cursor": "x"}, {"limit": 0}, {"channel": "Tele gram"}):
        assert (await here.call("GET", params=query)).status_code == 422
    assert (await here.call("POST", "/retry", params={"cursor": "x"})).status_code == 422


@ON_ONE
async def test_all_are_listed_and_tried_page_by_page(here: Service) -> None:
    receiver = here.container.services.receiver
    keys = [
        await receiver.keep_unread("telegram", b"%d" % number, "no update", f"telegram:{number}") for number in range(5)
    ]
    seen, cursor = list[str](), None
    while cursor is not None or not seen:
        page = (await here.call("GET", params={"limit": 2} | ({"cursor": cursor} if cursor else {}))).json()
        seen, cursor = seen + [item["id"] for item in page["items"]], page["next"]
    assert sorted(seen) == sorted(keys)
    tried = (await here.call("POST", "/retry")).json()
    assert (len(tried["items"]), tried["done"], tried["failed"], tried["next"]) == (5, 0, 5, None)
    more = tuple(InboxRow(f"fax:{n}", "fax", b"", NOW, InboxOutcome.FAILED) for n in range(200))
    await receiver.do(Needs(), lambda _context: Decision(Changes(more), None))
    hasty = replace(here.container.failed, lasts=0.0)
    first = await hasty.retry_some("api")
    rest = await hasty.retry_some("api", first.next)
    assert (len(first.items), len(rest.items), rest.next) == (200, 5, None)


async def test_a_reason_an_alarm_and_a_log_line_quote_nothing(
    here: Service, url: str, caplog: pytest.LogCaptureFixture
) -> None:
    await spoil(url)
    key = await here.hears(WORDS)
    assert (await here.call("POST", f"/{key}/retry")).json()["outcome"] == "failed"
    await here.hears("/stop")
    customer = (await here.api.get("/api/v1/customers/c-1")).json()["customer"]
    assert customer["opted_out_at"] is not None
    rows = [row for row in await here.rows(InboxRow) if row.door == "telegram"]
    assert [row.why.rpartition(":")[0] for row in rows] == ["KeyError at dialogs.survey"] * 2
    told = [row.why for row in rows] + caplog.messages + [alarm.text for alarm in here.container.alarms.standing()]
    told += [message.prompt.text for message in await here.rows(OutboxMessage)]
    told += [record.exc_text or "" for record in caplog.records]
    told += [(await here.call("GET", f"/{row.key}")).text for row in rows]
    assert [text for text in told if WORDS[:3] in text or WORDS[-11:] in text] == []
    raw = (await here.call("GET", f"/{key}", params={"raw": True})).json()["raw"]
    assert json.loads(raw["body"])["message"]["text"] == WORDS


# -- two processes -------------------------------------------------------------------------------------------------


async def test_two_processes_that_try_at_once_decide_once_and_both_alarms_are_cleared(
    migrated_postgres: str, tmp_path: Path
) -> None:
    url = migrated_postgres
    async with service(tmp_path, url) as one, service(tmp_path, url) as other:
        await asks(one)
        await spoil(url)
        keys = [await side.hears(words) for side, words in ((one, "4"), (other, "5"))]
        await mend(url)
        raw, own = written("4")
        keys.append(await one.container.services.receiver.keep_unread("telegram", raw, "not read by that version"))
        tries = [side.call("POST", "/retry") for side in (one, other) for _ in range(3)]
        starts = [side.container.failed.retry_all() for side in (one, other)]
        await asyncio.gather(*tries, *starts)
        assert [answer.value for answer in await one.rows(AnswerLog)] == [4, 5, 4]
        rows = {row.key: row.outcome for row in await one.rows(InboxRow) if row.door == "telegram"}
        assert rows == dict.fromkeys((*keys, own), InboxOutcome.DONE)
        for side in (one, other):
            assert await side.container.failed.look() == 0
            assert side.alarms() == []


async def test_a_command_beside_the_service_does_it_and_the_services_alarm_is_cleared(
    migrated_postgres: str, tmp_path: Path
) -> None:
    async with service(tmp_path, migrated_postgres) as here:
        await asks(here)
        await spoil(migrated_postgres)
        key = await here.hears("4")
        failed = await asyncio.to_thread(run_command, here.settings, "inbox retry", {"id": key})
        assert (failed.gave["failed"], failed.gave["items"][0]["outcome"]) == (1, "failed")
        await mend(migrated_postgres)
        done = await asyncio.to_thread(run_command, here.settings, "inbox retry", {})
        assert (done.gave["done"], done.gave["items"]) == (1, [{"id": key, "outcome": "done", "why": ""}])
        assert [answer.value for answer in await here.rows(AnswerLog)] == [4]
        assert here.alarms() == ["inbox"]
        watching = asyncio.ensure_future(replace(here.container.failed, looks_every=0.01).watch())
        for _ in range(500):
            if not here.alarms():
                break
            await asyncio.sleep(0.01)
        assert here.alarms() == []
        watching.cancel()


async def test_an_opt_in_that_failed_does_not_undo_an_opt_out_said_since(here: Service) -> None:
    services, (raw, own) = here.container.services, written("继续评价")
    await services.receiver.keep_unread("telegram", raw, "not read by that version", own)
    await here.hears("退订")
    now = services.clock.now()
    a_minute_ago = InboxRow(own, "telegram", raw, now - timedelta(minutes=1), InboxOutcome.FAILED)
    assert await services.receiver.receive_again(parse_update(raw, now, ""), a_minute_ago) is InboundResult.NEW
    assert [customer.opted_out_at is None for customer in await here.rows(Customer)] == [False]


@ON_ONE
async def test_a_count_that_cannot_be_read_does_not_end_the_watch(here: Service, url: str) -> None:
    await here.container.services.receiver.keep_unread("telegram", b"{}", "not read by that version")
    file = Path(url.removeprefix("sqlite:///"))
    kept = file.with_name("kept")
    watching = asyncio.ensure_future(replace(here.container.failed, looks_every=0.01).watch())
    shutil.move(file, kept)
    await asyncio.sleep(0.05)
    shutil.move(kept, file)
    has_ended = watching.done()
    watching.cancel()
    await asyncio.wait([watching])
    assert not has_ended
