"""A month beside the one before and the same of the year before; and targets told as shown, missed or undecided."""

import csv
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

import pytest

from config.settings.loading import load_settings
from scoring.values import replace
from tests.support.database.answered import closed_visit, store_records
from tests.support.web.service import Service

NOW, BEFORE, YEAR = (datetime(year, month, 12, 4, tzinfo=UTC) for year, month in ((2026, 11), (2026, 10), (2025, 11)))


async def visited(service: Service, at: datetime, values: list[int]) -> None:
    """Store visits of a day, each with a rating of the attitude."""
    each = [closed_visit(f"{at:%y%m%d}-{n}", at, {"attitude": value}) for n, value in enumerate(values)]
    await store_records(service.house.store, service.now, *(record for visit in each for record in visit))


async def figures(service: Service, metric: str, compare: str, **wanted: str) -> list[dict[str, Any]]:
    given = {"period": "2026-11", "metric": metric, "compare": compare, **wanted}
    answer = await service.api.get("/api/v1/reports/summary", params=given)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["figures"]
    return found


@pytest.mark.row("S3-15")
async def test_a_month_stands_beside_the_one_before_and_the_year_before_each_with_n_and_interval(
    service: Service,
) -> None:
    await visited(service, NOW, [5] * 18 + [3] * 2)
    await visited(service, BEFORE, [5] * 8 + [2] * 12)
    await visited(service, YEAR, [5] * 17 + [3] * 3)
    (csat,) = await figures(service, "csat", "previous,year", by="question", locale="zh-Hans")
    assert (csat["value"], csat["n"]) == (90, 20)
    assert csat["interval"]["low"] == pytest.approx(69.90, abs=0.01)
    month, year = csat["change"], csat["year_change"]
    assert (month["before"], month["n"], month["verdict"], month["text"]) == (40, 20, "higher", "比上期高")
    assert [month["low"], month["high"]] == pytest.approx([21.88, 61.34], abs=0.01)
    assert (year["before"], year["n"], year["verdict"], year["text"]) == (85, 20, "not_clear", "和去年同期看不出差别")
    assert [year["low"], year["high"]] == pytest.approx([63.96, 94.76], abs=0.01)
    assert year["p"] == 1
    given = {"period": "2026-11", "metric": "csat", "compare": "previous,year", "by": "question", "format": "csv"}
    (row,) = csv.DictReader(StringIO((await service.api.get("/api/v1/reports/summary", params=given)).text))
    assert [row[name] for name in ("before", "n_before", "verdict", "before_year", "n_year", "verdict_year")] == [
        "40.0",
        "20",
        "higher",
        "85.0",
        "20",
        "not_clear",
    ]
    assert float(row["low_year"]) == year["low"]


@pytest.mark.row("S3-15")
async def test_counts_and_times_stand_beside_earlier_ones_without_a_verdict_and_shares_with_one(
    service: Service,
) -> None:
    await visited(service, BEFORE - timedelta(days=30), [5])  # so that the month before is known as a whole
    await visited(service, NOW, [5] * 20)
    await visited(service, BEFORE, [5] * 30)
    found = {
        one["metric"]: one for one in await figures(service, "closings,response_rate,csat,time_to_done", "previous")
    }
    closings, rate, csat = (found[name]["change"] for name in ("closings", "response_rate", "csat"))
    assert (closings["before"], closings["n"], closings["verdict"]) == (30, 30, "not_tested")
    assert (rate["before"], rate["n"], rate["verdict"], rate["p"]) == (100, 30, "not_clear", 1)
    assert csat["verdict"] == "not_clear"
    assert found["time_to_done"]["change"] is None  # nothing is known of either
    assert [one["year_change"] for one in found.values()] == [None] * 4


async def test_what_only_issues_are_cut_by_is_compared_too(service: Service) -> None:
    await visited(service, NOW, [5] * 6)
    for _ in range(2):
        opened = await service.api.post("/api/v1/issues", json={"title": "漏水"})
        assert opened.status_code == 201
        service.house.clock.passes(-timedelta(days=30))
    found = await figures(service, "complaints", "previous", by="kind")
    assert [(one["cut"]["kind"], one["change"]["before"], one["change"]["verdict"]) for one in found] == [
        ("manual", 0, "not_tested")
    ]


