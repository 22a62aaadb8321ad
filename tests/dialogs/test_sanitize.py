"""Text from outside is made safe: one line, of bounded length, in which no link or mention works."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogs.sanitize import clipped, defanged, masked, one_line

ZERO = "\u200b"


@pytest.mark.parametrize(
    ("text", "limit", "seen"),
    [
        ("空调不制冷", 10, "空调不制冷"),
        ("  two\n\tlines\r\n", 20, "two lines"),
        ("a\u202eb\u2066c\u200bd\x00e\x1bf", 20, "abcdef"),
        ("abcdef", 6, "abcdef"),
        ("abcdefg", 6, "abcde…"),
        ("abc  defg", 6, "abc d…"),
        ("abcd  efg", 6, "abcd…"),
        (" \n ", 5, ""),
    ],
)
def test_text_becomes_one_visible_line(text: str, limit: int, seen: str) -> None:
    assert one_line(text, limit) == seen


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("ask @boss", f"ask @{ZERO}boss"),
        ("https://evil.example", f"https:{ZERO}/{ZERO}/{ZERO}evil.{ZERO}example"),
        ("/start now", f"/{ZERO}start now"),
        ("#tag and $TICKER", f"#{ZERO}tag and ${ZERO}TICKER"),
        ("It is done. Thanks: all @ once", "It is done. Thanks: all @ once"),
        ("@\n@boss", f"@ @{ZERO}boss"),
        (f"@{ZERO}boss", f"@{ZERO}boss"),
        ("[~boss] in 3~5 days", f"[{ZERO}~boss] in 3~5 days"),
    ],
)
def test_no_mention_link_tag_or_command_works(text: str, seen: str) -> None:
    assert defanged(text, 100) == seen


@pytest.mark.parametrize(
    ("name", "shown"), [("王女士", "王**"), (" Ana ", "A**"), ("\u200b李", "李**"), ("", ""), ("\n", "")]
)
def test_a_group_sees_a_names_first_character_only(name: str, shown: str) -> None:
    assert masked(name) == shown


@given(st.text(), st.integers(1, 50))
def test_whatever_comes_the_line_is_one_and_no_longer_than_it_may_be(text: str, limit: int) -> None:
    line = one_line(text, limit)
    assert len(line) <= limit
    assert len(line.splitlines()) <= 1
    assert line == line.strip()
    assert one_line(line, limit) == line


@given(st.text(), st.integers(1, 50))
def test_what_is_cut_off_ends_with_an_ellipsis_and_begins_as_before(text: str, limit: int) -> None:
    cut = clipped(text, limit)
    assert len(cut) <= limit
    assert cut == text or (cut.endswith("…") and text.startswith(cut[:-1]))
