"""Receives everything that comes in: decides it, and returns after the commit."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from functools import partial
from hashlib import sha256
from typing import Generic, TypeVar

from bot.chat_migrations import Moves
from bot.handlers import deliveries, due
from bot.handlers import inbound as inbounds
from bot.handlers.admin.query_results import NOTHING, QueryResults
from bot.handlers.common.context import DecisionContext
from bot.handlers.common.policy import Policy
from bot.handlers.deliveries import Expired, Outcome
from bot.handlers.inbound import InboundResult
from bot.ports import Bind, Clock, MessageQuota, Parsed
from bot.process.crash_points import crash_point
from dialogs.ids import Ref, derive
from dialogs.messages import Address, Inbound
from scoring.values import Value, field
from storage.model.records import InboxOutcome, InboxRow, OutboxMessage
from storage.unit_of_work.changes import Changes
from storage.unit_of_work.needs import Needs
from storage.unit_of_work.snapshot import Snapshot
from storage.unit_of_work.writer import Decision, Job, Writer

__all__ = ["Once", "Receiver", "ReceiverOptions", "Replayed"]

A = TypeVar("A")


class Once(Value, Generic[A]):
    """A decision made once for each `key`: a repetition gets the stored answer and changes nothing."""

    key: str
    door: str
    encode: Callable[[A], str]


class Replayed(Value):
    """The answer given the first time, as `Once.encode` wrote it."""

    answer: str


LookUp = Callable[[Inbound, Policy, Bind | None], Awaitable[QueryResults]]


async def _nothing(_inbound: Inbound, _policy: Policy, _bind: Bind | None) -> QueryResults:
    return NOTHING


class ReceiverOptions(Value):
    """What only some processes need: message quotas by channel, and what finds more than rows by key for admins."""

    quotas: Mapping[str, MessageQuota] = field(default_factory=dict)
    look_up: LookUp = _nothing


_NO_OPTIONS = ReceiverOptions()


class Receiver:
    """Turn what comes in, by chat, API or clock, into decisions of the writer."""

    def __init__(
        self,
        writer: Writer,
        clock: Clock,
        policy: Policy,
        moves: Moves,
        options: ReceiverOptions = _NO_OPTIONS,
    ) -> None:
        self._writer = writer
        self._clock = clock
        self._policy = policy
        self._moves = moves
        self._quotas = options.quotas
        self._look_up = options.look_up

    @property
    def policy(self) -> Policy:
        """The settings that decide now."""
        return self._policy

    def adopt(self, policy: Policy) -> None:
        """Replace the policy, from the next decision on."""
        self._policy = policy

    async def receive(self, parsed: Parsed, door: str, raw: bytes, bind: Bind | None = None) -> InboundResult:
        """Decide on an inbound message; return once it is stored.

        `door` is where it came in, `raw` the delivery as it came; `bind` makes a link to the channel that it came from.
        """
        if parsed.inbound is None:
            return InboundResult.IGNORED
        inbound = self._moves.inward(parsed.inbound)
        found = await self._look_up(inbound, self._policy, bind)
        told = await self.do(
            self._counted(inbounds.needs(inbound, self.policy), inbound.place),
            lambda context: self._received(
                context, inbound, inbounds.handle_inbound(context, inbound, door, raw, found)
            ),
            lambda why, _now: Changes((inbounds.failed_inbound(inbound, door, raw, why),)),
        )
        crash_point("heard")
        return told

    async def keep_unread(self, door: str, raw: bytes, why: str, key: str = "") -> str:
        """Keep a delivery that cannot be read, and return its key; what is known under that key already stays as it is.

        Without a `key` it gets one made of its content.
        """
        key = key or f"{door}:{derive('unread', sha256(raw).hexdigest())}"

        def keep(context: DecisionContext) -> Decision[str]:
            row = InboxRow(key, door, raw, context.now, InboxOutcome.FAILED, why=why)
            return Decision(Changes() if context.snapshot.inbox_row(key) else Changes((row,)), key)

        return await self.do(Needs(inbox=frozenset({key})), keep)

    async def do(
        self,
        needs: Needs,
        decide: Callable[[DecisionContext], Decision[A]],
        failed: Callable[[str, datetime], Changes] | None = None,
        *,
        waits: bool = False,
    ) -> A:
        """Decide in the writer's next commit and return the answer; raises what the writer raises.

        What `waits` shares the commit of something else, or gets its own after a moment (`Writer.decide`).
        """
        job = Job(needs, partial(self._in_context, decide), partial(_kept, failed))
        return await self._writer.decide(job, waits=waits)

    async def do_once(
        self, once: Once[A], needs: Needs, decide: Callable[[DecisionContext], Decision[A]]
    ) -> A | Replayed:
        """Decide once per key, and keep the answer in the same commit."""

        def guarded(context: DecisionContext) -> Decision[A | Replayed]:
            before = context.snapshot.inbox_row(once.key)
            if before is not None:
                return Decision(Changes(), Replayed(before.answer))
            decision = decide(context)
            row = InboxRow(once.key, once.door, b"", context.now, answer=once.encode(decision.answer))
            return Decision(decision.changes + Changes((row,)), decision.answer)

        return await self.do(needs | Needs(inbox=frozenset({once.key})), guarded)

    async def settle(self, message: OutboxMessage, outcome: Outcome, anew: bool) -> Outcome:  # noqa: FBT001 (as `bot.delivery.sender.Settle` calls it)
        """Write down what became of a message; return it as it was written, for a window may have opened meanwhile.

        Raises what the writer raises; after DecisionFailed its row is settled, and nothing else.
        """
        return await self.do(
            self._counted(deliveries.needs(message, outcome, self.policy, self._clock.now()), message.address),
            lambda context: self._settled(context, message, outcome, anew=anew),
            lambda _why, now: deliveries.settle_row(message, outcome, now),
            waits=deliveries.may_settle_later(message, outcome),
        )

    async def wake(self, ref: Ref) -> None:
        """Decide what is due for one thing; KeyError for a kind of which nothing can be due."""
        await self.do(
            due.needs(ref, self.policy, self._clock.now()), lambda context: Decision(due.wake(context, ref), None)
        )

    def _in_context(
        self, decide: Callable[[DecisionContext], Decision[A]], snapshot: Snapshot, now: datetime
    ) -> Decision[A]:
        return decide(DecisionContext(snapshot, self.policy, now, self._clock.doubt()))

    def _counted(self, needs: Needs, place: Address) -> Needs:
        """Add what the channel's quota counts in this chat, where the channel has a quota."""
        return needs | Needs(windows=frozenset({place})) if place.channel in self._quotas else needs

    def _received(
        self, context: DecisionContext, inbound: Inbound, decision: Decision[InboundResult]
    ) -> Decision[InboundResult]:
        quota = self._quotas.get(inbound.place.channel)
        if quota is None or decision.answer is not InboundResult.NEW:
            return decision
        return Decision(quota.received(context.snapshot, inbound, decision.changes, context.now), decision.answer)

    def _settled(
        self, context: DecisionContext, message: OutboxMessage, outcome: Outcome, *, anew: bool
    ) -> Decision[Outcome]:
        quota = self._quotas.get(message.channel)
        if quota is None or isinstance(outcome, Expired):
            return Decision(deliveries.settle(context, message, outcome, anew=anew), outcome)
        booked = quota.settled(context.snapshot, message, outcome, context.now)
        outcome = quota.revised(context.snapshot.after(booked), message, outcome, context.now)
        return Decision(deliveries.settle(context, message, outcome, anew=anew) + booked, outcome)


def _kept(failed: Callable[[str, datetime], Changes] | None, error: Exception, now: datetime) -> Changes:
    return failed(type(error).__name__, now) if failed is not None else Changes()
