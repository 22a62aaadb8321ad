"""Genuine pushes that strict XML forbids: the words are taken, and what cannot be read is kept."""

import re

import pytest

from dialogs.messages import Text
from tests.channels.wechat.inbound.post import OPENID, Post, cases, pushed
from tests.support.web.clockwork import Clockwork
from tests.support.wechat import Customer

SUCCESS = (200, b"success")


@pytest.fixture
def post() -> Post:
    made = Post(Clockwork())
    made.account.customers[OPENID] = Customer(OPENID, "王女士", "u")
    return made


@pytest.mark.parametrize(
    "xml",
    [
        "success",
        "{}",
        "<xml><a></xml>",
        pushed().replace("</xml>", "<Content>5</Content></xml>"),
        pushed().replace("</xml>", "<FromUserName>oElse</FromUserName></xml>"),
        pushed(MsgId=""),
        "<xml>" + "<a>" * 2600,
    ],
    ids=cases(),
)
async def test_what_is_genuine_and_cannot_be_read_is_kept_as_it_came_and_acknowledged(post: Post, xml: str) -> None:
    assert await post.take(post.sealed(xml)) == SUCCESS
    assert (post.heard, post.kept) == ([], [xml.encode()])


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        (b"ab\x0bc\x1d", "abc"),
        (b"ab\xff\xfec", "abc"),
        (b"ab\x00c", "abc"),
        ("好".encode()[:2] + b"!", "!"),
        (b"\xed\xa0\xbd\xed\xb8\x80!", "😀!"),
        (b"\xed\xa0\xbd!", "!"),
        ("😀 & ]]> <b>".encode(), "😀 & ]]> <b>"),
    ],
)
async def test_bytes_that_no_xml_may_hold_cost_nobody_their_words(post: Post, sent: bytes, words: str) -> None:
    xml = pushed(Content="WORDS").encode().replace(b"WORDS", sent)
    assert await post.take(post.sealed(xml.decode(errors="surrogateescape"))) == SUCCESS
    assert [inbound.said for inbound in post.heard] == [Text(words)]


async def test_why_a_push_cannot_be_read_quotes_nothing_of_it(post: Post) -> None:
    words = "太差了13800138000"
    text = pushed(Content=words)
    event = pushed(MsgType="event", Event="subscribe_msg_popup_event", MsgId="", SubscribeMsgPopupEvent=words)
    for push in (text, event):
        for name in ("ToUserName", "FromUserName", "CreateTime", "MsgType", "MsgId", "Event", "SubscribeMsgPopupEvent"):
            for inner in (words, f"<{words}>{words}</{words}>", f"<a>{words}</a>", f"{words}</{name}><{name}>{words}"):
                await post.take(post.sealed(re.sub(f"(?s)<{name}>.*</{name}>", f"<{name}>{inner}</{name}>", push)))
                await post.take(post.sealed(f"{push[:-6]}<{name}>{inner}</{name}></xml>"))
                await post.take(post.sealed(f"{words}{push}"))
    assert len(set(post.whys)) > 5
    assert [why for why in post.whys if words[:3] in why or words[-11:] in why] == []
