"""Whatever can go wrong between the product and the platform can be planted, and is told apart from the rules."""

import asyncio

import aiohttp
import pytest

from tests.fakes.wechat.conftest import Sender
from tests.support.wechat import Cut, FakeWeChat, Garbled, Http, Person, Refuse, Silent, Slow

SEND = "message/custom/send"


@pytest.fixture
async def mei(wechat: FakeWeChat) -> Person:
    """Somebody who may be written to."""
    person = wechat.person()
    await person.types("好")
    return person


@pytest.mark.parametrize("code", [-1, 40001, 45009, 45011, 45015, 45047, 89503])
async def test_any_code_can_be_planted_for_so_many_calls(
    wechat: FakeWeChat, sender: Sender, mei: Person, code: int
) -> None:
    wechat.faults.plant(Refuse(code), SEND, times=2)
    assert [await sender.says(mei, "x") for _ in range(3)] == [code, code, 0]
    assert (len(mei.sees), wechat.met(), wechat.violations) == (1, [], [])
    assert [call.planted for call in wechat.calls(SEND)] == [True, True, False]


async def test_a_fault_can_befall_one_person_for_ever(wechat: FakeWeChat, sender: Sender, mei: Person) -> None:
    li = wechat.person("李先生")
    await li.types("好")
    wechat.faults.plant(Refuse(45015), openid=mei.openid, times=None)
    assert [await sender.says(mei, "x") for _ in range(3)] == [45015] * 3
    assert await sender.says(li, "x") == 0
    wechat.faults.clear()
    assert await sender.says(mei, "x") == 0


async def test_a_token_can_be_refused_for_ever(wechat: FakeWeChat, sender: Sender) -> None:
    wechat.faults.plant(Refuse(40001), SEND, times=None)
    assert await sender.says(wechat.person(), "x") == 40001
    assert "access_token" in await sender.stable_token()


async def test_a_gateway_answers_with_a_page(wechat: FakeWeChat, sender: Sender, mei: Person) -> None:
    wechat.faults.plant(Http(500), SEND)
    url = f"{wechat.api_base}/cgi-bin/{SEND}"
    async with sender.session.post(url, params={"access_token": sender.token}, data=b"{}") as answer:
        assert (answer.status, answer.content_type) == (500, "text/html")
    assert mei.sees == []


async def test_an_answer_can_be_no_json(wechat: FakeWeChat, sender: Sender, mei: Person) -> None:
    wechat.faults.plant(Garbled(), SEND)
    with pytest.raises(ValueError, match="Unterminated string"):
        await sender.says(mei, "x")
    assert len(mei.sees) == 1


@pytest.mark.parametrize("done", [False, True], ids=["before it took effect", "after it took effect"])
async def test_a_cut_connection_leaves_the_sender_in_doubt(
    wechat: FakeWeChat,
    sender: Sender,
    mei: Person,
    done: bool,  # noqa: FBT001 (a parameter of pytest's)
) -> None:
    wechat.faults.plant(Cut(done=done), SEND)
    with pytest.raises(aiohttp.ClientError):
        await sender.says(mei, "x")
    assert len(mei.sees) == int(done)


@pytest.mark.parametrize("done", [False, True], ids=["before it took effect", "after it took effect"])
async def test_an_answer_that_never_comes_leaves_the_sender_in_doubt(
    wechat: FakeWeChat,
    sender: Sender,
    mei: Person,
    done: bool,  # noqa: FBT001 (a parameter of pytest's)
) -> None:
    wechat.faults.plant(Silent(done=done), SEND)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.5):
            await sender.says(mei, "x")
    assert len(mei.sees) == int(done)


async def test_a_slow_answer_comes_after_the_effect(wechat: FakeWeChat, sender: Sender, mei: Person) -> None:
    wechat.faults.plant(Slow(0.1), SEND)
    call = asyncio.create_task(sender.says(mei, "慢"))
    await mei.reads("慢")
    assert not call.done()
    assert await call == 0


async def test_the_robot_can_be_broken_too(wechat: FakeWeChat, stranger: Sender) -> None:
    robot = wechat.robot()
    wechat.faults.plant(Refuse(45009), "webhook/send")
    path = robot.url.removeprefix(wechat.api_base)
    body = {"msgtype": "text", "text": {"content": "x"}}
    assert [(await stranger.post(path, body))["errcode"] for _ in range(2)] == [45009, 0]


async def test_every_call_is_on_record_with_what_it_carried(wechat: FakeWeChat, sender: Sender, mei: Person) -> None:
    await sender.says(mei, "x")
    (call,) = wechat.calls(SEND)
    assert (call.errcode, call.values["touser"], call.values["text"]) == (0, mei.openid, {"content": "x"})
    assert call.values["access_token"] == sender.token
    assert await wechat.until(lambda: wechat.calls(SEND) or None) == [call]
