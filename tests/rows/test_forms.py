"""Forms that colleagues, superiors and auditors fill: what each row asks for, through the API and the command line."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.cli import main
from config.forms.load import SHIPPED_FORMS

URL = "/api/v1/assessments"
SMALL = Path(__file__).parents[1] / "config" / "forms" / "small_form.toml"
WORK = ("orders", "arrangements", "estimates", "measures", "effects", "relations", "contact", "knowledge")
CARE = ("on_site_time", "brand", "repair_form", "rules")
ALL_ROUND = ("amount", "quality", "knowledge", "solving", "duty", "teamwork")
KPI = {
    "parts_rate": 90, "parts_money": 28345, "complaint_rate": 88, "complaints": 2, "training_rate": 80, "attitude": 5,
    "conduct": 5, "reports": 10, "rules": 5, "focus": 15,
}  # fmt: skip
SUPERVISOR = {"reports": 10, "faults": 15, "callbacks": 15, "skills": 15, "cost": 10, "values": 10, "others": 25}


def performance(*ratings: int, **changed: Any) -> dict[str, Any]:  # noqa: ANN401 (any JSON)
    """Return a performance sheet by the superior, with ratings in the order of its items."""
    values = dict(zip((*WORK, *CARE), ratings, strict=False))
    return filled("performance_60_40", values, words={"position": "安装工"}) | changed


def filled(form: str, values: Mapping[str, float], role: str = "superior", **changed: Any) -> dict[str, Any]:  # noqa: ANN401 (any JSON)
    """Return a sheet about a17 for the third quarter."""
    who = {"form": form, "subject": "a17", "period": "2026-Q3", "role": role, "rater": "王经理", "by": "王经理"}
    return who | {"values": values} | changed


async def stored(api: httpx.AsyncClient, body: dict[str, Any]) -> dict[str, Any]:
    """Store a sheet, and return what the API says of it."""
    answer = await api.post(URL, json=body)
    assert answer.status_code == 201, answer.text
    told: dict[str, Any] = answer.json()
    return told


async def refused(api: httpx.AsyncClient, body: dict[str, Any]) -> dict[str, str]:
    """Return what a refused sheet is told."""
    answer = await api.post(URL, json=body)
    assert answer.status_code == 422, answer.text
    return {one["field"]: one["problem"] for one in answer.json()["errors"]}


async def joined(api: httpx.AsyncClient, form: str, **wanted: str) -> dict[str, Any]:
    """Return the result about a17."""
    answer = await api.get(f"{URL}/results", params={"form": form, "subject": "a17", "period": "2026-Q3"} | wanted)
    told: dict[str, Any] = answer.json()
    return told


def written(folder: Path, form: str, *changes: tuple[str, str]) -> Path:
    """Write a shipped form with things changed."""
    text = (SHIPPED_FORMS / f"{form}.toml").read_text("utf-8")
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    path = folder / f"{form}.toml"
    path.write_text(text, "utf-8")
    return path


def checked(path: Path, capsys: pytest.CaptureFixture[str]) -> str:
    """Return what is said of a form that is refused."""
    assert main(["survey", "check", str(path)]) == 1
    return capsys.readouterr().err


@pytest.mark.row("S0-01")
async def test_a_sheet_names_person_position_and_period_and_none_is_stored_without_them(api: httpx.AsyncClient) -> None:
    assert await refused(api, performance(*(4,) * 12, words={})) == {"words.position": "is missing"}
    assert "period" in await refused(api, performance(*(4,) * 12, period=""))
    assert "subject" in await refused(api, performance(*(4,) * 12, subject=""))
    told = await stored(api, performance(*(4,) * 12))
    assert (told["subject"], told["words"]["position"], told["period"]) == ("a17", "安装工", "2026-Q3")


@pytest.mark.row("S0-02", "S0-03", "S0-06", "S0-07")
@pytest.mark.parametrize(
    ("ratings", "sections", "total", "grade"),
    [
        ((4, 4, 3, 5, 4, 4, 3, 4, 5, 4, 4, 3), [46.5, 32.0], 78.5, "良好"),
        ((5,) * 12, [60.0, 40.0], 100.0, "优秀"),
        ((4,) * 12, [48.0, 32.0], 80.0, "优秀"),
        ((4,) * 7 + (3,) + (4,) * 4, [46.5, 32.0], 78.5, "良好"),
        ((3,) * 12, [36.0, 24.0], 60.0, "良好"),
        ((3,) * 7 + (2,) + (3,) * 4, [34.5, 24.0], 58.5, "一般"),
        ((2,) * 12, [24.0, 16.0], 40.0, "一般"),
        ((2,) * 7 + (1,) + (2,) * 4, [22.5, 16.0], 38.5, "不合格"),
        ((1,) * 12, [12.0, 8.0], 20.0, "不合格"),
    ],
)
async def test_eight_items_of_60_and_four_of_40_make_the_total_and_its_grade(
    api: httpx.AsyncClient, ratings: tuple[int, ...], sections: list[float], total: float, grade: str
) -> None:
    told = await stored(api, performance(*ratings))
    assert [(one["weight"], one["asked"]) for one in told["sections"]] == [(60.0, 8), (40.0, 4)]
    assert [one["score"] for one in told["sections"]] == sections
    assert (told["total"], told["grade"]) == (total, grade)


@pytest.mark.row("S0-02", "S1-97", "S3-05", "S1-12")
@pytest.mark.parametrize(
    ("form", "bounds"),
    [
        ("performance_60_40", {80: "优秀", 60: "良好", 40: "一般", 0: "不合格"}),
        ("appraisal_360", {90: "优", 80: "良", 70: "中", 60: "较差", 0: "差"}),
        ("supervisor", {100: "非常好", 85: "优秀", 75: "良好", 60: "及格", 0: "不及格"}),
        ("service_staff", {90: "优秀", 80: "良好", 70: "合格", 60: "待提升", 0: "不合格"}),
    ],
)
async def test_a_grade_begins_at_its_bound_and_the_exact_total_decides(
    api: httpx.AsyncClient, form: str, bounds: dict[int, str]
) -> None:
    names = [bounds[bound] for bound in sorted(bounds, reverse=True)]
    text = (SHIPPED_FORMS / f"{form}.toml").read_text("utf-8")
    assert re.findall(r"^at_least = (\d+)", text, re.MULTILINE) == [
        str(bound) for bound in sorted(bounds, reverse=True)
    ]
    assert re.findall(r'^at_least = \d+\nname = { zh-Hans = "(\w+)"', text, re.MULTILINE) == names
    if form != "supervisor":  # the only one whose points give any total
        return
    for place, total in enumerate((100, 99.99, 84.99, 74.99, 59.99)):
        left, values = total, {}
        for item, most in SUPERVISOR.items():
            values[item] = round(min(most, left), 2)
            left = round(left - values[item], 2)
        told = await stored(api, filled(form, values, subject=f"a{place}", words={"position": "主管"}))
        assert (told["total"], told["grade"]) == (total, names[place])


@pytest.mark.row("S0-03")
async def test_an_incomplete_sheet_has_no_grade_and_says_how_many_were_answered(api: httpx.AsyncClient) -> None:
    told = await stored(api, performance(*(5,) * 11))
    assert (told["total"], told["grade"]) == (None, None)
    assert sum(one["answered"] for one in told["sections"]) == 11


@pytest.mark.row("S0-06", "S3-06", "S1-38", "S3-27")
@pytest.mark.parametrize(
    ("form", "change", "problem"),
    [
        ("performance_60_40", ("weight = 40", "weight = 20"), "The weights add up to 80, 20 missing."),
        ("department", ("weight = 20", "weight = 5"), "The weights add up to 85, 15 missing."),
        ("supervisor", ("points = 25", "points = 0.5"), "The points add up to 75.5, 24.5 missing."),
    ],
)
def test_sums_other_than_100_are_refused_with_what_is_missing(
    form: str, change: tuple[str, str], problem: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert problem in checked(written(tmp_path, form, change), capsys)


@pytest.mark.row("S1-38", "S3-06", "S3-27")
@pytest.mark.parametrize(("form", "ours"), [("department", "ours"), ("supervisor", "ours"), ("quarter_kpi", "ours")])
def test_what_completes_a_form_is_marked_as_ours(form: str, ours: str) -> None:
    text = (SHIPPED_FORMS / f"{form}.toml").read_text("utf-8")
    assert text.count("note = ") == 1
    assert ours in text.partition("note = ")[2].splitlines()[0]


async def test_evidence_stands_beside_its_item(api: httpx.AsyncClient) -> None:
    told = await stored(api, performance(*(4,) * 12, evidence={"orders": ["https://example.com/a"]}))
    assert [one["evidence"] for one in told["items"][:2]] == [["https://example.com/a"], []]


@pytest.mark.row("S0-11", "S1-18")
async def test_who_rates_whom_is_data_and_oneself_counts_for_nothing_without_a_weight(api: httpx.AsyncClient) -> None:
    await stored(api, performance(*(4,) * 12))
    await stored(api, performance(*(5,) * 12, role="self", rater="a17"))
    result = await joined(api, "performance_60_40")
    assert {one["role"]: (one["mean"], one["weight"]) for one in result["roles"]} == {
        "superior": (80.0, 100.0),
        "self": (100.0, 0.0),
    }
    assert result["total"] == 80.0
    assert "role" in await refused(api, performance(*(5,) * 12, role="subordinate"))


@pytest.mark.row("S1-95", "S1-96", "S1-89")
@pytest.mark.parametrize(
    ("roles", "total"),
    [
        ({"superior": 5, "peer": 4, "subordinate": 3}, 82.0),
        ({"superior": 5, "subordinate": 3}, 84.0),
        ({"superior": 5, "peer": 4}, 92.0),
        ({"superior": 4}, 80.0),
        ({"peer": 4, "subordinate": 3}, None),
    ],
)
async def test_the_all_round_score_follows_who_has_rated(
    api: httpx.AsyncClient, roles: dict[str, int], total: float | None
) -> None:
    for role, rating in roles.items():
        for rater in range(3):
            body = filled("appraisal_360", dict.fromkeys(ALL_ROUND, rating), role, rater=f"{role}-{rater}")
            told = await stored(api, body)
            assert (told["rater"] is None) is (role != "superior")
    result = await joined(api, "appraisal_360", view="rated")
    assert (result["total"], result["withheld"]) == (total, False)
    assert result["missing"] == ([] if total is not None else ["superior"])


@pytest.mark.row("S1-93", "S1-88")
async def test_the_year_is_the_mean_of_the_quarters_that_there_are(api: httpx.AsyncClient) -> None:
    for quarter, rating in ((1, 5), (3, 4)):
        body = filled("appraisal_360", dict.fromkeys(ALL_ROUND, rating), period=f"2026-Q{quarter}")
        await stored(api, body)
    year = await joined(api, "appraisal_360", period="2026")
    assert (year["total"], year["formula"]) == (90.0, "mean of 2: 2026-Q1 100, 2026-Q3 80")


async def test_a_form_tells_who_signed_it_and_nobody_approves_their_own(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own = tmp_path / "small_form.toml"
    own.write_text(SMALL.read_text("utf-8").replace('approved_by = "丙"', 'approved_by = "乙"'), "utf-8")
    assert "approves what they prepared or checked themselves" in checked(own, capsys)


@pytest.mark.row("S1-100")
async def test_a_single_rater_is_enough(api: httpx.AsyncClient) -> None:
    goals = ("goals", "work", "tasks", "improvement", "training_done")
    told = await stored(api, filled("department", dict.fromkeys(goals, 4), subject="a17"))
    assert [one["weight"] for one in told["sections"]] == [40.0, 15.0, 15.0, 10.0, 20.0]
    assert (await joined(api, "department"))["total"] == 80.0


@pytest.mark.row("S3-26", "S3-27")
@pytest.mark.parametrize(
    ("actual", "total"),
    [
        ({}, 100.0),
        ({"parts_rate": 108}, 101.0),
        ({"parts_rate": 200}, 101.0),
        ({"complaints": 5}, 91.0),
        ({"complaints": 0}, 100.0),
        ({"complaint_rate": 44}, 92.5),
    ],
)
async def test_plans_earn_110_percent_at_most_and_limits_100(
    api: httpx.AsyncClient, actual: dict[str, float], total: float
) -> None:
    assert (await stored(api, filled("quarter_kpi", KPI | actual)))["total"] == total


@pytest.mark.row("S1-86", "S1-87")
@pytest.mark.parametrize(
    ("points", "grade"), [(4, "五星级"), (3.6, "四星级"), (3.2, "三星级"), (2.8, "达标"), (2.7, "未达标")]
)
async def test_clauses_that_do_not_apply_leave_the_points(api: httpx.AsyncClient, points: float, grade: str) -> None:
    clauses = re.findall(r'^id = "(c_\w+)"', (SHIPPED_FORMS / "gbt_27922_part.toml").read_text("utf-8"), re.MULTILINE)
    (delivery,) = [clause for clause in clauses if clause.endswith("5_2_3_2")]
    body = filled("gbt_27922_part", {delivery: points}, "auditor", evidence={delivery: ["https://example.com/"]})
    told = await stored(api, body | {"not_applicable": [clause for clause in clauses if clause != delivery]})
    assert (told["total"], told["grade"]) == (points / 4 * 100, grade)


@pytest.mark.row("S3-33", "S3-35")
@pytest.mark.parametrize(
    ("form", "values", "role", "words"),
    [
        ("workshop_quarter", "first_time rework promised waiting papers final_check", "auditor", {"bay": "一组"}),
        ("quality_check_week", "repair bodywork engine final_check", "auditor", {"checked": "30", "failed": "2"}),
        ("task_sheet", "done in_time customer papers", "superior", {"task": "年度走访"}),
    ],
)
async def test_the_workshops_forms_can_be_filled(
    api: httpx.AsyncClient, form: str, values: str, role: str, words: dict[str, str]
) -> None:
    told = await stored(api, filled(form, dict.fromkeys(values.split(), 5), role, words=words))
    assert told["words"] == words
    assert told["total"] == (5.0 if form == "quality_check_week" else 100.0)


@pytest.mark.row("S1-25", "S1-27")
async def test_the_scorecard_of_four_sides_joins_superior_peers_and_customers(api: httpx.AsyncClient) -> None:
    items = [
        *("manner", "patience", "practice", "cases", "process"),
        *("response", "solving", "success", "rating", "complaints", "returning"),
    ]
    for role, rater, rating in (("superior", "王经理", 5), *(("peer", who, 4) for who in "张李赵")):
        told = await stored(api, filled("four_sides", dict.fromkeys(items, rating), role, rater=rater))
        assert bool(told["sections"]) is (role == "superior")
    sheet = filled("four_sides", dict.fromkeys(items, 3), "customer", rater="", source="phone", sheet_no="1")
    told = await stored(api, sheet)
    assert [(one["name"], one["weight"]) for one in told["sections"]] == [
        ("服务态度", 25.0),
        ("服务技能", 25.0),
        ("服务效率", 25.0),
        ("客户满意度", 25.0),
    ]
    result = await joined(api, "four_sides")
    assert result["formula"] == "superior 100 × 50 % + peer 80 × 20 % + customer 60 × 30 %"
    assert (result["total"], result["grade"]) == (84.0, "良好")


@pytest.mark.row("S1-39")
async def test_an_adjusted_score_keeps_the_first_with_the_reason(api: httpx.AsyncClient) -> None:
    first = await stored(api, performance(*(4,) * 12))
    other = performance(*(3,) * 12, by="总监")
    assert (await api.post(URL, json=other)).status_code == 409
    adjusted = (await api.post(URL, json=other | {"reason": "上级调整"})).json()
    assert (adjusted["id"], adjusted["total"]) == (first["id"], 60.0)
    (entry,) = (await api.get("/api/v1/audit")).json()["items"]
    assert (entry["by"], entry["detail"]["reason"], entry["detail"]["total"]) == ("总监", "上级调整", "80")
