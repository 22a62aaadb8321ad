"""Where charts put bars, whiskers and words, and that every part stays inside the drawing."""

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.reports.chart_drawings import (
    bar_drawing,
    column_drawing,
    latest_bars,
    point_drawing,
    stacked_drawing,
    text_width,
)
from dialogs.reports.document import (
    Bar,
    BarChart,
    ColumnChart,
    PlacedPoint,
    PointChart,
    StackedBar,
    StackedChart,
)

HUNDRED = Fraction(100)
BOUNDS = ((1, 5), (0, 100))


def chart(*bars: Bar, most: Fraction = HUNDRED) -> dict[str, Any]:
    return bar_drawing(BarChart("满意率", bars, most))


def test_a_bar_begins_at_zero_and_is_as_long_as_its_share_of_the_axis() -> None:
    drawn = chart(
        Bar("北区", Fraction(100), "100%（n=40）"),
        Bar("南区", Fraction(50), "50%（n=40）"),
        Bar("东区", Fraction(0), "0%（n=40）"),
    )
    whole, half, none = (bar["length"] for bar in drawn["bars"])
    assert whole == pytest.approx(drawn["end"] - drawn["left"], abs=0.2)
    assert half == pytest.approx(whole / 2, abs=0.2)
    assert none == 0


def test_bars_stand_below_each_other_and_words_beside_the_axis() -> None:
    drawn = chart(Bar("北区", Fraction(80), "80%（n=5）"), Bar("南区", Fraction(20), "20%（n=50）"))
    assert [bar["top"] for bar in drawn["bars"]] == [0, 30]
    assert drawn["height"] == 60
    words_at = drawn["bars"][0]["texts"][1]["at"]
    assert drawn["end"] < words_at
    assert words_at + text_width("20%（n=50）") <= drawn["width"] + 1


def test_a_whisker_spans_the_interval_and_an_open_end_stops_at_the_value() -> None:
    drawn = chart(
        Bar("甲", Fraction(50), "50%", low=25.0, high=75.0),
        Bar("乙", Fraction(50), "50%", low=None, high=75.0),
        Bar("丙", Fraction(50), "50%"),
    )
    both, upper, neither = drawn["bars"]
    assert both["low"] - drawn["left"] == pytest.approx(both["length"] / 2, abs=0.2)
    assert both["high"] - drawn["left"] == pytest.approx(both["length"] * 1.5, abs=0.2)
    assert upper["low"] - drawn["left"] == pytest.approx(upper["length"], abs=0.2)
    assert (neither["low"], neither["high"]) == (None, None)


def test_what_lies_beyond_the_axis_is_cut_off_at_its_end() -> None:
    (bar,) = chart(Bar("甲", Fraction(250), "250", low=-10.0, high=400.0))["bars"]
    drawn = chart(Bar("甲", Fraction(250), "250", low=-10.0, high=400.0))
    assert bar["length"] == pytest.approx(drawn["end"] - drawn["left"], abs=0.2)
    assert (bar["low"], bar["high"]) == (drawn["left"], drawn["end"])


def test_a_long_name_is_cut_off_with_three_dots() -> None:
    name = "华东大区上海市浦东新区第三维修服务中心"
    drawn = chart(Bar(name, Fraction(1), "1"), Bar("短", Fraction(1), "1"))
    shown = drawn["bars"][0]["texts"][0]["words"]
    assert shown.endswith("…")
    assert name.startswith(shown[:-1])
    assert text_width(shown) <= drawn["left"]
    assert drawn["bars"][1]["texts"][0]["words"] == "短"


@pytest.mark.parametrize(("text", "letters"), [("满意", 2), ("ab", 1.12), ("", 0), ("5分", 1.56)])
def test_a_chinese_character_is_as_wide_as_high(text: str, letters: float) -> None:
    assert text_width(text) == pytest.approx(14 * letters)


LEVELS = {
    1: ["#0072b2"],
    2: ["#0072b2", "#d55e00"],
    3: ["#0072b2", "#d9d9d9", "#d55e00"],
    4: ["#0072b2", "#56b4e9", "#e69f00", "#d55e00"],
    5: ["#0072b2", "#56b4e9", "#d9d9d9", "#e69f00", "#d55e00"],
}


@pytest.mark.parametrize("levels", LEVELS)
def test_the_best_level_is_blue_and_the_worst_vermilion(levels: int) -> None:
    names = tuple(str(level) for level in range(levels))
    drawn = stacked_drawing(StackedChart("", names, (StackedBar("问", (1,) * levels),)))
    assert [one["colour"] for one in drawn["legend"]] == LEVELS[levels]
    assert [part["colour"] for part in drawn["bars"][0]["parts"]] == LEVELS[levels]


