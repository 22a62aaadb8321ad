"""Chapters about measures: before and after with what is known of the change, and the verdict in plain words."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Any

import pytest

from dialogs.improvement.model import FindingState, Measure, Measured, MeasureResult, Verdict
from dialogs.reports.document import BarChart
from dialogs.reports.pages.measure_chapters import MeasureCourse, measure_figures, measure_sections, measure_table
from dialogs.time.periods import Period
from scoring.values import replace
from tests.dialogs.reports.report_figures import charts_of, lines_of, linked, texts_of, the_table, words

MARCH = datetime(2026, 3, 1, tzinfo=UTC)
DAY = timedelta(days=1)
MEASURE = Measure(
    text="报修后 4 小时内回电",
    metric="csat",
    target="85",
    owner="李工",
    due_at=datetime(2026, 3, 31, 16, tzinfo=UTC),
    baseline=Period(MARCH - 30 * DAY, MARCH),
    before=Measured("60", 40, "45", "74"),
    window=Period(datetime(2026, 3, 31, 16, tzinfo=UTC), datetime(2026, 4, 30, 16, tzinfo=UTC), "2026-04"),
    planned_by="王经理",
    planned_at=MARCH,
    cut=(("dimension", "response_speed"),),
)


def course(verdict: Verdict, **result: Any) -> MeasureCourse:  # noqa: ANN401 (fields of MeasureResult)
    told = MeasureResult(MEASURE, verdict, MEASURE.before, Measured("90", 50, "79", "96"), MARCH + 70 * DAY)
    return MeasureCourse(MEASURE, FindingState.REACHED, replace(told, **result))


@pytest.mark.parametrize(
    ("verdict", "said"),
    [
        (Verdict.REACHED, "见效了：达到目标，变化明显"),
        (Verdict.NOT_REACHED, "还没见效：没达到目标"),
        (Verdict.NOT_CLEAR, "看不出来：达到目标，但可能是偶然"),
        (Verdict.TOO_FEW, "看不出来：人太少"),
    ],
)
def test_every_verdict_has_plain_words_in_its_row_and_is_counted_above(verdict: Verdict, said: str) -> None:
    verified, _ = measure_sections([course(verdict)], words())
    assert lines_of(verified) == [f"{said}：1 项"]
    (row,) = texts_of(the_table(verified))
    assert row[-1] == said


def test_a_measure_stands_with_both_values_n_target_and_change() -> None:
    verified, _ = measure_sections([course(Verdict.REACHED, effect="30", low="12.5", high="44")], words())
    (row,) = the_table(verified).rows
    assert [cell.text for cell in row] == [
        "报修后 4 小时内回电",
        "满意率、响应速度",
        "60%",
        "40",
        "85%",
        "90%",
        "50",
        "+30.0（+12.5 ～ +44.0）",
        "见效了：达到目标，变化明显",
    ]
    assert [cell.value for cell in row[2:8]] == [60, 40, 85, 90, 50, 30]


def test_a_change_without_an_interval_is_told_alone_and_none_is_not_told() -> None:
    alone, _ = measure_sections([course(Verdict.NOT_CLEAR, effect="30")], words())
    assert the_table(alone).rows[0][7].text == "+30.0"
    without, _ = measure_sections([course(Verdict.TOO_FEW)], words())
    assert the_table(without).rows[0][7].text == ""


def test_a_length_of_time_changes_by_minutes() -> None:
    measure = replace(
        MEASURE, metric="time_to_first_reply", target="3600", before=Measured("7200", 20, "6600", "7800"), cut=()
    )
    result = MeasureResult(
        measure, Verdict.REACHED, measure.before, Measured("3000", 20), MARCH, effect="-4200", low="-4860", high="-3540"
    )
    verified, _ = measure_sections([MeasureCourse(measure, FindingState.REACHED, result)], words("en"))
    cell = the_table(verified).rows[0][7]
    assert (cell.text, cell.value) == ("-70.0 min (-81.0 to -59.0)", Fraction(-70))


def test_before_and_after_are_drawn_with_their_intervals_and_lead_nowhere() -> None:
    verified, _ = measure_sections([course(Verdict.REACHED)], words(link_of=linked))
    (chart,) = charts_of(verified)
    assert isinstance(chart, BarChart)
    assert chart.title == "报修后 4 小时内回电、满意率、响应速度"
    assert [(bar.label, bar.value, bar.low, bar.high, bar.link) for bar in chart.bars] == [
        ("之前", Fraction(60), 45.0, 74.0, ""),
        ("之后", Fraction(90), 79.0, 96.0, ""),
    ]
    assert all(not cell.link for cell in the_table(verified).rows[0]), "their periods are none of the report's"


def test_where_a_side_has_no_value_nothing_is_drawn() -> None:
    verified, _ = measure_sections([course(Verdict.TOO_FEW, after=Measured(None, 3))], words())
    assert charts_of(verified) == []
    assert the_table(verified).rows[0][5].text == "目前只有 3 条，满 5 条才计算"


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (FindingState.PLANNED, "在做"),
        (FindingState.OVERDUE, "过期了"),
        (FindingState.DONE, "做完，等验证"),
        (FindingState.UNDECIDED, "等更多回答"),
    ],
)
def test_what_is_under_way_has_owner_last_day_window_and_state(state: FindingState, said: str) -> None:
    verified, under_way = measure_sections([MeasureCourse(MEASURE, state)], words())
    assert lines_of(verified) == ["这段时间没有验证过的措施。"]
    (row,) = texts_of(the_table(under_way))
    assert row == [
        "报修后 4 小时内回电",
        "满意率、响应速度",
        "60%",
        "40",
        "85%",
        "李工",
        "2026年3月31日",
        "2026年4月1日 至 2026年4月30日",
        said,
    ]


def test_a_period_without_measures_says_so_twice_and_other_reports_have_no_chapter() -> None:
    said = [line for section in measure_sections([], words()) for line in lines_of(section)]
    assert said == ["这段时间没有验证过的措施。", "这段时间没有正在做的措施。"]
    assert measure_table([], words()) == ()


def test_other_reports_list_both_in_one_table() -> None:
    (section,) = measure_table([course(Verdict.REACHED), MeasureCourse(MEASURE, FindingState.OVERDUE)], words())
    assert section.title == "措施和效果"
    assert [row[-1] for row in texts_of(the_table(section))] == ["见效了：达到目标，变化明显", "过期了"]
    assert texts_of(the_table(section))[1][5:8] == ["", "", ""]


def test_the_metrics_of_measures_are_told_in_the_appendix() -> None:
    (one,) = measure_figures([course(Verdict.REACHED)])
    assert (one.metric, one.value, one.n) == ("csat", Fraction(60), 40)


def test_a_long_text_is_one_line_of_its_beginning() -> None:
    measure = replace(MEASURE, text="第一行\n" + "很长" * 60)
    _, under_way = measure_sections([MeasureCourse(measure, FindingState.PLANNED)], words())
    told = the_table(under_way).rows[0][0].text
    assert told.startswith("第一行 很长")
    assert len(told) <= 80
