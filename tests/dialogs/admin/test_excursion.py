"""What the team reads of a chart, in three languages: since when, how many, the limit, and that it is over."""

from zoneinfo import ZoneInfo

import pytest

from dialogs.admin.excursion import excursion_message, excursion_points, recovery_message
from dialogs.admin.lists import AdminLocale
from scoring.honesty.charts import Chart, ChartRules, SharePoint, with_bucket
from tests.dialogs.samples import PHRASES

USUAL = [(2, 30)] * 12
DAYS = "Nov 13, 2026 to Nov 14, 2026"
FIGURE = "bad_review_rate:2026-11-16..2026-11-30:team=north,dimension=attitude"


def drawn(*later: tuple[int, int]) -> Chart:
    """Draw a chart of the days of November, of which the first twelve are as usual."""
    chart = Chart()
    for day, (low, n) in enumerate((*USUAL, *later), 1):
        chart = with_bucket(chart, SharePoint(f"2026-11-{day:02}", f"2026-11-{day + 1:02}", n, low), ChartRules())
    return chart


def speaking(locale: str) -> AdminLocale:
    return AdminLocale(PHRASES, locale, ZoneInfo("Asia/Shanghai"))


@pytest.mark.parametrize(
    ("locale", "first", "second"),
    [
        (
            "zh-Hans",
            "北区「态度」最近明显变差：2026年11月13日到2026年11月14日，60 份评价里有 21 份低分（35%），平时大约 6.9%。",
            "2026年11月14日这一段，30 份里有 12 份；照平时的水平，有 8 份就已经很少见了。",
        ),
        (
            "zh-Hant",
            "北区「态度」最近明顯變差：2026年11月13日到2026年11月14日，60 份評價裡有 21 份低分（35%），平時大約 6.9%。",
            "2026年11月14日這一段，30 份裡有 12 份；照平時的水準，有 8 份就已經很少見了。",
        ),
        (
            "en",
            f"北区, “态度”, has got clearly worse: {DAYS}, 21 low of 60 answers (35%); usual is about 6.9%.",
            "Nov 14, 2026: 12 of 30; at the usual level 8 would be rare already.",
        ),
    ],
)
def test_a_jump_says_since_when_and_from_where_on_it_is_rare(locale: str, first: str, second: str) -> None:
    chart = drawn((9, 30), (12, 30))
    lines = excursion_message(("北区", "态度"), chart, ["desk/1", "desk/2"], FIGURE, speaking(locale)).text.splitlines()
    assert lines[:2] == [first, second]
    assert "desk/1" in lines[3]
    assert lines[4].endswith(f"huifang explain {FIGURE}")


def test_without_tickets_there_is_no_line_of_them() -> None:
    message = excursion_message(("", "态度"), drawn((9, 30)), [], FIGURE, speaking("zh-Hans")).text
    assert message.startswith("没写小组的工单「态度」最近明显变差：2026年11月13日，30 份")
    assert len(message.splitlines()) == 4


def test_a_drift_tells_the_weighted_mean_and_its_limit() -> None:
    chart = drawn(*[(5, 30)] * 8)
    assert chart.state.since
    assert not any(one.verdict == "jump" for one in excursion_points(chart))
    second = excursion_message(("北区", "态度"), chart, [], FIGURE, speaking("zh-Hans")).text.splitlines()[1]
    assert second.startswith("没有哪一段特别突出，可是连着偏高：加权平均 1")


def test_the_end_is_one_line_with_the_figures_of_the_last_point() -> None:
    chart = drawn((12, 30), (2, 30), (0, 30), (0, 30), (1, 30))
    assert not chart.state.since
    over = recovery_message(("北区", "态度"), chart, speaking("zh-Hans")).text
    assert (
        over == "恢复正常：北区「态度」2026年11月17日，30 份评价里有 1 份低分（3.3%），回到平时的范围了（大约 6.9%）。"
    )
