"""What a report says of one figure: every state, every kind of change, in three languages."""

from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from config.locale.phrases import load_phrases
from dialogs.reports.document import BarChart, Paragraph, Table
from dialogs.reports.figure_parts import ReportWords, appendix_of, bars_of, cut_label, figure_table
from scoring.honesty.comparison import Change, ChangeVerdict
from scoring.honesty.intervals import Interval
from scoring.metrics.catalogue import CATALOGUE
from scoring.metrics.figure import Figure, SampleSize

ZONE = ZoneInfo("Asia/Shanghai")
PHRASES = load_phrases()


def words(locale: str = "en", **names: dict[str, str]) -> ReportWords:
    return ReportWords(PHRASES, locale, ZONE, names)


def figure(value: int | None = 80, **fields: Any) -> Figure:  # noqa: ANN401 (fields of Figure)
    told: dict[str, Any] = {"metric": "csat", "cut": {}, "n": 40, "people": 40, "state": SampleSize.FULL}
    return Figure(value=None if value is None else Fraction(value), **told | fields)


def cells(table: Table) -> dict[str, str]:
    (row,) = table.rows
    return dict(zip(table.columns, (cell.text for cell in row), strict=True))


def test_a_figure_stands_with_its_n_and_its_interval() -> None:
    told = cells(figure_table([figure(interval=Interval(65.24, 89.5, "Wilson"))], words()))
    assert told == {"Metric": "Satisfied (CSAT)", "Value": "80%", "n": "40", "95% interval": "65.24% to 89.5%"}


def test_an_open_end_is_three_dots() -> None:
    told = cells(figure_table([figure(interval=Interval(None, 89.5, "ranks"))], words()))
    assert told["95% interval"] == "… to 89.5%"


STATES = {
    SampleSize.EMPTY: ("还没有数据", "no data"),
    SampleSize.FEW: ("目前只有 3 条，满 5 条才计算", "3"),
    SampleSize.WITHHELD: ("先不公布", "withheld"),
    SampleSize.MIXED: ("分制不一样", "scale"),
}


@pytest.mark.parametrize("state", STATES)
def test_without_a_value_there_are_words_and_no_number(state: SampleSize) -> None:
    one = figure(None, state=state, n=3, people=3)
    for locale, said in zip(("zh-Hans", "en"), STATES[state], strict=True):
        table = figure_table([one], words(locale))
        assert said in table.rows[0][1].text
        assert table.rows[0][1].value is None


def test_a_small_sample_an_open_period_and_what_was_left_out_are_noted() -> None:
    one = figure(state=SampleSize.SMALL, provisional=True, excluded={"malicious": 2, "too_fast": 1})
    assert cells(figure_table([one], words("zh-Hans")))["说明"] == "样本少；暂定；未计 3"
    assert cells(figure_table([one], words("zh-Hant")))["說明"] == "樣本少；暫定；未計 3"
    assert cells(figure_table([one], words()))["Note"] == ("small sample; provisional; 3 left out")


VERDICTS = {
    ChangeVerdict.HIGHER: "高于上期",
    ChangeVerdict.LOWER: "低于上期",
    ChangeVerdict.NOT_CLEAR: "≈上期",
    ChangeVerdict.TOO_FEW: "上期样本太少",
    ChangeVerdict.NOT_TESTED: "",
}


@pytest.mark.parametrize("verdict", VERDICTS)
def test_an_earlier_period_stands_beside_it_with_what_may_be_said(verdict: ChangeVerdict) -> None:
    table = figure_table([figure(change=Change(Fraction(60), 30, verdict))], words("zh-Hans"))
    told = cells(table)
    assert told["上期"] == "60%"
    assert told.get("说明", "") == VERDICTS[verdict]
    assert table.rows[0][table.columns.index("上期")].value == 60


def test_the_year_before_has_a_column_of_its_own() -> None:
    one = figure(year_change=Change(Fraction(70), 25, ChangeVerdict.HIGHER))
    told = cells(figure_table([one], words("zh-Hans")))
    assert (told["去年同期"], told["说明"]) == ("70%", "高于去年同期")
    assert "上期" not in told


@pytest.mark.parametrize(
    ("locale", "said"), [("zh-Hans", "无可比数据"), ("zh-Hant", "無可比資料"), ("en", "nothing to compare")]
)
def test_beside_others_words_stand_where_an_earlier_period_has_nothing(locale: str, said: str) -> None:
    known = team("north", 80, change=Change(Fraction(70), 25, ChangeVerdict.HIGHER))
    table = figure_table([known, team("south", 60), team("east", None)], words(locale))
    place = 4
    assert [row[place].text for row in table.rows] == [table.rows[0][place].text, said, ""]
    assert [row[place].value for row in table.rows] == [70, None, None]


