"""Customers who made a suggestion are told what came of it, once each, in the chat they used."""

from datetime import timedelta
from typing import Any

from tests.support.web.campaigns import Letter, letters, started, told
from tests.support.web.service import Service

HOUR = timedelta(hours=1)
TEXT = "{name}您好，您上次说起「{subject}」，我们把预约时间改成了 8:00–20:00，谢谢您的建议。"


async def _resolved(service: Service, ticket: str, root_cause: str) -> None:
    """Open an issue about a ticket, and resolve it for this reason."""
    body: dict[str, Any] = {"title": "建议：预约时段太少", "ticket": f"desk/{ticket}"}
    issue = (await service.api.post("/api/v1/issues", json=body)).json()["id"]
    resolution = {"by": "李工", "note": None, "root_cause": root_cause, "notify": False}
    assert (await service.api.post(f"/api/v1/issues/{issue}/resolve", json=resolution)).is_success


async def test_you_said_we_did_reaches_each_who_said_it_once(service: Service) -> None:
    for ticket, customer in (("1", "mei"), ("2", "mei"), ("3", "li"), ("4", "wang")):
        person = {"name": {"mei": "王女士", "li": "李先生", "wang": "汪先生"}[customer]}
        await service.closes(ticket, customer, subject="预约", person=person)
    for ticket in ("1", "2", "3"):
        await _resolved(service, ticket, "预约时段")
    await _resolved(service, "4", "配件")
    campaign = await started(
        service, name="您说我们改", kind="notice", text=TEXT, audience={"root_causes": ["预约时段"]}
    )
    await service.passes(HOUR)
    said = "您好，您上次说起「预约」，我们把预约时间改成了 8:00–20:00，谢谢您的建议。"
    assert await letters(service, campaign) == [Letter("li", f"李先生{said}"), Letter("mei", f"王女士{said}")]
    assert (await told(service, campaign))["status"] == "finished"


async def test_who_wants_no_messages_is_not_told(service: Service) -> None:
    await service.closes("1", "mei", person={"contacts": [{"channel": "sandbox", "address": "phone"}]})
    await _resolved(service, "1", "预约时段")
    await service.says("退订")
    campaign = await started(service, name="您说我们改", kind="notice", text="改好了", audience={})
    await service.passes(HOUR)
    assert await letters(service, campaign) == []
    assert (await told(service, campaign))["progress"]["skipped"] == {"opted_out": 1}
