"""Charts are drawn week by week or day by day, each once, whenever the service runs again; notes keep them."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.handlers.improvement.warnings import chart_finding_id, opened_by_chart
from bot.jobs.sample.sample_database import CompanySize
from bot.jobs.team_warnings.control_charts import EarlyWarningJob, drawn_charts
from bot.process.alarms import Alarms
from dialogs.messages import Address
from dialogs.time.doubt import Doubt
from dialogs.time.recurrence import read_recurrence_rule
from scoring.honesty.charts import Chart, ChartRules, PointVerdict, SharePoint, with_bucket
from scoring.values import replace
from storage.model.records import Purpose
from storage.model.watched_charts import WatchedChart, WatchProgress, chart_from, note_text, progress_from
from storage.reads.improvement.finding_list import FindingFilter
from storage.unit_of_work.needs import Needs
from storage.unit_of_work.writer import Decision
from tests.support.database.answered import closed_visit, store_records
from tests.support.web.fixtures import folder, service
from tests.support.web.service import Service

__all__ = ["folder", "service"]

DAILY = read_recurrence_rule("daily 09:00")
NOON = datetime(2026, 11, 1, 4, tzinfo=UTC)
DAY = timedelta(days=1)


def job(service: Service, bucket: str = "day", locale: str = "en", chats: int = 1) -> EarlyWarningJob:
    """Return the job of a process that draws a point a day, four of which are a baseline."""
    receiver, clock = service.house.web.receiver, service.house.clock
    team = tuple(Address("sandbox", f"team-{number}") for number in range(chats))
    rules = ChartRules(4, 10, bucket)
    receiver.adopt(replace(receiver.policy, team=team, charts=rules, team_locale=locale))
    return EarlyWarningJob(receiver, service.house.web.reader, clock, Alarms(clock), DAILY, 2 * DAY)


async def visited(service: Service, day: int, low: int, n: int = 12, team: str = "north") -> None:
    """Store the visits of a day of November, of which so many found that the problem was not solved."""
    at = NOON + (day - 1) * DAY
    each = [
        closed_visit(f"{team}-{day}-{one}", at, {"problem_solving": 1 if one < low else 4}, team=team)
        for one in range(n)
    ]
    await store_records(service.house.store, service.now, *(record for visit in each for record in visit))


async def told(service: Service) -> list[str]:
    return [one.prompt.text for one in await service.messages(Purpose.ALERT) if "clearly worse" in one.prompt.text]


async def points(service: Service, bucket: str = "day") -> dict[str, PointVerdict]:
    (kept,) = await drawn_charts(service.house.web.reader, bucket, "north", "")
    return {one.point.begins: one.verdict for one in kept.chart.points}


async def test_a_day_is_judged_when_it_has_been_over_for_as_long_as_the_setting_says(service: Service) -> None:
    watching = job(service)
    for day in range(1, 23):
        await visited(service, day, 1)
    await watching.look(DAILY)
    assert await drawn_charts(service.house.web.reader, "day", "", "") == []
    await service.passes(DAY)
    await watching.look(DAILY)
    judged = await points(service)
    assert max(judged) == "2026-11-20"  # it is the morning of the 23rd
    assert list(judged.values()) == [PointVerdict.BASELINE] * 4 + [PointVerdict.WITHIN] * 16
    await watching.look(DAILY)
    assert await points(service) == judged


@pytest.mark.proof
async def test_while_the_sample_company_is_loaded_no_chart_is_drawn_and_nothing_told(service: Service) -> None:
    sample, watching = service.house.web.sample, job(service)
    assert sample is not None
    await sample.load(CompanySize(customers=20, months=2), timedelta(minutes=5))
    for day in range(1, 20):
        await visited(service, day, 1 if day < 18 else 12)
    for _ in range(2):
        await watching.look(DAILY)
        await service.passes(DAY)
    assert await drawn_charts(service.house.web.reader, "day", "", "") == []
    assert await service.messages(Purpose.ALERT) == []
    assert await sample.remove()
    for _ in range(2):
        await watching.look(DAILY)
        await service.passes(DAY)
    assert len(await told(service)) == 1


async def test_between_two_times_and_with_a_doubtful_clock_nothing_is_looked_at(service: Service) -> None:
    watching = job(service)
    for day in range(1, 20):
        await visited(service, day, 1)
    await watching.look(DAILY)
    await service.passes(timedelta(hours=20))
    await watching.look(DAILY)
    assert await drawn_charts(service.house.web.reader, "day", "", "") == []
    await service.passes(timedelta(hours=3))
    service.house.clock.unsure = Doubt(None, service.now + DAY)
    await watching.look(DAILY)
    assert await drawn_charts(service.house.web.reader, "day", "", "") == []
    service.house.clock.unsure = None
    await watching.look(DAILY)
    assert len(await points(service)) == 19


@pytest.mark.proof
async def test_days_that_were_missed_are_judged_each_and_only_what_stands_now_is_told(service: Service) -> None:
    watching = job(service)
    for day in range(1, 8):
        await visited(service, day, 1)
    await visited(service, 8, 9)
    for day in range(9, 15):
        await visited(service, day, 0)
    for day in (15, 16):
        await visited(service, day, 9)
    await watching.look(DAILY)
    await service.passes(DAY)
    await watching.look(DAILY)
    judged = await points(service)
    assert judged["2026-11-08"] is PointVerdict.JUMP
    (message,) = await told(service)
    assert message.startswith(
        "north, “Problem solving”, has got clearly worse: Nov 15, 2026 to Nov 16, 2026, 18 low of 24"
    )


@pytest.mark.proof
async def test_a_correction_moves_no_point_that_was_judged(service: Service) -> None:
    watching = job(service)
    for day in range(1, 21):
        await visited(service, day, 1)
    await watching.look(DAILY)
    await service.passes(DAY)
    await watching.look(DAILY)
    before = await drawn_charts(service.house.web.reader, "day", "", "")
    await visited(service, 19, 12, team="north-again")
    late = [closed_visit(f"late-{one}", NOON + 18 * DAY, {"problem_solving": 1}, team="north") for one in range(9)]
    await store_records(service.house.store, service.now, *(record for visit in late for record in visit))
    await service.passes(DAY)
    await watching.look(DAILY)
    (after,) = await drawn_charts(service.house.web.reader, "day", "north", "")
    assert after.chart.points[:20] == before[0].chart.points


@pytest.mark.proof
async def test_each_chat_of_the_team_is_told_in_its_language(service: Service) -> None:
    watching = job(service, locale="zh-Hant", chats=2)
    for day in range(1, 20):
        await visited(service, day, 1)
    await visited(service, 20, 8)
    await watching.look(DAILY)
    await service.passes(DAY)
    await watching.look(DAILY)
    found = [one for one in await service.messages(Purpose.ALERT) if "明顯變差" in one.prompt.text]
    assert {one.chat for one in found} == {"team-0", "team-1"}
    assert all("12 份評價裡有 8 份低分（66.7%）" in one.prompt.text for one in found)


@pytest.mark.proof
async def test_a_small_lasting_rise_is_told_by_the_weighted_mean(service: Service) -> None:
    watching = job(service)
    for day in range(1, 5):
        await visited(service, day, 3, n=40)
    for day in range(5, 11):
        await visited(service, day, 8, n=40)
    await watching.look(DAILY)
    await service.passes(DAY)
    await watching.look(DAILY)
    (message,) = await told(service)
    lines = message.splitlines()
    assert lines[1].startswith("No stretch stands out, but they stay high: weighted mean ")
    assert lines[4].startswith("All of them: huifang explain bad_review_rate:2026-11-")
    assert lines[4].endswith("..2026-11-11:team=north,dimension=problem_solving")


@pytest.mark.proof
async def test_weeks_and_days_are_charts_of_their_own(service: Service) -> None:
    for day in range(1, 20):
        await visited(service, day, 1)
    for bucket in ("day", "week"):
        watching = job(service, bucket)
        await watching.look(DAILY)
        await service.passes(DAY)
        await watching.look(DAILY)
    assert len(await points(service, "day")) == 19
    assert list(await points(service, "week")) == ["2026-10-26", "2026-11-02", "2026-11-09"]


async def bad_mondays(service: Service) -> None:
    """Store the visits of six Mondays, and of the Sunday after the last: that last week is bad."""
    for day in (-19, -12, -5, 2, 9):
        await visited(service, day, 1)
    for day in (16, 22):
        await visited(service, day, 9)


async def begun(service: Service) -> list[str]:
    """Return what has opened findings."""
    page = await service.house.web.reader.findings.page(FindingFilter(), None, 9)
    return sorted(one.finding.origin for one in page.items)


async def test_an_excursion_by_week_and_the_same_by_day_are_told_and_found_each(service: Service) -> None:
    await bad_mondays(service)
    for bucket in ("week", "day"):
        watching = job(service, bucket)
        await watching.look(DAILY)
        await service.passes(5 * DAY)
        await watching.look(DAILY)
        assert max(await points(service, bucket)) == {"week": "2026-11-16", "day": "2026-11-22"}[bucket]
    assert await begun(service) == [f"chart:{bucket}:north:problem_solving:2026-11-16" for bucket in ("day", "week")]
    assert len(await told(service)) == 2


async def test_a_finding_that_is_there_already_stops_no_chart(service: Service) -> None:
    await bad_mondays(service)
    name = ("week", "north", "problem_solving")
    await service.house.web.receiver.do(
        Needs(findings=frozenset({chart_finding_id(name, "2026-11-16")})),
        lambda context: Decision(opened_by_chart(context, name, "2026-11-16", "worse", ()), None),
    )
    watching = job(service, "week")
    await watching.look(DAILY)
    await service.passes(5 * DAY)
    await watching.look(DAILY)
    assert len(await points(service, "week")) == 6
    assert await begun(service) == ["chart:week:north:problem_solving:2026-11-16"]
    assert len(await told(service)) == 1


@pytest.mark.proof
async def test_a_clock_that_was_wrong_holds_nothing_up(service: Service) -> None:
    watching = job(service)
    for day in range(1, 20):
        await visited(service, day, 1)
    await service.passes(400 * DAY)
    await watching.look(DAILY)
    service.house.clock.passes(-400 * DAY)
    await watching.look(DAILY)
    await service.passes(DAY)
    await watching.look(DAILY)
    assert len(await points(service)) == 19


@pytest.mark.proof
async def test_teams_with_the_same_dimension_do_not_touch_each_other(service: Service) -> None:
    watching = job(service)
    for day in range(1, 20):
        await visited(service, day, 1)
        await visited(service, day, 6, team="south")
    await visited(service, 20, 7, team="south")
    await visited(service, 20, 7)
    await watching.look(DAILY)
    await service.passes(DAY)
    await watching.look(DAILY)
    (message,) = await told(service)
    assert message.startswith("north, ")
    (south,) = await drawn_charts(service.house.web.reader, "day", "south", "problem_solving")
    assert not south.chart.state.since
    assert (await drawn_charts(service.house.web.reader, "day", "south", "attitude")) == []


@pytest.mark.proof
async def test_a_company_without_answers_has_no_charts(service: Service) -> None:
    watching = job(service)
    await watching.look(DAILY)
    await service.passes(DAY)
    await watching.look(DAILY)
    assert await drawn_charts(service.house.web.reader, "day", "", "") == []
    (progress,) = await service.house.web.reader.notes(["watch:day"])
    assert progress_from(progress.value) == WatchProgress("2026-11-21", ())


async def test_without_a_time_the_job_ends_at_once(service: Service) -> None:
    watching = job(service)
    await replace(watching, when=None).run()
    assert await service.house.web.reader.notes(["watch:day"]) == []


COUNTS = st.lists(st.integers(1, 30).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), max_size=30)


@given(COUNTS, st.text(max_size=5))
def test_a_chart_is_read_as_it_was_kept(counts: list[tuple[int, int]], team: str) -> None:
    chart = Chart()
    for number, (low, n) in enumerate(counts):
        chart = with_bucket(chart, SharePoint(f"{number:03}", f"{number + 1:03}", n, low), ChartRules(4, 10, "day"))
    kept = WatchedChart(team, "care", chart, "2026-11-30", chart.state.since)
    assert chart_from(note_text(kept)) == kept
    assert isinstance(chart_from(note_text(kept)).chart.state.n, Fraction)


def test_progress_is_read_as_it_was_kept_and_nothing_is_none_yet() -> None:
    progress = WatchProgress("2026-11-30", (("", "care"), ("北区", "speed")))
    assert progress_from(note_text(progress)) == progress
    assert progress_from("") == WatchProgress()


@pytest.mark.parametrize("text", ["[]", "{", '{"team": 1}'])
def test_what_is_no_chart_is_not_read_as_one(text: str) -> None:
    with pytest.raises(ValueError, match=r"Expected|truncated|malformed"):
        chart_from(text)
