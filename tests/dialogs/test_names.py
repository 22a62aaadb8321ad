"""Names in one spelling: what is stored of them, and which are one person's."""

import unicodedata

import pytest

from dialogs.names import is_same_person, name_key, written_name

UNSEEN = (
    *("\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\u00ad", "\u202e", "\u2066", "\x00", "\x07", "\ud800"),
    *("\u034f", "\u115f", "\u1160", "\u2800", "\u3164", "\uffa0", "\ufe0f", "\U000e0100", "\U000e0041", "\u180e"),
)
BLANKS = (" ", "  ", "\u3000", "\u00a0", "\t", "\n", "\u2028", "\u2003")


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("王经理", "王经理"),
        (" 王经理\u3000", "王经理"),
        ("Ann  \t Lee", "Ann Lee"),
        ("Ａｎｎ\u200b", "Ann"),
        ("A\u200bn\u200cn", "Ann"),
        ("e\u200b\u0301", "é"),
        ("a17 ", "a17"),
        ("", ""),
        ("\u200b \u3000\u3164", ""),
    ],
)
def test_a_name_is_stored_in_one_spelling(typed: str, stored: str) -> None:
    assert written_name(typed) == stored
    assert written_name(stored) == stored, "and stays as it is"


@pytest.mark.parametrize("extra", [*UNSEEN, *BLANKS], ids=ascii)
def test_what_is_not_seen_makes_nobody_another_person(extra: str) -> None:
    for spelling in (f"{extra}Ann", f"A{extra}nn", f"Ann{extra}", f"{extra}ANN{extra}{extra}"):
        assert is_same_person(spelling, "Ann")
    assert written_name(extra) == ""
    assert not is_same_person(extra, extra), "and is nobody alone"


@pytest.mark.parametrize(
    ("one", "other"),
    [("Ann", "ann"), ("Li  Gong", "ｌｉ gong"), ("Weiß", "WEISS"), ("王 经理", "王经理"), ("é", "e\u0301")],
)
def test_spellings_of_one_name(one: str, other: str) -> None:
    assert is_same_person(one, other)
    assert name_key(one) == name_key(other) == name_key(name_key(one))


@pytest.mark.parametrize(("one", "other"), [("李工", "李公"), ("Ann", "Anna"), ("A", "\u0410"), ("", ""), ("Ann", "")])
def test_other_names(one: str, other: str) -> None:
    assert not is_same_person(one, other)


def test_no_format_or_control_character_is_stored() -> None:
    every = "".join(map(chr, (*range(0x20000), *range(0xE0000, 0xE0200))))
    left = {unicodedata.category(c) for c in written_name(every)}
    assert not left & {"Cc", "Cf", "Cs", "Zl", "Zp"}
