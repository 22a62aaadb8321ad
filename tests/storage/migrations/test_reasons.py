"""Reasons that earlier versions stored as sentences become values, and read as before."""

from importlib import import_module

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogs.issue.reasons import OtherReason, Reason, TwiceNotUnderstood, Undelivered
from scoring.rules import AlertKind, AlertSubject, AlertWord, LowMean, LowRating

MIGRATION = import_module("storage.migrations.versions.0006_reasons")

OLD = {
    "response_speed 2 ≤ 2": LowRating("response_speed", 2, 2),
    "speed 3 ≤ 3.25": LowRating("speed", 3, 3.25),
    "mean 2.667 < 3": LowMean(2.667, 3),
    "mean 2 ≤ 2": LowRating("mean", 2, 2),
    "word 退款": AlertWord("退款"),
    "word 5 ≤ 6": AlertWord("5 ≤ 6"),
    "closure blocked": Undelivered("closure", "blocked"),
    "invitation window_closed": Undelivered("invitation", "window_closed"),
    "not_understood": TwiceNotUnderstood(),
    "speed ２ ≤ 2": OtherReason("speed ２ ≤ 2"),
    "mean nan < 3": OtherReason("mean nan < 3"),
    "as somebody put it": OtherReason("as somebody put it"),
    "": OtherReason(""),
}


def read(sentence: str, *questions: str) -> Reason:
    found: Reason = msgspec.convert(MIGRATION.reason_of(sentence, questions), Reason)
    return found


@pytest.mark.parametrize(("sentence", "reason"), OLD.items())
def test_a_sentence_becomes_what_it_said(sentence: str, reason: Reason) -> None:
    assert read(sentence) == reason
    assert str(reason) == sentence


def test_a_question_called_word_is_told_from_an_alert_word() -> None:
    assert read("word 2 ≤ 2", "word") == LowRating("word", 2, 2)
    assert read("word 2 ≤ 2", "speed") == AlertWord("2 ≤ 2")


def figures() -> st.SearchStrategy[float]:
    """Draw numbers of four digits, as reasons hold them."""
    return st.fractions(-100, 100).map(lambda number: float(f"{float(number):.4g}"))


ANY_REASON = st.one_of(
    st.builds(LowRating, st.from_regex(r"[a-z][a-z0-9_]{0,23}", fullmatch=True), st.integers(-10, 100), figures()),
    st.builds(LowMean, figures(), figures()),
    st.builds(AlertWord, st.text(min_size=1)),
    st.builds(Undelivered, st.sampled_from(("closure", "invitation")), st.sampled_from(("blocked", "no_contact"))),
)


@given(ANY_REASON)
def test_whatever_is_said_of_a_reason_means_it_again(reason: Reason) -> None:
    questions = [reason.question] if isinstance(reason, LowRating) else []
    assert read(str(reason), *questions) == reason


@given(st.text())
def test_no_sentence_is_lost(sentence: str) -> None:
    assert str(read(sentence)) == sentence


@given(st.text())
def test_no_subject_is_lost(sentence: str) -> None:
    assert [str(one) for one in subjects(sentence)] == [sentence]


def subjects(sentence: str, *questions: str) -> list[AlertSubject]:
    return msgspec.convert(MIGRATION.subjects_of(sentence, questions), list[AlertSubject])


def test_what_was_assessed_is_not_assessed_again() -> None:
    mean, question = AlertSubject(AlertKind.MEAN), AlertSubject(AlertKind.RATING, "mean")
    assert subjects("word 退款") == [AlertWord("退款").subject]
    assert subjects("speed") == [LowRating("speed", 1, 2).subject]
    assert subjects("mean") == [mean]
    assert subjects("mean", "mean") == [mean, question]
