"""What each kind of update means to the product."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.telegram.inbound.parse import parse_update
from bot.channels.webhooks import MalformedDelivery, UnreadableDelivery
from bot.ports import Parsed
from dialogs.messages import Address, Inbound, Joined, Left, Media, Person, Said, Tap, Text, Verb
from tests.channels.telegram.conftest import PAYLOADS
from tests.channels.telegram.messages import NOW

NOT_OURS = Tap(Verb.BACK, "", "", 0)
MEI = Person("10001", "王女士", "zh-hans")
LI = Person("20001", "李工", "en")
PRIVATE = Address("telegram", "10001")
TEAM = Address("telegram", "-1001234567890")
GROUP = Address("telegram", "-4123456")


def read(name: str, username: str = "huifang_test_bot") -> Parsed:
    """Parse a payload we keep."""
    return parse_update((PAYLOADS / f"{name}.json").read_bytes(), NOW, username)


def heard(name: str) -> Inbound:
    """Parse a payload that says something."""
    inbound = read(name).inbound
    assert inbound is not None
    return inbound


def changed(name: str, kind: str, **fields: Any) -> Inbound | None:  # noqa: ANN401 (any JSON)
    """Parse a payload with some fields of its content replaced."""
    update = json.loads((PAYLOADS / f"{name}.json").read_text())
    update[kind] |= fields
    return parse_update(json.dumps(update).encode(), NOW, "huifang_test_bot").inbound


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("text", Text("师傅很准时，谢谢 👍")),
        ("start", Text("/start")),
        ("start_with_token", Joined("Zm9vYmFyLTEyMzQ1Njc4")),
        ("photo_with_caption", Text("还在漏水", media=Media.IMAGE)),
        ("photo", Text("", media=Media.IMAGE)),
        ("sticker", Text("", media=Media.STICKER)),
        ("voice", Text("", media=Media.VOICE)),
        ("location", Text("", media=Media.PLACE)),
        ("edited_text", Text("师傅很准时，就是贵了点", edited=True)),
        ("command_with_name_in_group", Text("/help now")),
        ("reply_in_group", Text("已更换压缩机", replies_to="5")),
        ("tap", Tap(Verb.RATE, "int_abcdefghijklmnop", "response_speed", 4)),
        ("tap_on_inaccessible_message", Tap(Verb.SKIP, "int_abcdefghijklmnop", "response_speed")),
        ("tap_forged", NOT_OURS),
        ("tap_without_data", NOT_OURS),
        ("blocked", Left()),
        ("unblocked", Joined("")),
        ("removed_from_group", Left()),
    ],
)
def test_what_was_said_is_understood(name: str, said: Said) -> None:
    assert heard(name).said == said


@pytest.mark.parametrize(
    "name",
    [
        "command_for_another_bot",
        "edited_live_location",
        "member_joined_group",
        "other_bot",
        "pinned",
        "promoted_in_group",
        "unknown_kind",
    ],
)
def test_what_does_not_concern_us_has_a_key_and_says_nothing(name: str) -> None:
    update_id = json.loads((PAYLOADS / f"{name}.json").read_text())["update_id"]
    assert read(name) == Parsed(f"telegram:{update_id}", None)


def test_a_message_tells_who_where_when_and_its_own_id() -> None:
    assert heard("text") == Inbound("telegram:480000001", PRIVATE, MEI, NOW, Text("师傅很准时，谢谢 👍"), message="1")


def test_a_tap_tells_the_message_it_is_under_and_the_press_to_answer() -> None:
    tap = heard("tap")
    assert (tap.place, tap.sender, tap.message, tap.callback) == (PRIVATE, MEI, "41", "4382bfdwdsb323b2d9")
    assert heard("tap_on_inaccessible_message").message == "41"


def test_a_tap_from_elsewhere_is_answered_to_its_presser() -> None:
    tap = heard("tap_in_inline_mode")
    assert (tap.place, tap.message, tap.callback) == (PRIVATE, "", "4382bfdwdsb323b2db")


def test_a_press_in_the_group_belongs_to_its_presser() -> None:
    assert (heard("tap_forged").place, heard("tap_forged").sender) == (TEAM, LI)


@pytest.mark.parametrize(("name", "title"), [("anonymous_admin", "客服一组"), ("channel_post_in_group", "公告")])
def test_who_speaks_as_a_chat_is_nobody_in_particular(name: str, title: str) -> None:
    assert heard(name).sender == Person("", title)


def test_an_admin_hidden_without_a_chat_is_nobody_too() -> None:
    hidden = {"id": 1087968824, "is_bot": True, "first_name": "Group"}
    inbound = changed("reply_in_group", "message", **{"from": hidden})
    assert inbound is not None
    assert inbound.sender == Person("")


@pytest.mark.parametrize("account", [1_087_968_824, 136_817_688, 777_000])
def test_a_press_in_the_name_of_a_chat_is_nobodys(account: int) -> None:
    pressed = changed("tap", "callback_query", **{"from": {"id": account, "is_bot": True, "first_name": "Group"}})
    assert pressed is not None
    assert pressed.sender == Person("")


BOT = {"id": 7_000_000_001, "is_bot": True, "first_name": "回访", "username": "huifang_test_bot"}


@pytest.mark.parametrize(
    ("author", "quoted"),
    [
        (BOT, "请用一句话告诉客户"),
        (BOT | {"id": 7_000_000_002}, ""),
        ({"id": 20001, "is_bot": False, "first_name": "李工"}, ""),
        (None, ""),
    ],
    ids=["us", "another bot of our name", "a person", "nobody known"],
)
def test_the_words_answered_are_told_where_they_are_ours(author: dict[str, Any] | None, quoted: str) -> None:
    update = json.loads((PAYLOADS / "reply_in_group.json").read_text())
    answered = update["message"]["reply_to_message"]
    answered |= {"from": author} if author is not None else {}
    if author is None:
        del answered["from"]
    inbound = parse_update(json.dumps(update).encode(), NOW, "huifang_test_bot", 7_000_000_001).inbound
    assert inbound is not None
    assert inbound.said == Text("已更换压缩机", "5", quoted=quoted)


@pytest.mark.parametrize("name", ["group_moves_to", "group_moved_from"])
def test_both_ends_of_a_moving_group_tell_the_same_move(name: str) -> None:
    assert (heard(name).place, heard(name).moved_to) == (GROUP, "-1001234567890")


def test_start_in_a_group_binds_nobody() -> None:
    inbound = changed("reply_in_group", "message", text="/start@huifang_test_bot abc", reply_to_message=None)
    assert inbound is not None
    assert inbound.said == Text("/start abc")


def test_an_edited_command_is_only_a_text() -> None:
    inbound = changed("edited_text", "edited_message", text="/start abc")
    assert inbound is not None
    assert inbound.said == Text("/start abc", edited=True)


def test_while_our_name_is_not_known_a_named_command_is_taken_as_ours() -> None:
    inbound = read("command_for_another_bot", username="").inbound
    assert inbound is not None
    assert inbound.said == Text("/help")


@pytest.mark.parametrize("text", ["/", "/ start", "/start好", "a /start", "/" + "x" * 33])
def test_what_only_looks_like_a_command_is_text(text: str) -> None:
    inbound = changed("text", "message", text=text)
    assert inbound is not None
    assert inbound.said == Text(text)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b"17",
        b"{}",
        b'{"update_id": "5"}',
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"update_id": 1.5}',
    ],
)
def test_what_is_no_update_is_malformed(raw: bytes) -> None:
    with pytest.raises(MalformedDelivery, match="not a Telegram update"):
        parse_update(raw, NOW, "bot")


def test_a_known_kind_in_an_unknown_shape_cannot_be_read_and_keeps_its_key() -> None:
    raw = b'{"update_id": 9, "message": {"message_id": "new-style", "chat": 5}}'
    with pytest.raises(UnreadableDelivery) as caught:
        parse_update(raw, NOW, "bot")
    assert caught.value.key == "telegram:9"


def test_a_kind_that_is_not_known_is_acknowledged() -> None:
    assert parse_update(b'{"update_id": 9, "poll": {"id": 5}}', NOW, "bot") == Parsed("telegram:9", None)


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        (b"half \\ud83d of it", "half ? of it"),
        (b"\\ud83d\\ude00", "😀"),
        (b"a\xffb", "a\ufffdb"),
        (b"\xf0\x9f!", "\ufffd!"),
    ],
)
def test_half_a_character_costs_nobody_their_words(sent: bytes, words: str) -> None:
    person = b'{"id": 5, "is_bot": false, "first_name": "M"}'
    chat = b'{"id": 5, "type": "private"}'
    raw = b'{"update_id": 9, "message": {"message_id": 1, "from": %b, "chat": %b, "text": "%b"}}' % (person, chat, sent)
    inbound = parse_update(raw, NOW, "bot").inbound
    assert inbound is not None
    assert inbound.said == Text(words)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(st.binary() | JSON.map(lambda value: json.dumps(value).encode()))
def test_no_body_whatever_raises_anything_but_malformed(raw: bytes) -> None:
    try:
        assert parse_update(raw, NOW, "bot").key.startswith("telegram:")
    except MalformedDelivery:
        pass
    else:
        assert b"update_id" in raw


@given(st.sampled_from(["message", "edited_message", "callback_query", "my_chat_member"]), JSON)
def test_no_content_of_a_known_kind_loses_its_key(kind: str, content: object) -> None:
    raw = json.dumps({"update_id": 7, kind: content}).encode()
    try:
        key = parse_update(raw, NOW, "bot").key
    except UnreadableDelivery as unread:
        key = unread.key
    assert key == "telegram:7"


@pytest.mark.parametrize(
    ("people", "mentions"), [([], ""), ([903], "903"), ([903, 903], "903"), ([903, 904], ""), ([None], "")]
)
def test_the_one_person_mentioned_in_a_command_is_told_by_id(people: list[int | None], mentions: str) -> None:
    users = [{"user": {"id": one, "is_bot": False, "first_name": "王总"}} if one else {} for one in people]
    entities = [{"type": "bot_command", "offset": 0, "length": 5}] + [
        {"type": "text_mention", "offset": 10, "length": 2, **user} for user in users
    ]
    person = {"id": 5, "is_bot": False, "first_name": "M"}
    message = {"message_id": 1, "from": person, "chat": {"id": -5, "type": "group"}, "entities": entities}
    raw = json.dumps({"update_id": 9, "message": message | {"text": "/team add 王总 admin"}}).encode()
    inbound = parse_update(raw, NOW, "bot").inbound
    assert inbound is not None
    assert inbound.said == Text("/team add 王总 admin", mentions=mentions)


WORDS = "太差了13800138000"
PLANTED: tuple[object, ...] = (WORDS, {WORDS: WORDS}, [WORDS], 7, None)


def planted(value: object) -> Iterator[object]:
    """Yield an update as often as it has places, each with words, or what is wrong, in one of them."""
    yield from PLANTED
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from ({**value, name: changed} for changed in planted(inner))


def test_why_an_update_cannot_be_read_quotes_nothing_of_it() -> None:
    whys: set[str] = set()
    for name in ("text", "tap", "reply_in_group", "start_with_token", "blocked", "photo_with_caption"):
        for update in planted(json.loads((PAYLOADS / f"{name}.json").read_text())):
            try:
                parse_update(json.dumps(update, ensure_ascii=False).encode(), NOW, "")
            except MalformedDelivery as malformed:
                whys.add(str(malformed))
    assert len(whys) > 50
    assert [why for why in whys if WORDS[:3] in why or WORDS[-11:] in why] == []


def test_a_topic_is_told_and_the_thread_of_mere_replies_is_none() -> None:
    assert heard("reply_in_topic").topic == "3"
    for fields, topic in (({"message_thread_id": 7}, ""), ({"message_thread_id": 7, "is_topic_message": True}, "7")):
        inbound = changed("text", "message", **fields)
        assert inbound is not None
        assert inbound.topic == topic
