"""Reports of the rules are made when they are due, once, sent as they are kept, and silent while nothing happens."""

import asyncio
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from dialogs.time.doubt import Doubt
from scoring.values import replace
from storage.model.archive.report_records import RunOutcome
from storage.model.errors import DecisionFailed
from tests.jobs.reports.desk import TEAM, ReportDesk, local
from tests.support.web.service import Service

MONTH = '[[reports]]\nname = "month"\nkind = "summary"\nevery = "month"\n'
WEEK = '[[reports]]\nname = "week"\nkind = "summary"\nevery = "week"\nat = "09:00"\n'


async def begun(service: Service, rules: str) -> ReportDesk:
    """Take the rules over, look once, and let a ticket be closed."""
    desk = ReportDesk(service)
    await service.rules(rules)
    await desk.job.look()
    await service.closes("1")
    return desk


@pytest.mark.row("S3-02")
async def test_a_month_is_made_on_the_first_and_kept_as_it_was_sent(service: Service) -> None:
    desk = await begun(service, f'{MONTH}formats = ["html", "xlsx"]\n')
    await desk.until("2026-12-01 07:00")
    assert await desk.runs() == []
    await desk.until("2026-12-01 09:00")
    (run,) = await desk.runs()
    assert (run.period, run.outcome, run.at) == ("2026-11", RunOutcome.MADE, local("2026-12-01 08:00"))
    page, book = await desk.with_files()
    assert [(one.channel, one.chat) for one in (page, book)] == [(TEAM.channel, TEAM.chat)] * 2
    assert page.prompt.text.splitlines()[:2] == ["售后服务情况表", "2026年11月1日 至 2026年11月30日"]
    kept = await desk.files(run.report)
    assert kept.keys() == {"html", "xlsx"}
    for message, form in ((page, "html"), (book, "xlsx")):
        assert message.prompt.file is not None
        assert await service.house.web.reader.file(message.prompt.file.hash) == kept[form]
        assert message.prompt.file.name == f"huifang-summary-2026-11.{form}"
    assert page.prompt.link is not None
    shown = await service.api.get(page.prompt.link.url, headers={"authorization": ""})
    assert (shown.status_code, shown.content) == (200, kept["html"])


@pytest.mark.row("S3-02")
async def test_it_is_reminded_of_on_the_fifth_and_overdue_a_day_later(service: Service) -> None:
    desk = await begun(service, MONTH)
    await desk.until("2026-12-05 07:00")
    assert len(await desk.sent()) == 1
    await desk.until("2026-12-05 09:00")
    assert (await desk.sent())[-1].prompt.text.endswith("还没有人确认。")
    await desk.until("2026-12-06 09:00")
    *_, late = await desk.sent()
    assert late.prompt.rows
    told = [one for one in await service.messages() if one.prompt.text.startswith("已逾期")]
    assert len(told) == 1
    await desk.until("2026-12-20 09:00", step=timedelta(hours=12))
    assert len([one for one in await service.messages() if "确认" in one.prompt.text]) == 2


@pytest.mark.row("S3-02")
async def test_whoever_presses_the_button_ends_the_reminders(service: Service) -> None:
    desk = await begun(service, MONTH)
    await desk.until("2026-12-02 09:00")
    (message,) = await desk.sent()
    await desk.presses(message)
    (run,) = await desk.runs()
    assert (run.confirmed_by, run.confirmed_at) == ("王经理", service.now)
    await service.passes(timedelta(minutes=1))
    edit = (await service.messages())[-1]
    assert (edit.edits, edit.prompt.rows) == (message.id, ())
    assert edit.prompt.text.startswith(message.prompt.text)
    assert "王经理已审阅并上报" in edit.prompt.text
    await desk.until("2026-12-08 09:00", step=timedelta(hours=6))
    assert [one.edits for one in await desk.sent()] == [message.id]
    audit = (await service.api.get("/api/v1/audit")).json()["items"]
    assert [line["action"] for line in audit] == ["report.archived", "report.confirmed"]


@pytest.mark.proof
async def test_a_report_without_a_due_day_has_no_button_and_reminds_of_nothing(service: Service) -> None:
    desk = await begun(service, WEEK)
    await desk.until("2026-11-30 10:00")
    messages = await desk.sent()
    assert [one.prompt.rows for one in messages] == [(), ()]
    assert [run.wake_at for run in await desk.runs()] == [None, None]