def test_ten_levels_go_from_blue_to_vermilion() -> None:
    names = tuple(map(str, range(10, 0, -1)))
    drawn = stacked_drawing(StackedChart("", names, (StackedBar("问", (1,) * 10),)))
    colours = [one["colour"] for one in drawn["legend"]]
    assert (colours[0], colours[-1]) == ("#0072b2", "#d55e00")
    assert len(colours) == 10


def test_a_narrow_part_bears_no_words() -> None:
    drawn = stacked_drawing(StackedChart("", ("好", "差"), (StackedBar("问", (99, 1)),)))
    wide, narrow = drawn["bars"][0]["parts"]
    assert (wide["words"], narrow["words"]) == ("99%", "")
    assert (wide["is_dark"], narrow["is_dark"]) == (True, True)


@given(st.lists(st.lists(st.integers(0, 500), min_size=4, max_size=4).filter(any), min_size=1, max_size=8))
def test_parts_fill_a_bar_without_gap_or_overlap(rows: list[list[int]]) -> None:
    bars = tuple(StackedBar(f"问题 {place}", tuple(counts)) for place, counts in enumerate(rows))
    drawn = stacked_drawing(StackedChart("", ("很满意", "满意", "一般", "不满意"), bars))
    for bar in drawn["bars"]:
        at = drawn["left"]
        for part in bar["parts"]:
            assert part["at"] == pytest.approx(at, abs=0.3)
            at = part["at"] + part["length"]
        assert at == pytest.approx(710, abs=0.5)


@given(
    st.lists(
        st.tuples(
            st.text(min_size=1, max_size=60),
            st.fractions(0, 100),
            st.floats(0, 100),
            st.floats(0, 100),
        ),
        min_size=1,
        max_size=12,
    )
)
def test_everything_stays_inside_the_drawing(rows: list[tuple[str, Fraction, float, float]]) -> None:
    bars = (Bar(label, value, "100%（n=1,000）", min(ends), max(ends)) for label, value, *ends in rows)
    drawn = chart(*bars)
    assert drawn["height"] == 30 * len(rows)
    for bar in drawn["bars"]:
        assert 0 <= bar["top"] < drawn["height"]
        assert 0 <= bar["length"] <= drawn["end"] - drawn["left"] + 0.1
        assert drawn["left"] <= bar["low"] <= bar["high"] <= drawn["end"]
        assert text_width(bar["texts"][0]["words"]) <= drawn["left"]


def test_columns_stand_beside_each_other_from_zero_with_their_words_above() -> None:
    columns = (
        Bar("2026-09\nn=40", Fraction(100), "100%", low=90.0, high=100.0),
        Bar("2026-10\nn=40", Fraction(50), "50%"),
        Bar("2026-11\nn=2", Fraction(0), ""),
    )
    drawn = column_drawing(ColumnChart("满意率", columns, HUNDRED))
    whole, half, none = drawn["columns"]
    assert whole["length"] == pytest.approx(drawn["floor"] - drawn["end"], abs=0.2)
    assert half["length"] == pytest.approx(whole["length"] / 2, abs=0.2)
    assert (none["length"], none["text"]) == (0, "")
    assert [line["words"] for line in whole["lines"]] == ["2026-09", "n=40"]
    assert whole["text_at"] < whole["high"] <= whole["top"]
    assert whole["text_at"] > 0
    assert all(line["at"] < drawn["height"] for one in drawn["columns"] for line in one["lines"])
    assert whole["left"] + whole["wide"] < half["left"]


def test_points_lie_within_the_plot_with_both_intervals_and_the_crosshair_between_them() -> None:
    points = (
        PlacedPoint("响应速度", (Fraction(4), 3.5, 4.5), (Fraction(40), 30.0, 50.0)),
        PlacedPoint("服务态度", (Fraction(2), 1.5, 2.5), (Fraction(90), 80.0, 95.0)),
    )
    drawn = point_drawing(PointChart("重要程度和表现", "重要程度", "表现", points, (Fraction(3), Fraction(65)), BOUNDS))
    speed, attitude = drawn["points"]
    assert drawn["left"] < attitude["from"] < attitude["at"] < attitude["to"]
    assert attitude["to"] < drawn["crosshair"][0] < speed["from"]
    assert speed["to"] < drawn["right"]
    assert drawn["top"] < attitude["high"] < attitude["up"] < attitude["low"] < drawn["crosshair"][1]
    assert drawn["crosshair"][1] < speed["high"] < speed["low"] < drawn["floor"]
    assert [one["label"] for one in drawn["points"]] == ["1 响应速度", "2 服务态度"]
    assert drawn["ends"] == ["1.2", "4.8", "23.5", "100.0"], "no axis goes beyond what is possible"


