"""People's rights by API: everything held about somebody, forgetting them, the register of requests, the file."""

import json
from datetime import timedelta

import httpx
import pytest

from bot.handlers.common.tombstones import ERASED_DETAIL
from bot.ports import Parsed
from bot.signed_links import LinkPurpose
from dialogs.messages import Address, Inbound, Person, Text
from storage.model.records import OutboxMessage
from storage.unit_of_work.selects import all_of
from tests.support.rights import fulfil
from tests.support.traces import traces
from tests.support.web.house import House
from tests.support.web.tickets import TICKET, ticket

MEI = "/api/v1/customers/c-1001"
WORDS = ("c-1001", "王女士", "oAbc", "空调不制冷")


async def forgotten(api: httpx.AsyncClient, house: House) -> None:
    await api.put("/api/v1/tickets/zendesk/42", json=TICKET)
    answer = await api.delete(MEI)
    assert (answer.status_code, answer.json()["kind"], answer.json()["done_at"]) == (202, "erasure", None)
    await fulfil(house)


@pytest.mark.row("S0-21", "S1-54")
async def test_everything_held_about_a_person_is_told(api: httpx.AsyncClient) -> None:
    await api.put("/api/v1/tickets/zendesk/42", json=TICKET)
    answer = await api.get(MEI)
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    told = answer.json()
    assert told["customer"]["name"] == "王女士"
    assert [contact["chat"] for contact in told["contacts"]] == ["phone", "oAbc"]
    assert [(one["source"], one["subject"]) for one in told["tickets"]] == [("zendesk", "空调不制冷")]
    assert [one["state"] for one in told["invitations"]] == ["scheduled"]


@pytest.mark.parametrize("method", ["GET", "DELETE"])
async def test_nobody_is_known_by_a_wrong_id(method: str, api: httpx.AsyncClient) -> None:
    assert (await api.request(method, "/api/v1/customers/c-none")).status_code == 404


@pytest.mark.row("S0-21", "S1-54")
async def test_a_deleted_customer_is_gone_and_stays_gone(api: httpx.AsyncClient, house: House) -> None:
    await forgotten(api, house)
    assert await traces(house.store, *WORDS) == []
    for method, path in (("GET", MEI), ("DELETE", MEI), ("POST", f"{MEI}/links")):
        again = await api.request(method, path, json={"channel": "sandbox"} if method == "POST" else None)
        assert (again.status_code, again.json()["detail"]) == (410, ERASED_DETAIL)


async def test_a_customer_whose_id_looks_like_that_of_somebody_forgotten_is_forgotten_too(
    api: httpx.AsyncClient, house: House
) -> None:
    ticket = TICKET | {"customer": TICKET["customer"] | {"id": "gone_fishing"}}
    await api.put("/api/v1/tickets/zendesk/42", json=ticket)
    assert (await api.delete("/api/v1/customers/gone_fishing")).status_code == 202
    await fulfil(house)
    assert await traces(house.store, *WORDS, "gone_fishing") == []


async def test_a_ticket_of_a_forgotten_customer_counts_under_no_name(api: httpx.AsyncClient, house: House) -> None:
    await forgotten(api, house)
    again = await api.put("/api/v1/tickets/zendesk/43", json=TICKET, headers={"idempotency-key": "again"})
    told = again.json()
    assert again.status_code == 201
    assert (told["ticket"]["subject"], told["ticket"]["customer"]["contacts"]) == (None, [])
    assert (told["survey"]["status"], told["survey"]["reason"]) == ("cancelled", "opted_out")
    assert told["ticket"]["customer"]["name"] == "客户已删除资料"
    put_back = told["ticket"] | {"url": "https://desk/1", "customer": told["ticket"]["customer"] | {"phone": "138001"}}
    kept = (await api.put("/api/v1/tickets/zendesk/43", json=put_back)).json()["ticket"]
    assert (kept["url"], kept["customer"]["phone"]) == (None, None)
    assert await traces(house.store, *WORDS, "客户已删除资料", "138001") == []


