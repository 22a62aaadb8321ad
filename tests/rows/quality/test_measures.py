"""Metrics of quality: means and full marks, first-time solving in three measurements, trends beside benchmarks."""

from datetime import timedelta
from typing import Any

import pytest

from tests.rows.quality.test_entries import CSI, entered
from tests.rows.visited import behind, cells, figures, one_figure, visited
from tests.support.web.service import Service

HOUR = timedelta(hours=1)


async def rated(service: Service, number: int, words: str, survey: str = "", **said: Any) -> None:  # noqa: ANN401 (JSON is anything)
    """Close a ticket and let its customer answer at once."""
    if survey:
        await service.rules(f'[[rules]]\nname = "this one"\nsurvey = "{survey}"\n')
    await visited(service, f"{number}", **said)
    await service.api.post(f"/api/v1/tickets/desk/{number}/survey", json={})
    for one in words.split():
        await service.says(one, f"phone-c{number}")


@pytest.mark.row("S2-13")
async def test_a_mean_is_low_strictly_below_three_and_a_half_and_the_proxy_stands_beside_first_time_solving(
    service: Service,
) -> None:
    for number in range(6):
        speed, solving = (4, 3)[number % 2], (5, 5, 5, 4, 4, 2)[number]
        await rated(service, number, f"{speed} {'跳过 ' * (speed < 4)}{solving} {'跳过 ' * (solving < 4)}5 5 5 跳过")
    await service.rules("")
    told = await cells(service, "mean", "question", "value", "n", "low_item")
    assert told["response_speed"] == (3.5, 6, False)  # strictly below
    assert told["problem_solving"] == (pytest.approx(25 / 6), 6, False)
    rates = await cells(service, "score_rate", "question", "numerator", "denominator", "value")
    assert rates["response_speed"] == (21, 30, 70)
    marks = await cells(service, "full_mark_rate", "question", "numerator", "denominator", "value")
    assert marks["problem_solving"] == (3, 6, 50)
    found = {one["metric"]: one for one in await figures(service)}
    proxy = found["first_time_proxy"]
    assert (proxy["numerator"], proxy["denominator"], proxy["value"]) == (3, 6, 50)
    assert "proxy" in proxy["name"]
    assert "proxy" in proxy["formula"]
    assert {"first_time_reported", "first_time_confirmed", "first_time_no_return"} <= found.keys()


@pytest.mark.row("S2-13")
@pytest.mark.parametrize(("ratings", "is_low"), [("7 7 7 6 6", True), ("7 7 7 7 6", False), ("7 6 6 6", None)])
async def test_on_ten_points_the_same_limit_is_6_625_and_few_answers_are_never_called_low(
    service: Service,
    ratings: str,
    is_low: bool | None,  # noqa: FBT001 (a row of the table)
) -> None:
    for number, value in enumerate(ratings.split()):
        await rated(service, number, f"{value} 跳过 9 9 9 9 跳过 跳过", "ten_point")
    low = await cells(service, "mean", "question", "low_item")
    assert low["response_speed"] is is_low


@pytest.mark.row("S1-57")
async def test_a_metric_has_numerator_denominator_a_benchmark_and_a_trend(service: Service) -> None:
    for number in range(12):
        await visited(service, f"{number}", ago=number * timedelta(days=15), rework="external" if number == 0 else "")
    await entered(service, "benchmark", "rework_rate", value=4, period="2025", **CSI)
    wanted = {"metric": "rework_rate", "period": "2026-11", "back": "2", "locale": "en"}
    answer = await service.api.get("/api/v1/reports/trend", params=wanted)
    periods = answer.json()["periods"]
    assert [one["from"][:10] for one in periods] == ["2026-09-01", "2026-10-01", "2026-11-01"]
    (september,), (october,), (november,) = (one["figures"] for one in periods)
    assert [(one["numerator"], one["denominator"]) for one in (september, october, november)] == [
        (0, 2),
        (0, 2),
        (1, 2),
    ]
    assert november["benchmark"] == {"value": 4, "by": "李工", **CSI}
    csv = (await service.api.get("/api/v1/reports/trend", params=wanted | {"format": "csv"})).text.splitlines()
    assert len(csv) == 1 + 3
    catalogue = (await service.api.get("/api/v1/metrics")).json()["items"]
    shares = {metric["id"] for metric in catalogue if metric["unit"] == "percent"}
    found = {one["metric"]: one for one in await figures(service)}
    assert {"numerator", "denominator", "benchmark"} <= set.intersection(*(set(one) for one in found.values()))
    told = {metric for metric in shares & found.keys() if found[metric]["n"] >= 5}
    assert all(found[metric]["denominator"] for metric in told)
    assert (await service.api.get("/api/v1/reports/trend", params={"metric": "luck"})).status_code == 422


@pytest.mark.row("S4-26")
async def test_response_start_solving_and_buying_again_are_in_the_catalogue_and_first_time_solving_is_measured_thrice(
    service: Service,
) -> None:
    for number in range(10):
        opened = service.now - 30 * HOUR
        at = {"opened_at": opened, "requested_at": opened, "first_replied_at": opened + HOUR}
        at |= {"assigned_at": opened + 2 * HOUR, "solved_at": opened + (10 + number) * HOUR}
        told: dict[str, Any] = {name: moment.isoformat() for name, moment in at.items()}
        about = {"service_type": "紧急" if number < 5 else "普通", "category": "漏水"}
        await rated(service, number, "5 5 5 4 5 跳过", solved_first_time=number > 1, **about, **told)
    await visited(service, "again", "c0", category="漏水")
    issues = [
        (await service.api.post("/api/v1/issues", json={"title": "漏水", "ticket": f"desk/{n}"})).json()
        for n in range(6)
    ]
    for issue in issues:
        await service.api.post(f"/api/v1/issues/{issue['id']}/resolve", json={"by": "李工", "note": "修好了。"})
        await service.passes(timedelta(minutes=1))
        await service.says(
            "没解决" if issue is issues[0] else "解决了", f"phone-{issue['tickets'][0].replace('desk/', 'c')}"
        )
    found = {one["metric"]: one for one in await figures(service)}
    assert found["time_to_first_reply"]["value"] == 3600  # 咨询响应
    assert found["time_to_start"]["value"] == 2 * 3600  # 报修后启动
    assert await cells(service, "time_to_first_reply", "service_type", "value") == {
        "紧急": 3600,
        "普通": 3600,
        "": None,
    }
    assert found["time_to_done_mean"]["value"] == pytest.approx(14.5 * 3600)
    thrice = {
        name: (found[name]["numerator"], found[name]["denominator"])
        for name in ("first_time_reported", "first_time_confirmed", "first_time_no_return")
    }
    assert thrice == {"first_time_reported": (8, 10), "first_time_confirmed": (5, 6), "first_time_no_return": (10, 11)}
    csat = await cells(service, "csat", "dimension")
    assert [csat[name] for name in ("problem_solving", "attitude", "convenience")] == [100, 100, 100]
    await entered(service, "figure", "repurchase_rate", numerator=30, denominator=200, origin="CRM")
    assert (await one_figure(service, "repurchase_rate"))["value"] == 15
    catalogue = {one["id"]: one for one in (await service.api.get("/api/v1/metrics")).json()["items"]}
    assert catalogue["repurchase_rate"]["source"] == "entered"
    (first,) = [one for one in await behind(service, "first_time_no_return:2026-11") if one["again"]]
    assert (first["ticket"], first["again"]) == ("desk/0", "desk/again")
