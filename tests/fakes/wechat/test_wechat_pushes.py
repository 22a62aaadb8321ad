"""Pushes: what our hook hears, how long it has, how often it is asked again, and what the person sees of its answer."""

import asyncio

import aiohttp
import pytest

from tests.fakes.wechat.conftest import Hook
from tests.support.wechat import APOLOGY, FakeWeChat, HandClock, Person, Sealed, seal


@pytest.fixture
def mei(wechat: FakeWeChat) -> Person:
    """Somebody who follows."""
    return wechat.person()


async def test_a_hook_is_taken_only_when_it_gives_the_echo_back(wechat: FakeWeChat, hook: Hook) -> None:
    with pytest.raises(AssertionError, match="not verified: 404"):
        await wechat.courier.register(hook.url or wechat.courier.hook + "/elsewhere")


async def test_without_a_hook_nobody_hears_anything(wechat: FakeWeChat, mei: Person) -> None:
    assert (await mei.types("在吗")).outcome == "unheard"
    assert wechat.violations == []


async def test_a_text_arrives_sealed_and_signed(hook: Hook, mei: Person, wechat: FakeWeChat, clock: HandClock) -> None:
    push = await mei.types("４ ]]> & <b>")
    heard = hook.heard[0]
    assert heard["Content"] == "４ ]]> & <b>"
    assert (heard["ToUserName"], heard["FromUserName"]) == (wechat.account.original_id, mei.openid)
    assert (heard["MsgType"], heard["CreateTime"]) == ("text", str(int(clock())))
    assert int(heard["MsgId"]) > 2**53
    assert hook.queries[0]["openid"] == mei.openid
    assert hook.queries[0]["encrypt_type"] == "aes"
    assert (push.outcome, push.reply, mei.sees) == ("accepted", "", [])


async def test_events_carry_what_the_platform_puts_into_them(hook: Hook, wechat: FakeWeChat) -> None:
    li = wechat.person("李先生", follows=False)
    code = wechat.account.code("token-1", expires_at=wechat.clock() + 60)
    await li.scans(code)
    await li.scans(code.url)
    await li.clicks_menu("RATE")
    await li.sends("image")
    await li.unfollows()
    await li.follows()
    told = [
        (one["MsgType"], one.get("Event", ""), one.get("EventKey", ""), one.get("Ticket", "")) for one in hook.heard
    ]
    assert told == [
        ("event", "subscribe", "qrscene_token-1", code.ticket),
        ("event", "SCAN", "token-1", code.ticket),
        ("event", "CLICK", "RATE", ""),
        ("image", "", "", ""),
        ("event", "unsubscribe", "", ""),
        ("event", "subscribe", "", ""),
    ]
    assert all("MsgId" not in one for one in hook.heard if one["MsgType"] == "event")
    assert wechat.violations == []


async def test_an_expired_code_shows_only_that_it_has_expired(
    wechat: FakeWeChat, mei: Person, clock: HandClock
) -> None:
    code = wechat.account.code("token-1", expires_at=clock() + 60)
    clock.advance(60)
    with pytest.raises(AssertionError, match="expired"):
        await mei.scans(code)


@pytest.mark.parametrize("answer", [b"success", b""])
async def test_success_and_nothing_show_nothing(hook: Hook, mei: Person, wechat: FakeWeChat, answer: bytes) -> None:
    hook.answers = [answer]
    assert (await mei.types("好")).outcome == "accepted"
    assert (mei.sees, wechat.violations) == ([], [])


async def test_a_sealed_reply_is_shown_and_costs_no_allowance(hook: Hook, mei: Person, wechat: FakeWeChat) -> None:
    hook.answers = [hook.reply(mei, Content="第二题：态度")]
    push = await mei.types("4")
    assert (push.outcome, push.reply) == ("shown", "第二题：态度")
    assert (mei.last.way, mei.last.text) == ("passive", "第二题：态度")
    assert mei.customer.allowances.text.used == 0
    assert wechat.violations == []


async def test_a_hand_over_to_people_is_recorded(hook: Hook, mei: Person, wechat: FakeWeChat) -> None:
    hook.answers = [hook.reply(mei, MsgType="transfer_customer_service", Content="")]
    assert (await mei.types("人工")).outcome == "transferred"
    assert (mei.sees, wechat.violations) == ([], [])


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"ToUserName": "gh_5c7d1f2a9b30"}, "swapped"),
        ({"FromUserName": "x"}, "swapped"),
        ({"Content": "好" * 683}, "longer than 2048"),
        ({"Content": ""}, "the elements of a text reply"),
        ({"Extra": "x"}, "the elements of a text reply"),
        ({"MsgType": "card"}, "a reply of type 'card'"),
        ({"CreateTime": "now"}, "CreateTime"),
    ],
)
async def test_a_wrong_reply_makes_the_platform_apologise(
    hook: Hook, mei: Person, wechat: FakeWeChat, change: dict[str, str], why: str
) -> None:
    hook.answers = [hook.reply(mei, **change)]
    push = await mei.types("4")
    assert (push.outcome, len(push.tries)) == ("failed", 1)
    assert (mei.last.way, mei.last.text) == ("notice", APOLOGY)
    assert why in wechat.violations[0].rule


