"""Team messages as the decisions make them, for chats without buttons."""

from datetime import timedelta

from bot.channels.registry import capabilities_of
from bot.handlers.common.context import DecisionContext
from bot.handlers.common.policy import Policy
from bot.handlers.issues.team_messages import card_messages, customer_wrote_messages, overdue_messages
from bot.signed_links import Links
from dialogs.issue.model import Issue, IssueKind, Quote
from dialogs.messages import Address, Prompt
from scoring.values import replace
from storage.model.records import Customer, OutboxMessage, Purpose, Ticket, TicketStatus
from storage.unit_of_work.changes import Changes
from storage.unit_of_work.snapshot import Snapshot
from tests.dialogs.samples import ISSUE, NOW, PHRASES

__all__ = ["BASE", "LINKS", "ROBOT", "alarm", "alert", "calls", "context", "numbered", "overdue", "wrote"]

BASE = "https://huifang.example.com"
LINKS = Links(BASE, b"0" * 22)
ROBOT = Address("wecom", "robot")
CUSTOMER = Customer("c-1", "王女士")
TICKET = Ticket("desk", "42", "c-1", TicketStatus.CLOSED, subject="空调不制冷", agent_name="李工", team="north")
RATED = replace(ISSUE, tickets=(("desk", "42"),), quotes=(Quote(ISSUE.opened_at, "等了两天才有人来"),))


def context(
    *issues: Issue, locale: str = "zh-Hans", subject: str = TICKET.subject, leads: tuple[str, ...] = ()
) -> DecisionContext:
    """Return a moment with these issues, in a house whose team has only a robot; `leads` are escalated to."""
    policy = Policy({}, {}, PHRASES, locale=locale, team=(ROBOT,), capabilities=capabilities_of(), links=LINKS)
    policy = replace(policy, escalate_to=leads)
    return DecisionContext(Snapshot([CUSTOMER, replace(TICKET, subject=subject), *issues]), policy, NOW)


def alert(issue: Issue = RATED, *, locale: str = "zh-Hans", subject: str = TICKET.subject) -> OutboxMessage:
    """Return an issue's fresh card."""
    return _only(card_messages(context(issue, locale=locale, subject=subject), issue, fresh=True))


def overdue(issue: Issue = RATED, leads: tuple[str, ...] = ()) -> OutboxMessage:
    """Return the reminder that nobody took it."""
    return _only(overdue_messages(context(issue, leads=leads), issue))


def wrote(text: str) -> OutboxMessage:
    """Return what a customer says of a resolved issue."""
    return _only(customer_wrote_messages(context(RATED), RATED, text, "cause"))


def calls(count: int) -> OutboxMessage:
    """Return the day's card of so many customers to ring, as the last of them brings it."""
    issues = [
        replace(RATED, id=f"iss_abcdefgh{n:05}", kind=IssueKind.CALL, opened_at=NOW + _later(n)) for n in range(count)
    ]
    return _only(card_messages(context(*issues), issues[-1], fresh=True))


def alarm() -> OutboxMessage:
    """Return an operator alarm."""
    prompt = Prompt("系统告警 database：cannot be written")
    return OutboxMessage("out_alarm", ROBOT.channel, ROBOT.chat, Purpose.ALERT, prompt, NOW, NOW)


def numbered(count: int) -> list[OutboxMessage]:
    """Return the cards of so many issues."""
    return [alert(replace(RATED, id=f"iss_abcdefgh{n:05}")) for n in range(count)]


def _later(minutes: int) -> timedelta:
    return timedelta(minutes=minutes)


def _only(changes: Changes) -> OutboxMessage:
    (message,) = changes.records
    assert isinstance(message, OutboxMessage)
    return message
