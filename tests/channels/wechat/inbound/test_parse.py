"""What each kind of push means to the product, and that nothing signed but odd gets through or hurts."""

import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.webhooks import MalformedDelivery
from bot.channels.wechat.inbound.parse import Push, read_push
from bot.ports import Parsed
from dialogs.messages import Address, Granted, Inbound, Joined, Left, Media, Person, Said, Tap, Text, Verb
from tests.channels.wechat.inbound.post import OPENID, cases, message_key, pushed
from tests.support.wechat import ORIGINAL_ID
from tests.support.wechat.pushes.xmlio import Tree

NOW = datetime.fromtimestamp(1_795_316_401, UTC)
NOT_OURS = Tap(Verb.BACK, "", "", 0)
SECRET = "Zm9vYmFyLTEyMzQ1Njc4OQ"
LARGEST = 48 * 1024  # what a body of 64 KiB can hold when it is opened
DEEP = "<xml>" + "<a>" * 2499


def read(**fields: str | int | Tree | Sequence[Tree]) -> Push:
    """Read a push."""
    return read_push(pushed(**fields), NOW)


def event(name: str, **fields: str | int | Tree | Sequence[Tree]) -> Push:
    """Read an event."""
    return read(**{"MsgType": "event", "Event": name, "Content": "", "MsgId": "", **fields})


def said(push: Push) -> list[Said | None]:
    """List what was said."""
    return [parsed.inbound.said if parsed.inbound is not None else None for parsed in push.parsed]


def listed(*answers: tuple[str, str]) -> Tree:
    """Write the list of answers to the question for notices."""
    items: list[Tree] = [{"TemplateId": template, "SubscribeStatusString": answer} for template, answer in answers]
    return {"List": items}


def test_a_text_tells_who_where_when_and_its_number() -> None:
    key = message_key(OPENID, "24681012345678901")
    number = "24681012345678901"
    place, person = Address("wechat", OPENID), Person(OPENID)
    inbound = Inbound(key, place, person, NOW, Text("师傅很准时 😀"), message=number, former_key=f"wechat:{number}")
    assert read(Content="师傅很准时 😀") == Push(ORIGINAL_ID, OPENID, (Parsed(key, inbound),))


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"Content": "<!DOCTYPE html> ]]> <Content>&amp;"}, Text("<!DOCTYPE html> ]]> <Content>&amp;")),
        ({"Content": ""}, Text("")),
        ({"Content": " 4 \n"}, Text("4")),
        ({"Content": "<" * 2000}, Text("<" * 2000)),
        ({"MsgType": "image", "Content": "", "MediaId": "m"}, Text("", media=Media.IMAGE)),
        ({"MsgType": "voice", "Content": "", "Format": "amr"}, Text("", media=Media.VOICE)),
        ({"MsgType": "video", "Content": "", "MediaId": "m"}, Text("", media=Media.VIDEO)),
        ({"MsgType": "location", "Content": "", "Label": "上海"}, Text("", media=Media.PLACE)),
        ({"MsgType": "hologram", "Content": "not read"}, Text("", media=Media.OTHER)),
        (
            {"Content": "5 很满意", "bizmsgmenuid": "ra|int_abcdefghijklmnop|attitude|5"},
            Tap(Verb.RATE, "int_abcdefghijklmnop", "attitude", 5),
        ),
        ({"Content": "x", "bizmsgmenuid": "101"}, NOT_OURS),
        ({"Content": "x", "bizmsgmenuid": "xx|int_1|a|5"}, NOT_OURS),
    ],
)
def test_what_was_sent_is_understood(fields: dict[str, str], expected: Said) -> None:
    assert said(read(**fields)) == [expected]


@pytest.mark.parametrize(
    "placeholder",
    [
        "【收到不支持的消息类型，暂无法显示】",
        "[收到不支持的消息类型，暂无法显示]",
        " 【收到不支持的消息类型，暂无法显示】\n",
        "[不支持的消息类型]",
        "［收到不支持的訊息類型，暫無法顯示］",
        "[Unsupported Message]",
        "[Unsupported message type]",
        "[Received unsupported message type, cannot be displayed]",
    ],
)
def test_what_the_platform_writes_in_place_of_a_sticker_is_no_word_of_the_customer(placeholder: str) -> None:
    assert said(read(Content=placeholder)) == [Text("", media=Media.STICKER)]


