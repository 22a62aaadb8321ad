"""A customer and a colleague on the Stage, for tests that look at rows rather than at a whole conversation."""

from collections.abc import Callable
from datetime import UTC, timedelta

from bot.channels.sandbox.channel import PHONE, TEAM
from bot.handlers.common.context import DecisionContext
from bot.handlers.issues.commands import IssueResult
from dialogs.ids import RefKind, is_about
from dialogs.interview.model import Interview
from dialogs.issue.model import Issue
from dialogs.messages import Address, Joined, Person, Text
from scoring.values import replace
from storage.model.records import IssueEvent, OutboxMessage, TicketStatus
from storage.unit_of_work.writer import Decision
from tests.support.stage.opening import event_of, policy_of
from tests.support.stage.script import read_script
from tests.support.stage.world import Appeared, Stage

__all__ = ["Company"]

_CUSTOMER, _COLLEAGUE = Person("p1", "王女士"), Person("u1", "陈工")
_HEAD = "# 一次回访。\nsurvey: after_service   locale: zh-Hans   clock: 2026-11-23 {clock}\ncustomer: 王女士"


class Company:
    """What both of them do, and what is kept of it; settings are written as in a transcript's header."""

    def __init__(self, clock: str = "09:00", **settings: str) -> None:
        """Begin with nothing at this time of day, in Shanghai."""
        told = "".join(f"   set: {key.replace('__', '.')}={value}" for key, value in settings.items())
        self.header = read_script(_HEAD.format(clock=clock) + told).header
        self.stage = Stage(policy_of(self.header), self.header.clock.astimezone(UTC))

    def closes(self, ticket: str = "42", subject: str = "空调不制冷") -> None:
        """Close a ticket of the customer."""
        self.stage.ticket(replace(event_of(self.header, TicketStatus.CLOSED), id=ticket, subject=subject))

    def waits(self, **length: int) -> None:
        """Let time pass, in words of timedelta."""
        self.stage.wait(timedelta(**length))

    def says(self, words: str, replies_to: str = "", person: Person = _CUSTOMER, place: Address = PHONE) -> list[str]:
        """Let the customer say something; gives what comes up on the phone."""
        self.stage.happened.clear()
        self.stage.hear(place, person, Text(words, replies_to))
        return self.phone()

    def opens(self, token: str) -> list[str]:
        """Let the customer open a link with this token; gives what comes up on the phone."""
        self.stage.happened.clear()
        self.stage.hear(PHONE, _CUSTOMER, Joined(token))
        return self.phone()

    def presses(self, label: str, place: Address = TEAM) -> list[str]:
        """Press a button in the team's chat, or elsewhere; gives what comes up on the phone."""
        self.stage.happened.clear()
        message, tap = self.stage.chats[place].button(label)
        self.stage.hear(place, _COLLEAGUE if place == TEAM else _CUSTOMER, tap, message)
        return self.phone()

    def writes(self, words: str) -> None:
        """Let the colleague answer the question that asks them to write."""
        self.stage.hear(TEAM, _COLLEAGUE, Text(words, self.stage.chats[TEAM].asking()))

    def desk(self, command: Callable[[DecisionContext, str], Decision[IssueResult]]) -> IssueResult:
        """Let a colleague do something to the latest issue by API."""
        self.stage.happened.clear()
        issue = self.issues[-1].id
        return self.stage.desk(lambda context: command(context, issue))

    def phone(self) -> list[str]:
        """Return what has come up on the phone since the last deed."""
        came = (each.message for each in self.stage.happened if isinstance(each, Appeared))
        return [message.prompt.text for message in came if message.address == PHONE]

    def team(self) -> list[str]:
        """Return what has come up in the team's chat since the last deed."""
        came = (each.message for each in self.stage.happened if isinstance(each, Appeared))
        return [message.prompt.text for message in came if message.address == TEAM]

    @property
    def interview(self) -> Interview:
        """The latest interview."""
        return self.stage.rows.listed(Interview)[-1]

    @property
    def issues(self) -> list[Issue]:
        """Every issue, oldest first."""
        return self.stage.rows.listed(Issue)

    @property
    def sent(self) -> list[OutboxMessage]:
        """Every message to the customer about an issue."""
        return [m for m in self.stage.rows.listed(OutboxMessage) if m.customer and is_about(m.about, RefKind.ISSUE)]

    @property
    def events(self) -> list[tuple[str, str | None]]:
        """The timelines: what happened, and the words."""
        return [(event.event, event.text) for event in self.stage.rows.listed(IssueEvent)]
