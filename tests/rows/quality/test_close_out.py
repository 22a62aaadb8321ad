"""Severe issues are resolved with cause, remedy and verification only, on every door; staff are rated yearly."""

from typing import Any

import pytest

from config.settings.loading import load_settings
from scoring.rules import Severity
from scoring.values import replace
from tests.support.web.service import Service

DONE: dict[str, Any] = {"note": "换了主板，试机两小时正常。"}


async def opened(service: Service, severity: str) -> str:
    new = {"title": "漏电", "severity": severity}
    told = (await service.api.post("/api/v1/issues", json=new)).json()
    assert told["severity"] == severity
    return f"/api/v1/issues/{told['id']}"


async def sent(service: Service, path: str, status: int = 200, **said: Any) -> dict[str, Any]:  # noqa: ANN401 (JSON is anything)
    answer = await service.api.post(path, json={"by": "李工", **said})
    assert answer.status_code == status, answer.text
    found: dict[str, Any] = answer.json()
    return found


def closes_out(service: Service, which: str) -> None:
    """Let the owner say which issues are closed out."""
    receiver = service.house.web.receiver
    alerts = load_settings({"HUIFANG_ALERTS__CLOSE_OUT": which}).alerts
    receiver.adopt(replace(receiver.policy, close_out=alerts.closed_out()))


@pytest.mark.row("S3-19")
async def test_a_severe_issue_is_resolved_with_cause_remedy_and_verification_only(service: Service) -> None:
    closes_out(service, "high")
    severe = await opened(service, "high")
    refused = await sent(service, f"{severe}/resolve", 409, **DONE)
    assert "cause, remedy, verification" in refused["detail"]
    await sent(service, f"{severe}/judge", cause="主板受潮", remedy="exchange")
    refused = await sent(service, f"{severe}/resolve", 409, **DONE)
    assert "once verification are known" in refused["detail"]
    judged = await sent(service, f"{severe}/judge", verification="试机两小时，绝缘 20 兆欧")
    told = judged["judgement"]
    assert (told["cause"], told["remedy"], told["verification"]) == ("主板受潮", "exchange", "试机两小时，绝缘 20 兆欧")
    assert judged["timeline"][-1]["event"] == "judged"
    done = await sent(service, f"{severe}/resolve", **DONE)
    assert (done["status"], done["root_cause"]) == ("resolved", "主板受潮")
    for severity in ("normal", "low"):
        assert (await sent(service, f"{await opened(service, severity)}/resolve", **DONE))["status"] == "resolved"


@pytest.mark.row("S3-19")
async def test_staff_are_rated_once_a_year_by_a_sheet_that_is_entered(service: Service) -> None:
    form = service.house.web.forms["service_staff"]
    values = {item.id: 4 for item in form.items}
    rater = next(role for role in form.raters if role in ("superior", "auditor", "station"))
    sheet = {"form": form.id, "subject": "a17", "period": "2026", "role": rater, "rater": "王经理", "by": "人事"}
    stored = await service.api.post("/api/v1/assessments", json={**sheet, "values": values})
    assert stored.status_code == 201, stored.text
    wanted = {"form": form.id, "subject": "a17", "period": "2026"}
    result = (await service.api.get("/api/v1/assessments/results", params=wanted)).json()
    assert (result["period"], result["total"]) == ("2026", stored.json()["total"])


@pytest.mark.parametrize(
    ("which", "severities"),
    [("off", set()), ("high", {Severity.HIGH}), ("all", set(Severity))],
)
def test_which_issues_are_closed_out_is_a_setting(which: str, severities: set[Severity]) -> None:
    assert load_settings({"HUIFANG_ALERTS__CLOSE_OUT": which}).alerts.closed_out() == severities
    assert load_settings({}).alerts.closed_out() == set()


async def test_a_cause_told_with_the_resolution_counts_and_one_judged_before_is_kept(service: Service) -> None:
    closes_out(service, "all")
    path = await opened(service, "normal")
    await sent(service, f"{path}/judge", remedy="repair", verification="看过照片")
    assert (await sent(service, f"{path}/resolve", root_cause="螺丝松", **DONE))["root_cause"] == "螺丝松"
    other = await opened(service, "normal")
    await sent(service, f"{other}/judge", remedy="repair", verification="看过照片", cause="胶圈老化")
    assert (await sent(service, f"{other}/resolve", **DONE))["root_cause"] == "胶圈老化"
