"""What each kind of report tells: chapters in three languages, earlier periods, one subject, cuts by two keys."""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest

from config.locale.phrases import load_phrases
from config.surveys.load import read_surveys
from dialogs.interview.model import InterviewState
from dialogs.reports.answer_levels import survey_section
from dialogs.reports.document import ReportKind, Table
from dialogs.reports.figure_parts import ReportWords
from tests.support.database.answered import closed_visit, store_records
from tests.support.web.house import House

OCTOBER = datetime(2026, 10, 15, 4, tzinfo=UTC)
SEPTEMBER = datetime(2026, 9, 15, 4, tzinfo=UTC)
TELLING_THEIR_OWN = {ReportKind.CHECKS, ReportKind.APPRAISAL, ReportKind.PRIVACY, ReportKind.TOPICS}
"""Kinds whose numbers are none of the catalogue, and which say themselves how they are computed."""
WITHOUT_METRICS = {
    *TELLING_THEIR_OWN,
    *(ReportKind.DISTRIBUTION, ReportKind.IMPROVEMENTS, ReportKind.IMPORTANCE),
}
"""Kinds that tell no metric of the catalogue."""
OF_KIND = {
    "subject": {"of": "team:north"},
    "team": {"of": "team:north"},
    "scorecard": {"of": "agent:a1"},
}
"""What some kinds of reports are asked for besides."""
WITHOUT_RATINGS = {
    *WITHOUT_METRICS,
    *(ReportKind.PROBLEMS, ReportKind.REPEATS, ReportKind.QUALITY, ReportKind.CLAIMS, ReportKind.DATA_QUALITY),
}
"""Kinds that tell no figure of what customers rated."""
YEAR_BEFORE = datetime(2025, 10, 15, 4, tzinfo=UTC)
DIMENSIONS = ("response_speed", "problem_solving", "attitude", "convenience", "after_care")


async def rated(house: House, at: datetime, rating: int, numbers: range, **cut: Any) -> None:  # noqa: ANN401 (as `closed_visit`)
    """Store a response for each number, every question with the same rating."""
    ratings = dict.fromkeys(DIMENSIONS, rating)
    visits = [closed_visit(str(n), at, ratings, **cut) for n in numbers]
    await store_records(house.store, at, *(record for visit in visits for record in visit))


async def told(api: httpx.AsyncClient, kind: str, **wanted: str) -> Any:  # noqa: ANN401 (JSON is anything)
    asked = {"period": "2026-10", "format": "json", **wanted}
    answer = await api.get(f"/api/v1/reports/documents/{kind}", params=asked)
    assert answer.status_code == 200, answer.text
    return json.loads(answer.content)


def rows(document: Any, title: str) -> list[dict[str, str]]:  # noqa: ANN401 (as above)
    """Return the rows of the first table of a chapter, by column."""
    section = next(one for one in document["sections"] if one["title"] == title)
    table = next(block for block in section["blocks"] if "rows" in block)
    return [dict(zip(table["columns"], (cell["text"] for cell in row), strict=True)) for row in table["rows"]]


