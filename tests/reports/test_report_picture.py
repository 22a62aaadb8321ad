"""A report as a picture for the chat: what stands on it, and that its font has the letters of every text."""

import re
import subprocess
import sys
import tomllib
import unicodedata
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import httpx
import pytest
from fontTools.ttLib import TTFont
from hypothesis import given
from hypothesis import strategies as st

from bot.jobs.reports.report_documents import REPORT_KINDS
from bot.reports import report_picture
from bot.reports.chart_drawings import clipped_label, text_width
from bot.reports.printed_page import UnwrittenReportError
from bot.reports.report_picture import PICTURE_FONT, picture_svg, report_png, wrapped
from dialogs.reports.document import (
    Bar,
    BarChart,
    Block,
    Cell,
    ColumnChart,
    Headline,
    Paragraph,
    PlacedPoint,
    PointChart,
    ReportDocument,
    ReportKind,
    Section,
    StackedBar,
    StackedChart,
    Table,
    Tone,
)
from scoring.values import replace

DEFAULTS = Path(__file__).parents[2] / "config" / "defaults"
SVG = "{http://www.w3.org/2000/svg}"
HUNDRED = Fraction(100)
SATISFIED = Headline("满意率", "88.24%", "n=136", "↑ 上期 81%", Tone.BETTER)
COMPLAINTS = Headline("投诉数", "7", "n=7", "上期 4", note="样本少")
PROVISIONAL = "暂定：这段时间还没结束，数字还会变"


def bars(*named: str, **fields: Any) -> BarChart:  # noqa: ANN401 (fields of Bar)
    return BarChart("满意率", tuple(Bar(name, Fraction(80), "80%（n=40）", **fields) for name in named), HUNDRED)


def document(*blocks: Block, **fields: Any) -> ReportDocument:  # noqa: ANN401 (fields of ReportDocument)
    made = ReportDocument(
        ReportKind.SUMMARY,
        "zh-Hans",
        "售后服务情况表",
        ("2026年11月1日 至 2026年11月30日", "生成于 2026年12月1日 08:00"),
        (Section("客户满意度", blocks),),
    )
    return replace(made, **fields)


def drawn(made: ReportDocument) -> ET.Element:
    return ET.fromstring(picture_svg(made))  # noqa: S314 (our own drawing)


def told(made: ReportDocument) -> list[str]:
    return [each.text or "" for each in drawn(made).iter(f"{SVG}text")]


def sides(png: bytes) -> tuple[int, int]:
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    return int.from_bytes(png[16:20]), int.from_bytes(png[20:24])


# -- what stands on it ------------------------------------------------------------------------------------------------


def test_the_title_stands_above_the_period_and_the_figures() -> None:
    lines = told(document(headlines=(SATISFIED, COMPLAINTS)))
    assert lines[:3] == ["售后服务情况表", "2026年11月1日 至 2026年11月30日", "生成于 2026年12月1日 08:00"]
    assert lines[3:7] == ["满意率", "88.24%", "n=136", "↑ 上期 81%"]
    assert lines[7:] == ["投诉数", "7", "n=7  样本少", "上期 4"]


def test_a_period_that_is_not_over_stands_out() -> None:
    made = document(head=("2026年11月", PROVISIONAL), provisional=PROVISIONAL, headlines=(SATISFIED,))
    (line,) = (each for each in drawn(made).iter(f"{SVG}text") if each.text == PROVISIONAL)
    assert (line.get("fill"), line.get("stroke")) == ("#8a5200", "#8a5200")


@pytest.mark.parametrize(
    ("tone", "colour"), [(Tone.BETTER, "#005a8c"), (Tone.WORSE, "#b34700"), (Tone.NONE, "#595959")]
)
def test_a_change_has_the_colour_of_its_news(tone: Tone, colour: str) -> None:
    made = document(headlines=(replace(SATISFIED, tone=tone),))
    (change,) = (each for each in drawn(made).iter(f"{SVG}text") if each.text == SATISFIED.change)
    assert change.get("fill") == colour


def test_a_long_value_is_written_smaller_and_stays_on_its_card() -> None:
    long = replace(SATISFIED, value="12 天 23 小时 59 分钟", name="从报修到第一次上门用时（中位数，含节假日）")
    root = drawn(document(headlines=(long, COMPLAINTS)))
    (value,) = (each for each in root.iter(f"{SVG}text") if each.text == long.value)
    size = float(value.get("font-size", "0"))
    assert size < 26
    assert text_width(long.value) * size / 14 <= 160
    cards = [each for each in root.iter(f"{SVG}rect") if each.get("rx")]
    assert len({each.get("height") for each in cards}) == 1, "cards beside each other are equally high"


