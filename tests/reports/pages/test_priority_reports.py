"""What to work at first: importance beside performance, what stands out by evidence, what customers write of."""

import json
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from tests.reports.test_report_kinds import told
from tests.rows.text.test_phrases import HIGH, LOW
from tests.rows.text.test_phrases import table as phrases_of
from tests.support.database.answered import closed_visit, store_records
from tests.support.database.worded import worded_visit, wrote
from tests.support.web.house import House
from tests.support.web.service import Service

OCTOBER = datetime(2026, 10, 15, 4, tzinfo=UTC)


def blocks(document: Any, title: str) -> list[Any]:  # noqa: ANN401 (JSON is anything)
    return next(list(one["blocks"]) for one in document["sections"] if one["title"] == title)


def rows(found: list[Any], title: str = "") -> list[dict[str, Any]]:
    table = next(one for one in found if "rows" in one and title in one["table"])
    names = [f"{name} {at}" if name in ("n", "95% 区间") else name for at, name in enumerate(table["columns"])]
    return [dict(zip(names, row, strict=True)) for row in table["rows"]]


async def served(house: House, value: int, numbers: range, **cut: Any) -> None:  # noqa: ANN401 (as `closed_visit`)
    visits = [closed_visit(str(n), OCTOBER, {"response_speed": value, "attitude": 5}, **cut) for n in numbers]
    await store_records(house.store, OCTOBER, *(record for visit in visits for record in visit))


@pytest.mark.row("S4-23")
async def test_what_stands_out_is_told_by_every_key_with_its_distance(house: House, api: httpx.AsyncClient) -> None:
    await served(house, 1, range(40), team="north", category="漏水")
    await served(house, 5, range(100, 140), team="south", category="漏水")
    document = await told(api, "evidence", locale="zh-Hans")
    titles = [one["title"] for one in document["sections"]]
    assert titles == ["数据", "按维度", "按班组"], "one category alone stands out from nothing"
    weak, strong = (rows(blocks(document, "按班组"), title) for title in ("要改进的", "做得好的"))
    assert [(row["班组"]["text"], row["数值"]["value"], row["共同水平"]["value"]) for row in weak] == [
        ("north", 50, 75)
    ]
    assert [row["班组"]["text"] for row in strong] == ["south"]
    high = float(weak[0]["95% 区间 3"]["text"].rpartition(" ")[2].rstrip("%"))
    assert weak[0]["至少差多少（百分点）"]["value"] == pytest.approx(75 - high, abs=0.01)
    (speed,) = rows(blocks(document, "按维度"), "要改进的")
    assert speed["维度"]["text"] == "响应速度"
    assert speed["可以怎么做（例）"]["text"].startswith("忙的时候加人手")
    assert blocks(document, "按班组")[-1]["lines"][0].startswith("比了 2 个。")


async def test_where_nothing_stands_out_that_is_said(house: House, api: httpx.AsyncClient) -> None:
    await served(house, 5, range(20), team="north")
    await served(house, 5, range(100, 120), team="south")
    document = await told(api, "evidence", locale="en")
    chart, said = blocks(document, "By team")
    assert chart == {"chart": "Satisfied (CSAT)"}
    assert said["lines"][0] == "Nothing stands out clearly: every interval contains the common level."


async def wrote_of_waiting(service: Service) -> list[dict[str, Any]]:
    """Store what customers wrote this month; return their phrases as the API tells them."""
    slow = "等待时间太长，请打 13800138000"
    await wrote(
        service,
        *(worded_visit(f"slow{n}", service.now, LOW, slow) for n in range(7)),
        *(worded_visit(f"fine{n}", service.now, HIGH, "师傅很耐心") for n in range(20)),
        *(worded_visit(f"form{n}", service.now, HIGH, None, {"attitude": "流程繁琐"}) for n in range(3)),
    )
    return await phrases_of(service)


@pytest.mark.row("S2-14")
async def test_topics_are_told_as_the_phrases_are_the_costliest_first(service: Service) -> None:
    phrases = await wrote_of_waiting(service)
    document = await told(service.api, "topics", period="2026-11", locale="zh-Hans")
    found = blocks(document, "写到的事")
    shown = rows(found)
    assert [row["说法"]["text"] for row in shown] == [one["phrase"] for one in phrases]
    for row, one in zip(shown, phrases, strict=True):
        assert (row["客户"]["value"], row["他们的平均分"]["value"]) == (one["customers"], one["mean"])
        assert row["和别人差"]["value"] == pytest.approx(one["impact"]["difference"])
        assert row["对总平均"]["value"] == pytest.approx(one["impact"]["on_mean"])
    first = shown[0]
    assert (first["说法"]["text"], first["维度"]["text"], first["褒贬"]["text"]) == ("等待时间太长", "响应速度", "批评")
    assert first["95% 区间 8"]["text"].endswith("（7 对 23）")
    assert [one["chart"] for one in found if "chart" in one] == ["把平均分拉低最多的", "把平均分拉高最多的"]
    assert "30 位客户写了 30 份话；不满 5 位客户的说法有 1 个" in found[-1]["lines"][0]
    (computed,) = document["appendix"]
    assert "不说明谁是原因" in computed["blocks"][0]["lines"][0]


async def test_examples_are_masked_and_stand_in_a_chapter_of_their_own(service: Service) -> None:
    await wrote_of_waiting(service)
    document = await told(service.api, "topics", period="2026-11", locale="zh-Hans")
    quoted = json.dumps(blocks(document, "客户的话"), ensure_ascii=False)
    assert "等待时间太长" in quoted
    assert "***" in quoted
    assert "13800138000" not in json.dumps(document, ensure_ascii=False)
    assert "流程繁琐" not in json.dumps(document, ensure_ascii=False), "three customers wrote it"