def test_a_single_point_without_an_interval_has_room_around_it() -> None:
    point = PlacedPoint("甲", (Fraction(3), 3.0, 3.0), (Fraction(50), 50.0, 50.0))
    drawn = point_drawing(PointChart("", "横", "纵", (point,), (Fraction(3), Fraction(50)), BOUNDS))
    (one,) = drawn["points"]
    assert drawn["left"] < one["at"] < drawn["right"]
    assert drawn["top"] < one["up"] < drawn["floor"]


def test_on_a_phone_the_words_stand_above_the_bar_which_has_the_whole_width() -> None:
    bars = (
        Bar("问题解决得怎么样", Fraction(100), "100%（n=1,000）"),
        Bar("态度", Fraction(50), "50%（n=9）", 40.0, 60.0),
    )
    drawn = bar_drawing(BarChart("满意率", bars, HUNDRED), for_phone=True)
    assert (drawn["width"], drawn["has_axis"]) == (360, False)
    for place, bar in enumerate(drawn["bars"]):
        label, text = bar["texts"]
        assert (label["anchor"], label["at"], text["anchor"], text["at"]) == ("start", 0, "end", 360)
        assert 46 * place < label["line"] < bar["top"] + 5
        assert text_width(label["words"]) + text_width(text["words"]) <= 360
    assert drawn["bars"][0]["length"] >= 350


def test_months_are_bars_below_each_other_on_a_phone_and_those_that_say_nothing_are_left_out() -> None:
    columns = tuple(
        Bar(f"2026-{month:02}\nn=40", Fraction(month), f"{month}%" if month > 2 else "") for month in range(1, 13)
    )
    chart = ColumnChart("满意率", columns, HUNDRED)
    assert [bar.label for bar in latest_bars(chart).bars][:2] == ["2026-03 n=40", "2026-04 n=40"]
    assert [bar.label for bar in latest_bars(chart, 2).bars] == ["2026-11 n=40", "2026-12 n=40"]


def test_the_levels_of_a_legend_take_as_many_lines_as_they_need() -> None:
    names = ("非常满意", "比较满意", "一般般吧", "不太满意", "非常不满意")
    chart = StackedChart("", names, (StackedBar("问题解决得怎么样", (1, 2, 3, 4, 5)),))
    wide, narrow = stacked_drawing(chart), stacked_drawing(chart, for_phone=True)
    assert {one["line"] for one in wide["legend"]} == {0}
    assert max(one["line"] for one in narrow["legend"]) > 0
    assert all(one["at"] + text_width(one["words"]) + 17 <= 360 for one in narrow["legend"])
    assert narrow["bars"][0]["top"] > max(one["line"] for one in narrow["legend"])


def test_points_on_a_phone_have_their_names_below_the_plot() -> None:
    at = (Fraction(4), 3.5, 4.5), (Fraction(62), 55.0, 70.0)
    chart = PointChart("", "重要", "满意", (PlacedPoint("响应速度", *at),), (Fraction(3), Fraction(65)), BOUNDS)
    drawn = point_drawing(chart, for_phone=True)
    assert drawn["right"] <= drawn["width"] == 360
    assert drawn["floor"] < drawn["points"][0]["line"] < drawn["height"]


@pytest.mark.parametrize("for_phone", [False, True])
def test_of_a_long_question_the_name_is_cut_off_and_never_how_many_answered(for_phone: bool) -> None:  # noqa: FBT001 (a parameter)
    long = "How well did we keep you up to date while the work went on and after it was done"
    bars = (StackedBar(long, (3, 1), " (n=4)"), StackedBar("Speed", (2, 2), " (n=4)"))
    drawn = stacked_drawing(StackedChart("", ("good", "bad"), bars), for_phone=for_phone)
    first, second = (bar["texts"][0]["words"] for bar in drawn["bars"])
    assert first.startswith("How well did we")
    assert first.endswith("… (n=4)")
    assert second == "Speed (n=4)"
    assert text_width(first) <= (drawn["left"] or drawn["width"])