@pytest.mark.parametrize(("locale", "said"), [("zh-Hans", "先不公布"), ("zh-Hant", "先不公布"), ("en", "withheld")])
def test_a_withheld_value_is_one_word_whose_meaning_the_last_chapter_tells(locale: str, said: str) -> None:
    withheld = team("north", None, state=SampleSize.WITHHELD)
    table = figure_table([withheld], words(locale))
    assert [cell.text for cell in table.rows[0] if cell.text.startswith(said)] == [said]
    (computed,) = appendix_of([withheld], words(locale))
    told = [line for block in computed.blocks for line in getattr(block, "lines", ())]
    assert [line for line in told if said in line.lower()]


def test_cuts_are_called_by_their_names() -> None:
    named = words("zh-Hans", agent={"a17": "王芳"})
    assert cut_label(figure(cut={"agent": "a17"}), named) == "王芳"
    assert cut_label(figure(cut={"agent": "a18"}), named) == "a18"
    assert cut_label(figure(cut={"team": "", "agent": "a17"}), named) == "（未填）、王芳"
    assert cut_label(figure(), named) == "全部"


def team(name: str, value: int | None, **fields: Any) -> Figure:  # noqa: ANN401 (fields of Figure)
    state = SampleSize.FULL if value is not None else SampleSize.FEW
    return figure(value, cut={"team": name}, **{"state": state, **fields})


def drawn(*figures: Figure) -> BarChart:
    chart = bars_of(figures, words("zh-Hans"))
    assert chart is not None
    return chart


def test_bars_have_those_with_a_value_and_are_lighter_where_it_may_change() -> None:
    chart = drawn(team("北区", 90), team("南区", None), team("东区", 70, provisional=True), team("西区", 50, n=12))
    assert [bar.label for bar in chart.bars] == ["北区", "东区", "西区"]
    assert [bar.is_unsure for bar in chart.bars] == [False, True, False]
    assert [bar.text for bar in chart.bars] == ["90%（n=40）", "70%（n=40）", "50%（n=12）"]
    assert (chart.title, int(chart.most)) == ("满意率", 100)


def test_one_bar_is_no_chart_and_neither_is_one_below_zero() -> None:
    assert bars_of([team("北区", 70, metric="nps"), team("南区", -20, metric="nps")], words()) is None
    assert bars_of([team("北区", 90), team("南区", None)], words()) is None
    nothing = [team(name, 0, interval=Interval(0, 2.1, "Wilson")) for name in ("北区", "南区")]
    assert bars_of(nothing, words()) is None, "a chart without a bar"
    assert bars_of([*nothing, team("东区", 5)], words()) is not None
    assert bars_of([], words()) is None


@pytest.mark.parametrize(
    ("metric", "values", "most"),
    [
        ("csat", (10, 20), 100),
        ("resends_of_problems", (150, 20), 150),
        ("mean", (4, 3), 5),
        ("mean", (9, 3), 10),
        ("nps", (70, 20), 70),
        ("closings", (312, 20), 312),
        ("time_to_done", (7200, 60), 7200),
    ],
)
def test_the_axis_ends_where_the_metric_does(metric: str, values: tuple[int, int], most: int) -> None:
    figures = [team(str(value), value, metric=metric) for value in values]
    assert drawn(*figures).most == most


def test_the_axis_of_times_has_room_for_the_interval() -> None:
    wide = team("北区", 3600, metric="time_to_done", interval=Interval(1800.0, 9000.0, "ranks"))
    assert drawn(wide, team("南区", 1800, metric="time_to_done")).most == 9000


@pytest.mark.parametrize("locale", PHRASES.texts)
def test_every_metric_is_explained_in_every_language(locale: str) -> None:
    figures = [figure(metric=metric) for metric in CATALOGUE]
    (section,) = appendix_of(figures, words(locale))
    table = section.blocks[0]
    assert isinstance(table, Table)
    assert len(table.rows) == len(CATALOGUE)
    assert all(cell.text for row in table.rows for cell in row)


def test_nothing_is_explained_where_there_are_no_figures() -> None:
    assert appendix_of([], words()) == ()


def test_a_reason_that_has_no_words_is_told_by_its_name() -> None:
    assert cells(figure_table([figure(excluded={"eclipse": 3})], words()))["Note"] == "3 left out"


def test_metrics_that_leave_out_the_same_are_told_together() -> None:
    left_out = {"malicious": 2, "too_fast": 1}
    several = [figure(metric=name, excluded=left_out) for name in ("csat", "mean")]
    (computed,) = appendix_of([*several, figure(metric="bad_review_rate", excluded={"malicious": 9})], words("zh-Hans"))
    (told,) = (block for block in computed.blocks if isinstance(block, Paragraph))
    assert [line for line in told.lines if "未计" in line] == [
        "满意率、平均分未计：恶意评价 2；答得太快 1。",
        "差评率未计：恶意评价 9。",
    ]


def test_what_only_counts_does_not_repeat_itself_as_its_n() -> None:
    count = figure(12, metric="complaints", n=12)
    assert cells(figure_table([count], words("zh-Hans"))) == {"指标": "投诉数", "数值": "12"}
    both = figure_table([count, figure(metric="complaint_rate")], words("zh-Hans"))
    assert [row[2].text for row in both.rows] == ["", "40"]
