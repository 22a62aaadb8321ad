"""Lexicons: folding that keeps places, further phrases, what is known, and the digest."""

import pytest

from scoring.text.lexicons import Entry, Lexicons, Role
from scoring.text.text_reader import TextReader

WORDS = Lexicons(
    {"好": Entry(Role.SOFT, 20), "慢": Entry(Role.OPINION, -15, "response_speed"), "不": Entry(Role.NOT)},
    {ord("態"): ord("态"), ord("ａ"): ord("a")},
)


@pytest.mark.parametrize(("text", "folded"), [("態度", "态度"), ("ＡB", "ab"), ("İ好", "İ好"), ("", "")])
def test_folding_keeps_the_length(text: str, folded: str) -> None:
    assert WORDS.fold(text) == folded
    assert len(WORDS.fold(text)) == len(text)


def test_a_mapped_phrase_is_read_like_a_word_in_every_script_and_denied_like_one() -> None:
    more = WORDS.with_phrases([("ａ態", "parts", -1), ("師傅慢", "attitude", 0)])
    (clause,) = TextReader(more).read("A態").clauses
    assert [(one.dimension, one.polarity) for one in clause.findings] == [("parts", -1)]
    assert TextReader(more).read("不A態").polarity == 1
    assert TextReader(WORDS).read("A態").polarity == 0


def test_what_is_known_tells_dimension_and_polarity() -> None:
    assert WORDS.known("慢") == ("response_speed", -1)
    assert WORDS.known("快") is None
    assert WORDS.known("不") is None
    assert WORDS.with_phrases([("快", "response_speed", 0)]).known("快") == ("response_speed", 0)


def test_the_digest_differs_where_any_word_does() -> None:
    same = Lexicons(dict(reversed(list(WORDS.entries.items()))), WORDS.simplified)
    assert same.digest == WORDS.digest
    assert WORDS.with_phrases([("快", "", 1)]).digest != WORDS.digest


def test_without_a_phrase_they_are_the_same_words() -> None:
    assert WORDS.with_phrases([]) is WORDS


def test_what_is_kept_of_the_words_used_last_is_never_taken_for_that_of_others() -> None:
    more = WORDS.with_phrases([("快", "", 1)])
    first, second = WORDS.digest, more.digest
    for _ in range(2):
        assert (WORDS.digest, more.digest) == (first, second)
        assert TextReader(more).read("快").polarity == 1
        assert TextReader(WORDS).read("快").polarity == 0