CHAPTERS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "summary": {
        "zh-Hans": (
            "售后服务情况表",
            *("投诉数量和类别", "客户满意度", "服务响应时间", "服务效率", "哪些数字先别当真"),
        ),
        "zh-Hant": (
            "售後服務情況表",
            *("投訴數量和類別", "客戶滿意度", "服務回應時間", "服務效率", "哪些數字先別當真"),
        ),
        "en": (
            "Service summary",
            "Complaints by number and category",
            "Customer satisfaction",
            "Response time",
            "Handling time",
            "Which figures not to trust yet",
        ),
    },
    "problems": {
        "zh-Hans": ("补发统计表", "补发单数和占比"),
        "zh-Hant": ("補發統計表", "補發單數和占比"),
        "en": ("Goods sent again", "Sent again, and its shares"),
    },
    "distribution": {
        "zh-Hans": ("满意度调查汇总表", "售后服务评价"),
        "zh-Hant": ("滿意度調查彙總表", "售後服務評價"),
        "en": ("Satisfaction survey results", "After-sales service"),
    },
    "subject": {
        "zh-Hans": ("服务报告", "工作量", "客户满意度", "服务响应时间", "返修和投诉"),
        "zh-Hant": ("服務報告", "工作量", "客戶滿意度", "服務回應時間", "返修和投訴"),
        "en": (
            "Service report",
            "Work",
            "Customer satisfaction",
            "Response time",
            "Repairs again, and complaints",
        ),
    },
    "review": {
        "zh-Hans": (
            "服务质量分析",
            *(
                "一眼看懂",
                "做得好的",
                "要改进的",
                "响应速度",
                "服务质量",
                "问题解决",
                "服务人员",
                "反馈和建议",
                "问题与处理",
            ),
        ),
        "zh-Hant": (
            "服務品質分析",
            *(
                "一眼看懂",
                "做得好的",
                "要改進的",
                "回應速度",
                "服務品質",
                "問題解決",
                "服務人員",
                "意見和建議",
                "問題與處理",
            ),
        ),
        "en": (
            "Service quality review",
            "At a glance",
            "Clearly good",
            "To be improved",
            "Speed of response",
            "Quality of service",
            "Solving problems",
            "People",
            "Feedback and suggestions",
            "Issues and what was done",
        ),
    },
}
"""The title and the chapters of each kind, by language."""


@pytest.mark.parametrize("kind", CHAPTERS)
async def test_chapters_are_named_in_three_languages(house: House, api: httpx.AsyncClient, kind: str) -> None:
    await rated(house, OCTOBER, 5, range(6), team="north")
    wanted = OF_KIND.get(kind, {})
    for locale, names in CHAPTERS[kind].items():
        document = await told(api, kind, locale=locale, **wanted)
        assert (document["title"], *(one["title"] for one in document["sections"])) == names


async def test_earlier_periods_stand_beside_each_figure_with_what_may_be_said(
    house: House, api: httpx.AsyncClient
) -> None:
    await rated(house, OCTOBER, 5, range(20))
    await rated(house, SEPTEMBER, 1, range(100, 120))
    await rated(house, YEAR_BEFORE, 5, range(200, 220))
    document = await told(api, "figures", by="question", metric="csat", locale="zh-Hans")
    for row in rows(document, "满意率"):
        assert (row["数值"], row["n"], row["上期"], row["去年同期"]) == ("100%", "20", "0%", "100%")
        assert row["说明"].startswith("高于上期；≈去年同期")


async def test_a_difference_that_may_be_chance_is_called_so(house: House, api: httpx.AsyncClient) -> None:
    await rated(house, OCTOBER, 5, range(19))
    await rated(house, OCTOBER, 1, range(19, 20))
    await rated(house, SEPTEMBER, 5, range(100, 118))
    await rated(house, SEPTEMBER, 1, range(118, 120))
    document = await told(api, "figures", by="question", metric="csat", locale="en")
    for row in rows(document, "Satisfied (CSAT)"):
        assert (row["Value"], row["Period before"]) == ("95%", "90%")
        assert "≈ period before" in row["Note"]
        assert not {"higher", "lower"} & set(row["Note"].replace(";", " ").split())


async def test_a_subject_tells_of_nobody_else_and_calls_an_agent_by_name(house: House, api: httpx.AsyncClient) -> None:
    await rated(house, OCTOBER, 5, range(10), agent="a1")
    await rated(house, OCTOBER, 1, range(10, 20), agent="a2")
    document = await told(api, "subject", of="agent:a1", locale="zh-Hans")
    assert document["head"][0] == "服务人员：agent a1"
    work, satisfaction = rows(document, "工作量"), rows(document, "客户满意度")
    assert [(row["指标"], row["数值"]) for row in work[:3]] == [
        ("关闭工单", "10"),
        ("发出邀请", "10"),
        ("有回答", "10"),
    ]
    assert [(row["指标"], row["数值"]) for row in satisfaction[:2]] == [("满意率", "100%"), ("平均分", "5")]
    assert "a2" not in json.dumps(document, ensure_ascii=False)


