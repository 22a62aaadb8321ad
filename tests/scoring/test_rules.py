"""What makes a response call for an issue: a low rating, a low mean, an alert word; and how severe it is."""

from collections.abc import Mapping
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.rules import AlertRule, Severity, alert_words, assess, mean
from scoring.scale import FIVE, Scale
from scoring.values import replace

TEN = Scale(1, 10)
ELEVEN = Scale(0, 10)
RULE = AlertRule(Fraction(2), Fraction(3), ("投诉", "refund", "12315"))
OFF = AlertRule(Fraction(0), Fraction(0))


@pytest.mark.parametrize(
    ("ratings", "texts", "reasons", "severity"),
    [
        ({}, [], [], Severity.NORMAL),
        ({"speed": 5, "care": 3}, [], [], Severity.NORMAL),
        ({"speed": 3, "care": 3}, [], [], Severity.NORMAL),
        ({"speed": 2}, [], ["speed 2 ≤ 2"], Severity.NORMAL),
        ({"speed": 1}, [], ["speed 1 ≤ 2"], Severity.HIGH),
        ({"speed": 2, "care": 5}, [], ["speed 2 ≤ 2"], Severity.NORMAL),
        ({"speed": 2, "care": 3}, [], ["speed 2 ≤ 2", "mean 2.5 < 3"], Severity.NORMAL),
        ({"speed": 1, "care": 2}, [], ["speed 1 ≤ 2", "care 2 ≤ 2", "mean 1.5 < 3"], Severity.HIGH),
        ({"a": 3, "b": 3, "c": 2}, [], ["c 2 ≤ 2", "mean 2.667 < 3"], Severity.NORMAL),
        ({"speed": 5}, ["我要投诉"], ["word 投诉"], Severity.HIGH),
        ({}, ["REFUND me", "refund now", "or 12315"], ["word refund", "word 12315"], Severity.HIGH),
        ({"speed": 2}, ["refund"], ["speed 2 ≤ 2", "word refund"], Severity.HIGH),
        ({"speed": 5}, ["thank you", ""], [], Severity.NORMAL),
    ],
)
def test_a_response_is_assessed_with_each_reason_once(
    ratings: Mapping[str, int], texts: list[str], reasons: list[str], severity: Severity
) -> None:
    found = assess(FIVE, ratings, texts, RULE)
    assert [str(reason) for reason in found.reasons] == reasons
    assert found.severity is severity
    assert bool(found) == bool(reasons)


@pytest.mark.parametrize(
    ("scale", "rating", "reasons"),
    [
        (TEN, 4, []),
        (TEN, 3, ["q 3 ≤ 3.25"]),
        (ELEVEN, 3, []),
        (ELEVEN, 2, ["q 2 ≤ 2.5"]),
        (Scale(1, 2), 2, []),
        (Scale(1, 2), 1, ["q 1 ≤ 1.25"]),
    ],
)
def test_the_limits_of_the_settings_are_mapped_to_the_scale_of_a_survey(
    scale: Scale, rating: int, reasons: list[str]
) -> None:
    found = assess(scale, {"q": rating, "r": scale.highest}, [], RULE)
    assert [str(reason) for reason in found.reasons] == reasons


def test_a_limit_of_a_surveys_own_is_taken_as_it_is() -> None:
    own = AlertRule(Fraction(6), Fraction(7), scale=TEN)
    assert [str(reason) for reason in assess(TEN, {"a": 6, "b": 7}, [], own).reasons] == ["a 6 ≤ 6", "mean 6.5 < 7"]
    assert not assess(TEN, {"a": 7, "b": 7}, [], own)


@pytest.mark.parametrize("scale", [FIVE, TEN])
def test_limits_of_zero_open_no_issue(scale: Scale) -> None:
    assert not assess(scale, {"q": scale.lowest, "r": scale.lowest}, ["投诉"], OFF)


def test_a_word_is_found_in_any_case_and_within_others() -> None:
    rule = AlertRule(words=("Straße", "LAWYER"))
    assert alert_words("my lawyers live in the STRASSE", rule) == ("Straße", "LAWYER")
    assert alert_words("nothing of that", rule) == ()


def test_alert_words_count_in_both_scripts_every_width_and_all_their_forms() -> None:
    forms = {"投诉": ("客诉",), "complaint": ("want to complain",)}
    rule = replace(OFF, words=("投诉", "complaint"), forms=forms, simplified=str.maketrans({"訴": "诉"}))
    texts = ("我要投訴", "我要客訴", "ＣＯＭＰＬＡＩＮＴ", "I WANT TO COMPLAIN", "can't complain", "投")
    assert [alert_words(text, rule) for text in texts] == [
        *(("投诉",), ("投诉",)),
        *(("complaint",), ("complaint",)),
        *((), ()),
    ]
    assert alert_words("我要投诉", replace(rule, words=("投訴",))) == ("投訴",)
    assert rule.on(TEN).forms == forms


def test_the_mean_is_exact_and_of_nothing_there_is_none() -> None:
    assert mean([1, 2, 2]) == Fraction(5, 3)
    assert mean([]) is None


@pytest.mark.parametrize(
    ("one", "other", "higher"),
    [
        (Severity.LOW, Severity.NORMAL, Severity.NORMAL),
        (Severity.HIGH, Severity.LOW, Severity.HIGH),
        (Severity.NORMAL, Severity.NORMAL, Severity.NORMAL),
    ],
)
def test_a_severity_is_raised_and_never_lowered(one: Severity, other: Severity, higher: Severity) -> None:
    assert one.at_least(other) is higher
    assert other.at_least(one) is higher


@given(st.lists(st.integers(1, 5), min_size=1, max_size=6), st.integers(0, 5), st.integers(0, 5))
def test_a_better_rating_never_adds_a_reason(values: list[int], place: int, limit: int) -> None:
    rule = AlertRule(Fraction(limit), Fraction(limit))
    ratings = {f"q{number}": value for number, value in enumerate(values)}
    question = f"q{place % len(values)}"
    better = ratings | {question: min(5, ratings[question] + 1)}
    before, after = (
        {reason.subject.of for reason in assess(FIVE, rated, [], rule).reasons if reason.subject.of}
        for rated in (ratings, better)
    )
    assert after <= before


def test_a_scale_knows_its_values_their_words_and_their_places() -> None:
    scale = Scale(0, 4, {"en": {0: "never", 4: "always"}})
    assert scale.values == (0, 1, 2, 3, 4)
    assert [value in scale for value in (-1, 0, 4, 5, "3")] == [False, True, True, False, False]
    assert [scale.label(0, "en"), scale.label(1, "en"), scale.label(0, "zh-Hans")] == ["never", "1", "0"]
    assert [scale.position(value) for value in (0, 1, 4)] == [0, Fraction(1, 4), 1]


@pytest.mark.parametrize(("limit", "mapped"), [(2, Fraction(13, 4)), (3, Fraction(11, 2)), (1, 1), (5, 10)])
def test_a_limit_on_1_to_5_stands_at_the_same_place_on_1_to_10(limit: int, mapped: Fraction) -> None:
    assert TEN.limit_from(FIVE, Fraction(limit)) == mapped
    assert FIVE.limit_from(TEN, TEN.limit_from(FIVE, Fraction(limit))) == limit
