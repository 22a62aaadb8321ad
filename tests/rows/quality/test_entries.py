"""What people enter beside what is counted: figures, benchmarks with their source and date, words on a figure."""

from typing import Any

import pytest

from tests.rows.visited import cells, figures, one_figure, table, visited
from tests.support.web.service import Service


async def entered(service: Service, kind: str, metric: str, status: int = 201, **said: Any) -> Any:  # noqa: ANN401 (JSON is anything)
    body = {"kind": kind, "metric": metric, "period": "2026-11", "by": "李工", **said}
    answer = await service.api.post("/api/v1/entries", json=body)
    assert answer.status_code == status, answer.text
    return answer.json()


CSI: dict[str, Any] = {"origin": "中国顾客满意度指数 2025", "dated": "2025-12-20"}


@pytest.mark.row("S1-36")
async def test_returns_are_entered_beside_the_share_of_repairs_done_again(service: Service) -> None:
    for number in range(6):
        await visited(service, f"{number}", "mei", device="SN-1" if number < 2 else f"SN-{number}", category="漏水")
    rate = await one_figure(service, "repeat_repair_rate")
    assert (rate["numerator"], rate["denominator"]) == (1, 6)
    assert await figures(service, "return_rate") == []  # nobody knows
    await entered(service, "figure", "return_rate", numerator=3, denominator=120, origin="ERP")
    returns = await one_figure(service, "return_rate")
    assert (returns["numerator"], returns["denominator"], returns["value"]) == (3, 120, 2.5)
    assert (returns["entered"]["origin"], returns["entered"]["by"], returns["interval"]["method"]) == (
        "ERP",
        "李工",
        "Wilson",
    )
    assert await figures(service, "return_rate", period="2026-10") == []


@pytest.mark.row("S1-30")
async def test_benchmarks_have_source_and_date_and_stand_beside_satisfaction_complaints_and_those_who_come_again(
    service: Service,
) -> None:
    for number in range(10):
        await visited(service, f"{number}", f"c{number % 8}", category="漏水")
    again = await one_figure(service, "returning_customers")
    assert (again["numerator"], again["denominator"], again["value"], again["benchmark"]) == (2, 8, 25, None)
    await entered(service, "benchmark", "returning_customers", value=30, period="2025", **CSI)
    await entered(service, "benchmark", "csat", value=82.5, period="2025", **CSI)
    await entered(service, "benchmark", "complaint_rate", value=1.5, period="2025", **CSI)
    for metric, value in (("returning_customers", 30), ("csat", 82.5), ("complaint_rate", 1.5)):
        told = (await one_figure(service, metric))["benchmark"]
        assert told == {"value": value, "by": "李工", **CSI}, metric
    assert (await one_figure(service, "returning_customers", "2024"))["benchmark"] is None  # not known by then
    nowhere_from = await entered(service, "benchmark", "csat", 422, value=99, period="2026")
    assert nowhere_from["errors"][0]["field"] == "origin"
    undated = await entered(service, "benchmark", "csat", 422, value=99, period="2026", origin="听说")
    assert undated["errors"][0]["field"] == "dated"
    (row,) = await table(service, "complaint_rate", "")
    assert (row["benchmark"], row["benchmark_origin"], row["benchmark_dated"]) == ("1.5", *CSI.values())


@pytest.mark.row("S3-16")
async def test_goods_sent_again_are_told_by_class_and_week_of_all_orders_and_of_problem_orders(
    service: Service,
) -> None:
    for kind, resent, n in (("丢件", True, 3), ("错发漏发", True, 2), ("未收到货", False, 5)):
        for number in range(n):
            await visited(service, f"{kind}-{number}", category=kind, resent=resent)
    week = "2026-W47"
    await entered(service, "figure", "orders", period=week, numerator=400, origin="店铺后台")
    words: dict[str, Any] = {"conclusion": "快递丢件多。", "measures": "换一家快递，贵重的保价。"}
    await entered(service, "remark", "resends", period=week, **words)
    assert await cells(service, "resends", "category", period=week) == {"丢件": 3, "未收到货": 0, "错发漏发": 2}
    of_orders = await cells(service, "resends_of_orders", "category", "numerator", "denominator", "value", period=week)
    assert of_orders["丢件"] == (3, 400, 0.75)
    of_problems = await cells(
        service, "resends_of_problems", "category", "numerator", "denominator", "value", period=week
    )
    assert of_problems["错发漏发"] == (2, 10, 20)
    total = await one_figure(service, "resends", week)
    assert (total["value"], total["remark"]["conclusion"], total["remark"]["measures"]) == (5, *words.values())
    assert (
        (await one_figure(service, "resends_of_orders", week))["value"],
        (await one_figure(service, "orders", week))["value"],
    ) == (1.25, 400)
    (row,) = await table(service, "resends", "", week)
    assert (row["value"], row["conclusion"], row["measures"]) == ("5.0", *words.values())


async def test_an_entry_is_stored_once_corrected_with_a_reason_and_kept_in_the_log(service: Service) -> None:
    said: dict[str, Any] = {"numerator": 3, "denominator": 120, "origin": "ERP"}
    first = await entered(service, "figure", "return_rate", **said)
    assert await entered(service, "figure", "return_rate", 200, **said) == first
    await entered(service, "figure", "return_rate", 409, **said | {"numerator": 4})
    await entered(service, "figure", "return_rate", 200, **said | {"numerator": 4}, reason="漏数一件")
    assert (await one_figure(service, "return_rate"))["numerator"] == 4
    (line,) = (await service.api.get("/api/v1/audit")).json()["items"]
    assert (line["action"], line["detail"]["numerator"], line["detail"]["reason"]) == (
        "entry.corrected",
        "3",
        "漏数一件",
    )
    listed = (await service.api.get("/api/v1/entries", params={"metric": "return_rate"})).json()["items"]
    assert [(one["kind"], one["numerator"]) for one in listed] == [("figure", 4)]


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"metric": "luck"}, "metric"),
        ({"metric": "csat"}, "metric"),  # which is counted
        ({"numerator": None}, "numerator"),
        ({"denominator": None}, "denominator"),
        ({"numerator": 121}, "numerator"),
        ({"origin": ""}, "origin"),
        ({"period": "2027-01"}, "period"),
        ({"period": "soon"}, "period"),
        ({"cut": {"colour": "red"}}, "cut"),
        ({"metric": "orders"}, "denominator"),
    ],
)
async def test_what_cannot_be_entered_is_refused_by_its_field(
    service: Service, said: dict[str, Any], field: str
) -> None:
    right: dict[str, Any] = {"metric": "return_rate", "numerator": 3, "denominator": 120, "origin": "ERP"}
    body = right | said
    refused = await entered(service, "figure", body.pop("metric"), 422, **body)
    assert refused["errors"][0]["field"] == field
    assert (await service.api.get("/api/v1/entries")).json()["items"] == []