@pytest.mark.row("S3-15")
@pytest.mark.parametrize(
    ("period", "then"),
    [
        ("2026-11", datetime(2025, 11, 30, 4, tzinfo=UTC)),
        ("2026-Q4", datetime(2025, 10, 1, 4, tzinfo=UTC)),
        ("2026-W46", datetime(2025, 11, 10, 4, tzinfo=UTC)),
        ("2026-11-12", datetime(2025, 11, 12, 4, tzinfo=UTC)),
    ],
)
async def test_a_year_before_means_the_same_months_weeks_or_dates(
    service: Service, period: str, then: datetime
) -> None:
    await visited(service, NOW, [5] * 6)
    await visited(service, then, [4] * 6)
    await visited(service, then - timedelta(days=95), [1] * 6)
    (mean,) = await figures(service, "mean", "year", by="question", period=period)
    assert (mean["year_change"]["before"], mean["year_change"]["n"], mean["change"]) == (4, 6, None)


@pytest.mark.row("S1-51")
async def test_the_three_targets_are_told_as_shown_missed_or_undecided_at_this_n(service: Service) -> None:
    wanted = ("csat >= 95", "time_to_first_reply <= 24h for 95", "accuracy >= 98")
    settings = load_settings({"HUIFANG_TEAM__TARGETS": "\n".join(wanted)})
    receiver = service.house.web.receiver
    receiver.adopt(replace(receiver.policy, targets=settings.team.targets))

    async def told() -> dict[str, tuple[float | None, int, str]]:
        answer = await service.api.get("/api/v1/metrics/targets", params={"period": "2026-11"})
        return {one["target"]: (one["value"], one["n"], one["verdict"]) for one in answer.json()["items"]}

    assert set((await told()).values()) == {(None, 0, "no_data")}
    await visited(service, NOW, [5] * 19 + [1])
    for number in range(20):
        opened = NOW.isoformat()
        replied = (NOW + timedelta(hours=1 if number else 30)).isoformat()
        await service.closes(f"v{number}", opened_at=opened, first_replied_at=replied, closed_at=opened)
    entry = {"kind": "figure", "metric": "accuracy", "period": "2026-11", "by": "李工", "origin": "抽查"}
    await service.api.post("/api/v1/entries", json={**entry, "numerator": 940, "denominator": 1000})
    assert await told() == {
        "csat >= 95": (95, 20, "not_shown"),  # 76 to 99 %
        "time_to_first_reply <= 24h for 95": (95, 20, "not_shown"),
        "accuracy >= 98": (94, 1000, "missed"),
    }
    answer = await service.api.get("/api/v1/metrics/targets", params={"period": "2026-11"})
    csat = answer.json()["items"][0]
    assert [csat["low"], csat["high"]] == pytest.approx([76.39, 99.11], abs=0.01)
    await visited(service, NOW + timedelta(days=1), [5] * 300)
    assert (await told())["csat >= 95"][2] == "reached"


@pytest.mark.row("S1-98")
async def test_four_rates_stand_in_the_catalogue_and_what_is_accurate_is_entered(service: Service) -> None:
    catalogue = {one["id"]: one for one in (await service.api.get("/api/v1/metrics")).json()["items"]}
    for metric, name in (
        ("done_on_time", "完工及时率 约定时间之前完工的 ÷ 约过时间的"),
        ("bad_review_rate", "差评率 打 1 分或 2 分的答案 ÷ 全部有效答案"),
        ("complaints_resolved", "投诉解决率 已处理完的投诉 ÷ 全部投诉"),
        ("accuracy", "准确率 录入的：做对的件数 ÷ 查过的件数"),
    ):
        told = catalogue[metric]
        assert f"{told['name']['zh-Hans']} {told['formula']['zh-Hans']}".startswith(name)
        assert catalogue[metric]["unit"] == "percent"
    assert catalogue["accuracy"]["source"] == "entered"
