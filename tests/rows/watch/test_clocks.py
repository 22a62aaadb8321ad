"""Times that a contract promises: told as kept or not, warned of before they are over, escalated after that."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from bot.jobs.team_warnings.clock_warnings import ClockWarningJob
from bot.process.alarms import Alarms
from config.errors import ConfigErrors
from config.settings.loading import load_settings
from dialogs.messages import Address
from dialogs.time.workdays import Workdays
from scoring.values import replace
from storage.model.records import OutboxMessage, Purpose
from tests.support.web.service import Service

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
PROMISE = (
    "time_to_first_reply <= 30m contract=承诺",
    "time_on_site <= 2h contract=承诺",
    "time_to_done <= 4h contract=承诺",
)


def job(service: Service, *targets: str, warn_after: str = "75", escalate_to: tuple[str, ...] = ()) -> ClockWarningJob:
    """Return the job of a process whose owner has set these targets; the team has a chat."""
    given = {"HUIFANG_TEAM__TARGETS": "\n".join(targets or PROMISE), "HUIFANG_TEAM__WARN_AFTER": warn_after}
    settings = load_settings(given)
    receiver, clock = service.house.web.receiver, service.house.clock
    policy = replace(receiver.policy, targets=settings.team.targets, team=(Address("sandbox", "team"),))
    receiver.adopt(replace(policy, warn_after=settings.team.warn_share, escalate_to=escalate_to))
    return ClockWarningJob(receiver, service.house.web.reader, clock, Alarms(clock))


async def reports(service: Service, ticket: str, **said: Any) -> None:  # noqa: ANN401 (JSON is anything)
    """Report a ticket under the contract; moments are so many minutes before now."""
    moments = {name: (service.now - value * MINUTE).isoformat() for name, value in said.items() if name.endswith("_at")}
    others = {name: value for name, value in said.items() if not name.endswith("_at")}
    await service.closes(ticket, **{"status": "open", "contract": "承诺", "subject": "空调不制冷", **others, **moments})


async def told(service: Service) -> list[OutboxMessage]:
    every = await service.messages(Purpose.ALERT)
    return [one for one in every if "时限了" in one.prompt.text or "超时了" in one.prompt.text]


async def looks(service: Service, watching: ClockWarningJob, times: int, step: timedelta = MINUTE) -> list[str]:
    """Let time pass, minute by minute as shipped, and return what was told meanwhile."""
    before = {one.id for one in await told(service)}
    for _ in range(times):
        await service.passes(step)
        await watching.look()
    return [one.prompt.text for one in await told(service) if one.id not in before]


@pytest.mark.row("S4-15", "S3-14")
async def test_the_team_is_warned_once_before_each_time_is_over_and_told_once_when_it_was_not_kept(
    service: Service,
) -> None:
    watching = job(service, escalate_to=("王主管",))
    await reports(service, "1", opened_at=0, requested_at=0, url="https://desk.example/1")
    assert await looks(service, watching, 22) == []
    (warning,) = await looks(service, watching, 1)
    assert warning == (
        "快到时限了：工单 desk/1「空调不制冷」，11月22日 11:30 前要给客户第一次回复，还剩 7分钟。\nhttps://desk.example/1"
    )
    (late,) = await looks(service, watching, 30)
    assert late == (
        "王主管：工单 desk/1「空调不制冷」，超时了：11月22日 11:30 前该给客户第一次回复，现在还没有。"
        "请马上安排，需要的话启动应急办法。\nhttps://desk.example/1"
    )
    rest = await looks(service, watching, 22, 10 * MINUTE)
    assert [line.partition("前")[2].partition("，")[0] for line in rest] == ["要上门", "该上门", "要修好", "该修好"]
    assert ["快到时限了：" in line for line in rest] == ["超时了：" not in line for line in rest] == [True, False] * 2


@pytest.mark.row("S4-15")
async def test_what_happened_in_time_warns_nobody_and_neither_does_what_is_over_already(service: Service) -> None:
    watching = job(service)
    await reports(service, "1", opened_at=20, first_replied_at=1, requested_at=20, onsite_at=1)
    await reports(service, "2", opened_at=50, requested_at=500, first_replied_at=0)
    await reports(service, "3", opened_at=29, contract="别的")
    await reports(service, "4", opened_at=29, closed_at=1, status="closed")
    assert await looks(service, watching, 30) == []


@pytest.mark.row("S4-15")
async def test_a_restart_and_two_processes_warn_once(service: Service) -> None:
    first, second = job(service), job(service)
    await reports(service, "1", opened_at=25)
    await asyncio.gather(first.look(), second.look())
    await job(service).look()
    assert len(await told(service)) == 1


@pytest.mark.row("S4-15")
async def test_where_there_is_an_issue_the_warning_stands_on_its_card(service: Service) -> None:
    watching = job(service)
    await reports(service, "1", opened_at=10)
    opened = await service.api.post("/api/v1/issues", json={"title": "客户很急", "ticket": "desk/1"})
    number = f"#{opened.json()['id'][-5:].upper()}"
    await service.passes(13 * MINUTE)
    await watching.look()
    (line,) = [one for one in await told(service) if one.prompt.text.startswith("快到时限了")]
    assert line.prompt.text.startswith(f"快到时限了：{number} 的工单 desk/1「空调不制冷」，")
    card = [one for one in await service.messages(Purpose.ALERT) if "客户很急" in one.prompt.text][-1]
    assert card.edits is not None
    assert "11月22日 11:20 前要给客户第一次回复" in card.prompt.text.splitlines()


@pytest.mark.row("S4-15")
async def test_working_time_stands_still_while_the_team_does_not_work(service: Service) -> None:
    watching = job(service, "time_to_done <= 4h working")
    receiver = service.house.web.receiver
    receiver.adopt(replace(receiver.policy, team_workdays=Workdays()))
    await reports(service, "1", opened_at=0)  # a Sunday, which is no working day
    assert await looks(service, watching, 15, HOUR) == []  # until 2 on Monday
    (warning,) = await looks(service, watching, 1, HOUR)
    assert "11月23日 04:00 前要修好" in warning


@pytest.mark.row("S3-14")
async def test_what_a_contract_promises_is_told_as_attained_or_not_from_the_tickets_times(service: Service) -> None:
    job(service, *PROMISE, "assigned..onsite <= 1h contract=承诺", "requested..closed <= 4h for 80")
    for number in range(6):
        await reports(
            service,
            str(number),
            status="closed",
            requested_at=300,
            opened_at=300,
            first_replied_at=280 - 2 * number,
            assigned_at=260,
            onsite_at=220 - 10 * number,
            solved_at=70,
            closed_at=65,
        )
    await reports(service, "other", status="closed", contract="别的", opened_at=999, first_replied_at=1, closed_at=0)
    answer = await service.api.get("/api/v1/metrics/targets", params={"period": "2026-11"})
    found = {one["target"]: one for one in answer.json()["items"]}
    assert {
        name: (one["numerator"], one["denominator"], one["excluded"], one["verdict"]) for name, one in found.items()
    } == {
        PROMISE[0]: (6, 6, {}, "reached"),
        PROMISE[1]: (5, 6, {}, "missed"),
        PROMISE[2]: (6, 6, {}, "reached"),
        "assigned..onsite <= 1h contract=承诺": (3, 6, {}, "missed"),
        "requested..closed <= 4h for 80": (6, 6, {"not_reported": 1}, "not_shown"),
    }


@pytest.mark.row("S4-15")
async def test_a_vips_ticket_has_its_own_clock_and_each_chat_of_the_team_is_told(service: Service) -> None:
    watching = job(service, "time_to_first_reply <= 30m", "time_to_first_reply <= 10m tier=vip")
    receiver = service.house.web.receiver
    places = tuple(Address("sandbox", name) for name in ("team", "leads"))
    receiver.adopt(replace(receiver.policy, team=places))
    await reports(service, "1", opened_at=0, person={"tier": "vip"})
    await reports(service, "2", opened_at=0)
    await looks(service, watching, 9)
    warned = await told(service)
    assert {(one.chat, one.prompt.text.partition("工单 ")[2][:6]) for one in warned} == {
        ("team", "desk/1"),
        ("leads", "desk/1"),
    }
    await looks(service, watching, 5, 5 * MINUTE)
    late = [one for one in await told(service) if "超时了" in one.prompt.text]
    assert len(late) == 4


@pytest.mark.row("S4-15")
async def test_a_ticket_that_is_answered_after_its_warning_is_never_called_late(service: Service) -> None:
    watching = job(service)
    await reports(service, "1", opened_at=0)
    assert len(await looks(service, watching, 25)) == 1
    await reports(service, "1", first_replied_at=0)
    assert await looks(service, watching, 10, 10 * MINUTE) == []


async def test_without_a_target_of_a_ticket_or_with_0_nothing_is_read_or_told(service: Service) -> None:
    await reports(service, "1", opened_at=25)
    for watching in (job(service, "csat >= 95", "time_to_claim <= 1h"), job(service, warn_after="0")):
        await watching.look()
    assert await told(service) == []


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("breakfast..onsite <= 2h", "'breakfast' is no moment of a visit"),
        ("opened..onsite >= 2h", "limits no case"),
        ("time_to_claim <= 2h working", "only the times of a visit"),
        ("assigned..onsite <= 2h colour=red", "has no key 'colour'"),
    ],
)
def test_a_clock_that_cannot_be_is_refused_with_what_is_wrong(text: str, problem: str) -> None:
    with pytest.raises(ConfigErrors, match=problem):
        load_settings({"HUIFANG_TEAM__TARGETS": text})
