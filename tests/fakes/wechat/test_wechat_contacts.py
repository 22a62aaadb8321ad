"""Codes, followers, web authorisation and page signatures: how an account gets to know people."""

from urllib.parse import parse_qs, urlsplit

import aiohttp
import pytest

from tests.fakes.wechat.conftest import Sender
from tests.support.wechat import APP_ID, APP_SECRET, FakeWeChat, HandClock, Person
from tests.support.wechat.pushes.crypto import sha1_of

CREATE, INFO, OAUTH = "/cgi-bin/qrcode/create", "/cgi-bin/user/info", "/sns/oauth2/access_token"
US = {"appid": APP_ID, "secret": APP_SECRET, "grant_type": "authorization_code"}


def temporary(scene: str, **more: object) -> dict[str, object]:
    return {"action_name": "QR_STR_SCENE", "action_info": {"scene": {"scene_str": scene}}} | more


async def test_a_temporary_code_is_scanned_while_it_lives(wechat: FakeWeChat, sender: Sender, clock: HandClock) -> None:
    made = await sender.post(CREATE, temporary("a" * 22, expire_seconds=3600))
    assert (made["expire_seconds"], made["url"][:22]) == (3600, "http://weixin.qq.com/q")
    mei = wechat.person(follows=False)
    push = await mei.scans(made["url"])
    assert f"qrscene_{'a' * 22}" in push.xml
    assert made["ticket"] in (await mei.scans(made["ticket"])).xml
    clock.advance(3600)
    with pytest.raises(AssertionError, match="expired"):
        await mei.scans("a" * 22)
    assert (await sender.post(CREATE, temporary("b")))["expire_seconds"] == 60
    assert wechat.violations == []


async def test_a_permanent_code_does_not_expire(sender: Sender) -> None:
    scene = {"action_name": "QR_LIMIT_SCENE", "action_info": {"scene": {"scene_id": 7}}}
    assert set(await sender.post(CREATE, scene)) == {"ticket", "url"}


async def test_the_picture_of_a_code_is_a_picture(wechat: FakeWeChat, sender: Sender) -> None:
    made = await sender.post(CREATE, temporary("b"))
    url = f"{wechat.api_base}/cgi-bin/showqrcode"
    async with sender.session.get(url, params={"ticket": made["ticket"]}) as answer:
        assert (answer.content_type, (await answer.read())[:4]) == ("image/png", b"\x89PNG")
    async with sender.session.get(url, params={"ticket": "x"}) as answer:
        assert answer.status == 404


@pytest.mark.parametrize(
    "body",
    [
        temporary(""),
        temporary("x" * 65),
        temporary("x", expire_seconds=2_592_001),
        temporary("x", expire_seconds="60"),
        temporary("x", action_name="QR_ANY"),
        {"action_name": "QR_SCENE", "action_info": {"scene": {"scene_str": "x"}}},
        {"action_name": "QR_STR_SCENE", "action_info": {}},
    ],
)
async def test_a_malformed_code_breaks_a_rule(wechat: FakeWeChat, sender: Sender, body: dict[str, object]) -> None:
    assert (await sender.post(CREATE, body))["errcode"] == 40035
    assert len(wechat.violations) == 1


async def test_a_unionid_is_told_only_by_a_linked_account(wechat: FakeWeChat, sender: Sender) -> None:
    mei, stranger = wechat.person(), wechat.person(follows=False)
    told = await sender.get(INFO, openid=mei.openid)
    assert (told["subscribe"], told["openid"], "unionid" in told) == (1, mei.openid, False)
    wechat.account.linked = True
    assert (await sender.get(INFO, openid=mei.openid))["unionid"] == mei.customer.unionid
    assert await sender.get(INFO, openid=stranger.openid) == {"subscribe": 0, "openid": stranger.openid}
    assert (await sender.get(INFO, openid="o"))["errcode"] == 40003


