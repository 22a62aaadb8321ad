"""Who is worth a call by a person, where answers come from, and call-backs at regular times."""

from datetime import timedelta
from typing import Any

import pytest

from tests.support.web.campaigns import started
from tests.support.web.service import Service

DAY = timedelta(days=1)
SOURCES = ("web", "sms", "phone", "paper", "onsite", "platform")


async def calls(service: Service, **asked: str) -> dict[str, Any]:
    answer = await service.api.get("/api/v1/reports/calls", params={"locale": "en", **asked})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def reached(service: Service, number: str, customer: str, **person: str) -> None:
    await service.closes(number, customer, person={"phone": "13800138000", **person})


async def complains(service: Service, number: str) -> list[str]:
    """Enter a complaint about a ticket; gives every issue."""
    said = {"ticket": f"desk/{number}", "source": "paper", "by": "王芳", "comment": "我要投诉"}
    answer = await service.api.post("/api/v1/responses", json={**said, "answers": {"attitude": {"value": 5}}})
    assert answer.status_code == 201, answer.text
    return [one["id"] for one in (await service.api.get("/api/v1/issues")).json()["items"]]


@pytest.mark.row("S4-21")
async def test_answers_have_a_source_and_important_or_angry_customers_are_worth_a_call(service: Service) -> None:
    await service.rules('[[rules]]\nname = "by hand"\nask = false\n')
    for number, source in enumerate(SOURCES):
        await reached(service, source, f"c{number}")
        body = {"ticket": f"desk/{source}", "source": source, "by": "王芳", "answers": {"attitude": {"value": 5}}}
        assert (await service.api.post("/api/v1/responses", json=body)).status_code == 201
    kept = (await service.api.get("/api/v1/responses")).json()["items"]
    assert sorted(one["channel"] for one in kept) == sorted(SOURCES)

    await reached(service, "vip", "mei", tier="VIP")
    for number in range(3):
        await reached(service, f"bad-{number}", "li")
        await complains(service, f"bad-{number}")
    for number in range(2):
        await reached(service, f"few-{number}", "zhou")
        await complains(service, f"few-{number}")
    found = await calls(service)
    assert [(one["customer"], one["reasons"], one["complaints"]) for one in found["items"]] == [
        ("li", ["complaints"], 3),
        ("mei", ["tier"], 0),
    ]
    assert [one["text"] for one in found["items"]] == [
        "3 complaints in 90 days",
        "important customer (VIP), served lately",
    ]
    assert (found["tiers"], found["complaints"], found["days"], found["more"]) == (["vip"], 3, 90, False)

    mondays = {"cron": "0 10 * * 1", "timezone": "Asia/Shanghai"}
    who = {"customers": ["mei"]}
    await service.closes("vip-2", "mei", person={"contacts": [{"channel": "sandbox", "address": "phone-mei"}]})
    await started(service, name="回访", kind="survey", survey="callback", schedule=mondays, audience=who)
    await service.passes(12 * DAY)
    regular = [ask.sent_at for ask in await service.asks() if ask.customer == "mei" and ask.sent_at]
    assert [at.weekday() for at in regular] == [0, 0]
    assert regular[1] - regular[0] == 7 * DAY


async def test_whoever_has_opted_out_is_listed_and_it_says_so(service: Service) -> None:
    chat = {"contacts": [{"channel": "sandbox", "address": "phone-mei"}]}
    await service.closes("1", "mei", person={"tier": "vip", **chat})
    for words in ("退订", "1"):
        await service.says(words, "phone-mei")
    (one,) = (await calls(service))["items"]
    assert (one["opted_out"], one["has_phone"]) == (True, False)
    assert one["text"] == (
        "important customer (vip), served lately; has opted out: no messages go there; a person may call, and asks"
        " first whether it suits; no telephone number known"
    )


async def test_who_answered_by_telephone_since_was_called(service: Service) -> None:
    await service.rules('[[rules]]\nname = "by hand"\nask = false\n')
    await reached(service, "1", "mei", tier="vip")
    assert len((await calls(service))["items"]) == 1
    await service.passes(DAY)
    body = {"ticket": "desk/1", "source": "phone", "by": "王芳", "answers": {"attitude": {"value": 5}}}
    assert (await service.api.post("/api/v1/responses", json=body)).status_code == 201
    assert (await calls(service))["items"] == []
    await service.passes(DAY)
    await reached(service, "2", "mei", tier="vip")
    (again,) = (await calls(service))["items"]
    assert again["called_at"] < again["closed_at"] == again["since"]


@pytest.mark.parametrize(("limit", "status"), [("0", 422), ("1", 200), ("500", 200), ("501", 422), ("many", 422)])
async def test_so_many_are_listed_at_most(service: Service, limit: str, status: int) -> None:
    for number in range(2):
        await reached(service, str(number), f"c{number}", tier="vip")
    answer = await service.api.get("/api/v1/reports/calls", params={"limit": limit})
    assert answer.status_code == status
    if limit == "1":
        found = answer.json()
        assert (len(found["items"]), found["more"]) == (1, True)


async def test_a_complaint_found_invalid_counts_for_nothing(service: Service) -> None:
    await service.rules('[[rules]]\nname = "by hand"\nask = false\n')
    issues: list[str] = []
    for number in range(3):
        await reached(service, str(number), "li")
        issues = await complains(service, str(number))
    assert [one["customer"] for one in (await calls(service))["items"]] == ["li"]
    judged = {"by": "李工", "category": "late", "verdict": "invalid", "why": "查无此事"}
    assert (await service.api.post(f"/api/v1/issues/{issues[0]}/judge", json=judged)).is_success
    assert (await calls(service))["items"] == []


async def test_nobody_who_was_erased_and_nothing_long_ago_makes_worth_a_call(service: Service) -> None:
    await reached(service, "1", "mei", tier="vip")
    await reached(service, "2", "li", tier="vip")
    assert (await service.api.delete("/api/v1/customers/mei")).is_success
    assert [one["customer"] for one in (await calls(service, limit="1"))["items"]] == ["li"]
    service.house.clock.passes(91 * DAY)
    assert (await calls(service))["items"] == []
