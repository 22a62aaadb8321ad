"""Repairs by class of fault, cause and measure, and claims under warranty by station and model."""

from datetime import timedelta

import pytest

from tests.rows.visited import cells, figures, table, visited
from tests.support.web.service import Service


@pytest.mark.row("S3-30")
async def test_claims_of_a_year_are_told_by_station_and_model_with_their_shares(service: Service) -> None:
    claims = [("一矿", "TR100", 4), ("一矿", "TR50", 2), ("二矿", "TR100", 2)]
    for station, product, n in claims:
        for number in range(n):
            ago = timedelta(days=100 * number)
            await visited(
                service, f"{station}-{product}-{number}", station=station, product=product, warranty=True, ago=ago
            )
    await visited(service, "paid", station="二矿", product="TR50", warranty=False)
    await visited(service, "words", station="二矿", product="TR50", warranty="过保")
    await visited(service, "claim", station="二矿", product="TR50", warranty=True)
    found = await cells(service, "warranty_repairs", "station,product", "value", "share", period="2026")
    assert found == {
        ("一矿", "TR100"): (4, pytest.approx(400 / 9)),
        ("一矿", "TR50"): (2, pytest.approx(200 / 9)),
        ("二矿", "TR100"): (2, pytest.approx(200 / 9)),
        ("二矿", "TR50"): (1, pytest.approx(100 / 9)),
    }
    assert await cells(service, "warranty_repairs", "station", "value", period="2026") == {"一矿": 6, "二矿": 3}
    assert await cells(service, "repairs", "warranty", "value", period="2026") == {"no": 1, "yes": 9, "过保": 1}
    rows = await table(service, "warranty_repairs", "station,product", "2026")
    assert [(row["station"], row["product"], row["value"]) for row in rows[:2]] == [
        ("一矿", "TR100", "4.0"),
        ("一矿", "TR50", "2.0"),
    ]


@pytest.mark.row("S3-31")
async def test_repairs_are_told_by_class_of_fault_with_share_cause_and_measure_in_any_period(service: Service) -> None:
    faults = [
        ("漏水", "密封圈老化", "换密封圈", 6),
        ("噪音", "风扇松动", "紧固风扇", 3),
        ("不制冷", "缺氟", "补漏加氟", 1),
    ]
    for fault, cause, measure, n in faults:
        for number in range(n):
            await visited(service, f"{fault}-{number}", category=fault, cause=cause, measure=measure)
    for period in ("2026-11", "2026-Q4", "2026-W47"):
        told = await cells(service, "repairs", "category", "value", "share", period=period)
        assert told == {"漏水": (6, 60), "噪音": (3, 30), "不制冷": (1, 10)}, period
    assert await cells(service, "repairs", "category,cause") == {(one[0], one[1]): one[3] for one in faults}
    assert await cells(service, "repairs", "cause,measure", "value", "share") == {
        (cause, measure): (n, 10 * n) for _, cause, measure, n in faults
    }
    assert {row["measure"] for row in await table(service, "repairs", "category,measure")} == {one[2] for one in faults}
    (every,) = await figures(service, "repairs")
    assert (every["value"], every["share"]) == (10, None)
