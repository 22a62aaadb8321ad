"""The button below a report: who may press it and where, what floats over the chat, what becomes of a stale one."""

from datetime import time, timedelta

import pytest

from bot.handlers.reports.scheduled_runs import ReportTurn, decide_run
from dialogs.messages import Address, Person, Tap, Verb
from dialogs.reports.document import ReportKind
from dialogs.reports.report_schedules import DueReport, ReportCadence, ReportSchedule
from dialogs.reports.sent_report import CONFIRM
from scoring.values import replace
from storage.model.archive.report_records import ReportRun
from storage.model.records import Member, OutboxMessage
from storage.model.registers import AuditEntry
from storage.unit_of_work.changes import Changes
from tests.handlers.reports.fresh import OCTOBER, fresh
from tests.support.stage.company import Company

GROUP, OWN, AGENTS = Address("telegram", "-100"), Address("telegram", "12"), Address("telegram", "13")
ROSTER = (
    Member("王经理", "admin", telegram="11"),
    Member("赵组长", "lead", telegram="12"),
    Member("李工", "agent", telegram="13"),
    Member("看客", "viewer", telegram="14"),
)
MONTH = ReportSchedule(
    "month",
    ReportKind.SUMMARY,
    ReportCadence.MONTH,
    time(8),
    "Asia/Shanghai",
    to=("telegram:-100", "telegram:12", "telegram:13"),
    due=5,
)


class Desk:
    """A company to whose chats a month has gone."""

    def __init__(self) -> None:
        self.company = Company()
        self.stage = self.company.stage
        self.stage.policy = replace(self.stage.policy, team=(GROUP,), reports=(MONTH,))
        self.stage.rows.write(Changes(ROSTER))
        due = DueReport(OCTOBER, self.stage.now, self.stage.now + timedelta(days=4))
        self.stage.decide(lambda context: decide_run(context, ReportTurn(MONTH, due, fresh())))
        self.stage.wait(timedelta(minutes=1))

    @property
    def run(self) -> ReportRun:
        (run,) = self.stage.rows.listed(ReportRun)
        return run

    def message(self, place: Address) -> OutboxMessage:
        """Return what a chat shows of the report now."""
        return [one for one in self.stage.rows.listed(OutboxMessage) if one.address == place][-1]

    def presses(self, person: str, place: Address = GROUP, step: str = CONFIRM, run: str = "") -> list[str]:
        """Let somebody press the button in a chat; give what floats over it then."""
        before = len(self.stage.rows.written)
        first = next(one for one in self.stage.rows.listed(OutboxMessage) if one.address == place)
        tap = Tap(Verb.REPORT, run or self.run.id, step)
        self.stage.hear(place, Person(person, person), tap, message=first.receipt)
        self.stage.wait(timedelta(minutes=1))
        return [one.text for changes in self.stage.rows.written[before:] for one in changes.acknowledgements]


@pytest.mark.row("S3-02")
@pytest.mark.parametrize(
    ("person", "place", "name"), [("11", GROUP, "王经理"), ("12", GROUP, "赵组长"), ("12", OWN, "赵组长")]
)
def test_a_lead_or_admin_confirms_in_the_group_or_alone(person: str, place: Address, name: str) -> None:
    desk = Desk()
    assert desk.presses(person, place) == ["已记录，谢谢"]
    assert (desk.run.confirmed_by, desk.run.wake_at) == (name, None)
    shown = desk.message(place)
    assert shown.edits is not None
    assert f"{name}已审阅并上报：售后服务情况表" in shown.prompt.text
    assert shown.prompt.rows == ()
    (line,) = [one for one in desk.stage.rows.listed(AuditEntry) if one.action == "report.confirmed"]
    assert (line.by, line.subject) == (name, desk.run.report)


def test_whoever_comes_later_is_told_who_was_first() -> None:
    desk = Desk()
    desk.presses("12")
    assert desk.presses("11") == ["赵组长已经确认过了"]
    assert desk.presses("12", OWN) == ["赵组长已经确认过了"]
    assert desk.run.confirmed_by == "赵组长"
    assert "赵组长已审阅并上报" in desk.message(OWN).prompt.text


@pytest.mark.parametrize("person", ["13", "14", "99"])
def test_an_agent_a_viewer_or_a_stranger_in_the_group_confirms_nothing(person: str) -> None:
    desk = Desk()
    (told,) = desk.presses(person)
    assert "抱歉" in told
    assert desk.run.confirmed_at is None
    assert desk.message(GROUP).prompt.rows


def test_an_agent_confirms_in_their_own_chat_only_what_is_about_them() -> None:
    desk = Desk()
    assert desk.presses("13", AGENTS) == ["抱歉，只有管理员可以操作"]
    assert desk.run.confirmed_at is None
    about_them = replace(MONTH, kind=ReportKind.SUBJECT, of="agent:李工")
    desk.stage.policy = replace(desk.stage.policy, reports=(about_them,))
    assert desk.presses("13", AGENTS) == ["已记录，谢谢"]
    assert desk.run.confirmed_by == "李工"


@pytest.mark.parametrize(("step", "run"), [(CONFIRM, "run_none"), (CONFIRM, "iss_1")])
def test_a_button_that_means_nothing_any_more_says_so(step: str, run: str) -> None:
    desk = Desk()
    (told,) = desk.presses("11", step=step, run=run)
    assert "过时" in told
    assert desk.run.confirmed_at is None


def test_a_schedule_that_left_the_rules_has_stale_buttons() -> None:
    desk = Desk()
    desk.stage.policy = replace(desk.stage.policy, reports=())
    (told,) = desk.presses("11")
    assert "过时" in told
    assert desk.run.confirmed_at is None