async def test_twice_a_month_is_on_the_first_and_the_sixteenth(service: Service) -> None:
    desk = await begun(service, MONTH.replace('"month"\n', '"half-month"\n'))
    await service.passes(timedelta(days=12))
    await service.closes("2")
    await desk.until("2026-12-17 09:00", step=timedelta(hours=6))
    assert [(run.period, f"{run.at:%m-%d}") for run in await desk.runs()] == [
        ("2026-11-16..2026-12-01", "12-04"),
        ("2026-12-01..2026-12-16", "12-16"),
    ]


@pytest.mark.proof
async def test_while_nothing_happens_that_is_said_once_and_it_goes_on_by_itself(service: Service) -> None:
    desk = await begun(service, WEEK)
    await desk.until("2026-12-15 10:00", step=timedelta(hours=3))
    assert [(run.period, run.outcome) for run in await desk.runs()] == [
        ("2026-W47", RunOutcome.MADE),
        ("2026-W48", RunOutcome.EMPTY),
        ("2026-W49", RunOutcome.EMPTY),
        ("2026-W50", RunOutcome.EMPTY),
    ]
    _, quiet = await desk.sent()
    assert "不出报告" in quiet.prompt.text
    await service.closes("2")
    await desk.until("2026-12-29 10:00", step=timedelta(hours=3))
    assert [run.outcome for run in (await desk.runs())[4:]] == [RunOutcome.MADE, RunOutcome.EMPTY]
    assert len(await desk.sent()) == 4


async def test_a_process_that_was_away_makes_the_latest_and_names_what_was_missed(service: Service) -> None:
    desk = await begun(service, WEEK)
    await desk.away("2026-12-09 03:00")
    await service.closes("2")
    await desk.away("2026-12-15 15:00")
    await desk.job.look()
    (run,) = await desk.runs()
    assert (run.period, run.at) == ("2026-W50", local("2026-12-15 15:00"))
    (message,) = await desk.sent()
    assert message.prompt.text.endswith("服务停止期间没有生成：2026-W47, 2026-W48, 2026-W49。")
    await desk.until("2026-12-16 15:00")
    assert len(await desk.runs()) == 1


async def test_two_processes_that_look_at_once_make_it_once(service: Service) -> None:
    first = await begun(service, MONTH)
    second = ReportDesk(service)
    await first.away("2026-12-01 08:30")
    await asyncio.gather(first.job.look(), second.job.look())
    assert len(await first.runs()) == 1
    assert len(await first.sent()) == 1


async def test_a_time_that_nobody_vouches_for_makes_nothing(service: Service) -> None:
    desk = await begun(service, MONTH)
    await desk.away("2026-12-01 08:30")
    service.house.clock.unsure = Doubt(service.now - timedelta(days=30), service.now)
    await desk.job.look()
    assert await desk.runs() == []
    service.house.clock.unsure = None
    await desk.job.look()
    assert len(await desk.runs()) == 1


@pytest.mark.proof
async def test_a_clock_that_was_set_back_makes_nothing_twice(service: Service) -> None:
    desk = await begun(service, WEEK)
    await desk.until("2026-11-30 10:00")
    await desk.away("2026-11-22 12:00")
    await desk.job.look()
    await desk.until("2026-11-30 12:00", step=timedelta(hours=6))
    assert [run.period for run in await desk.runs()] == ["2026-W47", "2026-W48"]


async def test_a_schedule_on_the_clocks_of_another_zone_waits_for_its_morning(service: Service) -> None:
    desk = await begun(service, f'{MONTH}timezone = "America/New_York"\n')
    await desk.until("2026-12-01 12:00")
    assert await desk.runs() == []
    await desk.until("2026-12-01 21:30")
    (run,) = await desk.runs()
    assert run.at == local("2026-12-01 08:00", ZoneInfo("America/New_York"))


async def test_a_new_schedule_does_not_make_what_is_over(service: Service) -> None:
    await service.closes("1")
    desk = ReportDesk(service)
    await desk.away("2026-12-03 12:00")
    await service.rules(MONTH)
    await desk.until("2026-12-05 12:00", step=timedelta(hours=6))
    assert await desk.runs() == []


