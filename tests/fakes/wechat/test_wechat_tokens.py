"""Tokens live, overlap, are forced and refused as the platform's are."""

from tests.fakes.wechat.conftest import Sender
from tests.support.wechat import APP_ID, APP_SECRET, FakeWeChat, HandClock

ME = {"grant_type": "client_credential", "appid": APP_ID, "secret": APP_SECRET}


async def code(sender: Sender, token: str) -> int:
    """Return what an interface says to a token: 40097 is what it says to a good one."""
    return int((await sender.get("/cgi-bin/ticket/getticket", type="x", access_token=token))["errcode"])


async def test_everybody_gets_the_same_token_until_five_minutes_before_its_end(
    stranger: Sender, clock: HandClock
) -> None:
    first = await stranger.stable_token()
    assert (first["expires_in"], len(first["access_token"])) == (7200, 512)
    clock.advance(6899)
    assert await stranger.stable_token() == first | {"expires_in": 301}
    clock.advance(1)
    second = await stranger.stable_token()
    assert second["access_token"] != first["access_token"]
    assert second["expires_in"] == 7200
    clock.advance(299)
    assert [await code(stranger, one["access_token"]) for one in (first, second)] == [40097, 40097]
    clock.advance(1)
    assert [await code(stranger, one["access_token"]) for one in (first, second)] == [42001, 40097]


async def test_a_forced_token_ends_the_old_one_at_once_and_is_rare(
    wechat: FakeWeChat, stranger: Sender, clock: HandClock
) -> None:
    old = (await stranger.stable_token())["access_token"]
    new = (await stranger.stable_token(force_refresh=True))["access_token"]
    assert [await code(stranger, token) for token in (old, new)] == [40001, 40097]
    assert (await stranger.stable_token(force_refresh=True))["errcode"] == 45011
    for _ in range(19):
        clock.advance(30)
        assert "access_token" in await stranger.stable_token(force_refresh=True)
    clock.advance(30)
    assert (await stranger.stable_token(force_refresh=True))["errcode"] == 45009
    assert "access_token" in await stranger.stable_token(force_refresh=False)
    assert len(wechat.calls("stable_token")) == 24


async def test_the_older_call_ends_its_last_token_in_five_minutes_and_leaves_the_stable_one(
    stranger: Sender, clock: HandClock
) -> None:
    stable = (await stranger.stable_token())["access_token"]
    first, second = [(await stranger.get("/cgi-bin/token", **ME))["access_token"] for _ in range(2)]
    clock.advance(299)
    assert [await code(stranger, token) for token in (first, second, stable)] == [40097] * 3
    clock.advance(1)
    assert [await code(stranger, token) for token in (first, second, stable)] == [40001, 40097, 40097]


async def test_a_missing_token_breaks_a_rule_and_a_strange_one_does_not(wechat: FakeWeChat, stranger: Sender) -> None:
    assert await code(stranger, "8_short") == 40014
    assert await code(stranger, "8" * 512) == 40001
    assert wechat.violations == []
    assert (await stranger.get("/cgi-bin/ticket/getticket", type="jsapi"))["errcode"] == 41001
    assert [violation.rule for violation in wechat.violations] == ["41001 access_token missing"]


async def test_a_token_that_somebody_else_replaced_is_not_the_latest(wechat: FakeWeChat, sender: Sender) -> None:
    assert await code(sender, sender.token) == 40097
    wechat.account.tokens.revoke()
    assert await code(sender, sender.token) == 40001
    await sender.authorized()
    assert await code(sender, sender.token) == 40097


async def test_wrong_frozen_and_far_away_senders_get_no_token(wechat: FakeWeChat, stranger: Sender) -> None:
    assert (await stranger.stable_token(appid="wx0"))["errcode"] == 40013
    assert (await stranger.stable_token(secret="0" * 32))["errcode"] == 40125
    assert (await stranger.get("/cgi-bin/token", **(ME | {"secret": "x"})))["errcode"] == 40125
    wechat.account.allowed_ips = {"10.0.0.1"}
    told = await stranger.stable_token()
    assert (told["errcode"], "127.0.0.1" in told["errmsg"]) == (40164, True)
    wechat.account.allowed_ips.add("127.0.0.1")
    wechat.account.secret_frozen = True
    assert (await stranger.stable_token())["errcode"] == 40243
    assert wechat.violations == []
    assert [call.errcode for call in wechat.met()] == [40013, 40125, 40125, 40164, 40243]


async def test_malformed_requests_for_a_token_break_rules(wechat: FakeWeChat, stranger: Sender) -> None:
    assert (await stranger.stable_token(grant_type="password"))["errcode"] == 40035
    assert (await stranger.stable_token(force_refresh="yes"))["errcode"] == 40035
    assert (await stranger.post("/cgi-bin/stable_token", b"appid=1"))["errcode"] == 47001
    assert (await stranger.post("/cgi-bin/stable_token", []))["errcode"] == 47001
    assert (await stranger.get("/cgi-bin/stable_token"))["errcode"] == 43002
    assert (await stranger.get("/cgi-bin/token", appid=APP_ID))["errcode"] == 40035
    assert (await stranger.post("/cgi-bin/clear_everything", {}))["errcode"] == -1
    assert len(wechat.violations) == 7


async def test_quotas_of_a_day_end_at_midnight_in_shanghai(
    wechat: FakeWeChat, sender: Sender, clock: HandClock
) -> None:
    wechat.account.quotas.become_sandbox()
    wechat.account.quotas.daily["/cgi-bin/user/info"] = 2
    clock.advance(86_400 - (clock() + 8 * 3600) % 86_400)
    await sender.authorized()
    openid = wechat.person().openid
    codes = [(await sender.get("/cgi-bin/user/info", openid=openid)).get("errcode", 0) for _ in range(3)]
    assert codes == [0, 0, 45009]
    told = await sender.post("/cgi-bin/openapi/quota/get", {"cgi_path": "/cgi-bin/user/info"})
    assert told["quota"] == {"daily_limit": 2, "used": 3, "remain": 0}
    assert (await sender.post("/cgi-bin/openapi/quota/get", {"cgi_path": "/x"}))["errcode"] == 76021
    assert wechat.account.quotas.daily["/cgi-bin/token"] == 200
    clock.advance(86_400)
    await sender.authorized()
    assert (await sender.get("/cgi-bin/user/info", openid=openid))["subscribe"] == 1


async def test_a_limit_of_a_minute_lets_go_in_the_next(wechat: FakeWeChat, sender: Sender, clock: HandClock) -> None:
    wechat.account.quotas.per_minute["/cgi-bin/user/info"] = 1
    openid = wechat.person().openid
    clock.advance(60 - clock() % 60)
    codes = [(await sender.get("/cgi-bin/user/info", openid=openid)).get("errcode", 0) for _ in range(2)]
    clock.advance(60)
    codes.append((await sender.get("/cgi-bin/user/info", openid=openid)).get("errcode", 0))
    assert codes == [0, 45011, 0]
