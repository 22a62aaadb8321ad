"""Rows on what customers write: phrases with dimension and mean, in both scripts, and what comes of suggestions."""

from typing import Any

import pytest

from bot.jobs.team_warnings.recurrences import RecurrenceJob
from bot.process.alarms import Alarms
from dialogs.messages import Address
from scoring.values import replace
from storage.model.records import Purpose
from tests.support.database.worded import comment_reader, miner, worded_visit, wrote
from tests.support.web.service import Service

LOW, HIGH = {"response_speed": 1, "attitude": 4}, {"response_speed": 5, "attitude": 5}
TEAM = Address("sandbox", "team")


async def table(service: Service, **wanted: str) -> list[dict[str, Any]]:
    await comment_reader(service).look()
    answer = await service.api.get("/api/v1/text/phrases", params={"period": "2026-11", **wanted})
    assert answer.status_code == 200, answer.text
    phrases: list[dict[str, Any]] = answer.json()["cuts"][0]["phrases"]
    return phrases


@pytest.mark.row("S2-14")
async def test_waiting_is_the_core_weakness_by_its_phrase_its_dimension_and_its_mean(service: Service) -> None:
    await wrote(
        service,
        *(worded_visit(f"slow{n}", service.now, LOW, "等待时间太长") for n in range(7)),
        *(worded_visit(f"fine{n}", service.now, HIGH, "不用等，师傅很耐心") for n in range(20)),
        *(worded_visit(f"form{n}", service.now, HIGH, None, {"attitude": "流程繁琐"}) for n in range(5)),
    )
    phrases = await table(service)
    worst = phrases[0]
    assert (worst["phrase"], worst["dimension"], worst["polarity"]) == ("等待时间太长", "response_speed", "negative")
    assert (worst["customers"], worst["mean"], worst["dimension_mean"]) == (7, 2.5, 1.0)
    assert worst["impact"]["high"] < 0
    blamed = {(one["dimension"], one["customers"]) for one in phrases if one["polarity"] == "negative"}
    assert blamed == {("response_speed", 7), ("convenience", 5)}, "no wait is no wait"


@pytest.mark.row("S4-02")
async def test_traditional_words_are_read_as_simplified_ones_and_kept_as_they_were_written(service: Service) -> None:
    await wrote(
        service,
        *(worded_visit(f"hk{n}", service.now, LOW, "等待時間太長") for n in range(3)),
        *(worded_visit(f"sz{n}", service.now, LOW, "等待时间太长") for n in range(2)),
    )
    (phrase,) = [one for one in await table(service) if one["dimension"] == "response_speed"]
    assert (phrase["phrase"], phrase["customers"]) == ("等待时间太长", 5)
    assert set(phrase["examples"]) <= {"等待時間太長", "等待时间太长"}
    kept = (await service.api.get("/api/v1/responses", params={"ticket": "desk/hk0"})).json()["items"][0]
    assert kept["comment"] == "等待時間太長"


@pytest.mark.row("S0-30")
async def test_suggestions_are_mined_for_topics_that_people_map(service: Service) -> None:
    beside = ("空调", "昨天", "真的", "楼下", "邻居", "我家", "今年", "隔壁")
    comments = [f"{beside[n]}建议周末蓝桥漫步{beside[(3 * n + 1) % 8]}" for n in range(8)]
    await wrote(service, *(worded_visit(f"{n}", service.now, HIGH, text) for n, text in enumerate(comments)))
    await miner(service).look()
    proposed = (await service.api.get("/api/v1/text/proposals")).json()["items"]
    assert any("蓝桥漫步" in one["phrase"] and one["customers"] == 8 for one in proposed)


def recurring(service: Service) -> RecurrenceJob:
    """Return the job of a process; the team has a chat."""
    receiver, clock = service.house.web.receiver, service.house.clock
    receiver.adopt(replace(receiver.policy, team=(TEAM,)))
    return RecurrenceJob(receiver, service.house.web.reader, clock, Alarms(clock))


async def told(service: Service) -> list[str]:
    words = ("客户写到", "客户抱怨", "客户碰到", "位客户的工单")
    return [
        one.prompt.text
        for one in await service.messages(Purpose.ALERT)
        if any(word in one.prompt.text for word in words)
    ]


@pytest.mark.row("S4-17")
async def test_the_third_customer_who_writes_the_same_is_a_warning_with_the_cases_once(service: Service) -> None:
    for number in range(4):
        await wrote(service, worded_visit(f"{number}", service.now, LOW, "等待时间太长"))
        await comment_reader(service).look()
        await recurring(service).look()
        assert len(await told(service)) == int(number >= 2)
    (message,) = await told(service)
    assert message == (
        "7天里，已经有 3 位客户写到「等待时间太长」（响应速度）：desk/0、desk/1、desk/2。"
        "好几位客户碰到同样的事，请负责的部门查清原因，定好措施。"
    )


@pytest.mark.row("S4-17")
async def test_three_who_wait_and_say_it_in_three_ways_are_one_warning_and_praise_is_none(service: Service) -> None:
    for number, words in enumerate(("等了很久没人来", "响应太慢", "迟到了", "师傅很准时", "来得很快", "很准时")):
        await wrote(service, worded_visit(f"{number}", service.now, LOW, words))
    await comment_reader(service).look()
    for _ in range(2):
        await recurring(service).look()
    (message,) = await told(service)
    assert "3 位客户抱怨「响应速度」" in message


@pytest.mark.row("S4-17")
async def test_three_customers_with_the_same_fault_are_a_warning_and_one_with_three_tickets_is_none(
    service: Service,
) -> None:
    async def fails(ticket: str, customer: str, fault: str) -> None:
        await service.closes(ticket, customer, product="AC-300", fault=fault)
        opened = await service.api.post("/api/v1/issues", json={"title": "又坏了", "ticket": f"desk/{ticket}"})
        assert opened.status_code == 201

    for number in range(3):
        await fails(f"one-{number}", "c-same", "E4")
    await recurring(service).look()
    assert await told(service) == []
    await fails("two", "c-2", "E4")
    await fails("three", "c-3", "E4")
    for _ in range(2):
        await recurring(service).look()
    (message,) = await told(service)
    assert "「AC-300」" in message
    await service.rules("[recurring]\ncustomers = 0\n")
    await recurring(service).look()
    assert len(await told(service)) == 1