async def opened(wechat: FakeWeChat, person: Person | None, **changed: str) -> tuple[int, str]:
    """Open the authorisation page in somebody's WeChat; gives the status and where it leads."""
    query = {
        "appid": APP_ID,
        "redirect_uri": "http://127.0.0.1:8480/s/token?a=b",
        "response_type": "code",
        "scope": "snsapi_base",
        "state": "n0nce",
    } | changed
    cookies = person.cookies if person else {}
    jar = aiohttp.CookieJar(unsafe=True)
    async with aiohttp.ClientSession(cookie_jar=jar, cookies=cookies) as session:
        url = f"{wechat.api_base}/connect/oauth2/authorize"
        async with session.get(url, params=query, allow_redirects=False) as answer:
            return answer.status, answer.headers.get("Location", "")


async def code_of(wechat: FakeWeChat, person: Person) -> str:
    """Let somebody open the page and return the code."""
    _, place = await opened(wechat, person)
    return parse_qs(urlsplit(place).query)["code"][0]


async def test_a_page_learns_who_opened_it_once(wechat: FakeWeChat, stranger: Sender, clock: HandClock) -> None:
    mei = wechat.person()
    status, place = await opened(wechat, mei)
    query = parse_qs(urlsplit(place).query)
    assert (status, place.split("?")[0]) == (302, "http://127.0.0.1:8480/s/token")
    assert (query["a"], query["state"]) == (["b"], ["n0nce"])
    told = await stranger.get(OAUTH, code=query["code"][0], **US)
    assert (told["openid"], told["scope"], "unionid" in told) == (mei.openid, "snsapi_base", False)
    assert (await stranger.get(OAUTH, code=query["code"][0], **US))["errcode"] == 40163
    assert (await stranger.get(OAUTH, code="0x0", **US))["errcode"] == 40029
    late = await code_of(wechat, mei)
    clock.advance(300)
    assert (await stranger.get(OAUTH, code=late, **US))["errcode"] == 40029
    assert wechat.violations == []


async def test_a_snapshot_page_is_opened_by_nobody_real(wechat: FakeWeChat, stranger: Sender) -> None:
    mei = wechat.person()
    mei.customer.snapshot = wechat.account.linked = True
    told = await stranger.get(OAUTH, code=await code_of(wechat, mei), **US)
    assert (told["is_snapshotuser"], told["openid"] == mei.openid) == (1, False)


async def test_an_authorisation_answer_calls_itself_plain_text(wechat: FakeWeChat, stranger: Sender) -> None:
    url = f"{wechat.api_base}{OAUTH}"
    async with stranger.session.get(url, params=US | {"code": "x"}) as answer:
        assert answer.content_type == "text/plain"


async def test_pages_for_nobody_elsewhere_or_malformed_lead_nowhere(wechat: FakeWeChat) -> None:
    mei = wechat.person()
    wechat.account.oauth_domains = {"rate.example.com"}
    assert await opened(wechat, mei) == (200, "")
    wechat.account.oauth_domains = {"127.0.0.1:8480"}
    assert await opened(wechat, None) == (200, "")
    assert await opened(wechat, mei, appid="wx0") == (200, "")
    assert wechat.violations == []
    assert await opened(wechat, mei, state="no-hyphens") == (200, "")
    assert await opened(wechat, mei, scope="everything") == (200, "")
    assert await opened(wechat, mei, response_type="token") == (200, "")
    assert await opened(wechat, mei, extra="x") == (200, "")
    assert len(wechat.violations) == 4


async def test_a_page_signed_with_the_ticket_opens_the_sdk(wechat: FakeWeChat, sender: Sender) -> None:
    ticket = (await sender.get("/cgi-bin/ticket/getticket", type="jsapi"))["ticket"]
    assert (await sender.get("/cgi-bin/ticket/getticket", type="jsapi"))["ticket"] == ticket
    page = "https://example.com/s/token"
    signature = sha1_of(f"jsapi_ticket={ticket}&noncestr=n&timestamp=1&url={page}")
    assert wechat.accepts_page(f"{page}#top", "n", "1", signature)
    assert not wechat.accepts_page(f"{page}?x=1", "n", "1", signature)