@pytest.mark.parametrize(
    "words",
    ["你们不支持的消息类型太多了", "收到不支持的消息类型，暂无法显示", "[微笑]", "unsupported message", "【投诉】"],
)
def test_words_that_only_resemble_it_are_the_customers(words: str) -> None:
    assert said(read(Content=words)) == [Text(words)]


@pytest.mark.parametrize(
    ("name", "fields", "expected"),
    [
        ("subscribe", {"EventKey": f"qrscene_{SECRET}", "Ticket": "t"}, Joined(SECRET)),
        ("subscribe", {"EventKey": "qrscene_poster-in-the-shop", "Ticket": "t"}, Joined("")),
        ("subscribe", {}, Joined("")),
        ("subscribe", {"EventKey": "last_trade_no_4003942001201604205023621558"}, Joined("")),
        ("subscribe", {"EventKey": "scanbarcode|6901|1"}, Joined("")),
        ("SCAN", {"EventKey": SECRET, "Ticket": "t"}, Joined(SECRET)),
        ("SCAN", {"EventKey": "17", "Ticket": "t"}, Joined("")),
        ("unsubscribe", {}, Left()),
        ("CLICK", {"EventKey": "退订"}, Text("退订")),
        ("CLICK", {"EventKey": "MENU_PRICES"}, None),
        ("VIEW", {"EventKey": "https://example.com"}, None),
        ("LOCATION", {"Latitude": "31.2"}, None),
        ("TEMPLATESENDJOBFINISH", {"MsgID": 5, "Status": "success"}, None),
        ("TEMPLATESENDJOBFINISH", {"MsgID": 5, "Status": "failed:user block"}, None),
        ("subscribe_msg_sent_event", {"SubscribeMsgSentEvent": {"List": {"ErrorStatus": "success"}}}, None),
        ("tomorrows_event", {}, None),
    ],
)
def test_what_happened_is_understood(name: str, fields: dict[str, str | int | Tree], expected: Said | None) -> None:
    assert said(event(name, **fields)) == [expected]


def test_each_notice_that_was_allowed_or_refused_is_heard_by_itself() -> None:
    push = event(
        "subscribe_msg_popup_event", SubscribeMsgPopupEvent=listed(("A", "accept"), ("B", "reject"), ("C", "?"))
    )
    assert said(push) == [Granted("A"), Granted("B", is_given=False), None]
    assert len({parsed.key for parsed in push.parsed}) == 3
    alone = event("subscribe_msg_popup_event", SubscribeMsgPopupEvent=listed(("A", "accept")))
    assert said(alone) == [Granted("A")]


def test_settings_take_a_notice_back_and_never_give_one() -> None:
    push = event("subscribe_msg_change_event", SubscribeMsgChangeEvent=listed(("A", "reject"), ("B", "accept")))
    assert said(push) == [Granted("A", is_given=False), None]


def test_a_notice_that_did_not_arrive_is_told_in_the_log_and_its_customer_is_not(
    caplog: pytest.LogCaptureFixture,
) -> None:
    event("TEMPLATESENDJOBFINISH", MsgID=5, Status="failed:user block")
    event("TEMPLATESENDJOBFINISH", MsgID=5, Status="success")
    event("subscribe_msg_sent_event", SubscribeMsgSentEvent={"List": [{"ErrorStatus": "failed: system failed"}]})
    assert caplog.messages == [
        "a template message did not arrive: 'failed:user block'",
        "a subscription notification did not arrive: 'failed: system failed'",
    ]


def test_only_what_was_sent_and_not_clicked_opens_the_48_hours() -> None:
    sent = [read(), read(MsgType="image", Content="")]
    clicked = [read(bizmsgmenuid="101"), event("CLICK", EventKey="退订"), event("SCAN", EventKey=SECRET)]
    numbers = [[one.inbound.message for one in push.parsed if one.inbound] for push in (*sent, *clicked)]
    assert numbers == [["24681012345678901"], ["24681012345678901"], [""], [""], [""]]


def test_a_retry_has_the_same_key_and_everything_else_another() -> None:
    def keys(name: str, **fields: str | int) -> str:
        return event(name, **fields).parsed[0].key

    one = keys("SCAN", EventKey=SECRET, Ticket="t")
    assert keys("SCAN", EventKey=SECRET, Ticket="t") == one
    others = {
        keys("SCAN", EventKey="17"),
        keys("SCAN", EventKey=SECRET, CreateTime=1_795_316_399),
        keys("SCAN", EventKey=SECRET, FromUserName="oOther"),
        keys("subscribe", EventKey=f"qrscene_{SECRET}"),
        keys("unsubscribe"),
        keys("subscribe"),
    }
    assert len(others | {one}) == 7


