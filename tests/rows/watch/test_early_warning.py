"""The team is told when a dimension of its service gets worse: once, with the figures, and again when it is over."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.jobs.team_warnings.control_charts import EarlyWarningJob
from bot.process.alarms import Alarms
from config.errors import ConfigErrors
from config.settings.loading import load_settings
from dialogs.messages import Address
from dialogs.time.recurrence import read_recurrence_rule
from scoring.values import replace
from storage.model.records import OutboxMessage, Purpose
from tests.support.database.answered import closed_visit, store_records
from tests.support.web.service import Service

DAILY = read_recurrence_rule("daily 09:00")
WEEK = timedelta(days=7)
FIRST = datetime(2026, 11, 10, 4, tzinfo=UTC)
"""A Tuesday: the week of November 9 is judged from the 20th on, four days after its end."""
USUAL, BAD = (1, 12), (7, 12)
TEAM = Address("sandbox", "team")


def job(service: Service) -> EarlyWarningJob:
    """Return the job of a process; the team has a chat."""
    receiver, clock = service.house.web.receiver, service.house.clock
    receiver.adopt(replace(receiver.policy, team=(TEAM,)))
    return EarlyWarningJob(receiver, service.house.web.reader, clock, Alarms(clock), DAILY, timedelta(days=4))


async def visited(service: Service, week: int, counts: tuple[int, int], team: str = "北区") -> None:
    """Store the visits of a week, of which so many of so many people found it slow; 0 begins on November 9."""
    at, (low, n) = FIRST + week * WEEK, counts
    visits = [
        closed_visit(f"{team}{week}-{number}", at, {"response_speed": 2 if number < low else 5}, team=team)
        for number in range(n)
    ]
    await store_records(service.house.store, service.now, *(record for visit in visits for record in visit))


async def twelve_weeks(service: Service, *watching: EarlyWarningJob) -> None:
    """Let twelve weeks be as usual, in the south worse than in the north, and the jobs look at them."""
    for one in watching:
        await one.look(DAILY)
    for week in range(-11, 1):
        await visited(service, week, USUAL)
        await visited(service, week, (4, 12), "南区")
    await service.passes(timedelta(days=1))
    for one in watching:
        await one.look(DAILY)


async def a_week_on(service: Service, *watching: EarlyWarningJob) -> None:
    """Let a week pass, and the jobs look twice."""
    await service.passes(WEEK)
    for one in (*watching, *watching):
        await one.look(DAILY)


async def told(service: Service) -> list[OutboxMessage]:
    return [one for one in await service.messages(Purpose.ALERT) if "响应速度" in one.prompt.text]


async def charts(service: Service, **wanted: str) -> Any:  # noqa: ANN401 (JSON is anything)
    answer = await service.api.get("/api/v1/metrics/charts", params=wanted)
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.mark.row("S1-37", "S4-16")
async def test_one_alert_says_what_since_when_the_figures_and_the_tickets_and_one_line_that_it_is_over(
    service: Service,
) -> None:
    watching = job(service)
    await twelve_weeks(service, watching)
    for week, counts in ((1, BAD), (2, BAD), (3, BAD)):
        await visited(service, week, counts)
        await visited(service, week, (4, 12), "南区")
    await visited(service, 4, (0, 40))
    await visited(service, 5, (0, 40))
    await a_week_on(service, watching)
    (alert,) = await told(service)
    assert (alert.channel, alert.chat) == (TEAM.channel, TEAM.chat)
    lines = alert.prompt.text.splitlines()
    assert lines[0] == (
        "北区「响应速度」最近明显变差：2026年11月16日到2026年11月22日，12 份评价里有 7 份低分（58.3%），平时大约 8.9%。"
    )
    assert lines[1] == ("2026年11月16日到2026年11月22日这一段，12 份里有 7 份；照平时的水平，有 6 份就已经很少见了。")
    assert lines[3] == "低分的工单：desk/北区1-0、desk/北区1-1、desk/北区1-2、desk/北区1-3、desk/北区1-4"
    figure = lines[4].removeprefix("全部明细：huifang explain ")
    behind = (await service.api.get("/api/v1/reports/explain", params={"figure": figure})).json()
    assert (behind["figure"]["numerator"], len(behind["inputs"])) == (7, 12)
    for _ in range(3):
        await a_week_on(service, watching)
        assert len(await told(service)) == 1
    await a_week_on(service, watching)
    _, over = await told(service)
    days, now = "2026年12月14日到2026年12月20日", "40 份评价里有 0 份低分（0%），回到平时的范围了（大约 8.9%）"
    assert over.prompt.text == f"恢复正常：北区「响应速度」{days}，{now}。"


@pytest.mark.row("S1-37")
async def test_a_restart_and_a_second_process_tell_no_excursion_twice(service: Service) -> None:
    first, second = job(service), job(service)
    await twelve_weeks(service, first, second)
    await visited(service, 1, BAD)
    await service.passes(WEEK)
    await asyncio.gather(first.look(DAILY), second.look(DAILY))
    await a_week_on(service, job(service), first, second)
    assert len(await told(service)) == 1


@pytest.mark.row("S1-37")
async def test_anybody_can_read_what_each_point_was_held_against(service: Service) -> None:
    watching = job(service)
    await twelve_weeks(service, watching)
    await visited(service, 1, BAD)
    await a_week_on(service, watching)
    found = await charts(service)
    assert (found["bucket"], found["baseline"], found["fewest"]) == ("week", 12, 10)
    north, south = found["items"][0], found["items"][1]
    assert (south["team"], south["beyond_since"], south["missing"]) == ("南区", None, 0)
    assert (north["team"], north["dimension"], north["beyond_since"]) == ("北区", "response_speed", "2026-11-16")
    *baseline, last = north["points"]
    assert {(one["n"], one["low"], one["verdict"], one["usual"]) for one in baseline} == {(12, 1, "baseline", None)}
    assert (last["n"], last["low"], last["verdict"], last["limit"]) == (12, 7, "jump", 6)
    assert last["usual"] == pytest.approx(13 / 146)
    assert last["ewma"] == pytest.approx(0.2 * 7 / 12 + 0.8 * 13 / 146)
    spread = (0.04 / 12 + 1 / 144) * 13 / 146 * 133 / 146
    assert last["ewma_limit"] == pytest.approx(13 / 146 + 2.7 * spread**0.5)
    assert [one["team"] for one in (await charts(service, team="南区"))["items"]] == ["南区"]
    assert (await charts(service, dimension="attitude"))["items"] == []


@pytest.mark.row("S1-37")
async def test_fewer_people_than_stated_alarm_nobody(service: Service) -> None:
    watching = job(service)
    await twelve_weeks(service, watching)
    await visited(service, 1, (4, 4))
    await visited(service, 2, (5, 5))
    for _ in range(3):
        await a_week_on(service, watching)
    assert await told(service) == []
    (chart,) = (await charts(service, team="北区"))["items"]
    assert (chart["waiting"], len(chart["points"]), chart["until"]) == (9, 12, "2026-11-30")


@pytest.mark.row("S1-37")
async def test_nothing_is_told_before_it_is_known_what_is_usual(service: Service) -> None:
    watching = job(service)
    await watching.look(DAILY)
    for week in range(-9, 1):
        await visited(service, week, USUAL)
    await visited(service, 1, BAD)
    await a_week_on(service, watching)
    assert await told(service) == []
    (chart,) = (await charts(service))["items"]
    assert (chart["missing"], chart["baseline_points"]) == (1, 11)


def test_when_and_by_what_it_is_drawn_are_settings() -> None:
    assert load_settings({"HUIFANG_WATCH__AT": "off"}).watch.at is None
    chosen = load_settings({"HUIFANG_WATCH__BUCKET": "day", "HUIFANG_WATCH__FEWEST": "30"}).watch.rules()
    assert (chosen.bucket, chosen.baseline, chosen.fewest) == ("day", 12, 30)


@pytest.mark.parametrize(
    ("key", "value", "problem"),
    [
        ("AT", "sometimes", "sometimes"),
        ("BUCKET", "month", "month"),
        ("AFTER", "soon", "soon"),
        ("BASELINE", "3", "from 4 to 200"),
        ("FEWEST", "4", "from 5 to"),
    ],
)
def test_a_setting_that_cannot_be_is_refused_with_what_is_wrong(key: str, value: str, problem: str) -> None:
    with pytest.raises(ConfigErrors, match=problem):
        load_settings({f"HUIFANG_WATCH__{key}": value})
