"""Anybody does anything, in any order: the steps of a random walk over the Stage."""

from collections.abc import Callable
from datetime import UTC, timedelta
from enum import StrEnum
from typing import assert_never

from bot.channels.sandbox.channel import PHONE, TEAM
from bot.handlers.common.context import DecisionContext
from bot.handlers.issues import commands as do
from bot.handlers.issues.commands import Actor, IssueResult, Resolution
from bot.handlers.issues.workers import assign_issue
from dialogs.issue.model import Issue
from dialogs.messages import Address, Joined, Left, Person, Text
from scoring.values import replace
from storage.model.records import Customer, Purpose, TicketStatus
from storage.unit_of_work.changes import Changes
from storage.unit_of_work.writer import Decision
from tests.support.stage.decisions import broken_by
from tests.support.stage.laws import broken
from tests.support.stage.opening import event_of, policy_of
from tests.support.stage.script import read_script
from tests.support.stage.world import Appeared, Stage

__all__ = ["Deed", "Walk"]

_HEADER = read_script(
    "# Any conversation.\n"
    "survey: after_service   locale: zh-Hans   clock: 2026-11-23 09:00   customer: 王女士   set: survey.quarantine=1d"
).header
_POLICY = policy_of(_HEADER)


class Deed(StrEnum):
    """What somebody can do."""

    TAP = "the customer presses a button"
    TAP_LATE = "the customer presses a button that is gone"
    SAY = "the customer types"
    REWORD = "the customer rewords"
    BLOCK = "the customer blocks us, or comes back"
    PRESS = "a colleague presses a button"
    PRESS_LATE = "a colleague presses a button that is gone"
    REPLY = "a colleague writes the sentence"
    CALL = "a colleague calls the API"
    TICKET = "the help desk closes or reopens a ticket"
    WAIT = "time passes"


Command = Callable[[DecisionContext, str], Decision[IssueResult]]

_CUSTOMER = Person("p1", "王女士")
_COLLEAGUES = (Person("u1", "陈工"), Person("u2", "赵姐"))
_SAYS = (
    *("1", "二", "4", "满意", "你好", "跳过", "上一步", "退款", "谢谢", "慢", "贵"),
    *("意见反馈", "进度", "等了半天", "退订", "继续评价", "继续评价"),
)
_SPANS = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 31, 241, 740, 1500, 4400))
_TICKETS = (
    *[(ticket, TicketStatus.CLOSED) for ticket in ("42", "43", "44", "45")],
    *[(ticket, TicketStatus.REOPENED) for ticket in ("42", "43")],
)


class Walk:
    """One customer, two tickets, two colleagues in the group and by API; the promises are looked at after each step."""

    def __init__(self) -> None:
        """Begin when the first question has just been asked."""
        self.stage = Stage(_POLICY, _HEADER.clock.astimezone(UTC), _watched)
        self.typed = ""
        self._put("42", TicketStatus.CLOSED)
        self.stage.wait(timedelta(minutes=31))

    def step(self, what: Deed, number: int) -> None:
        """Do one thing; `number` chooses among the ways to do it. AssertionError with the promise that is broken."""
        by_customer = what in {Deed.TAP, Deed.TAP_LATE, Deed.SAY, Deed.REWORD, Deed.BLOCK}
        opted_out = self._opted_out()
        self.stage.happened.clear()
        self._do(what, number)
        came = [each.message for each in self.stage.happened if isinstance(each, Appeared)]
        came = [message for message in came if message.address == PHONE and opted_out and self._opted_out()]
        assert all(by_customer and message.purpose is Purpose.REPLY for message in came), (
            "opted out, and not left alone"
        )
        assert not broken(self.stage)

    def _do(self, what: Deed, number: int) -> None:
        match what:
            case Deed.TAP | Deed.TAP_LATE:
                self._press(PHONE, _CUSTOMER, number, late=what is Deed.TAP_LATE)
            case Deed.SAY:
                self.typed = self.stage.hear(PHONE, _CUSTOMER, Text(_SAYS[number % len(_SAYS)]))
            case Deed.REWORD:
                self.stage.hear(PHONE, _CUSTOMER, Text("我要退款", edited=True), self.typed)
            case Deed.BLOCK:
                self.stage.shut ^= {PHONE}
                self.stage.hear(PHONE, _CUSTOMER, Left() if PHONE in self.stage.shut else Joined())
            case Deed.PRESS | Deed.PRESS_LATE:
                self._press(TEAM, _COLLEAGUES[number % 2], number // 2, late=what is Deed.PRESS_LATE)
            case Deed.REPLY:
                self._reply(_COLLEAGUES[number % 2])
            case Deed.CALL:
                self._call(_COLLEAGUES[number % 2].name, number // 2)
            case Deed.TICKET:
                self._put(*_TICKETS[number % len(_TICKETS)])
            case Deed.WAIT:
                self.stage.wait(_SPANS[number % len(_SPANS)])
            case never:
                assert_never(never)

    def _opted_out(self) -> bool:
        return any(customer.opted_out_at for customer in self.stage.rows.listed(Customer))

    def _press(self, place: Address, person: Person, number: int, *, late: bool) -> None:
        chat = self.stage.chats[place]
        buttons = list(chat.late_buttons() if late else chat.buttons())
        if buttons:
            receipt, choice = buttons[number % len(buttons)]
            self.stage.hear(place, person, choice.means, receipt)

    def _reply(self, person: Person) -> None:
        asking = [message.receipt for message in self.stage.chats[TEAM].messages if message.wordings[-1].asks]
        self.stage.hear(TEAM, person, Text("已经修好了", asking[-1] if asking else ""))

    def _call(self, name: str, number: int) -> None:
        issues, by = self.stage.rows.listed(Issue), Actor(name)
        commands: tuple[Command, ...] = (
            lambda context, issue: do.claim_issue(context, issue, by),
            lambda context, issue: do.release_issue(context, issue, by),
            lambda context, issue: assign_issue(context, issue, by, by.by),
            lambda context, issue: assign_issue(context, issue, by, "另一位"),
            lambda context, issue: do.reopen_issue(context, issue, by, "客户又来电"),
            lambda context, issue: do.resolve_issue(context, issue, by, Resolution("已经修好了")),
            lambda context, issue: do.resolve_issue(context, issue, by, Resolution("已经说明", notify=False)),
            lambda context, issue: do.report_progress(context, issue, by, "周五前修好"),
            lambda context, issue: do.ask_customer(context, issue, by, "请问等了多久？"),
        )
        if issues:
            command, issue = commands[number % len(commands)], issues[-1].id
            self.stage.desk(lambda context: command(context, issue))

    def _put(self, ticket: str, status: TicketStatus) -> None:
        self.stage.ticket(replace(event_of(_HEADER, status), id=ticket))


def _watched(context: DecisionContext, changes: Changes) -> None:
    assert not broken_by(context, changes)
