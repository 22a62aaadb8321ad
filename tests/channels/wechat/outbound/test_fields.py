"""Fields of notices are shortened to what the platform takes, never refused for being too long."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.wechat.outbound.fields import Notice, UnfitField, filled_fields, named_field, plainer, shows_fact
from tests.support.wechat.rules.templates import RULES, is_fit

FACTS = {
    "subject": "空调不制冷，出风口滴水，室外机噪音很大，一共来过两次",
    "ticket": "zendesk/42",
    "closed_at": "2026-11-22 10:30",
    "agent": "李工",
    "team": "north",
    "note": "换了压缩机\n请再试试",
    "resolved_at": "2026年11月23日 09:05",
}


def value(key: str, text: str, **facts: str) -> str:
    """Fill one field."""
    return filled_fields(Notice("T", {key: text}), FACTS | facts)[key]


@pytest.mark.parametrize(
    ("key", "text", "shown"),
    [
        ("thing1", "{subject}", "空调不制冷，出风口滴水，室外机噪音很大…"),
        ("thing1", "{note}", "换了压缩机 请再试试"),
        ("thing1", "服务完成", "服务完成"),
        ("character_string2", "{ticket}", "zendesk/42"),
        ("character_string2", "工单 {ticket} 号", "zendesk/42"),
        ("time3", "{closed_at}", "2026-11-22 10:30"),
        ("time3", "{resolved_at}", "2026年11月23日 09:05"),
        ("time3", "{closed_at}~{resolved_at}", "2026-11-22 10:30~2026年11月23日 09:05"),
        ("date4", "{closed_at}", "2026-11-22 10:30"),
        ("name5", "{agent}", "李工"),
        ("name5", "{agent}（{team}）", "李工north"),
        ("phrase6", "已经处理完成", "已经处理完"),
        ("number7", "第 2.50 次", "2.50"),
        ("amount8", "¥128.00", "¥128.00"),
        ("phone_number9", "电话 +86 138-0013-8000", "+86 138-0013-8000"),
        ("car_number10", "沪A·12345", "沪A12345"),
        ("letter11", "AC-300b", "ACb"),
        ("symbol12", "好★☆", "★☆"),
        ("enum13", "已完成", "已完成"),
        ("keyword1", "{subject}", FACTS["subject"]),
        ("thing1", "{{{ticket}}}", "{zendesk/42}"),
        ("thing1", "{subject!r:>9000}", "空调不制冷，出风口滴水，室外机噪音很大…"),
    ],
)
def test_each_kind_of_field_has_its_rule(key: str, text: str, shown: str) -> None:
    assert value(key, text) == shown


def test_a_time_is_read_however_it_is_written() -> None:
    assert value("time1", "{closed_at}", closed_at="2026-11-22T10:30:00+08:00") == "2026-11-22 10:30:00"
    assert value("time1", "10:30") == "10:30"
    assert value("date1", "{closed_at}", closed_at="2026/11/22") == "2026/11/22"


@pytest.mark.parametrize(("key", "text"), [("thing1", "—"), ("character_string2", "-"), ("name3", "客服")])
def test_what_nobody_told_is_filled_so_that_the_notice_still_goes(key: str, text: str) -> None:
    assert value(key, "{agent}", agent=" ") == text
    assert filled_fields(Notice("T", {key: "{agent}"}), {}) == {key: text}


@pytest.mark.parametrize("key", ["time1", "date2", "number3", "phrase4", "amount5", "enum6", "keyword7"])
def test_a_field_with_nothing_to_say_is_named(key: str) -> None:
    with pytest.raises(UnfitField, match=f"field {key} has nothing to say when filled with ''"):
        value(key, "{agent}", agent="")


@pytest.mark.parametrize("key", ["time1", "date2", "number3", "amount5"])
def test_why_a_field_has_nothing_to_say_quotes_nobody(key: str) -> None:
    with pytest.raises(UnfitField, match=f"field {key} has nothing to say") as unfit:
        value(key, "{note}", note="客服态度很差")
    assert "客服" not in str(unfit.value)


@given(st.sampled_from(sorted(RULES)), st.text(max_size=60) | st.sampled_from(list(FACTS.values())))
def test_whatever_is_said_the_platform_takes_it(kind: str, said: str) -> None:
    key = f"{kind}1"
    try:
        shown = value(key, "{note}", note=said)
    except UnfitField:
        return
    assert is_fit(key, shown)
    assert plainer(key, shown) is None or is_fit(key, plainer(key, shown) or "")


def test_an_error_names_the_field_and_its_value_becomes_plain() -> None:
    assert named_field("47003 argument invalid! data.thing1.value invalid rid: 66c0f3a1") == "thing1"
    assert named_field("47003 argument invalid!") == ""
    assert plainer("thing1", "空调😀不制冷") == "空调不制冷"
    assert plainer("thing1", "😀") == "—"
    assert plainer("thing1", "空调不制冷") is None


def test_whether_a_note_is_told_whole_depends_on_its_length_and_place() -> None:
    long = {"note": "换了压缩机，清洗了滤网，又加了冷媒，请再试试"}
    assert shows_fact(Notice("T", {"thing1": "{note}"}), FACTS, "note")
    assert shows_fact(Notice("T", {"thing1": "结果：{note}"}), FACTS, "note")
    assert shows_fact(Notice("T", {"thing1": "{subject}"}), {}, "note")
    assert not shows_fact(Notice("T", {"thing1": "{note}"}), long, "note")
    assert not shows_fact(Notice("T", {"thing1": "{subject}"}), FACTS, "note")
