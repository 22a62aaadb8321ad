"""What was refused at a help desk's address is listed with its reason; what failed is decided again by itself."""

import dataclasses
import logging
from typing import Any

import pytest

from bot.connectors.connector_registry import CONNECTORS
from bot.connectors.refused_deliveries import RefusedDeliveries, RefusedDelivery
from bot.http.helpdesks.desk_retries import DeskRetries
from bot.process.alarms import FAILED_DELIVERIES, Alarms
from tests.http.helpdesks.test_desk_door import case, deliver, deliveries, desk_house
from tests.storage.samples import NOW
from tests.support.helpdesks import SHEETS, Sent
from tests.support.web.house import House

__all__ = ["desk_house"]

ZAMMAD, GITHUB = SHEETS["zammad"], SHEETS["github"]


async def listed(house: House, connector: str = "") -> list[dict[str, Any]]:
    async with house.client() as client:
        answer = await client.get(f"/api/v1/deliveries?connector={connector}" if connector else "/api/v1/deliveries")
    refused: list[dict[str, Any]] = answer.json()["refused"]
    return refused


async def test_a_wrong_secret_is_listed_with_its_reason_and_where_it_came_from(desk_house: House) -> None:
    await deliver(desk_house, ZAMMAD, ZAMMAD.send(case(desk_house, "solved"), secret="wrong-secret-wrong"))
    (refused,) = await listed(desk_house)
    assert (refused["connector"], refused["status"], refused["sender"]) == ("zammad", 401, "127.0.0.1")
    assert "The delivery is not believed" in refused["reason"]
    assert await deliveries(desk_house, ZAMMAD) == [], "nothing of it is stored"


async def test_where_no_secret_is_set_the_list_says_what_to_do(house: House) -> None:
    await deliver(house, ZAMMAD, ZAMMAD.send(case(house, "solved")))
    (closed,) = await listed(house)
    assert "huifang connect zammad" in closed["reason"]


async def test_a_body_that_cannot_be_read_is_listed_too(desk_house: House) -> None:
    made = case(desk_house, "solved")
    headers = {**ZAMMAD.event(made), **ZAMMAD.sign(ZAMMAD.secret, b"{", made.at)}
    await deliver(desk_house, ZAMMAD, Sent(headers, b"{"))
    (unread,) = await listed(desk_house)
    assert unread["status"] == 400
    assert unread["reason"].startswith("The body cannot be read. ")


async def test_of_each_help_desk_the_last_twenty_are_remembered(desk_house: House) -> None:
    for sheet, number in ((GITHUB, 2), (ZAMMAD, 22)):
        for _ in range(number):
            await deliver(desk_house, sheet, sheet.send(case(desk_house, "solved"), secret="wrong-secret-wrong"))
    assert [len(await listed(desk_house, name)) for name in ("zammad", "github", "jira")] == [20, 2, 0]
    assert len(await listed(desk_house)) == 22


def test_the_latest_is_the_first() -> None:
    refused = RefusedDeliveries()
    for second, connector in enumerate(("zammad", "jira", "zammad")):
        refused.note(RefusedDelivery(connector, NOW.replace(second=second), 401, str(second), "192.0.2.1"))
    assert [one.reason for one in refused.last()] == ["2", "1", "0"]
    assert [one.reason for one in refused.last("zammad")] == ["2", "0"]


# -- what failed is decided again --------------------------------------------------------------------------------


def retries(house: House) -> tuple[DeskRetries, Alarms]:
    alarms = Alarms(house.clock)
    house.web.receiver.alarm_with(alarms.sound)
    failed = dataclasses.replace(house.web.failed, alarms=alarms)
    return DeskRetries(house.web.desks, failed, alarms), alarms


def mistaken(*_: object) -> object:
    raise RuntimeError("白等了一天")


async def test_what_failed_is_decided_by_itself_once_the_mistake_is_mended(
    desk_house: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    again, alarms = retries(desk_house)
    with monkeypatch.context() as broken:
        broken.setattr(type(CONNECTORS["zammad"]), "read", mistaken)
        for number in (1, 2):
            await deliver(desk_house, ZAMMAD, ZAMMAD.send(case(desk_house, "solved", number)))
        assert await again.look() == 2, "the mistake is still there"
    assert alarms.since(FAILED_DELIVERIES) is not None
    (alarm,) = alarms.standing()
    assert "2 deliveries of help desks could still not be decided" in alarm.text
    assert "tried again" in alarm.text
    errors = [record.getMessage() for record in caplog.records if record.levelno == logging.ERROR]
    assert any("still cannot be decided: RuntimeError" in text for text in errors)
    assert "白等" not in caplog.text
    assert await again.look() == 0
    assert alarms.since(FAILED_DELIVERIES) is None
    assert [one["outcome"] for one in await deliveries(desk_house, ZAMMAD)] == ["stored", "stored"]
    async with desk_house.client() as client:
        entries = (await client.get("/api/v1/audit")).json()["items"]
    assert [(one["action"], one["by"]) for one in entries] == [("delivery.replayed", "retry")] * 2
    assert await again.look() == 0, "what is decided is not decided once more"


async def test_one_that_fails_again_keeps_no_other_from_being_decided(
    desk_house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    again, alarms = retries(desk_house)
    connector = type(CONNECTORS["zammad"])
    real = connector.read
    with monkeypatch.context() as broken:
        broken.setattr(connector, "read", mistaken)
        for number in (1, 2):
            await deliver(desk_house, ZAMMAD, ZAMMAD.send(case(desk_house, "solved", number)))
    with monkeypatch.context() as broken:
        broken.setattr(connector, "read", lambda *given: real(*given) if b"22002" in given[1].body else 1 / 0)
        assert await again.look() == 1
    assert sorted(one["outcome"] for one in await deliveries(desk_house, ZAMMAD)) == ["failed", "stored"]
    assert alarms.since(FAILED_DELIVERIES) is not None


async def test_what_a_channel_delivered_is_not_its_business(desk_house: House) -> None:
    again, alarms = retries(desk_house)
    await desk_house.web.receiver.keep_unread("sandbox:phone", b"{}", "not read", "sandbox:1")
    assert await again.look() == 0
    assert alarms.since(FAILED_DELIVERIES) is not None, "that one is still kept"
