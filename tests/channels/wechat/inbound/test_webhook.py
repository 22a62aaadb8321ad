"""WeChat's door lets in what WeChat signed just now, answers inside the five seconds, and keeps everybody else out."""

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from types import FrameType

import pytest

from bot.channels.wechat.inbound.verification import PushVerifier
from dialogs.messages import Granted, Tap, Text
from storage.model.errors import DecisionFailed
from tests.channels.wechat.inbound.post import OPENID, Post, answered, cases, envelopes, message_key, pushed
from tests.support.web.clockwork import Clockwork
from tests.support.wechat import AES_KEY, APP_ID, ORIGINAL_ID, TOKEN, MessageCrypto, Sealed, sign
from tests.support.wechat.pushes.replies import Reply
from tests.support.wechat.pushes.xmlio import Tree

SUCCESS = (200, b"success")
KEY = message_key(OPENID, "24681012345678901")
THEIRS = MessageCrypto(TOKEN, AES_KEY, APP_ID)
LARGEST = 64 * 1024


class Calls:
    """The number of functions called, Python's and C's, as a measure of work that no busy machine changes."""

    number = 0


@contextmanager
def counted_calls() -> Iterator[Calls]:
    calls = Calls()

    def note(_frame: FrameType, event: str, _argument: object) -> None:
        calls.number += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        yield calls
    finally:
        sys.setprofile(before)


# -- who is let in --------------------------------------------------------------------------------------------------


async def test_a_push_is_heard_with_its_xml_and_acknowledged(post: Post) -> None:
    assert await post.take(post.sealed()) == SUCCESS
    assert [inbound.said for inbound in post.heard] == [Text("4")]
    assert post.raw == [pushed().encode()]


def test_the_word_by_which_we_are_verified_comes_back_as_it_is(post: Post) -> None:
    assert post.echo() == (200, b"4375120948345356249")
    assert post.door.verify({}).media_type == "text/plain"


@pytest.mark.parametrize(
    "changed",
    [
        {"signature": ""},
        {"signature": "0" * 40},
        {"signature": "签名"},
        {"timestamp": "1"},
        {"timestamp": ""},
        {"timestamp": "１７９５３１６４００"},
        {"nonce": ""},
        {"nonce": "1 2"},
    ],
)
def test_whoever_cannot_sign_gets_no_word_back(post: Post, changed: dict[str, str]) -> None:
    status, body = post.echo(**changed)
    assert status == 401
    assert b"4375120948345356249" not in body


@pytest.mark.parametrize(("late", "status"), [(-301, 401), (-300, 200), (300, 200), (301, 401)])
async def test_a_signature_is_good_for_five_minutes(post: Post, late: int, status: int) -> None:
    sealed = post.sealed(at=post.account.now() - late)
    assert (await post.take(sealed))[0] == status
    assert len(post.heard) == (status == 200)
    stamp = str(post.account.now() - late)
    assert post.echo(timestamp=stamp, signature=sign(TOKEN, stamp, "486452656"))[0] == status


@pytest.mark.parametrize(
    "changed",
    [
        {"msg_signature": ""},
        {"msg_signature": "0" * 40},
        {"msg_signature": "签名"},
        {"timestamp": ""},
        {"timestamp": "soon"},
        {"timestamp": "9" * 30},
        {"nonce": ""},
        {"nonce": "]]>"},
        {"nonce": "x" * 65},
    ],
)
async def test_a_push_that_is_not_rightly_signed_is_not_believed(post: Post, changed: dict[str, str]) -> None:
    sealed = post.sealed()
    status, _ = await post.take(Sealed({**sealed.query, **changed}, sealed.body))
    assert (status, post.heard) == (401, [])


async def test_the_plain_signature_proves_nothing_of_a_body(post: Post) -> None:
    sealed = post.sealed()
    plain = {**sealed.query, "msg_signature": sealed.query["signature"]}
    assert (await post.take(Sealed(plain, sealed.body)))[0] == 401
    open_ = {name: value for name, value in sealed.query.items() if name not in {"encrypt_type", "msg_signature"}}
    status, why = await post.take(Sealed(open_, pushed().encode()))
    assert (status, post.heard) == (400, [])
    assert b"secure mode" in why


async def test_one_bit_changed_is_not_believed(post: Post) -> None:
    sealed = post.sealed()
    place = sealed.body.index(b"<Encrypt>") + 60
    changed = b"A" if sealed.body[place : place + 1] != b"A" else b"B"
    body = sealed.body[:place] + changed + sealed.body[place + 1 :]
    assert (await post.take(Sealed(sealed.query, body)))[0] == 401


ENCRYPTED = THEIRS.encrypt(pushed(), b"707722b803182950")
ENVELOPE = f"<xml><ToUserName>{ORIGINAL_ID}</ToUserName><Encrypt><![CDATA[{ENCRYPTED}]]></Encrypt></xml>"


