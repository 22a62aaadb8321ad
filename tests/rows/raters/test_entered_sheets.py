"""Sheets of what no ticket tells: skill, exams, managers, costs, goals judged by words, keeping to the process."""

from collections.abc import Mapping
from typing import Any

import httpx
import pytest

from config.errors import ConfigErrors
from config.forms.load import SHIPPED_FORMS, read_form
from tests.reports.kinds.test_repair_reports import chapter, told

URL = "/api/v1/assessments"


async def stored(api: httpx.AsyncClient, form: str, values: Mapping[str, float], **said: Any) -> Any:  # noqa: ANN401 (JSON is anything)
    """Store a sheet by the superior about a17 for the half-year; gives it with its result."""
    who = {"subject": "a17", "period": "2026-H1", "role": "superior", "rater": "王经理", "by": "王经理"}
    answer = await api.post(URL, json={"form": form, "values": values, **who, **said})
    assert answer.is_success, answer.text
    return answer.json()


async def result(api: httpx.AsyncClient, form: str, period: str = "2026-H1", subject: str = "a17") -> Any:  # noqa: ANN401 (as above)
    asked = {"form": form, "subject": subject, "period": period}
    return (await api.get(f"{URL}/results", params=asked)).json()


POSITION = {"position": "维修工"}


@pytest.mark.row("S3-28")
@pytest.mark.parametrize(
    ("word", "points", "grade"), [(4, 100, "优秀"), (3, 85, "良好"), (2, 70, "一般"), (1, 50, "不合格")]
)
async def test_words_become_points_by_a_table_that_is_marked_as_ours(
    api: httpx.AsyncClient, word: int, points: float, grade: str
) -> None:
    goals = dict.fromkeys(("quality", "cooperation", "initiative", "learning"), word)
    sheet = await stored(api, "goals_by_words", goals, words=POSITION)
    assert (sheet["total"], sheet["grade"]) == (points, grade)
    first, _ = (SHIPPED_FORMS / "goals_by_words.toml").read_text("utf-8").split("\n\n", 1)
    assert "is ours" in first


async def test_mixed_words_are_the_mean_of_their_points(api: httpx.AsyncClient) -> None:
    goals = {"quality": 4, "cooperation": 3, "initiative": 2, "learning": 1}
    assert (await stored(api, "goals_by_words", goals, words=POSITION))["total"] == (100 + 85 + 70 + 50) / 4


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ("4 = 100\n3 = 85\n2 = 70\n", "does not say what each point of the scale earns"),
        ("5 = 100\n4 = 100\n3 = 85\n2 = 70\n1 = 50\n", "does not say what each point of the scale earns"),
        ("4 = 101\n3 = 85\n2 = 70\n1 = 50\n", "It is not from 0 to 100."),
    ],
)
def test_a_table_of_words_that_leaves_one_out_or_earns_too_much_is_refused(
    tmp_path: Any,  # noqa: ANN401 (a folder)
    table: str,
    said: str,
) -> None:
    shipped = (SHIPPED_FORMS / "goals_by_words.toml").read_text("utf-8")
    own = tmp_path / "goals_by_words.toml"
    own.write_text(shipped.replace("4 = 100\n3 = 85\n2 = 70\n1 = 50\n", table), "utf-8")
    with pytest.raises(ConfigErrors) as wrong:
        read_form(own)
    assert said in str(wrong.value)


@pytest.mark.row("S1-28")
async def test_skill_is_an_entered_indicator_of_two_who_test_it(api: httpx.AsyncClient) -> None:
    skill = {"practice": 36, "cases": 24, "process": 30}
    sheet = await stored(api, "skills", skill, words=POSITION, role="auditor", rater="周工")
    assert sheet["total"] == 90
    await stored(api, "skills", {**skill, "practice": 26}, words=POSITION)
    joined = await result(api, "skills")
    assert (joined["total"], joined["formula"]) == (86, "auditor 90 × 60 % + superior 80 × 40 %")


@pytest.mark.row("S1-11")
async def test_marks_of_exams_are_entered_each_half_year_and_weighted_with_the_daily_work(
    api: httpx.AsyncClient,
) -> None:
    marks = {"products": 90, "practical": 80, "solving": 70, "service": 27, "duty": 18}
    better = marks | {"products": 100, "practical": 100, "solving": 100}
    first = await stored(api, "half_year", marks, words=POSITION)
    assert [(one["score"], one["weight"]) for one in first["sections"]] == [(41, 50), (45, 50)]
    assert (first["total"], first["grade"]) == (86, "良好")
    assert (await stored(api, "half_year", better, words=POSITION, period="2026-H2"))["total"] == 95
    year = await result(api, "half_year", "2026")
    assert year["total"] == 90.5  # 86, and 95 with full marks
    assert [part["period"] for part in year["parts"]] == ["2026-H1", "2026-H2"]


