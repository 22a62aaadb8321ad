"""The report of measures: before and after with intervals, whether each has helped, and which are under way."""

from datetime import timedelta
from typing import Any

import pytest

from bot.jobs.reports.report_documents import asked_report, make_report
from dialogs.reports.document import ReportDocument
from tests.reports.test_report_kinds import told
from tests.rows.improvement.test_measures_planned import PLAN, posted, replied, verified
from tests.support.web.service import Service

DAY = timedelta(days=1)
NEVER_VERIFIED = "这段时间没有验证过的措施。"


def section(document: Any, title: str) -> list[Any]:  # noqa: ANN401 (JSON is anything)
    return next(list(one["blocks"]) for one in document["sections"] if one["title"] == title)


def table(blocks: list[Any]) -> list[dict[str, Any]]:
    found = next(block for block in blocks if "rows" in block)
    names = [f"{name} {at}" if name == "n" else name for at, name in enumerate(found["columns"])]
    return [dict(zip(names, row, strict=True)) for row in found["rows"]]


@pytest.mark.some(1)
@pytest.mark.parametrize(
    ("after", "outcome"),
    [
        ([40, 45, 50, 55, 60] * 3, "见效了：达到目标，变化明显"),
        ([100, 110, 120, 130, 140] * 3, "还没见效：没达到目标"),
        ([40, 45, 50, 55, 60] * 2, "看不出来：人太少"),
    ],
)
async def test_a_measure_is_told_with_both_values_n_change_and_whether_it_helped(
    service: Service, after: list[int], outcome: str
) -> None:
    finding = await verified(service, after)
    document = await told(service.api, "improvements", period="2027-01", locale="zh-Hans")
    blocks = section(document, "验证过的措施")
    assert blocks[0] == {"lines": [f"{outcome}：1 项"]}
    (row,) = table(blocks)
    assert (row["措施"]["text"], row["对象" if "对象" in row else "指标"]["text"]) == (
        PLAN["measure"],
        "首次答复用时（中位数）",
    )
    (result,) = finding["results"]
    assert (row["之前"]["value"], row["n 3"]["value"]) == (result["before"]["value"], result["before"]["n"])
    assert (row["之后"].get("value"), row["n 6"]["value"]) == (result["after"]["value"], result["after"]["n"])
    assert row["目标"]["value"] == 3600
    assert row["有没有用"]["text"] == outcome
    if result["effect"] is not None:
        assert row["变化（95% 区间）"]["value"] == pytest.approx(result["effect"] / 60)
        assert row["变化（95% 区间）"]["text"].startswith(f"{result['effect'] / 60:+.1f} 分钟（")
        assert [block for block in blocks if "chart" in block]
    (formula, *_) = document["appendix"][0]["blocks"][0]["rows"]
    assert formula[0]["text"] == "首次答复用时（中位数）"


async def test_what_is_under_way_is_told_with_owner_date_window_and_state(service: Service) -> None:
    await replied(service, "b", [100, 110, 120, 130, 140] * 3, 2 * DAY)
    finding = await posted(service, "", 201, text="李女士说等了两天", department="客服部", kind="low_item")
    await posted(service, f"/{finding['id']}/measure", **PLAN)
    document = await told(service.api, "improvements", period="2026-12", locale="zh-Hans")
    assert section(document, "验证过的措施") == [{"lines": [NEVER_VERIFIED]}]
    (row,) = table(section(document, "正在做的措施"))
    shown = {name: cell["text"] for name, cell in row.items()}
    assert shown == {
        "措施": PLAN["measure"],
        "指标": "首次答复用时（中位数）",
        "之前": "2小时",
        "n 3": "15",
        "目标": "1小时",
        "谁来做": "李工",
        "期限": "2026年12月22日",
        "用哪段时间的回答验证": "2026年12月23日 至 2027年1月9日",
        "状态": "在做",
    }
    assert "李女士" not in str(document), "a finding may quote somebody, who may have that erased"
    await posted(service, f"/{finding['id']}/done")
    (row,) = table(section(await told(service.api, "improvements", period="2026-12"), "正在做的措施"))
    assert row["状态"]["text"] == "做完，等验证"


async def test_a_period_has_the_measures_that_touch_it(service: Service) -> None:
    await verified(service, [40, 45, 50, 55, 60] * 3)
    for period, n in (("2026-10", 0), ("2026-11", 1), ("2026-12", 1), ("2027-01", 1), ("2027-03", 0)):
        document = await told(service.api, "improvements", period=period, locale="en")
        assert len([block for block in section(document, "Measures that were verified") if "rows" in block]) == n


@pytest.mark.row("S1-55")
async def test_the_review_lists_the_measures_and_what_came_of_them(service: Service) -> None:
    await verified(service, [40, 45, 50, 55, 60] * 3)
    document = await told(service.api, "review", period="2027-01", locale="en")
    (row,) = table(section(document, "Measures, and whether they helped"))
    assert row["Has it helped"]["text"] == "helped: target reached, by a clear change"
    without = await told(service.api, "review", period="2026-10", locale="en")
    assert "Measures, and whether they helped" not in [one["title"] for one in without["sections"]]


async def made(service: Service, kind: str, **more: str) -> ReportDocument:
    policy, reader = service.house.web.receiver.policy, service.house.web.reader
    wanted = dict.fromkeys(("by", "metric", "of"), "") | {"kind": kind, "period": "2027-01", "locale": "en"} | more
    return await make_report(reader, policy, asked_report(wanted, policy, service.now), service.now)


async def test_what_a_measure_was_to_change_is_nothing_that_a_picture_of_the_period_begins_with(
    service: Service,
) -> None:
    await verified(service, [40, 45, 50, 55, 60] * 3)
    review = await made(service, "review")
    (first_reply,) = [one for one in review.headlines if one.name == "Time to first reply (median)"]
    assert first_reply.value == "50 minutes"
    improvements = await made(service, "improvements")
    assert improvements.headlines == ()
    formulas = next(block for one in improvements.appendix for block in one.blocks if hasattr(block, "rows"))
    assert [row[0].text for row in formulas.rows] == ["Time to first reply (median)"]


async def test_a_team_sees_the_measures_of_its_department_and_of_its_cut(service: Service) -> None:
    for department, cut in (("north", {}), ("客服部", {"cut": {"team": "north"}}), ("south", {})):
        finding = await posted(service, "", 201, text="慢", department=department, kind="low_item")
        measure = {"metric": "csat", "target": 90, "measure": f"给 {department} 培训", **cut}
        await posted(service, f"/{finding['id']}/measure", **PLAN | measure)
    document = await told(service.api, "improvements", period="2026-12", of="team:north", locale="zh-Hans")
    rows = table(section(document, "正在做的措施"))
    assert {row["措施"]["text"] for row in rows} == {"给 north 培训", "给 客服部 培训"}
    assert {row["之前"]["text"] for row in rows} == {"还没有数据"}


async def test_a_measure_about_an_agent_tells_the_name(service: Service) -> None:
    await service.closes("1", "mei", agent={"id": "a17", "name": "赵磊"})
    finding = await posted(service, "", 201, text="慢", department="客服部", kind="low_item")
    await posted(service, f"/{finding['id']}/measure", **PLAN | {"cut": {"agent": "a17"}})
    document = await told(service.api, "improvements", period=f"{service.now:%Y-%m}", locale="zh-Hans")
    (row,) = table(section(document, "正在做的措施"))
    assert row["指标"]["text"].endswith("、赵磊")