@pytest.mark.proof
async def test_the_language_is_the_schedules(service: Service) -> None:
    desk = await begun(service, f'{MONTH}locale = "en"\n')
    await desk.until("2026-12-01 09:00")
    (message,) = await desk.with_files()
    assert message.prompt.text.startswith("Service summary\nNov 1, 2026 to Nov 30, 2026")
    assert [choice.label for row in message.prompt.rows for choice in row] == ["Reviewed, handed in"]


async def test_people_of_the_roster_get_it_as_their_role_allows(service: Service) -> None:
    subject = (
        WEEK.replace("summary", "subject")
        + 'of = "team:north"\nto = ["王经理", "赵组长", "李工", "没人", "telegram:-7"]\n'
    )
    desk = await begun(service, subject)
    await desk.joins("王经理", "admin", "11")
    await desk.joins("赵组长", "lead", "12", team="north")
    await desk.joins("李工", "agent", "13")
    await service.closes("2", team="north")
    policy = service.house.web.receiver.policy
    service.house.web.receiver.adopt(replace(policy, channels=(*policy.channels, "telegram")))
    await desk.until("2026-11-23 09:00")
    sent = await desk.with_files()
    assert [(one.channel, one.chat) for one in sent] == [("telegram", "11"), ("telegram", "12"), ("telegram", "-7")]
    (told,) = [alarm.text for alarm in desk.alarms.standing()]
    assert "'没人'" in told
    assert "'李工': a person of the role agent reads only what is about agent:李工" in told


async def test_one_that_cannot_be_made_stops_neither_the_others_nor_the_service(service: Service) -> None:
    desk = await begun(service, f"{WEEK}{MONTH}")
    policy = service.house.web.receiver.policy
    week, month = policy.reports
    lost = replace(week, timezone="Mars/Base")  # a zone that this machine no longer knows
    service.house.web.receiver.adopt(replace(policy, reports=(lost, month)))
    await desk.away("2026-12-01 08:30")
    with pytest.raises(DecisionFailed, match="week: ZoneInfoNotFoundError"):
        await desk.job.look()
    assert [run.schedule for run in await desk.runs()] == ["month"]


@pytest.mark.parametrize("lost", [0, 1])
async def test_a_reminder_that_fails_does_not_keep_another_one_back(service: Service, lost: int) -> None:
    desk = await begun(service, MONTH + MONTH.replace('"month"', '"another"', 1).replace("summary", "evidence"))
    await desk.until("2026-12-02 09:00", step=timedelta(hours=6))
    assert sorted(run.schedule for run in await desk.runs()) == ["another", "month"]
    policy = service.house.web.receiver.policy
    name = policy.reports[lost].name
    zoned = tuple(replace(one, timezone="Mars/Base") if one.name == name else one for one in policy.reports)
    service.house.web.receiver.adopt(replace(policy, reports=zoned))
    await desk.away("2026-12-05 09:00")
    with pytest.raises(DecisionFailed, match=f"reminder of {name}: "):
        await desk.job.look()
    told = {run.schedule: run.told for run in await desk.runs()}
    assert [told[one.name] > 0 for one in policy.reports] == [lost == 1, lost == 0]


@pytest.mark.some(1)
@pytest.mark.parametrize("form", ["html", "xlsx"])
async def test_who_is_reminded_gets_a_link_only_where_there_is_a_page(service: Service, form: str) -> None:
    desk = await begun(service, f'{MONTH}formats = ["{form}"]\n')
    await desk.until("2026-12-05 09:00", step=timedelta(hours=6))
    links = [one.prompt.link for one in await desk.sent()]
    assert [link is not None for link in links] == [form == "html"] * 2
    for link in filter(None, links):
        assert (await service.api.get(link.url, headers={"authorization": ""})).status_code == 200


async def test_revoking_shuts_the_links_to_the_files_of_its_messages_too(service: Service) -> None:
    desk = await begun(service, f'{MONTH}formats = ["html", "xlsx"]\n')
    await desk.until("2026-12-02 09:00", step=timedelta(hours=6))
    (run,) = await desk.runs()
    pages = [one.prompt.file.page.url for one in await desk.with_files() if one.prompt.file and one.prompt.file.page]

    async def opened() -> list[int]:
        return [(await service.api.get(page, headers={"authorization": ""})).status_code for page in pages]

    assert await opened() == [200, 200]
    answer = await service.api.post(f"/api/v1/reports/archive/{run.report}/revoke", json={"by": "王经理"})
    assert answer.is_success
    assert await opened() == [410, 410]
