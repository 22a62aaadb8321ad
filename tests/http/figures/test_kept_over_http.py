"""What the API tells of kept figures is what it tells without, before and after whatever any door changes."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from storage.reads.figures.kept_figures import KeptReads
from storage.unit_of_work.changes import Record
from tests.support.database.answered import closed_visit, store_records
from tests.support.web.house import House

OCTOBER, SEPTEMBER = datetime(2026, 10, 15, 4, tzinfo=UTC), datetime(2026, 9, 15, 4, tzinfo=UTC)
PERIOD = {"period": "2026-10"}
ANSWERED = "/api/v1/surveys/after_service/answers"
ASKED: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "everything": ("/api/v1/reports/summary", PERIOD),
    "by team": ("/api/v1/reports/summary", {**PERIOD, "by": "team"}),
    "by team and question": ("/api/v1/reports/summary", {**PERIOD, "by": "team,question", "metric": "csat,mean"}),
    "beside the month before": ("/api/v1/reports/summary", {**PERIOD, "by": "dimension", "compare": "previous"}),
    "beside both": ("/api/v1/reports/summary", {**PERIOD, "by": "category", "compare": "previous,year"}),
    "some days": ("/api/v1/reports/summary", {"from": "2026-10-03", "to": "2026-10-20", "by": "agent"}),
    "trend": ("/api/v1/reports/trend", {**PERIOD, "metric": "csat", "back": "2"}),
    "quadrants": ("/api/v1/reports/quadrants", PERIOD),
    "review": ("/api/v1/reports/review", PERIOD),
    "levels of answers": (ANSWERED, PERIOD),
    "levels of answers of a month before": (ANSWERED, {"period": "2026-09"}),
    "targets": ("/api/v1/metrics/targets", PERIOD),
}
ENTERED = {
    "kind": "figure",
    "metric": "orders",
    "period": "2026-10",
    "by": "李工",
    "numerator": 900,
    "origin": "ERP",
}
CLOSED_AGAIN = {
    "status": "closed",
    "closed_at": "2026-10-20T04:00:00Z",
    "team": "south",
    "resent": True,
    "warranty": True,
    "customer": {"id": "c-0", "name": "customer 0"},
}
COMPLAINT = {"title": "空调不制冷", "ticket": "desk/0"}


async def told(api: httpx.AsyncClient, name: str) -> Any:  # noqa: ANN401 (JSON is anything)
    path, wanted = ASKED[name]
    answer = await api.get(path, params=dict(wanted))
    assert answer.status_code == 200, answer.text
    return answer.json()


async def as_computed(house: House, api: httpx.AsyncClient) -> dict[str, Any]:
    """Return what is told where nothing is much, nor kept from before."""
    reader, kept = house.web.reader, house.web.reader.kept
    reader.much, reader.kept = 5000, KeptReads(house.store)
    found = {name: await told(api, name) for name in ASKED}
    assert reader.kept.waiting() == [], "what is little is not kept"
    reader.kept = kept
    return found


async def as_kept(house: House, api: httpx.AsyncClient) -> dict[str, Any]:
    """Return what is told where all is much; what is kept waits to be stored, and is found."""
    house.web.reader.much, house.web.reader.computes = 1, True
    return {name: await told(api, name) for name in ASKED}


@pytest.fixture(name="served")
async def _served(house: House) -> House:
    """Keep two months of rated closings in two teams."""
    records = list[Record]()
    for place, month in enumerate((OCTOBER, SEPTEMBER)):
        for n in range(24):
            number = str(n + 24 * place)
            rated = {"attitude": 1 + n % 5, "response_speed": 1 + (n * 3 + place) % 5}
            cut: Any = {"team": ("north", "south")[n % 2], "category": ("leak", "noise")[n // 12], "agent": f"a{n % 3}"}
            records += closed_visit(number, month + timedelta(hours=5 * n), rated, **cut)
    await store_records(house.store, OCTOBER, *records)
    return house


@pytest.mark.proof
async def test_it_is_the_same_and_computed_once(served: House, api: httpx.AsyncClient) -> None:
    expected = await as_computed(served, api)
    assert await as_kept(served, api) == expected
    kept = {one.key: one for one in served.web.reader.kept.waiting()}
    assert await as_kept(served, api) == expected
    assert {one.key: one for one in served.web.reader.kept.waiting()} == kept


@pytest.mark.some(1)
@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PUT", "tickets/desk/0", CLOSED_AGAIN),
        ("POST", "issues", COMPLAINT),
        ("POST", "entries", ENTERED),
        ("DELETE", "customers/c-1", None),
    ],
    ids=["a ticket is reported", "somebody complains", "orders are entered", "somebody is forgotten"],
)
async def test_whatever_a_door_changes_is_told_at_once(
    served: House, api: httpx.AsyncClient, method: str, path: str, body: Mapping[str, Any] | None
) -> None:
    await as_kept(served, api)
    answer = await api.request(method, f"/api/v1/{path}", json=body)
    assert answer.is_success, answer.text
    kept = await as_kept(served, api)
    assert kept == await as_computed(served, api)


@pytest.mark.proof
async def test_one_answer_more_is_told_at_once(served: House, api: httpx.AsyncClient) -> None:
    before = await as_kept(served, api)
    late = closed_visit("late", OCTOBER, {"attitude": 1, "response_speed": 1}, team="north")
    await store_records(served.store, OCTOBER, *late)
    after = await as_kept(served, api)
    assert after == await as_computed(served, api)
    assert after["levels of answers"] != before["levels of answers"]
    assert after["levels of answers of a month before"] == before["levels of answers of a month before"]