def test_bars_have_their_words_and_light_ones_say_what_they_are() -> None:
    made = document(bars("北区", "南区", low=70.0, high=None, is_unsure=True), legend="浅色：样本少")
    assert told(made)[-6:] == ["客户满意度 · 满意率", "北区", "80%（n=40）", "南区", "80%（n=40）", "浅色：样本少"]
    root = drawn(made)
    assert [each.get("fill-opacity") for each in root.iter(f"{SVG}rect")].count("0.45") == 2
    assert len(list(root.iter(f"{SVG}path"))) == 2


def test_of_many_bars_the_first_and_the_last_are_drawn() -> None:
    lines = told(document(bars(*(f"班组{number}" for number in range(20)))))
    named = [line for line in lines if line.startswith(("班组", "⋯"))]
    assert named == ["班组0", "班组1", "班组2", "班组3", "⋯ +12", "班组16", "班组17", "班组18", "班组19"]


def test_one_bar_more_is_drawn_for_it_takes_no_more_room_than_to_say_so() -> None:
    lines = told(document(bars(*(f"班组{number}" for number in range(9)))))
    assert [line for line in lines if line.startswith(("班组", "⋯"))] == [f"班组{number}" for number in range(9)]


def test_of_columns_the_latest_are_bars_below_each_other() -> None:
    months = tuple(Bar(f"{month} 月\n环比 +1", Fraction(month), f"{month} 分") for month in range(1, 13))
    lines = told(document(ColumnChart("响应速度", months, Fraction(12))))
    assert lines[3:6] == ["客户满意度 · 响应速度", "5 月 环比 +1", "5 分"]
    assert lines[-2:] == ["12 月 环比 +1", "12 分"]


def test_levels_have_their_legend_and_shares() -> None:
    chart = StackedChart(
        "价格", ("满意", "一般", "不满意"), (StackedBar("价格（n=44）", (20, 20, 4)), StackedBar("空", (0, 0, 0)))
    )
    lines = told(document(chart))
    assert lines[3:] == ["客户满意度 · 价格", "满意", "一般", "不满意", "价格（n=44）", "45%", "45%", "9%", "空"]


def test_two_charts_at_most_are_drawn() -> None:
    charts = [replace(bars("北区"), title=f"图{number}") for number in range(4)]
    titles = [line for line in told(document(*charts)) if "图" in line]
    assert titles == ["客户满意度 · 图0", "客户满意度 · 图1"]


def test_a_chart_is_called_by_its_chapter_where_it_has_no_name_and_not_twice() -> None:
    unnamed, same = (replace(bars("北区"), title=title) for title in ("", "客户满意度"))
    assert [line for line in told(document(unnamed, same)) if "满意度" in line] == ["客户满意度", "客户满意度"]


def test_months_of_which_nothing_is_told_are_left_out() -> None:
    months = (Bar("8 月\nn=0", Fraction(0), ""), Bar("9 月\nn=40", Fraction(4), "4 分"))
    assert told(document(ColumnChart("", months, Fraction(5))))[3:] == ["客户满意度", "9 月 n=40", "4 分"]


def test_a_report_without_figures_has_its_words() -> None:
    assert told(document(Paragraph(("这段时间还没有数据。",))))[-1] == "这段时间还没有数据。"


@pytest.mark.parametrize("name", ["<b>&\"'", "a\0b\x0b", "\ud800", "龘𠮷🐉", "\u202etxet", ""])
def test_any_name_can_be_drawn(name: str) -> None:
    assert told(document(bars(name, "南区"), title=name or "报表"))


def test_what_no_font_of_ours_has_is_a_box_and_no_failure() -> None:
    assert sides(report_png(document(bars("ᚠᛇᚻ", "🐉"), title="𠮷🐉")))[0] == 800


TEXTS = st.text(max_size=60)
ENDS = st.none() | st.floats(-10, 200)
BARS = st.builds(
    Bar,
    TEXTS,
    st.fractions(0, 100),
    TEXTS,
    st.none() | st.floats(-10, 200),
    st.none() | st.floats(-10, 200),
    st.booleans(),
)
HEADLINES = st.builds(Headline, TEXTS, TEXTS, TEXTS, TEXTS, st.sampled_from(Tone), TEXTS)


