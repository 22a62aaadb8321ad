"""A measure has an owner and a date: the owner is reminded, what is late is told, and told further up."""

from datetime import timedelta
from typing import Any

import pytest

from bot.jobs.improvement.finding_terms import FindingTermJob
from bot.process.alarms import Alarms
from dialogs.ids import derive
from dialogs.messages import Address
from dialogs.time.doubt import Doubt
from scoring.values import replace
from storage.model.errors import DecisionFailed
from storage.model.records import Purpose
from storage.model.registers import AuditEntry
from storage.unit_of_work.changes import Changes
from storage.unit_of_work.needs import Needs
from storage.unit_of_work.writer import Decision
from tests.http.improvement.test_findings import PLAN, answers, opened, step
from tests.support.web.service import Service

DAY = timedelta(days=1)


def job(service: Service) -> FindingTermJob:
    """Return the job of a process; the team has a chat, and somebody to call."""
    receiver, clock = service.house.web.receiver, service.house.clock
    team = (Address("sandbox", "team"),)
    receiver.adopt(replace(receiver.policy, team=team, escalate_to=("陈总",)))
    return FindingTermJob(receiver, service.house.web.reader, clock, Alarms(clock))


async def told(service: Service) -> list[str]:
    return [one.prompt.text.splitlines()[0] for one in await service.messages(Purpose.ALERT)]


async def planned(service: Service) -> str:
    finding = str((await opened(service, department="北区"))["id"])
    assert (await step(service, finding, "measure", **PLAN)).status_code == 200
    return finding


async def stands(service: Service, finding: str) -> dict[str, Any]:
    found: dict[str, Any] = (await service.api.get(f"/api/v1/findings/{finding}")).json()
    return found


@pytest.mark.row("S2-16", "S4-24")
async def test_an_owner_is_reminded_and_what_is_late_is_escalated_each_once(service: Service) -> None:
    first, second = job(service), job(service)
    finding = await planned(service)
    assert (await stands(service, finding))["measure"]["owner"] == "李工"
    await first.look()
    assert await told(service) == [], "nothing is due yet"
    for days, status, text in (
        (6, "planned", "李工，「报修后 4 小时内回电」请在 2026年11月30日 之前做完（课题：等了两天才有人来）。"),
        (
            3,
            "overdue",
            "「报修后 4 小时内回电」说好 2026年11月30日 做完，李工 还没有回报。课题：等了两天才有人来（北区）。",
        ),
        (3, "overdue", "陈总：「报修后 4 小时内回电」说好 2026年11月30日 做完，到现在还没有回报，请过问一下。"),
    ):
        await service.passes(days * DAY)
        for each in (first, second, first):
            await each.look()
        assert (await stands(service, finding))["status"] == status
        assert (await told(service))[-1].startswith(text)
    await service.passes(30 * DAY)
    await first.look()
    assert len(await told(service)) == 3, "each is told once, by however many processes"
    overdue = (await service.api.get("/api/v1/findings", params={"status": "overdue"})).json()["items"]
    assert [one["id"] for one in overdue] == [finding], "its execution can be checked"


@pytest.mark.row("S4-24", "S1-09")
async def test_what_is_done_is_verified_by_itself_when_no_more_answers_can_come(service: Service) -> None:
    terms = job(service)
    await answers(service, "b", [1] * 15 + [5] * 5, 2 * DAY)
    finding = await planned(service)
    await step(service, finding, "done", by="李工")
    await service.passes(12 * DAY)
    await terms.look()
    assert (await stands(service, finding))["status"] == "done", "its window is not over"
    await answers(service, "a", [5] * 19 + [1], DAY)
    await service.passes(20 * DAY)
    for _ in range(2):
        await terms.look()
    found = await stands(service, finding)
    (result,) = found["results"]
    assert (found["status"], result["verdict"], result["before"]["n"], result["after"]["n"]) == (
        "reached",
        "reached",
        20,
        20,
    )
    (text,) = await told(service)
    assert text == "「报修后 4 小时内回电」见效了：满意率从 25% 到 95%（20 人比 20 人），达到了 60% 的目标。"
    assert found["department"] == "北区", "the result goes to the department's finding"


async def test_a_measure_planned_anew_for_the_same_date_is_reminded_of_again(service: Service) -> None:
    terms = job(service)
    finding = await planned(service)
    await service.passes(6 * DAY)
    await terms.look()
    again = await step(service, finding, "measure", **PLAN | {"owner": "赵工"})
    assert again.status_code == 200, again.text
    for days, text in ((2, "赵工，「报修后 4 小时内回电」"), (1, "「报修后 4 小时内回电」说好")):
        await service.passes(days * DAY)
        await terms.look()
        assert (await told(service))[-1].startswith(text)
    assert len(await told(service)) == 3


async def test_a_finding_that_cannot_be_stored_does_not_stop_those_due_later(service: Service) -> None:
    terms = job(service)
    broken = str((await opened(service, department="北区"))["id"])
    assert (await step(service, broken, "measure", **PLAN | {"due": "2026-11-29"})).status_code == 200
    other = str((await opened(service, department="北区", text="电话没人接"))["id"])
    assert (await step(service, other, "measure", **PLAN)).status_code == 200
    known = await service.house.web.reader.findings.find(broken)
    assert known is not None
    taken = derive("aud", "measure_overdue", broken, str(known.finding.version))
    line = AuditEntry(taken, service.now, "huifang", "measure_overdue", broken, "{}")
    await service.house.web.receiver.do(Needs(), lambda _context: Decision(Changes((line,)), None))
    await service.passes(9 * DAY)
    with pytest.raises(DecisionFailed, match=f"1 cannot be stored, the first is {broken}: "):
        await terms.look()
    assert (await stands(service, broken))["status"] == "planned"
    assert (await stands(service, other))["status"] == "overdue"


async def test_nothing_is_due_while_the_time_is_in_doubt(service: Service) -> None:
    terms = job(service)
    finding = await planned(service)
    await service.passes(20 * DAY)
    service.house.clock.unsure = Doubt(service.now - 30 * DAY, service.now + DAY)
    await terms.look()
    assert (await stands(service, finding))["status"] == "planned"
    service.house.clock.unsure = None
    await terms.look()
    assert (await stands(service, finding))["status"] == "overdue"