async def test_an_answer_that_is_not_sealed_right_makes_the_platform_apologise(
    hook: Hook, mei: Person, wechat: FakeWeChat
) -> None:
    good = hook.reply(mei)
    plain = b"<xml><MsgType>text</MsgType></xml>"
    for bad in (
        b'{"ok": true}',
        plain,
        good.replace(b"nonce", b"nance"),
        good.replace(b"<xml>", b"<xml><a/>"),
        b"\xff",
    ):
        hook.answers = [bad]
        assert (await mei.types("4")).outcome == "failed"
    assert len(wechat.violations) == 5
    assert "no secure envelope" in wechat.violations[1].rule
    assert "MsgSignature" in wechat.violations[2].rule


async def test_nobody_sees_a_reply_to_a_result(hook: Hook, mei: Person, wechat: FakeWeChat) -> None:
    hook.answers = [hook.reply(mei)]
    await mei.unfollows()
    assert (mei.sees, [v.rule for v in wechat.violations]) == ([], ["nobody sees a reply to unsubscribe"])


async def test_who_does_not_answer_in_time_is_asked_three_times_with_the_same_message(
    hook: Hook, mei: Person, wechat: FakeWeChat
) -> None:
    hook.answers, wechat.courier.answer_limit = [30.0], 0.2
    push = await mei.types("4")
    assert [tried.status for tried in push.tries] == [0, 0, 0]
    assert len({str(sorted(one.items())) for one in hook.heard}) == 1
    assert len({query["nonce"] for query in hook.queries}) == 3
    assert (push.outcome, mei.last.way, len(wechat.violations)) == ("failed", "notice", 1)


async def test_an_answer_to_the_second_try_is_good_enough(hook: Hook, mei: Person, wechat: FakeWeChat) -> None:
    hook.answers, wechat.courier.answer_limit = [30.0, hook.reply(mei)], 0.4
    push = await mei.types("4")
    assert (push.outcome, len(push.tries)) == ("shown", 2)
    hook.answers = [503, b"success"]
    assert (await mei.types("4")).outcome == "accepted"
    assert (len(mei.sees), wechat.violations) == (1, [])


async def test_a_retry_can_also_be_the_same_bytes(hook: Hook, mei: Person, wechat: FakeWeChat) -> None:
    wechat.courier.fresh_retries = False
    wechat.courier.lose_answers = 2
    hook.answers = [hook.reply(mei)]
    push = await mei.types("4")
    assert [tried.problem for tried in push.tries] == ["the answer got lost"] * 2 + [""]
    assert len({query["nonce"] for query in hook.queries}) == 1
    assert (push.outcome, len(mei.sees)) == ("shown", 1)


async def test_a_push_can_be_sent_once_more_by_hand(hook: Hook, mei: Person, wechat: FakeWeChat) -> None:
    push = await mei.types("4")
    again, anew = await wechat.courier.repeat(push), await wechat.courier.repeat(push, fresh=True)
    assert again.sealed == push.tries[0].sealed
    assert anew.sealed != again.sealed
    assert hook.heard[0] == hook.heard[1] == hook.heard[2]


async def test_anything_can_be_posted_to_the_hook(hook: Hook, mei: Person, wechat: FakeWeChat) -> None:
    stale = seal(wechat.account, "<xml><a>1</a></xml>", mei.openid, at=1_700_000_000)
    assert (await wechat.courier.post(stale)).answer == b"success"
    assert hook.queries[0]["timestamp"] == "1700000000"
    assert (await wechat.courier.post(Sealed({}, b"<!DOCTYPE x><xml/>"))).status == 500
    assert wechat.violations == []


async def test_nobody_listening_is_no_answer(mei: Person, wechat: FakeWeChat) -> None:
    wechat.courier.hook = "http://127.0.0.1:9/hooks/wechat"
    push = await mei.types("4")
    assert (push.outcome, len(push.tries)) == ("failed", 3)
    assert isinstance(push.tries[0].problem, str)


async def test_people_act_at_the_same_time(hook: Hook, wechat: FakeWeChat) -> None:
    crowd = [wechat.person() for _ in range(20)]
    pushes = await asyncio.gather(*(person.types("4") for person in crowd))
    assert {push.outcome for push in pushes} == {"accepted"}
    assert {one["FromUserName"] for one in hook.heard} == {person.openid for person in crowd}
    assert len({one["MsgId"] for one in hook.heard}) == 20


async def test_waiting_in_vain_shows_what_stands_in_the_chat(hook: Hook, mei: Person) -> None:
    hook.answers = [hook.reply(mei)]
    await mei.types("4")
    with pytest.raises(AssertionError, match=r"'再见' in 王女士\n1 passive: '谢谢'"):
        await mei.reads("再见", within=0.01)
    with pytest.raises(AssertionError, match="not within"):
        await mei.reads("谢谢", way="custom", within=0.01)
    with pytest.raises(AssertionError, match="not within"):
        await mei.reads("谢谢", after=mei.last, within=0.01)
    assert await mei.until(lambda person: person.sees or None) == mei.sees


async def test_the_echo_is_asked_for_with_a_signature(wechat: FakeWeChat, hook: Hook) -> None:
    async with aiohttp.ClientSession() as session, session.get(wechat.courier.hook, params={"a": "b"}) as answer:
        assert answer.status == 500
    assert hook.heard == []