@given(st.lists(BARS, min_size=1, max_size=12), st.lists(HEADLINES, max_size=6), TEXTS)
def test_everything_stays_inside_the_picture(rows: list[Bar], headlines: list[Headline], title: str) -> None:
    made = document(BarChart(title, tuple(rows), HUNDRED), headlines=tuple(headlines), title=title)
    root = drawn(made)
    height = float(root.get("height", "0"))
    for each in root.iter(f"{SVG}rect"):
        assert 0 <= float(each.get("x", "0")) <= float(each.get("x", "0")) + float(each.get("width", "0")) <= 400
    for each in root.iter(f"{SVG}text"):
        assert 0 < float(each.get("y", "0")) < height
        size, x = float(each.get("font-size", "0")), float(each.get("x", "0"))
        width = text_width(each.text or "") * size / 14
        left = {"end": x - width, "middle": x - width / 2}.get(each.get("text-anchor", ""), x)
        assert -1 <= left <= left + width <= 402 or (each.text or "").endswith("…")


@pytest.mark.parametrize(
    ("words", "room", "lines"),
    [
        ("一二三四五六七八九十", 70, ["一二三四五", "六七八九十"]),
        ("a very long title", 80, ["a very", "long title"]),
        ("一二三四五六七八九十一二三四五", 70, ["一二三四五", "六七八九…"]),
        ("一二三四五）六", 70, ["一二三四", "五）六"]),
        ("", 70, []),
    ],
)
def test_words_are_broken_where_their_language_breaks_them(words: str, room: int, lines: list[str]) -> None:
    assert wrapped(words, 14, room, 2) == lines


def test_a_word_longer_than_the_line_is_cut_off() -> None:
    assert clipped_label("abcdefghijklmnop", 70, 14) == "abcdefg…"


# -- as a picture -----------------------------------------------------------------------------------------------------


def test_a_picture_is_twice_as_wide_as_a_phone_and_small() -> None:
    png = report_png(document(bars("北区", "南区"), headlines=(SATISFIED, COMPLAINTS)))
    width, height = sides(png)
    assert width == 800
    assert 400 < height < 2000
    assert len(png) < 200_000


def test_the_same_report_is_the_same_picture() -> None:
    made = document(bars("北区"), headlines=(SATISFIED,))
    assert report_png(made) == report_png(made)


def test_a_picture_that_cannot_be_drawn_is_told_with_what_to_do(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    broken = tmp_path / "python"
    broken.write_text("#!/bin/sh\necho 'No module named resvg_py' >&2\nexit 1\n")
    broken.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(broken))
    with pytest.raises(UnwrittenReportError, match="No module named resvg_py; ask for html"):
        report_png(document(bars("北区")))


def test_a_picture_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    slow = tmp_path / "python"
    slow.write_text("#!/bin/sh\nexec sleep 30\n")
    slow.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(slow))
    monkeypatch.setattr(report_picture, "_SECONDS", 0.1)
    with pytest.raises(UnwrittenReportError, match=r"not drawn within 0.1 s"):
        report_png(document(bars("北区")))


def test_the_library_is_loaded_by_nobody_who_asks_for_no_picture() -> None:
    asked = "import sys, bot.reports.report_formats, bot.reports.report_picture; print('resvg_py' in sys.modules)"
    said = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "False"


# -- letters ----------------------------------------------------------------------------------------------------------


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)


def _shipped(pattern: str) -> set[str]:
    files = sorted(DEFAULTS.glob(pattern))
    assert files, pattern
    return {letter for path in files for text in _texts(tomllib.loads(path.read_text("utf-8"))) for letter in text}


def _is_emoji(letter: str) -> bool:
    return unicodedata.category(letter) in ("So", "Sk", "Cf", "Mn", "Cc") or letter == "\ufe0f"


@pytest.mark.some(2)
@pytest.mark.parametrize(
    "pattern",
    [
        "phrases/zh-Hans.toml",
        "phrases/zh-Hant.toml",
        "phrases/en.toml",
        "surveys/*.toml",
        "forms/*.toml",
        "text/**/*.toml",
    ],
)
def test_every_letter_of_the_texts_is_in_the_font(pattern: str) -> None:
    known = TTFont(str(PICTURE_FONT)).getBestCmap()
    missing = {letter for letter in _shipped(pattern) if ord(letter) not in known and not _is_emoji(letter)}
    assert missing == set(), "make the font anew: python -m tests.reports.picture_font"