@pytest.mark.parametrize(
    "body",
    [
        "",
        "success",
        "{}",
        "<xml/>",
        "<xml></xml>",
        ENVELOPE[:-6],
        ENVELOPE.replace("<xml>", "<json>", 1),
        ENVELOPE.replace("</xml>", "<Encrypt>AAAA</Encrypt></xml>"),
        ENVELOPE.replace("</xml>", "<Encrypt/></xml>"),
        ENVELOPE.replace("</Encrypt>", ""),
        ENVELOPE.replace(ENCRYPTED, ""),
        ENVELOPE.replace(ENCRYPTED, "中文"),
        ENVELOPE.replace(ENCRYPTED, f"<a>{ENCRYPTED}</a>"),
        '<!DOCTYPE xml SYSTEM "http://example.com/x">' + ENVELOPE,
        '<!doctype xml [<!ENTITY a "b">]>' + ENVELOPE,
        ENVELOPE.replace("</xml>", '<!ENTITY a "b"></xml>'),
        ENVELOPE.replace(ORIGINAL_ID, "gh_somebody_else"),
        "\x00" * 100,
        "\ufeff",
        "<xml>" + "<a>" * 20_000,
    ],
    ids=cases(),
)
async def test_a_body_that_is_no_sealed_push_is_refused_even_if_signed(post: Post, body: str) -> None:
    status, why = await post.take(Sealed(*post.signed(body, ENCRYPTED)))
    assert (status, post.heard) == (400, [])
    assert why.decode().isascii()


@pytest.mark.parametrize(
    "encrypted",
    [
        ENCRYPTED[:-1],
        ENCRYPTED[:-16],
        "AAAA",
        "====",
        MessageCrypto(TOKEN, AES_KEY, "wx0000000000000000").encrypt(pushed(), b"707722b803182950"),
    ],
    ids=cases(),
)
async def test_what_is_signed_and_nonsense_all_the_same_is_refused(post: Post, encrypted: str) -> None:
    body = ENVELOPE.replace(ENCRYPTED, encrypted)
    status, _ = await post.take(Sealed(*post.signed(body, encrypted)))
    assert (status, post.heard, post.kept) == (400, [], [])
    assert (post.alarms, post.mended) == (["wechat.envelope"], [])
    assert await post.take(Sealed(*post.signed(ENVELOPE, ENCRYPTED))) == SUCCESS
    assert await post.take(post.sealed(pushed(MsgId=8))) == SUCCESS
    assert post.mended == ["wechat.envelope"], "told once"


async def test_a_document_type_is_refused_even_where_it_is_signed(post: Post) -> None:
    status, _ = await post.take(post.sealed('<!DOCTYPE xml [<!ENTITY a "b">]><xml>&a;</xml>'))
    assert (status, post.heard, post.kept) == (400, [], [])


async def test_a_body_of_64_kib_is_read_and_a_larger_one_is_not(post: Post) -> None:
    filled = ENVELOPE.replace("</xml>", " " * (LARGEST - len(ENVELOPE)) + "</xml>")
    assert await post.take(Sealed(*post.signed(filled, ENCRYPTED))) == SUCCESS
    status, _ = await post.take(Sealed(*post.signed(filled + " ", ENCRYPTED)))
    assert status == 413


async def test_an_envelope_may_be_written_without_cdata_over_several_lines(post: Post) -> None:
    body = f"\n<xml>\n    <Encrypt>\n{ENCRYPTED}\n</Encrypt>\n</xml>\n"
    assert await post.take(Sealed(*post.signed(body, ENCRYPTED))) == SUCCESS


