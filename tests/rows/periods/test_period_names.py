"""Periods are weeks, months, quarters, half-years, years and any days, on the clocks of the company."""

from zoneinfo import ZoneInfo

import pytest

from config.settings.loading import load_settings
from scoring.values import replace
from tests.rows.periods.november import DECEMBER, answers, published, standing, visited
from tests.support.web.service import Service

LAST_ONES = {
    "2025-W52": ("2025-12-22", "monday", "2025-12-28"),
    "2026-10": ("2026-10-01", "thursday", "2026-10-31"),
    "2026-Q3": ("2026-07-01", "wednesday", "2026-09-30"),
    "2026-H1": ("2026-01-01", "thursday", "2026-06-30"),
    "2025": ("2025-01-01", "wednesday", "2025-12-31"),
    "2026-11-03": ("2026-11-03", "tuesday", "2026-11-03"),
    "2026-10-01..2026-10-16": ("2026-10-01", "thursday", "2026-10-15"),
}


@pytest.mark.parametrize("name", LAST_ONES)
async def test_a_period_tells_its_days_its_first_weekday_and_its_zone_and_is_published(
    service: Service, name: str
) -> None:
    told = await standing(service, name)
    assert (told["first_day"], told["first_weekday"], told["last_day"]) == LAST_ONES[name]
    assert (told["period"], told["timezone"], told["provisional"]) == (name, "Asia/Shanghai", False)
    assert (told["from"], told["to"][10:]) == (f"{told['first_day']}T00:00:00+08:00", "T00:00:00+08:00")
    assert (await published(service, period=name)).status_code == 201
    (summary,) = (await service.api.get(f"/api/v1/periods/{name}/figures")).json()["content"]
    assert (summary["period"], summary["from"], summary["timezone"]) == (name, told["from"], "Asia/Shanghai")
    assert summary["figures"][0]["id"].split(":")[1] == name


async def test_the_zone_is_the_companys_and_a_revision_keeps_that_of_the_first(service: Service) -> None:
    assert (await published(service, period="2026-10")).status_code == 201
    receiver = service.house.web.receiver
    receiver.adopt(replace(receiver.policy, timezone=ZoneInfo("Europe/Berlin")))
    told = await standing(service, "2026-10")
    assert (told["from"], told["to"]) == ("2026-10-01T00:00:00+02:00", "2026-11-01T00:00:00+01:00")
    kept = (await service.api.get("/api/v1/periods/2026-10/figures")).json()
    assert (kept["from"], kept["timezone"]) == ("2026-10-01T00:00:00+08:00", "Asia/Shanghai")
    assert (await published(service, period="2026-10")).status_code == 200


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("2026-10-16..2026-10-16", "is not after from"),
        ("2026-10-16..2026-10-01", "is not after from"),
        ("2026-10-16..then", "write its days as 2026-11-01..2026-12-01"),
        ("0001-10-16..2026-10-16", "is not within the years"),
        ("October", "is no period"),
    ],
)
async def test_what_is_no_period_is_refused_with_the_reason(service: Service, name: str, problem: str) -> None:
    answer = await service.api.get(f"/api/v1/periods/{name}")
    assert answer.status_code == 422
    assert problem in answer.json()["errors"][0]["problem"]


@pytest.mark.parametrize(
    ("name", "ends"),
    [
        ("2026-W47", "2026-11-22T16:00:00Z"),
        ("2026-11", "2026-11-30T16:00:00Z"),
        ("2026-Q4", "2026-12-31T16:00:00Z"),
        ("2026-H2", "2026-12-31T16:00:00Z"),
        ("2026", "2026-12-31T16:00:00Z"),
        ("2026-11-22", "2026-11-22T16:00:00Z"),
        ("2027", "2027-12-31T16:00:00Z"),
        ("2026-11-01..2026-12-16", "2026-12-15T16:00:00Z"),
    ],
    ids=[
        "a week",
        "a month",
        "a quarter",
        "half a year",
        "a year",
        "a day",
        "a year to come",
        "days",
    ],
)
async def test_an_unfinished_period_is_provisional_in_every_language_and_not_published(
    service: Service, name: str, ends: str
) -> None:
    for locale, word in {"zh-Hans": "暂定", "zh-Hant": "暫定", "en": "provisional"}.items():
        told = await standing(service, name, locale=locale)
        assert (told["provisional"], told["text"]) == (True, word)
    refused = await published(service, period=name)
    assert refused.status_code == 409
    assert f"{name} is not over before {ends}: until then its figures are provisional" in refused.json()["detail"]
    assert (await standing(service, name))["published"] == []