async def test_cuts_by_two_keys_name_both_and_the_best_stands_first(house: House, api: httpx.AsyncClient) -> None:
    await rated(house, OCTOBER, 3, range(10), team="north", agent="a1")
    await rated(house, OCTOBER, 5, range(10, 20), team="south", agent="a2")
    document = await told(api, "figures", by="team,agent", metric="mean", locale="zh-Hans")
    found = [(row["班组、服务人员"], row["数值"]) for row in rows(document, "平均分")]
    assert found == [("south、agent a2", "5"), ("north、agent a1", "3")]


async def test_where_less_is_better_the_least_stands_first(house: House, api: httpx.AsyncClient) -> None:
    await rated(house, OCTOBER, 1, range(10), team="north")
    await rated(house, OCTOBER, 5, range(10, 20), team="south")
    document = await told(api, "figures", by="team", metric="bad_review_rate", locale="zh-Hans")
    assert [row["班组"] for row in rows(document, "差评率")] == ["south", "north"]


async def test_of_few_people_only_their_number_is_told_and_they_stand_last(
    house: House, api: httpx.AsyncClient
) -> None:
    await rated(house, OCTOBER, 5, range(4), team="small")
    await rated(house, OCTOBER, 3, range(10, 30), team="north")
    await rated(house, OCTOBER, 4, range(30, 50), team="south")
    document = await told(api, "figures", by="team", metric="mean", locale="zh-Hans")
    found = [(row["班组"], row["数值"]) for row in rows(document, "平均分")]
    assert [name for name, _ in found[:1]] == ["south"]
    last = dict(found)["small"]
    assert last == "目前只有 4 条，满 5 条才计算"
    values = [cell.get("value") for row in every_row(document) if row[1]["text"] == "small" for cell in row]
    assert set(values) == {None, 20}, "the number of their answers, and nothing that they gave"


def every_row(document: Any) -> list[Any]:  # noqa: ANN401 (as above)
    """Return the rows of all tables."""
    blocks = [block for section in document["sections"] for block in section["blocks"]]
    return [row for block in blocks for row in block.get("rows", ())]


@pytest.mark.parametrize(
    ("period", "first", "last"),
    [
        ("2026-W40", "2026年9月28日", "2026年10月4日"),
        ("2026-Q3", "2026年7月1日", "2026年9月30日"),
        ("2026-H2", "2026年7月1日", "2026年12月31日"),
        ("2026", "2026年1月1日", "2026年12月31日"),
        ("2026-10-15", "2026年10月15日", "2026年10月15日"),
    ],
)
async def test_the_head_names_the_first_and_the_last_day(
    api: httpx.AsyncClient, period: str, first: str, last: str
) -> None:
    document = await told(api, "summary", period=period, locale="zh-Hans")
    assert document["head"][0] == f"{first} 至 {last}"


async def test_an_open_period_is_provisional_at_its_head_and_in_each_line(house: House, api: httpx.AsyncClient) -> None:
    november = datetime(2026, 11, 10, 4, tzinfo=UTC)
    await rated(house, november, 4, range(10))
    document = await told(api, "figures", period="2026-11", metric="csat,mean", locale="zh-Hans")
    assert document["head"][1] == "暂定：这段时间还没结束，数字还会变"
    notes = [row["说明"] for row in rows(document, "数据")]
    assert len(notes) == 2
    assert all("暂定" in note for note in notes)


@pytest.mark.some(7)
@pytest.mark.parametrize("kind", [*ReportKind])
async def test_every_report_ends_with_how_it_was_computed(house: House, api: httpx.AsyncClient, kind: str) -> None:
    await rated(house, OCTOBER, 5, range(10), team="north")
    wanted = OF_KIND.get(kind, {})
    document = await told(api, kind, locale="zh-Hans", **wanted)
    if kind in WITHOUT_METRICS:
        lines = [line for section in document["appendix"] for line in section["blocks"][0]["lines"]]
        assert bool(lines) is (kind in TELLING_THEIR_OWN)
        return
    (section,) = document["appendix"]
    table, meaning = section["blocks"]
    metrics = {row[0]["text"] for row in table["rows"]}
    named = {row[0]["text"] for row in every_row(document)}
    named |= {block["table"] for one in document["sections"] for block in one["blocks"] if "table" in block}
    assert metrics & named
    assert meaning["lines"][-1] == "计算规则第 1 版"


