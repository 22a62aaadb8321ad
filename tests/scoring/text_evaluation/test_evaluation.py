from fractions import Fraction

import pytest

from scoring.text_evaluation.confusion import Hits
from scoring.text_evaluation.evaluation import evaluate_texts
from scoring.text_evaluation.labelled import (
    LabelledText,
    TextJudgement,
    guessed_language,
    has_negation,
    is_held_out,
    predicted_class,
)


def judge(text: str) -> TextJudgement:
    """Read good and bad by one word each, a dimension by another."""
    polarity = text.count("好") - text.count("差")
    return TextJudgement(max(-1, min(1, polarity)), polarity, frozenset({"fee"} if "贵" in text else ()))


TEXTS = [
    LabelledText(1, "好", 1, "zh-Hans", frozenset()),
    LabelledText(2, "差，贵", -1, "zh-Hans", frozenset({"fee", "attitude"})),
    LabelledText(3, "不好", -1, "zh-Hans", frozenset(), negated=True),
    LabelledText(4, "貴", 0, "zh-Hant", frozenset({"fee"})),
    LabelledText(5, "不贵", 0, "zh-Hant", frozenset(), negated=True),
]


def test_figures_are_told_as_a_whole_by_negation_language_and_dimension() -> None:
    found = evaluate_texts(TEXTS, [], judge)
    assert found.reader.whole.accuracy == Fraction(4, 5)
    assert found.reader.negated.accuracy == Fraction(1, 2)
    assert {name: counts.accuracy for name, counts in found.reader.languages.items()} == {
        "zh-Hans": Fraction(2, 3),
        "zh-Hant": 1,
    }
    assert found.dimensions == {"attitude": Hits(0, 0, 1), "fee": Hits(1, 1, 1)}
    assert found.dimension_f1 == Fraction(2, 5)
    assert found.majority.whole.accuracy == Fraction(2, 5)


def test_texts_without_labelled_dimensions_have_no_figure_of_them() -> None:
    found = evaluate_texts([LabelledText(1, "贵", -1)], [], judge)
    assert found.dimensions is None
    assert found.dimension_f1 is None


def test_of_two_classes_one_is_chosen_by_the_score_and_blame_where_nothing_was_found() -> None:
    assert predicted_class(TextJudgement(0, -1), (-1, 1)) == -1
    assert predicted_class(TextJudgement(0, 2), (-1, 1)) == 1
    assert predicted_class(TextJudgement(0, 0), (-1, 1)) == -1
    assert predicted_class(TextJudgement(0, -1), (-1, 0, 1)) == 0


def test_two_classes_are_told_apart_where_the_rest_of_the_file_has_but_two() -> None:
    two = [LabelledText(1, "没什么", -1), LabelledText(2, "差", -1)]
    assert evaluate_texts(two, [], judge).reader.whole.accuracy == 1
    assert evaluate_texts(two, [LabelledText(3, "行", 0)], judge).reader.whole.accuracy == Fraction(1, 2)


def test_a_text_is_held_out_by_its_id_alone() -> None:
    held_out = [is_held_out(f"zh-hans-{number:03d}") for number in range(1, 6)]
    assert held_out == [True, False, False, False, False]


@pytest.mark.parametrize(
    ("text", "negated"),
    [
        ("没修好", True),
        ("唔好", True),
        ("It isn't fixed", True),
        ("never again", True),
        ("修好了", False),
    ],
)
def test_a_negating_word_is_found_in_three_languages(text: str, negated: bool) -> None:  # noqa: FBT001 (a table)
    assert has_negation(text) is negated


def test_one_han_character_makes_a_text_chinese() -> None:
    assert (guessed_language("OK 啦"), guessed_language("OK"), guessed_language("👍")) == ("zh", "en", "en")