@pytest.mark.parametrize("language", ["zh-Hans", "zh-Hant", "en"])
def test_no_text_of_a_report_has_an_emoji(language: str) -> None:
    texts = tomllib.loads((DEFAULTS / "phrases" / f"{language}.toml").read_text("utf-8"))
    shown = {letter for part in ("report", "metric", "figure") for text in _texts(texts[part]) for letter in text}
    known = TTFont(str(PICTURE_FONT)).getBestCmap()
    assert {letter for letter in shown if letter != "\n" and ord(letter) not in known} == set()


def test_the_font_is_free_and_says_so() -> None:
    names = TTFont(str(PICTURE_FONT))["name"]
    assert names.getDebugName(1) == "Noto Sans CJK SC"
    assert re.search("SIL Open Font License, Version 1.1", names.getDebugName(13))
    assert "SIL OPEN FONT LICENSE Version 1.1" in Path(str(PICTURE_FONT)).with_name("LICENSE").read_text("utf-8")


# -- by the API -------------------------------------------------------------------------------------------------------


@pytest.mark.some(9)
@pytest.mark.parametrize("kind", [kind for kind, one in REPORT_KINDS.items() if not one.needs_of])
@pytest.mark.parametrize("locale", ["zh-Hans", "en"])
async def test_a_month_without_answers_is_a_picture_with_words(api: httpx.AsyncClient, kind: str, locale: str) -> None:
    asked = {"period": "2026-10", "format": "png", "locale": locale}
    answer = await api.get(f"/api/v1/reports/documents/{kind}", params=asked)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/png")
    width, height = sides(answer.content)
    assert width == 800
    assert height > 200


async def test_where_nothing_draws_pictures_the_answer_says_what_to_ask_for(
    api: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    broken = tmp_path / "python"
    broken.write_text("#!/bin/sh\nexit 1\n")
    broken.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(broken))
    answer = await api.get("/api/v1/reports/documents/summary", params={"period": "2026-10", "format": "png"})
    assert answer.status_code == 501
    assert "ask for html" in answer.text


def test_points_stand_on_the_picture_with_their_names_below_them() -> None:
    at = (Fraction(4), 3.5, 4.5), (Fraction(62), 55.0, 70.0)
    points = (
        PlacedPoint("响应速度", *at),
        PlacedPoint("后续关怀", (Fraction(2), 1.5, 2.5), (Fraction(91), 85.0, 95.0)),
    )
    chart = PointChart("重要程度和表现", "重要程度", "满意率", points, (Fraction(3), Fraction(80)), ((1, 5), (0, 100)))
    root = drawn(document(chart))
    plot = root.find(f".//{SVG}g/{SVG}svg")
    assert plot is not None
    assert len(list(plot.iter(f"{SVG}circle"))) == 2
    said = [each.text for each in plot.iter(f"{SVG}text")]
    assert "1 响应速度" in said
    assert "2 后续关怀" in said
    place = next(each for each in root.iter(f"{SVG}g") if plot in list(each)).get("transform", "")
    top = float(place.removesuffix(")").split()[1])
    assert top + float(plot.get("height", "nan")) <= float(root.get("height", "0"))
    assert 16 + float(plot.get("width", "nan")) <= 400


def test_a_report_without_figures_is_a_picture_of_its_tables() -> None:
    short = Table(
        ("项目", "自评", "上级"), ((Cell("完成订货"), Cell("5"), Cell("4")), (Cell("总分"), Cell("92"), Cell("78.5")))
    )
    long = Table(
        ("被考核", "考核表", "算法"), ((Cell("陈志强"), Cell("售后服务工作绩效测评表"), Cell("上级 78.5 × 100%")),)
    )
    made = document(short, long)
    said = [each.text for each in drawn(made).iter(f"{SVG}text")]
    assert [one for one in said if one in ("自评", "上级")] == ["上级", "自评"], "columns that end below each other"
    assert "完成订货" in said
    assert "考核表 售后服务工作绩效测评表 · 算法 上级 78.5 × 100%" in said


def test_of_a_long_table_the_first_rows_are_shown_and_the_others_counted() -> None:
    rows = tuple((Cell(f"项目 {number}"), Cell(str(number))) for number in range(30))
    said = [each.text or "" for each in drawn(document(Table(("项目", "份数"), rows))).iter(f"{SVG}text")]
    assert "项目 23" in said
    assert "项目 24" not in said
    assert "⋯ +6" in said