async def test_a_forgotten_chat_is_not_opened_again_by_a_help_desk(api: httpx.AsyncClient, house: House) -> None:
    await forgotten(api, house)
    other = TICKET["customer"] | {"id": "c-2002"}
    told = (await api.put("/api/v1/tickets/zendesk/44", json=ticket(customer=other))).json()
    assert told["ticket"]["customer"]["contacts"] == []
    assert await traces(house.store, "oAbc") == []


async def test_deleting_holds_at_once_and_asks_nothing_more(api: httpx.AsyncClient) -> None:
    await api.put("/api/v1/tickets/zendesk/42", json=TICKET)
    await api.delete(MEI)
    survey = (await api.get("/api/v1/tickets/zendesk/42")).json()["survey"]
    assert (survey["status"], survey["reason"]) == ("cancelled", "opted_out")


async def test_the_register_tells_what_has_yet_to_be_done(api: httpx.AsyncClient, house: House) -> None:
    await api.put("/api/v1/tickets/zendesk/42", json=TICKET)
    await api.delete(MEI)
    (waiting,) = (await api.get("/api/v1/requests?open=true")).json()["items"]
    assert (waiting["kind"], waiting["customer"], waiting["door"]) == ("erasure", "c-1001", "api")
    assert await house.web.reader.overdue_requests(house.clock.now() + timedelta(hours=25)) == 1
    await fulfil(house)
    assert (await api.get("/api/v1/requests?open=true")).json()["items"] == []
    (done,) = (await api.get("/api/v1/requests?open=false")).json()["items"]
    assert done["customer"].startswith("gone_")
    assert done["done_at"] is not None


async def test_a_channel_without_files_gets_a_link_to_the_file(api: httpx.AsyncClient, house: House) -> None:
    await api.put("/api/v1/tickets/zendesk/42", json=TICKET)
    phone = Address("sandbox", "phone")
    said = Inbound("sandbox:said-1", phone, Person("mei"), house.clock.now(), Text("/mydata"))
    await house.web.receiver.receive(Parsed(said.key, said), "sandbox:phone", b"{}")
    async with house.store.reading() as session:
        (message,) = await session.records(OutboxMessage, all_of(OutboxMessage))
    assert message.prompt.link is not None
    path = message.prompt.link.url.removeprefix("http://127.0.0.1:8480")
    async with house.client(key=None) as nobody:
        for _ in range(2):
            page = await nobody.get(path)
            assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
            assert not any(word in page.text for word in WORDS)
            assert "<script" not in page.text
        stranger = await nobody.post(path, headers={"origin": "https://elsewhere.example"})
        assert (stranger.status_code, "c-1001" in stranger.text) == (403, False)
        file = await nobody.post(path, headers={"origin": "http://127.0.0.1:8480"})
        assert file.headers["content-disposition"].startswith('attachment; filename="huifang-data-2026')
        assert json.loads(file.text)["customer"]["id"] == "c-1001"
        house.clock.passes(timedelta(minutes=59))
        assert (await nobody.post(path)).status_code == 200
        house.clock.passes(timedelta(minutes=2))
        assert [(await nobody.request(method, path)).status_code for method in ("GET", "POST")] == [410, 410]


async def test_a_link_made_for_something_else_opens_no_file(api: httpx.AsyncClient, house: House) -> None:
    del api
    later = house.clock.now() + timedelta(hours=1)
    links = house.web.receiver.policy.links
    async with house.client(key=None) as nobody:
        for token in (
            links.token(LinkPurpose.SURVEY, "int_1", later),
            links.token(LinkPurpose.DATA, "req_1", later),
            "x",
        ):
            assert [(await nobody.request(method, f"/d/{token}")).status_code for method in ("GET", "POST")] == [
                404,
                404,
            ]
