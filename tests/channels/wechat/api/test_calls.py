"""Calls to WeChat: what is sent is what it wants, every failure is told apart, and none of them tells a secret."""

import asyncio
import socket
import traceback
from collections.abc import AsyncIterator

import pytest
from aiohttp import web

from bot.channels.http_client.client import HttpLimits
from bot.channels.http_client.errors import ApiError, CallError, GatewayError, NeverLeftError, NoAnswerError
from bot.channels.wechat.api.account import AccountKeys, WechatAccount, open_account
from bot.channels.wechat.api.requests import RequestWriter
from bot.channels.wechat.api.server import WechatRequest
from tests.channels.wechat.inbound.post import NO_NOTE
from tests.channels.wechat.messages import user_info
from tests.support.web.clockwork import Clockwork, Draws
from tests.support.wechat import (
    APP_ID,
    APP_SECRET,
    Cut,
    FakeWeChat,
    Garbled,
    Http,
    MenuItem,
    Person,
    Refuse,
    Silent,
    Slow,
)
from tests.support.wechat.faults import Fault

SEND = "/cgi-bin/message/custom/send"
BUILDER = RequestWriter(APP_ID)


def opened(api_base: str, limits: HttpLimits | None = None) -> WechatAccount:
    """Open the account at this address."""
    return open_account(
        AccountKeys(APP_ID, APP_SECRET, api_base),
        note=NO_NOTE,
        clock=Clockwork(),
        secrets=Draws(),
        alarm=lambda _name, _why: None,
        limits=limits or HttpLimits(connections=32, connect=1.0, answer=1.0),
    )


@pytest.fixture
async def wechat() -> AsyncIterator[FakeWeChat]:
    """A fake WeChat; a test that makes it complain of a broken rule fails."""
    clock = Clockwork()
    async with FakeWeChat(clock=lambda: clock.now().timestamp()).serve() as server:
        yield server
    assert server.violations == []


@pytest.fixture
async def account(wechat: FakeWeChat) -> AsyncIterator[WechatAccount]:
    """Our account, patient for two seconds."""
    account = opened(wechat.api_base)
    yield account
    await account.close()


@pytest.fixture
async def mei(wechat: FakeWeChat) -> Person:
    """A customer who has just written."""
    mei = wechat.person()
    await mei.types("您好")
    return mei


async def failure(account: WechatAccount, built: WechatRequest, *, idempotent: bool = False) -> CallError:
    """Make a call that must fail and return its error."""
    with pytest.raises(CallError) as caught:
        await account.calls.call(built, idempotent=idempotent)
    return caught.value


async def test_a_text_a_menu_and_both_notices_arrive_as_they_were_written(
    wechat: FakeWeChat, account: WechatAccount, mei: Person
) -> None:
    wechat.template("T", "thing1")
    wechat.notice_template("S", "thing1")
    await mei.grants("S")
    items = [("ra|int_1|speed|5", "5 很满意"), ("sk|int_1|speed|0", "跳过")]
    requests = [
        BUILDER.send_text(mei.openid, "修好了 😀 \\u4e2d </a> \u2028"),
        BUILDER.send_msg_menu(mei.openid, "1/5 响应速度", items, "回复也行"),
        BUILDER.send_msg_menu(mei.openid, "", items),
        BUILDER.send_template(mei.openid, "T", {"thing1": "空调不制冷"}, "https://example.com/s/1", "out_1"),
        BUILDER.send_template(mei.openid, "T", {"thing1": "空调不制冷"}),
        BUILDER.bizsend(mei.openid, "S", {"thing1": "修好了"}, "https://example.com/s/2"),
    ]
    answers = [await account.calls.call(built) for built in requests]
    assert [answer["errcode"] for answer in answers] == [0] * 6
    text, menu, _, notice, plain, granted = mei.sees
    assert text.text == "修好了 😀 \\u4e2d </a> \u2028"
    assert (menu.text.splitlines()[0], menu.items) == ("1/5 响应速度", tuple(MenuItem(*item) for item in items))
    assert (notice.fields, notice.url) == ({"thing1": "空调不制冷"}, "https://example.com/s/1")
    assert (plain.url, granted.url) == ("", "https://example.com/s/2")


async def test_a_template_message_with_an_id_of_ours_is_sent_once(
    wechat: FakeWeChat, account: WechatAccount, mei: Person
) -> None:
    wechat.template("T", "thing1")
    built = BUILDER.send_template(mei.openid, "T", {"thing1": "空调不制冷"}, client_msg_id="out_1")
    first, again = [await account.calls.call(built) for _ in range(2)]
    assert first["msgid"] == again["msgid"]
    assert len(mei.sees) == 1


async def test_wechatpy_writes_and_sends_nothing_and_knows_no_secret() -> None:
    client = BUILDER._client  # noqa: SLF001 (it is wechatpy's)
    assert (client.secret, client.auto_retry, client.access_token_key) == ("", False, f"{APP_ID}_access_token")
    assert client.message.send_text("o1", "x") == WechatRequest(
        SEND, {}, b'{"touser":"o1","msgtype":"text","text":{"content":"x"}}'
    )
    assert client.user.get("o1") == WechatRequest("/cgi-bin/user/info", {"openid": "o1", "lang": "zh_CN"})


