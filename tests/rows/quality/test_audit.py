"""A sample of tickets to audit that anybody draws again, and the library of cases without a person in it."""

import csv
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from io import StringIO
from typing import Any

import pytest

from dialogs.interview.model import InterviewState
from tests.rows.visited import cells, visited
from tests.support.database.answered import closed_visit, store_records
from tests.support.web.service import Service

NOON = datetime(2026, 11, 15, 4, tzinfo=UTC)


async def sample(service: Service, **wanted: Any) -> dict[str, Any]:  # noqa: ANN401 (as httpx)
    answer = await service.api.get("/api/v1/reports/sample", params={"period": "2026-11", **wanted})
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


@pytest.mark.row("S1-68")
async def test_the_same_seed_draws_the_same_answered_and_unanswered_tickets(service: Service) -> None:
    visits = [closed_visit(str(n), NOON, {"attitude": 5}) for n in range(20)]
    visits += [closed_visit(str(n), NOON, {}, state=InterviewState.EXPIRED) for n in range(20, 32)]
    visits += [closed_visit(str(n), NOON, None) for n in range(32, 40)]
    await store_records(service.house.store, NOON, *(record for visit in visits for record in visit))
    told = await sample(service, n=5)
    assert (told["seed"], told["answered"]["of"], told["unanswered"]["of"]) == ("2026-11", 20, 20)
    drawn = [one["ticket"] for one in told["answered"]["tickets"]]
    by_hand = sorted((f"desk/{n}" for n in range(20)), key=lambda name: sha256(f"2026-11\n{name}".encode()).hexdigest())
    assert drawn == by_hand[:5]  # by what is printed: seed and method
    assert "SHA-256 of seed" in told["method"]
    assert all(one["response"] for one in told["answered"]["tickets"])
    assert {one["status"] for one in told["unanswered"]["tickets"]} <= {"expired", "quarantine"}
    assert await sample(service, n=5) == told
    more = [one["ticket"] for one in (await sample(service, n=8))["answered"]["tickets"]]
    assert more[:5] == drawn
    other = await sample(service, n=5, seed="审计组 11 月")
    assert other["seed"] == "审计组 11 月"
    assert [one["ticket"] for one in other["answered"]["tickets"]] != drawn
    assert (await sample(service, period="2026-10"))["answered"] == {"of": 0, "tickets": []}
    wrong = await service.api.get("/api/v1/reports/sample", params={"period": "soon"})
    assert wrong.status_code == 422


async def solved(service: Service, number: int) -> None:
    """Let a complaint of Mei, who is called by her name everywhere, be put right."""
    about: dict[str, Any] = {
        "category": "漏水",
        "product": "AC-300",
        "cause": "密封圈老化",
        "measure": "换密封圈",
        "device": "SN-77",
    }
    await visited(service, f"{number}", "mei", **about)
    new = {"title": "王美丽家漏水", "text": "王美丽说第三次了，电话 13800001111", "ticket": f"desk/{number}"}
    opened = (await service.api.post("/api/v1/issues", json=new)).json()
    path = f"/api/v1/issues/{opened['id']}"
    judged = {"by": "李工", "verdict": "valid", "category": "repeated_repair", "remedy": "repair"}
    await service.api.post(f"{path}/judge", json=judged)
    await service.passes(timedelta(hours=5))
    done = {"by": "李工", "note": "王美丽您好，换好了。", "root_cause": "王美丽家水压高", "notify": False}
    await service.api.post(f"{path}/resolve", json=done)


@pytest.mark.row("S2-19")
async def test_a_new_dimension_leaves_history_as_it_was_and_cases_are_told_without_the_person(service: Service) -> None:
    old = [closed_visit(str(n), NOON, {"attitude": 4, "after_care": 5}, version="2") for n in range(10, 16)]
    await store_records(service.house.store, NOON, *(record for visit in old for record in visit))
    before = await cells(service, "mean", "dimension", "value", "n")
    asked = {"attitude": 5, "after_care": 4, "green_service": 3}
    new = [closed_visit(str(n), NOON, asked, version="3") for n in range(20, 26)]
    await store_records(service.house.store, NOON, *(record for visit in new for record in visit))
    after = await cells(service, "mean", "dimension", "value", "n")
    assert before == {"attitude": (4, 6), "after_care": (5, 6)}
    assert after == {"attitude": (4.5, 12), "after_care": (4.5, 12), "green_service": (3, 6)}
    for number in range(2):
        await solved(service, number)
    answer = await service.api.get("/api/v1/reports/cases", params={"period": "2026-11"})
    first, second = answer.json()["cases"]
    assert [first["number"], second["number"]] == [1, 2]
    words = ("problem", "product", "cause", "measure", "complaint_category", "verdict", "remedy", "hours_to_resolve")
    assert [first[name] for name in words] == [
        *("漏水", "AC-300", "密封圈老化", "换密封圈", "repeated_repair", "valid", "repair"),
        5,
    ]
    rows = await service.api.get("/api/v1/reports/cases", params={"period": "2026-11", "format": "csv"})
    assert [row["measure"] for row in csv.DictReader(StringIO(rows.text))] == ["换密封圈", "换密封圈"]
    for text in (answer.text, rows.text):
        assert not any(told in text for told in ("王美丽", "13800001111", "mei", "desk/", "iss_", "SN-77", "李工"))
