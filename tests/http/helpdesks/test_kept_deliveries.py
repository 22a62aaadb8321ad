"""What came from a help desk is listed with what became of it, decided again, and forgotten with its customer."""

import dataclasses
from typing import Any

import httpx
import pytest

from bot.connectors.connector_registry import CONNECTORS
from bot.http.helpdesks.desk_replay import replay_delivery
from scoring.values import replace
from tests.http.helpdesks.test_desk_door import case, deliver, deliveries, desk_house
from tests.support.helpdesks import SHEETS
from tests.support.rights import fulfil
from tests.support.web.house import House

__all__ = ["desk_house"]

ZAMMAD = SHEETS["zammad"]


async def send(house: House, state: str, **changed: Any) -> httpx.Response:  # noqa: ANN401 (fields of Case)
    return await deliver(house, ZAMMAD, ZAMMAD.send(case(house, state, **changed)))


async def replay(house: House, key: str) -> httpx.Response:
    async with house.client() as client:
        return await client.post(f"/api/v1/deliveries/{key}/replay", json={"by": "李工"})


@pytest.mark.proof
async def test_the_latest_fifty_are_listed_the_latest_first(desk_house: House) -> None:
    for number in range(52):
        await send(desk_house, "solved", number=number)
    listed = await deliveries(desk_house, ZAMMAD)
    assert [one["ticket"] for one in listed] == [f"zammad/{22000 + number}" for number in range(51, 1, -1)]
    assert {one["connector"] for one in listed} == {"zammad"}


async def test_of_every_help_desk_they_are_listed_together(desk_house: House) -> None:
    for sheet in SHEETS.values():
        await deliver(desk_house, sheet, sheet.send(case(desk_house, "solved")))
    async with desk_house.client() as client:
        items = (await client.get("/api/v1/deliveries")).json()["items"]
        unknown = await client.get("/api/v1/deliveries?connector=lotus")
    assert [one["connector"] for one in items] == [*SHEETS][::-1]
    assert unknown.status_code == 404


async def test_an_answer_of_the_same_content_is_named_a_repetition(desk_house: House) -> None:
    made = case(desk_house, "solved")
    await deliver(desk_house, ZAMMAD, ZAMMAD.send(made))
    again = {**ZAMMAD.send(made).headers, "x-zammad-delivery": "another-id"}
    async with desk_house.client(key=None) as client:
        await client.post(ZAMMAD.path, content=ZAMMAD.send(made).body, headers=again)
    assert [one["outcome"] for one in await deliveries(desk_house, ZAMMAD)] == ["repeated", "stored"]


async def test_what_is_decided_again_is_decided_by_what_is_set_now(desk_house: House) -> None:
    body = ZAMMAD.make(case(desk_house, "open"))
    body["ticket"]["state"] = "erledigt"
    made = case(desk_house, "open")
    await deliver(desk_house, ZAMMAD, ZAMMAD.send(made, body=body))
    (kept,) = await deliveries(desk_house, ZAMMAD)
    assert kept["reason"] == "open"
    options = replace(desk_house.web.connectors["zammad"], closed_states=("Erledigt",))
    again = await replay_delivery(
        dataclasses.replace(desk_house.web.desks, options={"zammad": options}), kept["id"], "x"
    )
    assert getattr(again, "outcome", "") == "stored"
    assert getattr(again, "reason", "").startswith("closed; survey")


async def test_deciding_again_what_is_stored_changes_nothing(desk_house: House) -> None:
    await send(desk_house, "solved")
    (kept,) = await deliveries(desk_house, ZAMMAD)
    answer = await replay(desk_house, kept["id"])
    assert (answer.status_code, answer.json()["outcome"]) == (200, "unchanged")
    async with desk_house.client() as client:
        (entry,) = (await client.get("/api/v1/audit")).json()["items"]
    assert (entry["action"], entry["by"], entry["subject"]) == ("delivery.replayed", "李工", kept["id"])


async def test_what_is_not_there_cannot_be_decided_again(desk_house: House) -> None:
    assert (await replay(desk_house, "hook:zammad:none")).status_code == 404
    await desk_house.web.receiver.keep_unread("sandbox:phone", b"{}", "not read", "sandbox:1")
    assert (await replay(desk_house, "sandbox:1")).status_code == 404


async def test_a_mistake_of_ours_loses_nothing_and_is_mended_by_deciding_again(
    desk_house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    connector = type(CONNECTORS["zammad"])

    def fails(*_: object) -> object:
        raise RuntimeError("a mistake")

    with monkeypatch.context() as broken:
        broken.setattr(connector, "read", fails)
        answer = await send(desk_house, "solved")
    assert (answer.status_code, list(answer.json())) == (202, ["kept"])
    (kept,) = await deliveries(desk_house, ZAMMAD)
    assert (kept["outcome"], kept["reason"]) == ("failed", "RuntimeError")
    again = (await replay(desk_house, kept["id"])).json()
    assert (again["outcome"], again["ticket"]) == ("stored", "zammad/22017")
    (kept,) = await deliveries(desk_house, ZAMMAD)
    assert kept["outcome"] == "stored"


async def test_a_help_desk_that_repeats_what_failed_mends_it(
    desk_house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = case(desk_house, "solved")
    with monkeypatch.context() as broken:
        broken.setattr(type(CONNECTORS["zammad"]), "read", lambda *_: 1 / 0)
        assert (await deliver(desk_house, ZAMMAD, ZAMMAD.send(made))).status_code == 202
    assert (await deliver(desk_house, ZAMMAD, ZAMMAD.send(made))).status_code == 201
    assert [one["outcome"] for one in await deliveries(desk_house, ZAMMAD)] == ["stored"]


async def test_with_a_customer_goes_what_they_were_delivered_by(desk_house: House) -> None:
    customer = (await send(desk_house, "solved")).json()["ticket"]["customer"]["id"]
    async with desk_house.client() as client:
        assert (await client.delete(f"/api/v1/customers/{customer}")).is_success
    await fulfil(desk_house)
    (kept,) = await deliveries(desk_house, ZAMMAD)
    assert (kept["outcome"], kept["ticket"], kept["size"]) == ("forgotten", None, 0)
    assert (await replay(desk_house, kept["id"])).status_code == 409