@pytest.mark.parametrize(
    ("fault", "problem"),
    [
        (Http(502), GatewayError),
        (Http(403), GatewayError),
        (Http(302), GatewayError),
        (Http(504), NoAnswerError),
        (Http(201), NoAnswerError),
        (Garbled(), NoAnswerError),
        (Garbled("[]"), NoAnswerError),
        (Garbled('{"errcode": "x"}'), NoAnswerError),
        (Garbled(""), NoAnswerError),
        (Cut(done=True), NoAnswerError),
        (Cut(done=False), NoAnswerError),
        (Silent(), NoAnswerError),
        (Refuse(45015), ApiError),
    ],
    ids=repr,
)
async def test_a_failure_after_the_request_left_says_whether_it_may_have_been_done(
    wechat: FakeWeChat, mei: Person, fault: Fault, problem: type[CallError]
) -> None:
    account = opened(wechat.api_base, HttpLimits(connections=32, connect=0.5, answer=0.1))
    wechat.faults.plant(fault, SEND)
    assert type(await failure(account, BUILDER.send_text(mei.openid, "在吗"))) is problem
    await account.close()


async def test_a_refusal_is_told_with_code_and_words(wechat: FakeWeChat, account: WechatAccount, mei: Person) -> None:
    wechat.faults.plant(Refuse(45047), SEND)
    error = await failure(account, BUILDER.send_text(mei.openid, "在吗"))
    assert isinstance(error, ApiError)
    assert (error.code, error.text.split(" rid")[0]) == (45047, "out of response count limit")
    assert str(error).startswith("45047 out of response count limit")


async def test_what_is_not_idempotent_is_tried_once(wechat: FakeWeChat, account: WechatAccount, mei: Person) -> None:
    for fault in (Http(502), Cut(done=True), Refuse(-1)):
        wechat.faults.plant(fault, SEND)
        await failure(account, BUILDER.send_text(mei.openid, "在吗"))
    assert len(wechat.calls(SEND)) == 3


async def test_what_is_idempotent_is_tried_twice_and_never_a_third_time(
    wechat: FakeWeChat, account: WechatAccount, mei: Person
) -> None:
    asked, path = user_info(mei.openid), "/cgi-bin/user/info"
    wechat.faults.plant(Http(502), path)
    assert (await account.calls.call(asked, idempotent=True))["subscribe"] == 1
    wechat.faults.plant(Cut(), path, times=None)
    before = len(wechat.calls(path))
    assert isinstance(await failure(account, asked, idempotent=True), NoAnswerError)
    assert len(wechat.calls(path)) == before + 2
    wechat.faults.clear()
    wechat.faults.plant(Refuse(40001), path)
    wechat.faults.plant(Cut(), path)
    wechat.account.tokens.revoke()
    assert isinstance(await failure(account, asked, idempotent=True), NoAnswerError)


async def test_where_nobody_listens_the_request_never_leaves() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        account = opened(f"http://127.0.0.1:{taken.getsockname()[1]}")
        assert isinstance(await failure(account, BUILDER.jsapi_ticket()), NeverLeftError)
        await account.close()


async def test_a_call_that_gets_no_free_connection_never_leaves(wechat: FakeWeChat, mei: Person) -> None:
    account = opened(wechat.api_base, HttpLimits(connections=1, connect=0.1, answer=2.0))
    await account.calls.call(user_info(mei.openid))
    wechat.faults.plant(Slow(0.4), SEND)
    slow = asyncio.create_task(account.calls.call(BUILDER.send_text(mei.openid, "在吗")))
    await wechat.until(lambda: wechat.calls(SEND) or None)
    assert isinstance(await failure(account, BUILDER.send_text(mei.openid, "还在吗")), NeverLeftError)
    assert (await slow)["errcode"] == 0
    await account.close()


async def test_after_closing_a_call_never_leaves(account: WechatAccount) -> None:
    await account.close()
    assert isinstance(await failure(account, BUILDER.jsapi_ticket()), NeverLeftError)


async def test_a_redirect_is_not_followed_with_the_token_in_hand(wechat: FakeWeChat) -> None:
    async def away(request: web.Request) -> web.Response:
        raise web.HTTPFound(f"{wechat.api_base}{request.path_qs}")

    app = web.Application()
    app.router.add_route("*", "/{any:.*}", away)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    account = opened(f"http://127.0.0.1:{runner.addresses[0][1]}")
    assert isinstance(await failure(account, BUILDER.jsapi_ticket()), NeverLeftError)
    assert wechat.calls() == []
    await account.close()
    await runner.cleanup()


@pytest.fixture
async def talkative() -> AsyncIterator[str]:
    """A server that gives a token, and drops every other connection in the middle of its answer."""

    async def drop(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked = await reader.readuntil(b"\r\n")
        body = b'{"access_token": "the-access-token-of-today", "expires_in": 7200}'
        length = len(body) if b"stable_token" in asked else 500
        writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % length + body)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(drop, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


async def test_no_failure_shows_a_token_or_the_secret_not_even_in_its_causes(
    talkative: str, wechat: FakeWeChat, mei: Person
) -> None:
    wechat.faults.plant(Slow(1), SEND, times=None)
    for base in ("http://127.0.0.1:1", "http://no-such-host.invalid", talkative, wechat.api_base):
        account = opened(base, HttpLimits(connections=32, connect=0.3, answer=0.1))
        error = await failure(account, BUILDER.send_text(mei.openid, "我的秘密"))
        shown = "".join(traceback.format_exception(error)) + repr(error)
        secrets = [APP_SECRET, "the-access-token-of-today", mei.openid, "我的秘密", *wechat.account.tokens.issued]
        assert [secret for secret in secrets if secret in shown] == []
        assert "http" not in str(error).lower().replace("http ", "")
        assert error.__context__ is None
        await account.close()
