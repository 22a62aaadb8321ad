"""Chapters about people: what to train first, bands without ranks, sheets, words in a chapter of their own."""

from fractions import Fraction

import pytest

from config.forms.load import read_forms
from dialogs.forms.joined_result import PeriodResult
from dialogs.reports.pages.people_chapters import (
    Colleague,
    band_section,
    graded_section,
    quote_section,
    training_section,
)
from scoring.forms.raters import JoinedScore
from scoring.honesty.bands import standings
from scoring.metrics.figure import SampleSize
from scoring.metrics.review import Evidence
from tests.dialogs.reports.report_figures import figure, lines_of, texts_of, the_table, words

SHARES = {"a1": (90, 100), "b1": (40, 100), "c1": (70, 100)}


def test_a_need_of_training_stands_beside_everybody_with_an_example() -> None:
    speed = figure(40, low=30, high=50, dimension="response_speed")
    section = training_section([Evidence(speed, Fraction(80), 30.0)], words(), is_known=True)
    (row,) = texts_of(the_table(section))
    told = dict(zip(the_table(section).columns, row, strict=True))
    assert (told["维度"], told["数值"], told["n"], told["大家"]) == ("响应速度", "40%", "40", "80%")
    assert told["说明"] == "整个区间都低于大家"
    assert told["可以怎么做（例）"].startswith("忙的时候加人手")


def test_a_need_that_may_be_chance_says_so_and_a_small_sample_too() -> None:
    care = figure(60, 12, low=40, high=85, dimension="after_care", state=SampleSize.SMALL)
    section = training_section([Evidence(care, Fraction(80), -5.0)], words("en"), is_known=True)
    (row,) = texts_of(the_table(section))
    assert row[5] == "below everybody's, which may be chance; small sample"


def test_a_dimension_without_an_example_has_none() -> None:
    price = figure(60, dimension="price")
    section = training_section([Evidence(price, Fraction(80), 1.0)], words(), is_known=True)
    (row,) = texts_of(the_table(section))
    assert (row[0], row[-1]) == ("price", "")


@pytest.mark.parametrize(("is_known", "said"), [(True, "没有哪个维度低于大家。"), (False, "这段时间还没有数据。")])
def test_without_a_need_it_is_said_why(is_known: bool, said: str) -> None:  # noqa: FBT001 (a parameter of the test)
    assert lines_of(training_section([], words(), is_known=is_known)) == [said]


def test_people_stand_in_bands_by_the_alphabet_with_drawn_shares_and_intervals() -> None:
    ranked = standings(SHARES)
    people = [Colleague(name, 100, ranked[name]) for name in ("c1", "b1", "a1")]
    section = band_section("和同事比", people, 3, words())
    table = the_table(section)
    assert [row[0] for row in texts_of(table)] == ["a1", "b1", "c1"]
    assert [row[1][0] for row in texts_of(table)] == ["A", "C", "B"]
    for row, name in zip(table.rows, ("a1", "b1", "c1"), strict=True):
        assert row[2].value == 100 * ranked[name].shrunken
        assert row[5].value == 100 * ranked[name].common
        assert row[3].value == 100
        assert " ～ " in row[4].text
    assert lines_of(section) == ["同一档里分不出高低，不是名次。有 3 人满 30 份，才放在一起比。"]


def test_whoever_has_too_few_answers_is_in_no_band() -> None:
    ranked = standings(SHARES)
    section = band_section("", [Colleague("a1", 100, ranked["a1"]), Colleague("新人", 7, None)], 3, words())
    _, new = texts_of(the_table(section))
    assert new == ["新人", "不满 30 份，不分档", "", "7", "", ""]


def test_without_any_band_a_sentence_says_why_and_several_are_still_listed() -> None:
    alone = band_section("", [Colleague("a1", 7, None)], 0, words())
    assert lines_of(alone) == ["不满 30 份回答，或者没有别的同事满 30 份：不分档。"]
    assert len(alone.blocks) == 1
    several = band_section("", [Colleague("a1", 7, None), Colleague("b1", 8, None)], 0, words())
    assert [row[0] for row in texts_of(the_table(several))] == ["a1", "b1"]


def test_a_sheet_is_told_with_total_grade_and_formula_and_without_a_total_that_is_said() -> None:
    form = read_forms()["performance_60_40"]
    good = next(one for one in form.grades if one.name["zh-Hans"] == "良好")
    result = PeriodResult(JoinedScore(Fraction(157, 2), ()), Fraction(157, 2), good)
    (section,) = graded_section([(form, result)], words())
    ((name, total, grade, _),) = the_table(section).rows
    assert (name.text, total.text, total.value, grade.text) == (form.title["zh-Hans"], "78.5", Fraction(157, 2), "良好")
    (without,) = graded_section([(form, PeriodResult(JoinedScore(None, ()), None, None))], words())
    assert texts_of(the_table(without))[0][1:] == ["没有总分", "", "还没有填完的评分表"]
    assert graded_section([], words()) == ()


@pytest.mark.parametrize(
    ("quotes", "lines"),
    [
        (("等了三天", "很好"), ["“等了三天”", "“很好”"]),
        ((), ["这段时间还没有客户留话。"]),
        (None, ["这段时间满 8 位客户回答后，这里会有他们的原话。"]),
    ],
)
def test_words_stand_in_a_chapter_that_says_it_holds_them(quotes: tuple[str, ...] | None, lines: list[str]) -> None:
    section = quote_section(quotes, words())
    assert section.quotes
    assert lines_of(section) == lines
