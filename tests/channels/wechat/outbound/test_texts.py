"""Texts fit WeChat's two kilobytes at whole characters, and no stranger's markup survives in them."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.channels.wechat.outbound.texts import byte_length, cut_bytes, last_bytes, split_bytes, without_markup
from tests.support.wechat.pushes.xmlio import read_xml

FAMILY = "👨‍👩‍👧"
WORDS = st.text(
    st.sampled_from("好a \n☆é👍🏽" + "\u200d\u0301") | st.characters(exclude_categories=["Cs"]), max_size=60
)


@given(WORDS, st.integers(8, 200))
def test_a_cut_text_fits_and_is_the_beginning(text: str, room: int) -> None:
    kept = cut_bytes(text, room)
    assert byte_length(kept) <= room
    assert kept == text or text.startswith(kept.removesuffix("…"))


@given(WORDS, st.integers(8, 200))
def test_of_a_text_too_long_its_end_stays(text: str, room: int) -> None:
    kept = last_bytes(text, room)
    assert byte_length(kept) <= room
    assert kept == text or text.endswith(kept.removeprefix("…"))


@given(WORDS, st.integers(30, 200))
@example("\n" * 90, 30)
@example("好" * 90, 31)
def test_pieces_say_all_of_it_and_each_of_them_fits(text: str, room: int) -> None:
    pieces = split_bytes(text, room)
    assert "".join("".join(pieces).split()) == "".join(text.split())
    assert all(byte_length(piece) <= room for piece in pieces)
    assert pieces == ("",) or all(piece.strip() for piece in pieces)


def test_pieces_part_between_lines_and_words_rather_than_within() -> None:
    assert split_bytes("一二三四五六七八\n九十", 30) == ("一二三四五六七八", "九十")
    assert split_bytes("we replaced the compressor today", 20) == ("we replaced the", "compressor today")


@pytest.mark.parametrize("room", range(8, 40))
def test_no_character_is_cut_in_two(room: int) -> None:
    for character in (FAMILY, "👍🏽", "e\N{COMBINING ACUTE ACCENT}", "好"):
        text = f"abc{character * 3}xyz"
        for kept in (cut_bytes(text, room), last_bytes(text, room)):
            inside = kept.strip("…").strip("abcxyz")
            assert inside.replace(character, "") in {"", "👧", "👩‍👧"}  # the last of a family is a person, too


@given(WORDS | st.text("<>&;]#ahrefilt/ ='!", max_size=30))
@example('<a href="weixin://bizmsgmenu?msgmenucontent=5&msgmenuid=1">5</a>')
@example("&lt;a href='x'&gt; &#60;a &amp;lt;")
@example("x ]]> y")
@example("a\0b\x1bc\ud83d")
def test_nothing_that_could_be_markup_survives(text: str) -> None:
    seen = without_markup(text)
    assert not re.search(r"[<>\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]|&#?\w+;", seen)
    assert without_markup(seen) == seen


def test_words_stay_readable_and_keep_their_lines() -> None:
    assert without_markup("温度 < 26 & 没有异味\r\nA&B; 5>3\t好") == "温度 ＜ 26 & 没有异味\nA＆B; 5＞3\t好"


def test_no_text_breaks_out_of_a_passive_reply() -> None:
    sly = without_markup("好]]></Content><MsgType><![CDATA[news]]></MsgType>")
    xml = f"<xml><Content><![CDATA[{sly}]]></Content></xml>"
    assert read_xml(xml) == {"Content": sly}
