"""What an account does beyond single messages: codes to be scanned, and pages that WeChat's own script may run on."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.channels.descriptor import SettingProblem
from bot.channels.http_client.errors import ApiError, NoAnswerError
from bot.channels.wechat.api.account import AccountKeys, WechatAccount, open_account
from bot.channels.wechat.connect import examine_wechat
from tests.channels.wechat.inbound.post import NO_NOTE
from tests.support.web.clockwork import Clockwork, Draws
from tests.support.wechat import APP_ID, APP_SECRET, FakeWeChat, Garbled, Http, Refuse

PAGE = "https://huifang.example/s/abc?x=1#part"
TICKET, CODE = "/cgi-bin/ticket/getticket", "/cgi-bin/qrcode/create"
SECRET = "Zm9vYmFyLTEyMzQ1Njc4OQ"


@pytest.fixture
def clock() -> Clockwork:
    return Clockwork()


@pytest.fixture
async def wechat(clock: Clockwork) -> AsyncIterator[FakeWeChat]:
    async with FakeWeChat(clock=lambda: clock.now().timestamp()).serve() as server:
        yield server
    assert server.violations == []


@pytest.fixture
async def account(wechat: FakeWeChat, clock: Clockwork) -> AsyncIterator[WechatAccount]:
    keys = AccountKeys(APP_ID, APP_SECRET, wechat.api_base)
    account = open_account(keys, note=NO_NOTE, clock=clock, secrets=Draws(), alarm=lambda _name, _why: None)
    yield account
    await account.close()


async def test_a_page_is_signed_without_what_stands_behind_its_hash(
    wechat: FakeWeChat, account: WechatAccount, clock: Clockwork
) -> None:
    config = await account.jsapi_config(PAGE)
    assert (config.appId, config.timestamp) == (APP_ID, int(clock.now().timestamp()))
    assert wechat.accepts_page(PAGE, config.nonceStr, str(config.timestamp), config.signature)
    assert not wechat.accepts_page(PAGE.replace("x=1", "x=2"), config.nonceStr, str(config.timestamp), config.signature)
    assert (await account.jsapi_config(PAGE)).nonceStr != config.nonceStr


async def test_many_pages_at_once_fetch_one_ticket_until_shortly_before_its_end(
    wechat: FakeWeChat, account: WechatAccount, clock: Clockwork
) -> None:
    await asyncio.gather(*(account.jsapi_config(PAGE) for _ in range(50)))
    clock.passes(timedelta(seconds=6899))
    await account.jsapi_config(PAGE)
    assert len(wechat.calls(TICKET)) == 1
    clock.passes(timedelta(seconds=1))
    await account.jsapi_config(PAGE)
    assert len(wechat.calls(TICKET)) == 2


async def test_a_ticket_refused_is_asked_for_again_next_time(wechat: FakeWeChat, account: WechatAccount) -> None:
    wechat.faults.plant(Refuse(48001), TICKET)
    wechat.faults.plant(Garbled('{"errcode": 0, "errmsg": "ok"}'), TICKET)
    with pytest.raises(ApiError):
        await account.jsapi_config(PAGE)
    with pytest.raises(NoAnswerError, match="without ticket"):
        await account.jsapi_config(PAGE)
    assert (await account.jsapi_config(PAGE)).signature


async def test_a_code_brings_its_token_back_when_it_is_scanned(
    wechat: FakeWeChat, account: WechatAccount, clock: Clockwork
) -> None:
    wechat.faults.plant(Http(502), CODE)
    url = await account.create_qr(SECRET, clock.now() + timedelta(days=30))
    push = await wechat.person(follows=False).scans(url)
    assert f"qrscene_{SECRET}" in push.xml


@pytest.mark.parametrize(
    ("lasts", "seconds"), [(timedelta(hours=1), 3600), (timedelta(days=99), 2_592_000), (timedelta(seconds=-5), 1)]
)
async def test_a_code_lasts_as_long_as_its_token_within_what_wechat_allows(
    wechat: FakeWeChat, account: WechatAccount, clock: Clockwork, lasts: timedelta, seconds: int
) -> None:
    await account.create_qr(SECRET, clock.now() + lasts)
    assert wechat.calls(CODE)[0].values["expire_seconds"] == seconds


async def test_the_doctor_is_told_that_something_else_answers(wechat: FakeWeChat) -> None:
    wechat.faults.plant(Garbled('{"hello": "world"}'))
    found = [problem async for problem in examine_wechat(AccountKeys(APP_ID, APP_SECRET, wechat.api_base))]
    assert found == [SettingProblem("wechat.api_base", "What answers there is not WeChat.", "Check the address.")]