def test_a_customer_sees_an_answer_to_what_they_sent_or_clicked_and_to_nothing_else() -> None:
    popup = event("subscribe_msg_popup_event", SubscribeMsgPopupEvent=listed(("A", "accept")))
    pushes = [read(), read(bizmsgmenuid="101"), event("subscribe"), event("unsubscribe"), popup, event("VIEW")]
    assert [push.is_answerable for push in pushes] == [True, True, True, False, False, False]


def test_something_is_said_when_it_arrives_unless_it_is_tried_again_much_later() -> None:
    created = NOW - timedelta(seconds=1)
    for late, at in [(-100, 0), (0, 0), (299, 299), (301, 0), (86_400, 0)]:
        now = created + timedelta(seconds=late)
        inbound = read_push(pushed(), now).parsed[0].inbound
        assert inbound is not None
        assert inbound.at == (now if late < 300 else created + timedelta(seconds=at))


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ("很慢\x0b真的\x1d", "很慢真的"),
        ("a\x00b\ufffe\uffffc", "abc"),
        ("师傅 & 师母", "师傅 & 师母"),
        ("]]> und ]]", "]]> und ]]"),
        ("]]></Content><Content><![CDATA[", "]]></Content><Content><![CDATA["),
        ("]]></Content><MsgId>1</MsgId><Content><![CDATA[x", "]]></Content><MsgId>1</MsgId><Content><![CDATA[x"),
        ("]]></Content><FromUserName>oElse</FromUserName><Content><![CDATA[", ...),
        ("&#x1d; &nbsp; <b>", "&#x1d; &nbsp; <b>"),
        ("😀👍🏽👨‍👩‍👧", "😀👍🏽👨‍👩‍👧"),
        ("<![CDATA[x]]>", "<![CDATA[x]]>"),
        ("", ""),
    ],
)
def test_words_in_which_xml_is_broken_are_read_and_stay_the_senders(sent: str, words: object) -> None:
    xml = pushed(Content="WORDS").replace("<![CDATA[WORDS]]>", f"<![CDATA[{sent}]]>")
    assert "WORDS" not in xml
    push = read_push(xml, NOW)
    assert (push.openid, said(push)) == (OPENID, [Text(sent if words is ... else str(words))])


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ("a&#x1d;b", "ab"),
        ("a&#0;b&#xFFFE;", "ab"),
        ("&#xD83D;&#xDE00;!", "😀!"),
        ("&#55357;&#56832;!", "😀!"),
        ("half &#xD83D; of it", "half  of it"),
        ("A & B &nbsp; &amp; &lt;", "A & B &nbsp; & <"),
        ("&#38;&#60;b&#62;", "&<b>"),
        ("&#99999999999; &#xFFFFFFFF;", "&#99999999999;"),
    ],
)
def test_references_to_no_character_are_left_out_and_halves_are_joined(sent: str, words: str) -> None:
    xml = pushed(Content="WORDS").replace("<![CDATA[WORDS]]>", sent)
    assert said(read_push(xml, NOW)) == [Text(words)]


def test_two_followers_may_send_the_same_number() -> None:
    keys = {read(FromUserName=openid).parsed[0].key for openid in (OPENID, "oElse", "oElse2")}
    assert len(keys) == 3
    assert not [key for key in keys if OPENID in key or "oElse" in key]