async def test_nothing_that_was_sent_and_no_secret_reaches_the_log(
    post: Post, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    sealed = post.sealed(pushed(Content="我的秘密"))
    await post.take(sealed)
    await post.take(Sealed({**sealed.query, "msg_signature": "0" * 40}, sealed.body))
    await post.take(Sealed(*post.signed(ENVELOPE[:-6], ENCRYPTED)))
    post.echo(signature="0" * 40)
    assert len([record for record in caplog.records if "not let in" in record.message]) == 3
    assert [
        word for word in (TOKEN, AES_KEY, "我的秘密", OPENID, ENCRYPTED[:20], "0" * 40) if word in caplog.text
    ] == []


@pytest.mark.parametrize(
    "filling", ["x", "<a>", "<Encrypt>", "<Encrypt><![CDATA[A", "<ToUserName>gh", "<xml>", "\n", "<!", "]]>"]
)
async def test_the_worst_that_a_stranger_can_send_is_turned_away_with_hardly_any_work(post: Post, filling: str) -> None:
    body = ("<xml>" + filling * (LARGEST // len(filling)))[: LARGEST - 6] + "</xml>"
    query = dict(post.sealed().query)
    with counted_calls() as calls:
        await post.take(Sealed(query, body.encode()))
    assert calls.number < 500


async def test_the_worst_that_can_be_signed_takes_no_more_work_than_its_size(post: Post) -> None:
    await post.take(post.sealed())
    worst = [
        post.sealed("<xml>" + "<a>" * 2499),
        post.sealed("<xml>" + "".join(f"<a{number}/>" for number in range(2490)) + "</xml>"),
        post.sealed("<xml><a " + " ".join(f'a{number:x}=""' for number in range(5000)) + "/></xml>"),
        post.sealed(pushed(Content="好" * 15_000)),
    ]
    for sealed in worst:
        assert len(sealed.body) < LARGEST
        with counted_calls() as calls:
            await post.take(sealed)
        assert calls.number < 500 + 3 * len(sealed.body)


def test_a_strangers_xml_meets_no_parser(post: Post, clock: Clockwork) -> None:
    seals = PushVerifier(envelopes(), clock)
    body = ENVELOPE.replace("<ToUserName>", "<Broken<<&&ToUserName>").encode()
    query, _ = post.signed("", ENCRYPTED)
    assert seals.decrypt(query, body).xml == pushed()


# -- the answer -----------------------------------------------------------------------------------------------------


async def test_a_text_that_was_decided_is_the_reply(post: Post) -> None:
    post.answers[KEY] = answered("2/5 解决问题 😀\n回复 1 到 5。")
    status, body = await post.take(post.sealed())
    assert (status, post.opened(body)) == (200, Reply("text", "2/5 解决问题 😀\n回复 1 到 5。"))
    assert (await post.door.take(*_parts(post.sealed()))).media_type == "application/xml"


def _parts(sealed: Sealed) -> tuple[dict[str, str], bytes]:
    return dict(sealed.query), sealed.body


async def test_a_message_for_people_is_handed_over(post: Post) -> None:
    post.answers[KEY] = answered(transfer=True)
    _, body = await post.take(post.sealed())
    assert post.opened(body) == Reply("transfer")


async def test_no_text_breaks_out_of_its_reply(post: Post) -> None:
    post.answers[KEY] = answered("]]></Content><MsgType>news</MsgType> ]]> & <b> \u0008\ufffe x")
    _, body = await post.take(post.sealed())
    assert post.opened(body) == Reply("text", "]]></Content><MsgType>news</MsgType> ]]> & <b>  x")


async def test_the_same_delivery_again_gets_the_same_answer_to_the_byte(post: Post) -> None:
    post.answers[KEY] = answered("2/5 解决问题")
    sealed = post.sealed()
    assert await post.take(sealed) == await post.take(sealed)


async def test_a_retry_that_was_sealed_anew_gets_the_same_words(post: Post) -> None:
    post.answers[KEY] = answered("2/5 解决问题")
    first, again = [(await post.take(post.sealed()))[1] for _ in range(2)]
    assert first != again
    assert post.opened(first) == post.opened(again)


async def test_only_what_a_customer_would_see_is_answered(post: Post) -> None:
    xml = pushed(MsgType="event", Event="unsubscribe", Content="", MsgId="")
    assert await post.take(post.sealed(xml)) == SUCCESS
    (left,) = post.heard
    post.answers[left.key] = answered("再见")
    assert await post.take(post.sealed(xml)) == SUCCESS


async def test_an_answer_is_wanted_at_once_only_where_the_channel_wishes_it(post: Post, clock: Clockwork) -> None:
    await post.take(post.sealed())
    post.is_inline = True
    await post.take(post.sealed())
    await post.take(post.sealed(pushed(bizmsgmenuid="ra|int_a|b|5")))
    await post.take(post.sealed(pushed(MsgType="event", Event="unsubscribe", Content="", MsgId="")))
    by = clock.now() + timedelta(seconds=4)
    assert [inbound.answer_by for inbound in post.heard] == [None, by, by, None]
    assert isinstance(post.heard[2].said, Tap)


async def test_several_things_said_at_once_are_all_heard_even_if_one_cannot_be_decided(post: Post) -> None:
    items: list[Tree] = [{"TemplateId": template, "SubscribeStatusString": "accept"} for template in ("A", "B")]
    popup: Tree = {"List": items}
    event = {"MsgType": "event", "Event": "subscribe_msg_popup_event", "Content": "", "MsgId": ""}
    xml = pushed(**event, SubscribeMsgPopupEvent=popup)
    failures = [DecisionFailed("a bug of ours")]
    post.hears = lambda: _raise(failures.pop()) if failures else None
    assert await post.take(post.sealed(xml)) == SUCCESS
    assert [inbound.said for inbound in post.heard] == [Granted("B")]


def _raise(error: Exception) -> None:
    raise error


async def test_what_does_not_concern_us_is_acknowledged_and_not_heard(post: Post) -> None:
    assert await post.take(post.sealed(pushed(MsgType="event", Event="VIEW", Content="", MsgId=""))) == SUCCESS
    assert post.heard == []
