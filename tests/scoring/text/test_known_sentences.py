"""What is kept of an encoder is known again by the text and the encoder, and nothing else is."""

import pytest

from scoring.text.comment_judge import CommentJudge
from scoring.text.known_sentences import NO_ENCODER, EncoderMark, KnownSentences, sentence_key
from tests.text.readers import shipped_reader

MARK = EncoderMark(7, ("bad", "good"))
OTHER = EncoderMark(8, ("bad", "good"))


def test_what_is_kept_is_said_and_what_is_not_is_wanted() -> None:
    known = KnownSentences(MARK, [(sentence_key("a", MARK), (-5, 9))])
    assert known.sums("a") == {"bad": -5, "good": 9}
    assert (known.wanted, known.encoder) == ([], 7)
    assert known.sums("b") == {}
    assert (known.wanted, known.encoder) == (["b"], 0), "it is not all by this encoder"
    assert known.used == ((sentence_key("a", MARK), (-5, 9)),)


def test_what_another_encoder_has_said_does_not_count() -> None:
    known = KnownSentences(OTHER, [(sentence_key("a", MARK), (-5, 9))])
    assert known.sums("a") == {}
    assert known.wanted == ["a"]
    assert known.used == ()


def test_of_texts_that_were_replaced_nothing_is_kept() -> None:
    kept = [(sentence_key(text, MARK), (1, 2)) for text in ("old", "new")]
    known = KnownSentences(MARK, kept)
    known.sums("new")
    assert known.used == (kept[1],)


def test_without_an_encoder_nothing_is_wanted() -> None:
    known = KnownSentences(NO_ENCODER, [(sentence_key("a", MARK), (-5, 9))])
    assert known.sums("a") == {}
    assert (known.wanted, known.used, known.encoder) == ([], (), 0)


@pytest.mark.parametrize("text", ["", "\ud800", "好" * 10_000])
def test_any_text_has_a_key(text: str) -> None:
    assert 0 <= sentence_key(text, MARK) < 2**32
    assert sentence_key(text, MARK) == sentence_key(text, MARK)


def test_the_judge_adds_what_is_kept_and_asks_for_what_it_needs_only() -> None:
    reader = shipped_reader()
    folded = reader.lexicons.fold("师傅周二来的")
    known = KnownSentences(MARK, [(sentence_key(folded, MARK), (-3000, 3000))])
    judge = CommentJudge(reader, known)
    assert judge.judge("师傅周二来的").polarity == 1
    assert judge.judge("师傅态度很好").polarity == 1
    assert known.wanted == [], "the words of the second say it all"
    judge.judge("师傅周三来的")
    assert known.wanted == [reader.lexicons.fold("师傅周三来的")]
