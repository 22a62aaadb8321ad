"""A measure has metric, baseline and target, and a new round says whether it helped: the response was to be halved."""

from datetime import timedelta
from typing import Any

import pytest

from tests.support.web.service import Service

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
PLAN: dict[str, Any] = {
    "measure": "增加人手，优化派单，1 小时内回话",
    "metric": "time_to_first_reply",
    "target": 3600,
    "owner": "李工",
    "due": "2026-12-22",
    "by": "王经理",
    "baseline": "2026-11-01..2026-11-22",
    "verify": "2026-12-23..2027-01-10",
}
"""Within thirty days; today is 2026-11-22."""


async def replied(service: Service, prefix: str, waits: list[int], ago: timedelta) -> None:
    """Report tickets of which the first reply took so many minutes."""
    closed = service.now - ago
    for number, wait in enumerate(waits):
        opened = closed - timedelta(hours=20)
        times = {"opened_at": opened, "first_replied_at": opened + wait * MINUTE, "closed_at": closed}
        told = {name: at.isoformat() for name, at in times.items()}
        await service.closes(f"{prefix}{number}", **told)


async def posted(service: Service, path: str, status: int = 200, **body: Any) -> dict[str, Any]:  # noqa: ANN401 (JSON is anything)
    answer = await service.api.post(f"/api/v1/findings{path}", json={"by": "王经理", **body})
    assert answer.status_code == status, answer.text
    told: dict[str, Any] = answer.json()
    return told


async def verified(service: Service, after: list[int], **more: str) -> dict[str, Any]:
    """Halve the time of two hours, or not: return the finding after the new round."""
    await replied(service, "b", [100, 110, 120, 130, 140] * 3, 2 * DAY)
    finding = await posted(service, "", 201, text="平均响应 2 小时，太慢", department="客服部", kind="low_item")
    path = f"/{finding['id']}"
    await posted(service, f"{path}/measure", **PLAN | more)
    await posted(service, f"{path}/done")
    await service.passes(55 * DAY)
    await replied(service, "a", after, 10 * DAY)
    return await posted(service, f"{path}/verify")


@pytest.mark.row("S2-15")
async def test_a_measure_keeps_finding_metric_baseline_target_and_action(service: Service) -> None:
    await replied(service, "b", [100, 110, 120, 130, 140] * 3, 2 * DAY)
    finding = await posted(service, "", 201, text="平均响应 2 小时，太慢", department="客服部", kind="low_item")
    told = await posted(service, f"/{finding['id']}/measure", **PLAN)
    assert (told["text"], told["department"], told["kind"]) == ("平均响应 2 小时，太慢", "客服部", "low_item")
    measure = told["measure"]
    assert (measure["measure"], measure["metric"], measure["target"]) == (
        "增加人手，优化派单，1 小时内回话",
        "time_to_first_reply",
        3600,
    )
    assert (measure["before"]["value"], measure["before"]["n"]) == (7200, 15)
    assert measure["before"]["low"] <= 7200 <= measure["before"]["high"]
    assert (measure["owner"], measure["due_at"]) == ("李工", "2026-12-22T16:00:00Z"), "the end of that day, in Shanghai"
    without = {name: value for name, value in PLAN.items() if name not in {"metric", "due"}}
    refused = await posted(service, f"/{finding['id']}/measure", 422, **without)
    assert {error["field"] for error in refused["errors"]} == {"metric", "due"}


@pytest.mark.row("S2-17")
@pytest.mark.parametrize(
    ("after", "verdict", "status"),
    [
        ([40, 45, 50, 55, 60] * 3, "reached", "reached"),
        ([80, 85, 90, 95, 100] * 3, "not_reached", "open"),
        ([100, 110, 120, 130, 140] * 3, "not_reached", "open"),
        ([40, 45, 50, 55, 60] * 2 + [40, 45, 50, 55], "too_few", "undecided"),
    ],
    ids=["halved", "better, and not enough", "as before", "fourteen tickets"],
)
async def test_the_next_round_says_whether_it_was_reached(
    service: Service, after: list[int], verdict: str, status: str
) -> None:
    told = await verified(service, after)
    (result,) = told["results"]
    assert (told["status"], result["verdict"], result["after"]["n"]) == (status, verdict, len(after))
    assert result["before"]["n"] == 15
    if verdict != "too_few":
        assert result["effect"] == sorted(after)[7] * 60 - 7200
        assert result["low"] <= result["effect"] <= result["high"]
    if status == "open":
        again = await posted(service, f"/{told['id']}/measure", **PLAN | {"due": "2027-02-20", "verify": "2027-03"})
        assert (again["status"], len(again["results"])) == ("planned", 1), "analysed again, adjusted"


@pytest.mark.row("S2-17")
@pytest.mark.parametrize(
    ("after", "verdict", "status"),
    [([40, 45, 50, 55, 60] * 3, "not_clear", "undecided"), ([80, 85, 90, 95, 100] * 3, "not_reached", "open")],
    ids=["the target is met", "it is not"],
)
async def test_what_has_no_interval_is_never_called_reached(
    service: Service, after: list[int], verdict: str, status: str
) -> None:
    told = await verified(service, after, metric="time_to_first_reply_p90")
    (result,) = told["results"]
    assert (result["verdict"], told["status"]) == (verdict, status)
    assert (result["effect"] < 0, result["low"], result["high"]) == (True, None, None)
    await posted(service, f"/{told['id']}/tell", 409)
    refused = await posted(
        service, f"/{told['id']}/measure", 422, **PLAN | {"metric": "complaints", "due": "2027-02-20"}
    )
    (wrong,) = refused["errors"]
    assert (wrong["field"], wrong["problem"].rpartition("; ")[2]) == ("metric", "take complaint_rate")
