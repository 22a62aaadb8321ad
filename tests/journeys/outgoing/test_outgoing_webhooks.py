"""What happens is told to an endpoint by a real process: signed, in order, at least once, and never after its end."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.support.commands import huifang
from tests.support.outgoing.hook_receiver import HookReceiver, answer, drips, hangs, hook_receiver
from tests.support.process import Product, product_at
from tests.support.town.town import eventually

QUESTIONS = ("response_speed", "problem_solving", "attitude", "convenience", "after_care")
OPEN_NETWORK = {"webhooks.allow_private": "true"}


@pytest.fixture
async def receiver() -> AsyncIterator[HookReceiver]:
    async with hook_receiver() as one:
        yield one


async def add_endpoint(product: Product, url: str, *events: str) -> Any:  # noqa: ANN401 (JSON is anything)
    added = await product.api.post("/api/v1/webhooks", json={"url": url, "events": events})
    assert added.status_code == 201, added.text
    return added.json()


async def answer_survey(product: Product, ticket: str, value: int, asked: int = 5) -> Any:  # noqa: ANN401 (as above)
    """Close a ticket, and enter what its customer answered on paper."""
    closed = {"status": "closed", "customer": {"id": f"c-{ticket}", "name": "王女士"}}
    assert (await product.api.put(f"/api/v1/tickets/desk/{ticket}", json=closed)).is_success
    entered = {
        "ticket": f"desk/{ticket}",
        "source": "paper",
        "by": "李工",
        "answers": {question: {"value": value, "text": "很有耐心"} for question in QUESTIONS[:asked]},
        "comment": "谢谢",
    }
    found = await product.api.post("/api/v1/responses", json=entered)
    assert found.is_success, found.text
    return found.json()


async def open_issue(product: Product, title: str = "空调不制冷") -> str:
    opened = await product.api.post("/api/v1/issues", json={"title": title})
    assert opened.is_success, opened.text
    return str(opened.json()["id"])


async def log_of(product: Product, endpoint: Any) -> list[Any]:  # noqa: ANN401 (as above)
    found = await product.api.get(f"/api/v1/webhooks/{endpoint['id']}/deliveries")
    return list(found.json()["items"])


async def test_a_completed_response_arrives_signed(tmp_path: Path, receiver: HookReceiver) -> None:
    async with product_at(tmp_path, OPEN_NETWORK, warm=True) as product:
        await product.start()
        endpoint = await add_endpoint(product, receiver.url, "response.completed")
        response = await answer_survey(product, "1", 5)
        (got,) = await receiver.until(lambda: receiver.got)
        assert got.is_signed_by(endpoint["secret"])
        assert got.json["type"] == "response.completed"
        said = got.json["data"]
        assert (said["id"], said["ticket"], said["customer"]) == (response["id"], "desk/1", "c-1")
        answered = [(one["question"], one["value"], one["text"]) for one in said["answers"]]
        assert answered == [(question, 5, "很有耐心") for question in QUESTIONS]
        assert (said["score"], said["comment"], said["status"]) == (5.0, "谢谢", "completed")


async def test_an_endpoint_of_the_owners_file_is_told_until_its_entry_is_gone(
    tmp_path: Path, receiver: HookReceiver
) -> None:
    rules = tmp_path / "rules.toml"
    rules.write_text(f'[[webhooks]]\nname = "CRM"\nurl = "{receiver.url}"\nevents = ["issue.opened"]\n', "utf-8")
    async with product_at(tmp_path, OPEN_NETWORK, warm=True) as product:
        await product.start()
        await eventually(lambda: _named(product, "CRM"))
        issue = await open_issue(product)
        (got,) = await receiver.until(lambda: receiver.got)
        secret = (await huifang(tmp_path, product.settings, "webhooks", "secret", "CRM")).out.split()[1]
        assert got.is_signed_by(secret)
        assert (got.json["type"], got.json["data"]["id"]) == ("issue.opened", issue)
        assert secret not in product.log
        rules.write_text(f'[[webhooks]]\nname = "lake"\nurl = "{receiver.url}/lake"\n', "utf-8")
        await eventually(lambda: _named(product, "lake"))
        await open_issue(product, "水管漏了")
        _, got = await receiver.until(lambda: len(receiver.got) > 1)
        assert got.path == "/hook/lake"


async def _named(product: Product, *names: str) -> bool | None:
    found = (await product.api.get("/api/v1/webhooks")).json()["items"]
    return [one["name"] for one in found] == [*names] or None


async def test_what_was_not_taken_is_sent_again_the_same_and_signed_anew(
    tmp_path: Path, receiver: HookReceiver
) -> None:
    receiver.answers += [answer(500, "not now"), answer(302, Location=receiver.url + "/inside"), answer(429)]
    async with product_at(tmp_path, OPEN_NETWORK, warm=True) as product:
        await product.start()
        endpoint = await add_endpoint(product, receiver.url, "response.completed")
        await answer_survey(product, "1", 5)
        got = await receiver.until(lambda: len(receiver.got) > 3)
        assert len({(one.event, one.body, one.path) for one in got}) == 1  # nor was the redirect followed
        assert all(one.is_signed_by(endpoint["secret"]) for one in got)
        (one,) = await eventually(lambda: _delivered(product, endpoint, 1))
        assert (one["attempts"], one["code"], one["problem"]) == (4, 200, None)


async def _delivered(product: Product, endpoint: Any, number: int) -> list[Any] | None:  # noqa: ANN401 (as above)
    log = await log_of(product, endpoint)
    return log if [one["status"] for one in log].count("delivered") == number else None


async def test_one_subject_arrives_in_order_and_holds_up_no_other(tmp_path: Path, receiver: HookReceiver) -> None:
    async with product_at(tmp_path, OPEN_NETWORK, warm=True) as product:
        await product.start()
        await add_endpoint(product, receiver.url)
        receiver.answers += [answer(500), answer(503, Retry_After="0")]
        first = await open_issue(product)
        await receiver.until(lambda: receiver.got)
        for step in ("claim", "release", "claim"):
            assert (await product.api.post(f"/api/v1/issues/{first}/{step}", json={"by": "李工"})).is_success
        second = await open_issue(product, "水管漏了")
        await receiver.until(lambda: len(taken(receiver, first)) == 3 and taken(receiver, second))
        assert taken(receiver, first) == ["issue.opened", "issue.claimed", "issue.claimed"]


def taken(receiver: HookReceiver, subject: str) -> list[str]:
    """Return the types of what came about a subject, each event once, in the order in which it came last."""
    last = {one.event: one.json["type"] for one in receiver.got if one.json["data"].get("id") == subject}
    return list(last.values())


@pytest.mark.proof  # ten seconds each
@pytest.mark.parametrize("late", [hangs, drips])
async def test_an_endpoint_that_is_too_slow_holds_up_nobody_and_is_told_again(
    tmp_path: Path,
    receiver: HookReceiver,
    late: Any,  # noqa: ANN401 (either of both)
) -> None:
    async with hook_receiver() as other, product_at(tmp_path, OPEN_NETWORK, warm=True) as product:
        await product.start()
        slow = await add_endpoint(product, receiver.url)
        await add_endpoint(product, other.url)
        receiver.answers += [late]
        await open_issue(product)
        await other.until(lambda: other.got, within=5)
        await receiver.until(lambda: len(receiver.got) > 1)
        (one,) = await eventually(lambda: _delivered(product, slow, 1), within=10)
        assert one["attempts"] == 2


async def test_after_its_removal_an_endpoint_is_told_nothing(tmp_path: Path, receiver: HookReceiver) -> None:
    async with product_at(tmp_path, OPEN_NETWORK, warm=True) as product:
        await product.start()
        endpoint = await add_endpoint(product, receiver.url)
        receiver.usual = answer(500)
        for number in range(5):
            await open_issue(product, f"漏水 {number}")
        await receiver.until(lambda: receiver.got)
        assert (await product.api.delete(f"/api/v1/webhooks/{endpoint['id']}")).status_code == 204
        before = len(receiver.got)
        await open_issue(product, "又漏了")
        await asyncio.sleep(2.5)  # two retries of what waited would have come
        assert len(receiver.got) == before
        assert (await product.api.get(f"/api/v1/webhooks/{endpoint['id']}")).status_code == 404


async def test_gone_disables_at_once_and_enabling_sends_what_waited(tmp_path: Path, receiver: HookReceiver) -> None:
    async with product_at(tmp_path, OPEN_NETWORK, warm=True) as product:
        await product.start()
        endpoint = await add_endpoint(product, receiver.url)
        receiver.answers += [answer(410)]
        first = await open_issue(product)
        off = await eventually(lambda: _disabled(product, endpoint))
        assert off["why"] == "it answered 410 Gone"
        alarms = await eventually(lambda: _alarms(product))
        assert alarms[0].startswith("hook_endpoint: webhook endpoints are sent nothing any more: '127.0.0.1' (hook_")
        second = await open_issue(product, "水管漏了")
        assert len(receiver.got) == 1
        await product.api.put(f"/api/v1/webhooks/{endpoint['id']}", json={"enabled": True})
        await receiver.until(lambda: len(receiver.got) == 3)
        assert {one.json["data"]["id"] for one in receiver.got[1:]} == {first, second}
        assert await eventually(lambda: _no_alarms(product))


async def _disabled(product: Product, endpoint: Any) -> Any:  # noqa: ANN401 (as above)
    found = (await product.api.get(f"/api/v1/webhooks/{endpoint['id']}")).json()
    return found if found["status"] == "disabled" else None


async def _alarms(product: Product) -> list[str] | None:
    return list((await product.api.get("/readyz")).json()["alarms"]) or None


async def _no_alarms(product: Product) -> bool | None:
    return await _alarms(product) is None or None


@pytest.mark.proof  # a lease of half a minute
@pytest.mark.long
@pytest.mark.parametrize("point", ["hook_claimed", "hook_sent"])
async def test_a_power_cut_before_or_behind_the_sending_loses_nothing(
    tmp_path: Path, receiver: HookReceiver, point: str
) -> None:
    async with product_at(tmp_path, OPEN_NETWORK, warm=True) as product:
        await product.start()
        await add_endpoint(product, receiver.url)
        await product.kill()
        await product.launch(crash_at=point)
        await eventually(lambda: _well(product), within=30)
        with suppress(httpx.TransportError):  # it dies before it answers
            await open_issue(product)
        await product.dies()
        sent_before = len(receiver.got)
        assert sent_before == (1 if point == "hook_sent" else 0)
        await product.start()
        got = await receiver.until(lambda: len(receiver.got) > sent_before, within=60)
        assert len({one.event for one in got}) == 1


async def _well(product: Product) -> bool | None:
    return await product.is_well() or None


async def test_a_new_secret_and_the_old_one_sign_together(tmp_path: Path, receiver: HookReceiver) -> None:
    async with product_at(tmp_path, OPEN_NETWORK, warm=True) as product:
        await product.start()
        endpoint = await add_endpoint(product, receiver.url)
        rotated = (await product.api.post(f"/api/v1/webhooks/{endpoint['id']}/rotate")).json()
        assert rotated["secret"] != endpoint["secret"]
        await open_issue(product)
        (got,) = await receiver.until(lambda: receiver.got)
        assert got.is_signed_by(rotated["secret"])
        assert got.is_signed_by(endpoint["secret"])
        assert not got.is_signed_by("whsec_b3RoZXItc2VjcmV0LW90aGVyLXNlY3JldC1vdGhlcg==")


async def test_an_address_inside_is_refused_when_it_is_added_and_when_it_is_sent_to(
    tmp_path: Path, receiver: HookReceiver
) -> None:
    async with product_at(tmp_path, OPEN_NETWORK, warm=True) as product:
        await product.start()
        endpoint = await add_endpoint(product, receiver.url)
        await product.stop()
        product.settings = {name: value for name, value in product.settings.items() if name not in OPEN_NETWORK}
        await product.start()
        refused = await product.api.post("/api/v1/webhooks", json={"url": "https://169.254.169.254/latest"})
        assert refused.status_code == 422
        assert refused.json()["errors"][0]["field"] == "url"
        assert "of the same link" in refused.json()["errors"][0]["problem"]
        await open_issue(product)
        (one,) = await eventually(lambda: _tried(product, endpoint))
        assert one["problem"] == "the URL is not encrypted; write https://, or set webhooks.allow_private"
        assert receiver.got == []


async def _tried(product: Product, endpoint: Any) -> list[Any] | None:  # noqa: ANN401 (as above)
    return [one for one in await log_of(product, endpoint) if one["problem"]] or None


async def test_two_processes_on_one_database_send_each_event_once(
    tmp_path: Path, receiver: HookReceiver, migrated_postgres: str
) -> None:
    settings = OPEN_NETWORK | {"database.url": migrated_postgres}
    folders = [tmp_path / name for name in ("one", "other")]
    for folder in folders:
        folder.mkdir()
    async with (
        product_at(folders[0], settings, warm=True) as one,
        product_at(folders[1], settings, warm=True) as other,
    ):
        await one.start()
        await other.start()
        await add_endpoint(one, receiver.url)
        opened = [await open_issue(product, f"漏水 {n}") for n in range(6) for product in (one, other)]
        await receiver.until(lambda: len(receiver.got) >= len(opened))
        await asyncio.sleep(1)
        assert sorted(got.json["data"]["id"] for got in receiver.got) == sorted(opened)
        await one.kill()  # whichever of both has sent until now
        more = await open_issue(other, "还有一个")
        await receiver.until(lambda: any(got.json["data"]["id"] == more for got in receiver.got))