FISCAL = {
    "2025-W52": ("2025-12-22", "2025-12-28"),
    "2026-10": ("2026-10-01", "2026-10-31"),
    "2026-Q3": ("2026-07-01", "2026-09-30"),
    "2026-H1": ("2026-01-01", "2026-06-30"),
    "2025": ("2025-01-01", "2025-12-31"),
    "2026-10-01..2026-10-16": ("2026-10-01", "2026-10-15"),
    "FY2025": ("2025-04-01", "2026-03-31"),
    "FY2026-H1": ("2026-04-01", "2026-09-30"),
    "FY2026-Q2": ("2026-07-01", "2026-09-30"),
}


@pytest.mark.row("S1-05")
async def test_periods_of_every_length_and_of_the_fiscal_year_are_counted_and_published_in_the_companys_zone(
    service: Service,
) -> None:
    unset = await service.api.get("/api/v1/periods/FY2026-Q2")
    assert unset.json()["errors"][0]["problem"].endswith("set team.fiscal_year_from to its first month")
    receiver = service.house.web.receiver
    first = load_settings({"HUIFANG_TEAM__FISCAL_YEAR_FROM": "4"}).team.fiscal_year_from
    receiver.adopt(replace(receiver.policy, fiscal_from=first, timezone=ZoneInfo("Asia/Tokyo")))
    for name, days in FISCAL.items():
        told = await standing(service, name)
        assert (told["first_day"], told["last_day"], told["timezone"]) == (*days, "Asia/Tokyo")
        assert (await published(service, period=name)).status_code == 201
        if len(name) <= 20:
            counted = (await service.api.get("/api/v1/reports/summary", params={"period": name})).json()
            assert (counted["period"], counted["from"], counted["to"]) == (name, told["from"], told["to"])
    running = await published(service, period="FY2026")
    assert "FY2026 is not over before 2027-03-31T15:00:00Z" in running.json()["detail"]


@pytest.mark.row("S1-73")
@pytest.mark.parametrize("name", ["2026-W47", "2026-11"])
async def test_each_rating_tells_its_source_and_weeks_and_months_their_first_day_and_zone(
    service: Service, name: str
) -> None:
    for number, source in enumerate(("phone", "phone", "paper", "platform", "sms", "web", "onsite")):
        await service.closes(str(number))
        said = {"source": source, "by": "王芳", "ticket": f"desk/{number}", "answers": {"attitude": {"value": 5}}}
        entered = await service.api.post("/api/v1/responses", json=said)
        assert entered.json()["channel"] == source
    await visited(service, 9)
    await answers(service, 9)
    await service.passes(DECEMBER - service.now)
    told = await standing(service, name)
    weekday = {"2026-W47": ("2026-11-16", "monday"), "2026-11": ("2026-11-01", "sunday")}[name]
    assert (told["first_day"], told["first_weekday"], told["timezone"]) == (*weekday, "Asia/Shanghai")
    assert (await published(service, period=name, cuts=["", "channel"])).status_code == 201
    whole, apart = (await service.api.get(f"/api/v1/periods/{name}/figures")).json()["content"]
    assert (whole["from"], whole["timezone"]) == (f"{weekday[0]}T00:00:00+08:00", "Asia/Shanghai")
    sources = {"onsite": 1, "paper": 1, "phone": 2, "platform": 1, "sandbox": 5, "sms": 1, "web": 1}
    csat = next(one for one in whole["figures"] if one["metric"] == "csat")
    assert csat["sources"] == sources
    assert {one["cut"]["channel"]: one["n"] for one in apart["figures"] if one["metric"] == "csat"} == sources