@pytest.mark.row("S1-92")
async def test_a_manager_has_three_sections_a_grade_and_a_plan_whose_course_is_followed(api: httpx.AsyncClient) -> None:
    values = {"targets": 4, "satisfaction": 4, "speed": 3, "cost": 3, "team": 5, "training": 4}
    plan = {"position": "售后经理", "plan": "每周复盘一次", "follow_up": "十月查一次"}
    sheet = await stored(api, "manager", values, words=plan, period="2026-Q3")
    assert [(one["name"], one["weight"]) for one in sheet["sections"]] == [
        ("部门目标", 40),
        ("营运绩效", 30),
        ("管理绩效", 30),
    ]
    assert (sheet["total"], sheet["grade"]) == (77, "良好")
    document = await told(api, "appraisal", "2026-Q3", of="agent:a17")
    lines = document["sections"][0]["blocks"][1]["lines"]
    assert "改进计划（上级 王经理）：每周复盘一次" in lines
    assert "跟踪情况（上级 王经理）：十月查一次" in lines


@pytest.mark.row("S1-92")
async def test_staff_have_a_scorecard_of_results_ability_and_attitude(api: httpx.AsyncClient) -> None:
    items = ("amount", "quality", "knowledge", "solving", "duty", "teamwork")
    sheet = await stored(api, "appraisal_360", dict.fromkeys(items, 4))
    assert [(one["name"], one["weight"]) for one in sheet["sections"]] == [
        ("个人业绩", 40),
        ("工作能力", 30),
        ("工作态度", 30),
    ]


@pytest.mark.row("S1-63", "S1-48")
async def test_leading_a_team_is_figures_against_targets_each_quarter_and_without_newcomers_those_do_not_count(
    api: httpx.AsyncClient,
) -> None:
    values = {"appraised": 80, "training_done": 50, "meetings": 3}
    about = {"subject": "北区", "period": "2026-Q3", "not_applicable": ["newcomers"]}
    sheet = await stored(api, "lead_team", values, **about)
    assert sheet["total"] == pytest.approx((24 + 20 + 20) / 90 * 100)
    whole = await stored(api, "lead_team", {**values, "newcomers": 100}, subject="南区", period="2026-Q3")
    assert (whole["total"], whole["grade"]) == (74, "良好")


@pytest.mark.row("S1-64")
@pytest.mark.parametrize(("spent", "total"), [((90, 100, 80), 100), ((200, 100, 100), 80), ((200, 200, 200), 50)])
async def test_costs_within_the_budget_earn_all_and_above_it_less(
    api: httpx.AsyncClient, spent: tuple[int, int, int], total: float
) -> None:
    values = dict(zip(("repairs", "parts", "labour"), spent, strict=True))
    sheet = await stored(api, "costs", values, subject="售后部", period="2026-Q3")
    assert sheet["total"] == total


@pytest.mark.row("S4-13")
async def test_keeping_to_the_process_is_checked_on_a_sample_and_told_with_what_follows(api: httpx.AsyncClient) -> None:
    values = {"registered": 95, "assigned": 90, "agreed": 80, "signed": 100, "called_back": 60}
    words = {"checked": "40", "failed": "6", "follow_up": "回访补到本周五"}
    by = {"role": "auditor", "rater": "周工", "subject": "一站", "period": "2026-Q3"}
    assert (await stored(api, "process_check", values, words=words, **by))["total"] == 85
    document = await told(api, "checks", "2026-Q3")
    passed, listed = chapter(document, "检验结果")
    assert passed[1][:3] == ["检验合格率", "85%", "40"]
    assert listed[1] == ["2026-Q3", "一站", "40", "6", "95%", "90%", "80%", "100%", "60%"]
    (follows,) = chapter(document, "跟踪措施")
    assert follows[1] == ["2026-Q3", "一站", "回访补到本周五"]


@pytest.mark.row("S4-19")
async def test_what_support_staff_know_is_a_sheet_of_its_own(api: httpx.AsyncClient) -> None:
    items = ("products", "faults", "rules", "questions", "answers")
    by = {"role": "auditor", "rater": "周工", "words": {"position": "客服", "direction": "三包政策再学一遍"}}
    sheet = await stored(api, "support_knowledge", dict.fromkeys(items, 5) | {"rules": 2}, **by)
    assert (sheet["total"], sheet["grade"]) == (88, "良好")
    assert sheet["words"]["direction"] == "三包政策再学一遍"
