"""What is asked about published periods is answered in pages and languages, to whoever may read, once for each key."""

from typing import Any

import pytest

from tests.rows.periods.november import november, published
from tests.support.web.service import Service

URL = "/api/v1/periods"
MONTHS = ("2026-07", "2026-08", "2026-09", "2026-10")


async def months(service: Service) -> None:
    for name in MONTHS:
        assert (await published(service, period=name)).status_code == 201


async def listed(service: Service, **wanted: Any) -> tuple[list[str], str | None]:  # noqa: ANN401 (JSON is anything)
    answer = await service.api.get(URL, params=wanted)
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert all("content" not in one for one in told["items"])
    return [one["period"] for one in told["items"]], told["next"]


async def test_revisions_are_listed_by_pages(service: Service) -> None:
    await months(service)
    first, cursor = await listed(service, limit=3)
    rest, end = await listed(service, limit=3, cursor=cursor)
    assert sorted([*first, *rest]) == sorted(MONTHS)
    assert (len(first), len(rest), end) == (3, 1, None)
    assert await listed(service, period="2026-08") == (["2026-08"], None)
    assert await listed(service, about="performance_60_40") == ([], None)


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        ({"cursor": "nonsense"}, "cursor"),
        ({"limit": 0}, "limit"),
        ({"limit": 201}, "limit"),
        ({"period": "2" * 31}, "period"),
        ({"locale": "klingonese-of-the-north"}, "locale"),
    ],
)
async def test_what_cannot_be_listed_is_refused_with_its_field(
    service: Service, wanted: dict[str, Any], field: str
) -> None:
    answer = await service.api.get(URL, params=wanted)
    assert (answer.status_code, [one["field"] for one in answer.json()["errors"]]) == (422, [field])


async def test_the_same_key_of_a_request_gets_the_same_answer(service: Service) -> None:
    headers, body = {"Idempotency-Key": "once"}, {"by": "王经理"}
    first = await service.api.post(f"{URL}/2026-10/figures", json=body, headers=headers)
    again = await service.api.post(f"{URL}/2026-10/figures", json=body, headers=headers)
    other = await service.api.post(f"{URL}/2026-10/figures", json={"by": "李工"}, headers=headers)
    assert first.status_code == again.status_code == other.status_code == 201
    assert first.json() == again.json() == other.json()
    assert (await listed(service))[0] == ["2026-10"]


@pytest.mark.parametrize("locale", ["zh-Hans", "zh-Hant", "en"])
async def test_figures_are_published_in_the_language_that_is_asked_for(service: Service, locale: str) -> None:
    await published(service, period="2026-10", locale=locale)
    (summary,) = (await service.api.get(f"{URL}/2026-10/figures")).json()["content"]
    wanted = {"period": "2026-10", "locale": locale}
    assert summary == (await service.api.get("/api/v1/reports/summary", params=wanted)).json()


async def test_only_the_metrics_are_published_that_are_named(service: Service) -> None:
    told = (await published(service, period="2026-10", metrics=["csat", "nps"], cuts=["", "team"])).json()
    assert (told["asked"], told["metrics"]) == (["", "team"], ["csat", "nps"])
    found = (await service.api.get(f"{URL}/2026-10/figures")).json()["content"]
    assert [one["by"] for one in found] == [[], ["team"]]
    assert {figure["metric"] for one in found for figure in one["figures"]} <= {"csat", "nps"}


async def test_nothing_of_it_is_told_without_a_key(service: Service) -> None:
    await published(service, period="2026-10")
    async with service.house.client(key=None) as nobody:
        for path in ("", "/2026-10", "/2026-10/figures", "/2026-10/figures/content"):
            assert (await nobody.get(f"{URL}{path}")).status_code == 401
        assert (await nobody.post(f"{URL}/2026-10/figures", json={"by": "x"})).status_code == 401


@pytest.mark.some(2)
@pytest.mark.parametrize(
    ("path", "wanted"),
    [
        ("/api/v1/reports/summary", {}),
        ("/api/v1/scores/agent:a17", {}),
        ("/api/v1/metrics/targets", {}),
        ("/api/v1/surveys/after_service/answers", {}),
        ("/api/v1/periods/{period}", {}),
        ("/api/v1/assessments/results", {"form": "department", "subject": "x"}),
    ],
    ids=["a summary", "a score", "targets", "answers to a survey", "a period", "what sheets come to"],
)
async def test_every_answer_about_a_period_tells_that_it_goes_on(
    service: Service, path: str, wanted: dict[str, str]
) -> None:
    await november(service)
    for period, provisional in (("2026-11", True), ("2026-W47", False), ("2026-Q4", True)):
        answer = await service.api.get(path.format(period=period), params={"period": period, **wanted})
        if answer.status_code == 422:
            assert "of whom there is nothing" in answer.text
            continue
        assert answer.json()["provisional"] is provisional, (period, answer.text)