@pytest.mark.some(1)
@pytest.mark.parametrize("form", ["html", "csv", "json"])
async def test_the_same_report_twice_is_the_same_file(house: House, api: httpx.AsyncClient, form: str) -> None:
    await rated(house, OCTOBER, 5, range(10), team="north")
    await rated(house, OCTOBER, 2, range(10, 40), team="south")
    asked = {"period": "2026-10", "format": form, "by": "team"}
    first, again = [(await api.get("/api/v1/reports/documents/figures", params=asked)).content for _ in range(2)]
    assert first == again
    assert len(first) > 1000


async def test_a_report_is_not_kept_by_caches_and_needs_a_key(house: House, api: httpx.AsyncClient) -> None:
    path = "/api/v1/reports/documents/summary"
    answer = await api.get(path, params={"period": "2026-10"})
    assert answer.headers["cache-control"] == "no-store"
    async with house.client(key=None) as stranger:
        assert (await stranger.get(path)).status_code == 401


async def test_means_on_different_scales_are_neither_drawn_beside_each_other_nor_put_in_order(
    house: House, api: httpx.AsyncClient
) -> None:
    await rated(house, OCTOBER, 4, range(10))
    ten = [closed_visit(str(n), OCTOBER, {"overall": 6}, survey="ten_point", version="3") for n in range(20, 30)]
    await store_records(house.store, OCTOBER, *(record for visit in ten for record in visit))
    document = await told(api, "figures", by="survey", metric="mean", locale="zh-Hans")
    (section,) = document["sections"]
    assert not [block for block in section["blocks"] if "chart" in block]
    assert [row["数值"] for row in rows(document, "平均分")] == ["4", "6"]


@pytest.mark.parametrize(
    ("n", "said"), [(4, "不满 5 份，先不公布"), (50, "先不公布：对照别的数字，能看出个别人打了几分")]
)
def test_a_question_without_shares_says_why(n: int, said: str) -> None:
    survey = read_surveys(Path("no-files-of-an-owner"))["satisfaction_4"]
    words = ReportWords(load_phrases(), "zh-Hans", ZoneInfo("Asia/Shanghai"), {})
    (table,) = survey_section(survey, {"price": (n, None)}, words).blocks
    assert isinstance(table, Table)
    assert [cell.text for cell in table.rows[0]] == ["价格", str(n), said, "", "", ""]


def test_answers_on_a_scale_that_the_question_had_before_draw_no_bar() -> None:
    survey = read_surveys(Path("no-files-of-an-owner"))["satisfaction_4"]
    words = ReportWords(load_phrases(), "zh-Hans", ZoneInfo("Asia/Shanghai"), {})
    (table,) = survey_section(survey, {"price": (6, {9: 6})}, words).blocks
    assert isinstance(table, Table)
    assert [cell.text for cell in table.rows[0]] == ["价格", "0", "还没有数据", "", "", ""]
    _, both = survey_section(survey, {"price": (10, {9: 2, 4: 6, 3: 2})}, words).blocks
    assert isinstance(both, Table)
    assert [cell.text for cell in both.rows[0]] == ["价格", "8", "75%", "25%", "0%", "0%"]


@pytest.mark.some(7)
@pytest.mark.parametrize("kind", [*ReportKind])
async def test_interviews_that_go_on_are_told_of_as_unfinished(house: House, api: httpx.AsyncClient, kind: str) -> None:
    await rated(house, OCTOBER, 5, range(10), team="north")
    await rated(house, OCTOBER, 1, range(20, 22), team="north", state=InterviewState.RATING)
    wanted = OF_KIND.get(kind, {})
    for locale in ("zh-Hans", "zh-Hant", "en"):
        document = json.dumps(await told(api, kind, locale=locale, **wanted), ensure_ascii=False)
        if locale == "zh-Hans" and kind not in WITHOUT_RATINGS:
            assert re.search("还在回答 (2|10)", document)
