"""The Stage: decisions of the real handlers, a clock that the script moves, and chats that show what was sent."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from bot.handlers import deliveries
from bot.handlers import due as wakes
from bot.handlers import inbound as heard
from bot.handlers.common.context import DecisionContext
from bot.handlers.common.policy import Policy
from bot.handlers.deliveries import Expired, NothingToEdit, Outcome
from bot.handlers.improvement.terms import pass_term
from bot.handlers.issues.commands import IssueResult
from bot.handlers.surveys.ticket_event import TicketEvent
from bot.handlers.surveys.tickets import put
from bot.ports import Blocked, Held, Refused, Retry, Sent, Unknown
from dialogs.campaign.model import Campaign
from dialogs.ids import Ref, RefKind
from dialogs.improvement.model import Finding, FindingState
from dialogs.interview.model import Interview
from dialogs.invitation.model import Invitation
from dialogs.issue.model import Issue
from dialogs.messages import Address, Inbound, Person, Prompt, Said
from dialogs.outbox.machine import LeaseReturned, MessageClaimed, MessageDropped, MessageFailed, MessageOvertaken
from dialogs.outbox.model import SendingState
from dialogs.time.doubt import Doubt
from storage.model.message_transitions import after_event
from storage.model.records import OutboxMessage
from storage.unit_of_work.changes import Changes, Settle
from storage.unit_of_work.writer import Decision
from tests.support.stage.chats import Chat
from tests.support.stage.database import Database
from tests.support.stage.jobs import look_up, wake_campaign
from tests.support.stage.rows import Rows

__all__ = ["Appeared", "Happening", "Stage", "Toasted"]

A = TypeVar("A")


@dataclass(frozen=True, slots=True)
class Appeared:
    """A message came up in a chat; `before` is what it said until then if it was edited."""

    at: datetime
    message: OutboxMessage
    before: Prompt | None = None


@dataclass(frozen=True, slots=True)
class Toasted:
    """A press was answered by a phrase over the chat, or by a box to close (`alert`)."""

    at: datetime
    text: str
    alert: bool = False


Happening = Appeared | Toasted
Watch = Callable[[DecisionContext, Changes], None]


def _unwatched(_before: DecisionContext, _changes: Changes) -> None:
    return


class Stage:
    """A world of one help desk, one customer's chat and the team's chats."""

    def __init__(self, policy: Policy, now: datetime, watch: Watch = _unwatched) -> None:
        """Begin with nothing, at `now` (UTC); `watch` sees every decision before it is written."""
        self.policy = policy
        self.now = now
        self.doubt: Doubt | None = None
        """What is unknown of the time; moments in it are not woken for."""
        self.rows = Rows()
        self.database = Database(self.rows, lambda: self.now)
        self.chats: defaultdict[Address, Chat] = defaultdict(Chat)
        self.shut: set[Address] = set()
        """Chats that have blocked us."""
        self.is_away = False
        """The platform answers nobody; what is to be sent is tried again an hour later."""
        self.doubts: Callable[[OutboxMessage], bool] = lambda _message: False
        """The messages of which nobody knows whether they arrived; they do not."""
        self.arrives_unnoticed: Callable[[OutboxMessage], bool] = lambda _message: False
        """The messages of which nobody knows whether they arrived; they do."""
        self.dies_at: Callable[[OutboxMessage], bool] = lambda _message: False
        """The messages at whose sending the product dies; they come up, unless the platform never had them."""
        self.is_down = False
        """The product has died: what is said to it is decided as it starts, before it looks what was cut off."""
        self.refuses: Callable[[OutboxMessage], bool] = lambda _message: False
        """The messages that the platform will never take."""
        self.holds: Callable[[OutboxMessage], bool] = lambda _message: False
        """The messages that wait until the customer writes, as the reply window is shut."""
        self.happened: list[Happening] = []
        self._watch = watch
        self._heard = 0

    def adopt(self, policy: Policy) -> None:
        """Let another policy hold from the next decision on."""
        self.policy = policy

    def take_happened(self) -> list[Happening]:
        """Return what has happened since this was asked last."""
        happened, self.happened = self.happened, []
        return happened

    # -- what people and help desks do -------------------------------------------------------------------------

    def ticket(self, event: TicketEvent) -> None:
        """Let the help desk say something of a ticket."""
        self.decide(lambda context: put(context, event))

    def hear(self, place: Address, sender: Person, said: Said, message: str = "") -> str:
        """Let somebody type, tap, join or leave; gives the channel's id of what was typed."""
        self._heard += 1
        number, own = f"n{self._heard}", message or f"t{self._heard}"
        inbound = Inbound(number, place, sender, self.now, said, message=own, callback=number)
        looked_up = look_up(self, inbound)
        self.decide(lambda context: heard.handle_inbound(context, inbound, place.channel, b"{}", looked_up))
        return own

    def desk(self, command: Callable[[DecisionContext], Decision[IssueResult]]) -> IssueResult:
        """Let a colleague work by API."""
        return self.decide(command)

    # -- time --------------------------------------------------------------------------------------------------

    def wait(self, length: timedelta) -> None:
        """Let time pass, and do what becomes due on the way at its own moment."""
        until = self.now + length
        while (due := self._next()) is not None and due[0] <= until:
            self.now = max(self.now, due[0])
            self._wake(due[1])
            assert self._next() != due, f"{due[1].id} stays due"
        self.now = until

    def _wake(self, ref: Ref) -> None:
        if ref.kind is RefKind.CAMPAIGN:
            wake_campaign(self, ref.id)
            return
        if ref.kind is RefKind.FINDING:
            self.decide(lambda context: pass_term(context, ref.id))
            return
        self.decide(lambda context: Decision(wakes.wake(context, ref), None))

    def _next(self) -> tuple[datetime, Ref] | None:
        due = [(thing.wake_at, thing.ref) for thing in self._sleeping() if thing.wake_at is not None]
        terms = [one for one in self.rows.listed(Finding) if one.state in (FindingState.PLANNED, FindingState.OVERDUE)]
        return min([*due, *((one.look_at, one.ref) for one in terms if one.look_at is not None)], default=None)

    def _sleeping(self) -> list[Invitation | Interview | Issue | Campaign]:
        listed = self.rows.listed
        return [*listed(Invitation), *listed(Interview), *listed(Issue), *listed(Campaign)]

    # -- decisions and what follows ----------------------------------------------------------------------------

    def _scene(self) -> DecisionContext:
        return DecisionContext(self.rows.snapshot, self.policy, self.now, self.doubt)

    def decide(self, decide: Callable[[DecisionContext], Decision[A]]) -> A:
        """Decide, write it down, and send what is to be sent."""
        decision = decide(self._scene())
        self._commit(decision.changes)
        while self._send_next():
            pass
        return decision.answer

    def _commit(self, changes: Changes) -> None:
        self._watch(self._scene(), changes)
        self.rows.write(changes)
        said = (ack for ack in changes.acknowledgements if ack.text)
        self.happened += [Toasted(self.now, ack.text, ack.alert) for ack in said]

    def _send_next(self) -> bool:
        """Send the message that waits longest, as the sender would; say whether there was one."""
        if self.is_down:
            return False
        pending = (m for m in self.rows.listed(OutboxMessage) if m.status is SendingState.PENDING)
        message = next((m for m in pending if m.not_before <= self.now), None)
        if message is None:
            return False
        if self._unwanted(message):
            self.rows.write(Changes(settles=(Settle(message.id, MessageDropped("opted_out"), self.now),)))
            return True
        outcome = self._send(message)
        if self.dies_at(message):
            self.is_down = True
            self.rows.put(after_event(message, MessageClaimed(self.now)))
            return False
        if isinstance(outcome, Expired):  # claiming it ends it (storage.unit_of_work.leases)
            self.rows.write(Changes(settles=(Settle(message.id, MessageFailed("expired"), self.now),)))
        self._commit(deliveries.settle(self._scene(), message, outcome))
        return True

    def starts_again(self) -> None:
        """Start after a death at a sending: what was cut off is sent again where that does no harm, or in doubt."""
        self.is_down = False
        found = [m for m in self.rows.listed(OutboxMessage) if m.status is SendingState.LEASED]
        for message in found:
            self.rows.put(after_event(message, LeaseReturned(has_begun=True)))
        for message in found:
            if not message.may_repeat:
                self._commit(deliveries.settle(self._scene(), message, Unknown("cut off")))
        for edits in self._waiting_edits():
            for overtaken in edits[:-1]:
                self.rows.put(after_event(overtaken, MessageOvertaken()))
        while self._send_next():
            pass

    def _waiting_edits(self) -> Iterable[list[OutboxMessage]]:
        """Return the pending edits of each message that has some, in their order."""
        by_root = defaultdict(list)
        for message in self.rows.listed(OutboxMessage):
            if message.edits and message.status is SendingState.PENDING:
                by_root[message.edits].append(message)
        return by_root.values()

    def _unwanted(self, message: OutboxMessage) -> bool:
        """Read the opt-out at the last moment, as a lease does (storage.unit_of_work.leases)."""
        customer = self.rows.snapshot.customer(message.customer) if message.customer else None
        return message.obeys_opt_out and customer is not None and customer.opted_out_at is not None

    def _send(self, message: OutboxMessage) -> Outcome:
        root = self.rows.snapshot.message(message.edits) if message.edits else None
        shown = message.receipt or (root.receipt if root is not None else "")
        failed = self._not_sent(message, shown)
        if failed is not None:
            return failed
        receipt = shown or message.id
        before = self.chats[message.address].show(receipt, message.prompt)
        self.happened.append(Appeared(self.now, message, before))
        return Unknown("cut off") if self.arrives_unnoticed(message) else Sent(receipt)

    def _not_sent(self, message: OutboxMessage, shown: str) -> Outcome | None:
        """Return why a message does not come up, None where it does; `shown` is the receipt of what it edits."""
        cases: tuple[tuple[bool, Outcome], ...] = (
            (message.expires_at is not None and message.expires_at <= self.now, Expired()),
            (message.prompt.only_edits and not shown, NothingToEdit()),
            (self.is_away, Retry(3600, "away")),
            (message.address in self.shut, Blocked("blocked", "the customer has blocked us")),
            (self.refuses(message), Refused("too long")),
            (self.holds(message), Held(None, "the window is shut")),
            (self.doubts(message), Unknown("cut off")),
        )
        return next((outcome for happens, outcome in cases if happens), None)