@pytest.mark.parametrize(
    "xml",
    [
        "",
        "success",
        '{"ToUserName": "gh"}',
        "<xml/>",
        "<xml></xml>",
        "<xml>",
        "<json></json>",
        "<xml><MsgType>text</MsgType></xml></xml>",
        '<?xml version="1.0" encoding="utf-16"?><xml></xml>',
        '<!DOCTYPE xml [<!ENTITY a "b">]><xml><MsgType>&a;</MsgType></xml>',
        '<!DOCTYPE xml SYSTEM "http://example.com/x"><xml></xml>',
        pushed().replace("<xml>", '<xml><!DOCTYPE xml [<!ENTITY a "b">]>', 1),
        pushed(MsgType=""),
        pushed().replace("</xml>", "<MsgType>text</MsgType></xml>"),
        pushed().replace("</xml>", "<Content>5</Content></xml>"),
        pushed().replace("</xml>", "<MsgId>5</MsgId></xml>"),
        pushed().replace("</xml>", "<FromUserName>o</FromUserName></xml>"),
        pushed().replace("</xml>", "<ToUserName>gh</ToUserName></xml>"),
        pushed(Content={"b": "bold"}),
        pushed().replace("<Content>", '<Content lang="zh">'),
        pushed(MsgType={"MsgType": "text"}),
        pushed(MsgId="number one"),
        pushed(MsgId="9" * 33),
        pushed(MsgId="-1"),
        pushed(MsgId="１"),
        pushed(MsgId=""),
        pushed(CreateTime="9" * 11),
        pushed(CreateTime="soon"),
        pushed(CreateTime=""),
        pushed(FromUserName=""),
        pushed(FromUserName="o" * 65),
        pushed(FromUserName="o|1"),
        pushed(ToUserName=""),
        pushed(MsgType="event", Event={"a": "b"}),
        pushed(MsgType="event", Event="subscribe_msg_popup_event"),
        pushed(MsgType="event", Event="subscribe_msg_popup_event", SubscribeMsgPopupEvent={"List": "x"}),
        pushed(MsgType="event", Event="subscribe_msg_popup_event", SubscribeMsgPopupEvent={"List": {"a": "b"}}),
        pushed(MsgType="event", Event="subscribe_msg_change_event", SubscribeMsgChangeEvent={"Lists": {}}),
        DEEP,
    ],
    ids=cases(),
)
def test_what_the_platform_never_sends_is_malformed_and_not_repeated(xml: str) -> None:
    with pytest.raises(MalformedDelivery) as caught:
        read_push(xml, NOW)
    assert len(str(caught.value)) < 60
    assert caught.value.__cause__ is None


@pytest.mark.parametrize(
    "xml",
    [
        DEEP,
        "<xml>" + "<a>" * 1249 + "</a>" * 1249 + "</xml>",
        "<xml>" + "".join(f"<a{number}/>" for number in range(2490)) + "</xml>",
        "<xml>" + "<a/>" * 2490 + "</xml>",
        "<xml>" + "<a>" * (LARGEST // 3),
        "<xml><a " + " ".join(f'a{number:x}=""' for number in range(LARGEST // 9)) + "/></xml>",
        "<xml><a " + " ".join(f'xmlns:a{number:x}=""' for number in range(LARGEST // 15)) + "/></xml>",
        "<xml>" + "&lt;" * (LARGEST // 4) + "</xml>",
        "<xml>" + "\n" * LARGEST + "</xml>",
        pushed(Content="x" * LARGEST),
        pushed(Content="]]>" * (2400 // 2)),
    ],
    ids=cases(),
)
def test_nothing_of_the_largest_size_keeps_the_loop_for_long(xml: str) -> None:
    def seconds() -> float:
        begun = time.thread_time()
        try:
            read_push(xml, NOW)
        except MalformedDelivery:
            return time.thread_time() - begun
        return time.thread_time() - begun

    read()  # the library is loaded once
    assert min(seconds() for _ in range(3)) < 0.05


@given(st.text())
def test_no_text_whatever_raises_anything_but_malformed(xml: str) -> None:
    with pytest.raises(MalformedDelivery):
        read_push(xml, NOW)


NAMES = st.sampled_from(
    ["MsgType", "Event", "EventKey", "Content", "MsgId", "CreateTime", "bizmsgmenuid", "SubscribeMsgPopupEvent", "List"]
)
VALUES = st.sampled_from(["event", "subscribe", "SCAN", "text", "subscribe_msg_popup_event", "17"]) | st.text()
TREES: st.SearchStrategy[Tree] = st.recursive(
    st.dictionaries(NAMES, VALUES | st.integers(), max_size=4),
    lambda inner: st.dictionaries(NAMES, inner | st.lists(inner, max_size=2), max_size=4),
    max_leaves=8,
)


@given(TREES)
def test_no_content_whatever_raises_anything_but_malformed(tree: Tree) -> None:
    try:
        push = read_push(pushed(**dict(tree)), NOW)
    except MalformedDelivery:
        return
    assert all(isinstance(one, get_args(Said)) for one in said(push) if one is not None)
