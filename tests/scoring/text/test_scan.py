"""Words are found longest first, whole where they are Latin, and with the small faults that people type."""

import pytest

from scoring.text.lexicons import Entry, Role
from scoring.text.scan import WordScanner

GOOD, BAD, NOT = Entry(Role.OPINION, 20), Entry(Role.OPINION, -20), Entry(Role.NOT)
SCANNER = WordScanner(
    {
        "好": GOOD,
        "不好": BAD,
        "不好意思": NOT,
        "不": NOT,
        ":)": GOOD,
        "10/10": GOOD,
        "ok": GOOD,
        "not bad": GOOD,
        "bad": BAD,
        "not": NOT,
        "terrible": BAD,
        "terribly nice": GOOD,
        "good": GOOD,
        "dont": NOT,
    }
)


def _found(text: str) -> list[tuple[str, int]]:
    return [(text[start:end], entry.weight) for start, end, entry in SCANNER.hits(text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", []),
        ("不好意思", [("不好意思", 0)]),
        ("不好意", [("不好", -20)]),
        ("不算好", [("不", 0), ("好", 20)]),
        ("好好", [("好", 20), ("好", 20)]),
        ("好:)好", [("好", 20), (":)", 20), ("好", 20)]),
        ("not bad", [("not bad", 20)]),
        ("not  bad", [("not  bad", 20)]),
        ("not-bad", [("not-bad", 20)]),
        ("not, bad", [("not", 0), ("bad", -20)]),
        ("badly", []),
        ("abad", []),
        ("book", []),
        ("好ok好", [("好", 20), ("ok", 20), ("好", 20)]),
        ("10/10!", [("10/10", 20)]),
        ("don't", [("don't", 0)]),
        ("don’t", [("don’t", 0)]),
        ("'good'", [("good'", 20)]),
        ("goooood", [("goooood", 20)]),
        ("gooood baaaad", [("gooood", 20), ("baaaad", -20)]),
        ("terrble", [("terrble", -20)]),
        ("terriible", [("terriible", -20)]),
        ("terrable", [("terrable", -20)]),
        ("tarreble", []),
        ("goad", []),
        ("terribly nice", [("terribly nice", 20)]),
        ("terribly", []),
    ],
)
def test_words(text: str, found: list[tuple[str, int]]) -> None:
    assert _found(text) == found


@pytest.mark.parametrize("text", ["不好", "不", "好", "not", "不好:", "10/1"])
def test_no_word_ends_behind_the_text(text: str) -> None:
    assert all(end <= len(text) for _, end, _ in SCANNER.hits(text))


def test_a_scanner_of_no_words_finds_none() -> None:
    assert WordScanner({}).hits("好 good") == []
