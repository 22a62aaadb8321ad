"""Requests that no help desk sends: odd headers, ids without end, other methods; nothing breaks, nothing is stored."""

import httpx
import pytest

from tests.http.helpdesks.test_desk_door import case, deliver, deliveries, desk_house
from tests.support.helpdesks import SHEETS, Sent
from tests.support.web.house import House

__all__ = ["desk_house"]

ZAMMAD = SHEETS["zammad"]


async def test_an_id_without_end_is_cut_and_known_again(desk_house: House) -> None:
    made = case(desk_house, "solved", event="x" * 5000)
    first = await deliver(desk_house, ZAMMAD, ZAMMAD.send(made))
    again = await deliver(desk_house, ZAMMAD, ZAMMAD.send(made))
    assert (first.status_code, again.text) == (201, first.text)
    (kept,) = await deliveries(desk_house, ZAMMAD)
    assert len(kept["id"]) == len("hook:zammad:") + 256


@pytest.mark.parametrize("event", ["a/b", "..", "%2F", "'--", "a b", "事件"])
async def test_an_odd_id_is_an_id(event: str, desk_house: House) -> None:
    sent = ZAMMAD.send(case(desk_house, "solved"))
    raw = [(name.encode(), value.encode()) for name, value in sent.headers.items() if name != "x-zammad-delivery"]
    async with desk_house.client(key=None) as client:
        request = client.build_request("POST", ZAMMAD.path, content=sent.body)
        request.headers = httpx.Headers([*request.headers.raw, *raw, (b"x-zammad-delivery", event.encode())])
        assert (await client.send(request)).status_code == 201
    (kept,) = await deliveries(desk_house, ZAMMAD)
    async with desk_house.client() as client:
        path = httpx.URL("http://x").copy_with(path=f"/api/v1/deliveries/{kept['id']}/replay").raw_path.decode()
        assert (await client.post(path)).status_code in {200, 404}, "dots may be folded by a client"


async def test_a_header_that_is_no_text_is_no_proof(desk_house: House) -> None:
    sent = ZAMMAD.send(case(desk_house, "solved"))
    async with desk_house.client(key=None) as client:
        for crooked in (b"\xff\xfe", b"sha1=\xc3", b"", b"sha1=" + b"0" * 40):
            request = client.build_request("POST", ZAMMAD.path, content=sent.body)
            request.headers = httpx.Headers([*request.headers.raw, (b"x-hub-signature", crooked)])
            assert (await client.send(request)).status_code == 401
    assert await deliveries(desk_house, ZAMMAD) == []


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH"])
async def test_only_post_delivers(method: str, desk_house: House) -> None:
    async with desk_house.client(key=None) as client:
        assert (await client.request(method, ZAMMAD.path)).status_code == 405


@pytest.mark.parametrize(
    "path", ["/hooks/tickets/", "/hooks/tickets/zammad/", "/hooks/tickets/Zammad", "/hooks/zammad"]
)
async def test_other_addresses_are_none(path: str, desk_house: House) -> None:
    sent = ZAMMAD.send(case(desk_house, "solved"))
    async with desk_house.client(key=None) as client:
        answer = await client.post(f"/hooks/{path}", content=sent.body, headers=dict(sent.headers))
    assert answer.status_code == 404
    assert await deliveries(desk_house, ZAMMAD) == []


async def test_a_query_says_nothing(desk_house: House) -> None:
    sent = ZAMMAD.send(case(desk_house, "solved"))
    async with desk_house.client(key=None) as client:
        answer = await client.post(f"{ZAMMAD.path}?secret=x", content=sent.body, headers=dict(sent.headers))
    assert answer.status_code == 201


async def test_of_two_proofs_one_that_holds_is_enough(desk_house: House) -> None:
    sent = ZAMMAD.send(case(desk_house, "solved"))
    wrong = Sent({**sent.headers, "authorization": "Bearer nobody's"}, sent.body)
    assert (await deliver(desk_house, ZAMMAD, wrong)).status_code == 201


async def test_the_list_is_of_admins_only(desk_house: House) -> None:
    await deliver(desk_house, ZAMMAD, ZAMMAD.send(case(desk_house, "solved")))
    async with desk_house.client(key=None) as nobody:
        assert (await nobody.get("/api/v1/deliveries")).status_code == 401
        assert (await nobody.post("/api/v1/deliveries/x/replay")).status_code == 401
    async with desk_house.client() as admin:
        assert (await admin.get("/api/v1/deliveries?connector=Zammad")).status_code == 422
