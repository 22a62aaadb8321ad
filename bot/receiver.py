"""Receives everything that comes in: decides it, and returns after the commit."""

import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping
from datetime import datetime
from functools import partial
from hashlib import sha256
from typing import Generic, TypeVar

from bot.chat_migrations import Moves
from bot.handlers import deliveries, due
from bot.handlers import inbound as inbounds
from bot.handlers.common.context import DecisionContext
from bot.handlers.common.policy import Policy, UnknownSurveyError
from bot.handlers.common.query_results import NOTHING, QueryResults
from bot.handlers.customers.consent import is_opt_out
from bot.handlers.deliveries import Expired, NothingToEdit, Outcome
from bot.handlers.outgoing.hook_events import derived_events
from bot.ports import Bind, Clock, InboundResult, MessageQuota, Parsed, RaiseAlarm
from bot.process.alarms import DECISIONS, FAILED_DELIVERIES, log_alarm
from bot.process.crash_points import crash_point
from dialogs.ids import Ref, derive
from dialogs.messages import Address, Inbound, Tap
from dialogs.survey import Survey, SurveyKey
from scoring.values import Value, field, replace
from storage.model.errors import DecisionFailed
from storage.model.known_deliveries import event_hash, is_in_span, span_key
from storage.model.records import InboxOutcome, InboxRow, OutboxMessage
from storage.schema.literals import REPEATED_ANSWER
from storage.unit_of_work.changes import Changes
from storage.unit_of_work.jobs import failure_reason
from storage.unit_of_work.needs import Needs
from storage.unit_of_work.snapshot import Snapshot
from storage.unit_of_work.writer import Decision, Job, Writer

__all__ = ["Once", "Receiver", "ReceiverOptions", "Replayed", "Versions"]

logger = logging.getLogger(__name__)
A = TypeVar("A")


class Once(Value, Generic[A]):
    """A decision made once for each `key`: a repetition gets the stored answer and changes nothing.

    `keep` makes what is kept of the delivery with its answer, nothing by default.
    """

    key: str
    door: str
    encode: Callable[[A], str]
    keep: Callable[[A], bytes] = lambda _: b""


class Replayed(Value):
    """The answer given the first time, as `Once.encode` wrote it."""

    answer: str


class _Missing(Value):
    """The answer of a decision that needs a survey version which this process has not read."""

    survey: SurveyKey


Versions = Callable[[str, RaiseAlarm], Awaitable[Iterable[Survey]]]
"""Reads the stored versions of a survey, of every survey where it is empty; raises the alarm for unreadable ones."""

LookUp = Callable[[Inbound, Policy, Bind | None], Awaitable[QueryResults]]


async def _nothing(_inbound: Inbound, _policy: Policy, _bind: Bind | None) -> QueryResults:
    return NOTHING


async def _no_versions(_survey: str, _alarm: RaiseAlarm) -> Iterable[Survey]:
    return ()


async def _no_moves() -> None:
    return


class ReceiverOptions(Value):
    """What only some processes need.

    `quotas` are message quotas by channel, `look_up` finds more than rows by key for admins; `versions` and `moves`
    read what other processes have stored of surveys and of groups that moved.
    """

    quotas: Mapping[str, MessageQuota] = field(default_factory=dict)
    look_up: LookUp = _nothing
    versions: Versions = _no_versions
    moves: Callable[[], Awaitable[None]] = _no_moves


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
        self._stored_versions = options.versions
        self._stored_moves = options.moves
        self._alarm: RaiseAlarm = log_alarm

    @property
    def policy(self) -> Policy:
        """The settings that decide now."""
        return self._policy

    def adopt(self, policy: Policy) -> None:
        """Replace the policy, from the next decision on."""
        self._policy = policy

    def alarm_with(self, alarm: RaiseAlarm) -> None:
        """Raise alarms by this from now on; before, they are lines in the log."""
        self._alarm = alarm

    async def learn(self, survey: str = "") -> None:
        """Read the stored versions of a survey, of every survey without an id, and add those that are not known."""
        found = await self._stored_versions(survey, self._alarm)
        self.adopt(self._policy.knowing(found))

    def speak_to_team(self, language: str) -> None:
        """Set the language of messages to the team from now on, as where one person plays it on a page."""
        if self._policy.team_locale != language:
            self.adopt(replace(self._policy, team_locale=language))

    async def current_policy(self) -> Policy:
        """Return the policy with every survey version that any process has stored, such as to choose an audience."""
        await self.learn()
        return self._policy

    async def survey_versions(self, keys: Iterable[SurveyKey]) -> Mapping[SurveyKey, Survey]:
        """Return these survey versions, but for those that can be read nowhere: for them an alarm is raised."""
        wanted = set(keys)
        for key in sorted(wanted - self._policy.surveys.keys()):
            await self._find(key)
        return {key: self._policy.surveys[key] for key in wanted & self._policy.surveys.keys()}

    async def receive(self, parsed: Parsed, door: str, raw: bytes, bind: Bind | None = None) -> InboundResult:
        """Decide on an inbound message; return once it is stored.

        `door` is where it came in, `raw` the delivery as it came; `bind` makes a link to the channel that it came from.
        """
        if parsed.inbound is None:
            return InboundResult.IGNORED
        inbound = await self._at_home(parsed.inbound)
        if self._is_for_nobody(inbound):
            return InboundResult.ELSEWHERE
        found = await self._look_up(inbound, self._policy, bind)
        try:
            told = await self.do_untold(
                self._counted(inbounds.needs(inbound, self.policy), inbound.place),
                lambda context: self._received(
                    context, inbound, inbounds.handle_inbound(context, inbound, door, raw, found)
                ),
                lambda why, _now: Changes((inbounds.failed_inbound(inbound, door, raw, why),)),
            )
        except DecisionFailed as failure:
            self._tell(FAILED_DELIVERIES, f"{inbound.key} could not be decided and is kept as failed: {failure}")
            if not is_opt_out(inbound, self._policy):
                raise
            return await self._stop_anyway(inbound, inbounds.failed_inbound(inbound, door, raw, str(failure)))
        crash_point("heard")
        return told

    def _is_for_nobody(self, inbound: Inbound) -> bool:
        """Return whether it was said in a group that is not the team's; a press there is answered, a move is kept."""
        is_talk = not isinstance(inbound.said, Tap) and not inbound.moved_to
        return is_talk and self._policy.is_elsewhere(inbound.place)

    async def receive_again(self, parsed: Parsed, kept: InboxRow, bind: Bind | None = None) -> InboundResult:
        """Decide on an inbound message of a delivery that is kept as failed; return once it is stored.

        The same message again changes nothing, nor does any of a delivery that another process has done or dropped
        meanwhile. What fails changes nothing either: the caller writes down why.
        """
        if parsed.inbound is None:
            return InboundResult.IGNORED
        inbound = await self._at_home(replace(parsed.inbound, at=kept.received_at))
        found = await self._look_up(inbound, self._policy, bind)

        def decide(context: DecisionContext) -> Decision[InboundResult]:
            row = context.snapshot.inbox_row(kept.key)
            if row is None or row.outcome is InboxOutcome.DONE:
                return Decision(Changes(), InboundResult.REPEATED)
            decision = inbounds.handle_inbound(context, inbound, kept.door, kept.raw, found, is_kept=True)
            return self._received(context, inbound, decision)

        needs = inbounds.needs(inbound, self.policy) | Needs(inbox=frozenset({kept.key}))
        try:
            return await self.do_untold(self._counted(needs, inbound.place), decide)
        except DecisionFailed as failure:
            if not is_opt_out(inbound, self._policy):
                raise
            failed = inbounds.failed_inbound(inbound, kept.door, kept.raw, str(failure))
            return await self._stop_anyway(inbound, failed)

    async def _stop_anyway(self, inbound: Inbound, failed: InboxRow) -> InboundResult:
        """Record an opt-out whatever cannot be read; where even its confirmation fails, without that."""
        needs = Needs(inbox=frozenset({inbound.key}), chats=frozenset({inbound.place}))

        def stop(context: DecisionContext, *, confirms: bool) -> Decision[InboundResult]:
            changes = inbounds.stop_anyway(context, inbound, failed, confirms=confirms)
            return Decision(changes, InboundResult.NEW)

        try:
            return await self.do_untold(needs, partial(stop, confirms=True))
        except DecisionFailed:
            return await self.do_untold(needs, partial(stop, confirms=False))

    async def _at_home(self, inbound: Inbound) -> Inbound:
        """Return a message with the chat id of our rows; another process may know that its group moved."""
        if inbound.place in self._policy.team:  # also by its new id, once that is in the settings
            return inbound
        known = self._moves.inward(inbound)
        if not self._policy.is_elsewhere(known.place) or known is not inbound:
            return known
        await self._stored_moves()
        return self._moves.inward(inbound)

    async def keep_unread(self, door: str, raw: bytes, why: str, key: str = "") -> str:
        """Keep a delivery that cannot be read, raise an alarm, and return its key.

        What is known under that key already stays as it is; without a `key` it gets one made of its content. `why`
        must not quote it.
        """
        key = key or f"{door}:{derive('unread', sha256(raw).hexdigest())}"

        def keep(context: DecisionContext) -> Decision[bool]:
            known, span = context.snapshot.inbox_row(key), context.snapshot.inbox_row(span_key(door))
            if known is not None or is_in_span(span, key, context.now):
                return Decision(Changes(), known is not None and known.outcome is InboxOutcome.FAILED)
            row = InboxRow(key, door, raw, context.now, InboxOutcome.FAILED, why=why)
            return Decision(Changes((row,)), answer=True)

        if await self.do(Needs(inbox=frozenset({key, span_key(door)})), keep):
            self._tell(FAILED_DELIVERIES, f"{key} cannot be read and is kept as failed: {why}")
        return key

    def _tell(self, alarm: str, text: str) -> None:
        """Write a line for each failure, and raise the alarm, which is told once an hour."""
        logger.error("%s", text)
        self._alarm(alarm, text)

    def sound(self, alarm: str, text: str) -> None:
        """Raise an alarm for what failed outside a decision, and of which whoever asked is told."""
        self._alarm(alarm, text)

    async def do(self, needs: Needs, decide: Callable[[DecisionContext], Decision[A]]) -> A:
        """Decide as `do_untold` does; where the decision fails, an alarm is raised as well."""
        try:
            return await self.do_untold(needs, decide)
        except DecisionFailed as failure:
            self._tell(DECISIONS, f"a decision failed and changed nothing: {failure}")
            raise

    async def do_untold(
        self,
        needs: Needs,
        decide: Callable[[DecisionContext], Decision[A]],
        failed: Callable[[str, datetime], Changes] | None = None,
        *,
        waits: bool = False,
    ) -> A:
        """Decide in the writer's next commit and return the answer; raises what the writer raises.

        What `waits` shares the commit of something else, or gets its own after a moment (`Writer.decide`). A decision
        that meets a survey version which another process has stored is made again when that is read.
        """
        unreadable: frozenset[SurveyKey] = frozenset()
        while True:
            job = Job(needs, partial(self._in_context, decide, unreadable), partial(_kept, failed))
            answer = await self._writer.decide(job, waits=waits)
            if not isinstance(answer, _Missing):
                return answer
            if not await self._find(answer.survey):
                unreadable |= {answer.survey}

    async def _find(self, key: SurveyKey) -> bool:
        """Read a survey version that is not known; return whether it is now. Version 0 stands for any."""
        await self.learn(key[0])
        if key in self._policy.surveys or (not key[1] and key[0] in self._policy.current):
            return True
        if key[1]:
            self._alarm("surveys", f"version {key[1]} of survey {key[0]!r} is asked, but can be read nowhere")
        return False

    async def do_once(
        self, once: Once[A], needs: Needs, decide: Callable[[DecisionContext], Decision[A]]
    ) -> A | Replayed:
        """Decide once per key for ever, and keep the answer in the same commit; it is gone some time later."""
        known = event_hash(once.key)

        def guarded(context: DecisionContext) -> Decision[A | Replayed]:
            before = context.snapshot.inbox_row(once.key)
            if before is not None and before.outcome is not InboxOutcome.FAILED:
                return Decision(Changes(), Replayed(before.answer))
            if before is None and context.snapshot.knows_event(known):
                return Decision(Changes(), Replayed(REPEATED_ANSWER))
            decision = decide(context)
            answer = decision.answer
            row = InboxRow(once.key, once.door, once.keep(answer), context.now, answer=once.encode(answer))
            return Decision(decision.changes + Changes((row,)), decision.answer)

        return await self.do(needs | Needs(inbox=frozenset({once.key}), events=frozenset({known})), guarded)

    async def settle(self, message: OutboxMessage, outcome: Outcome, anew: bool) -> Outcome:  # noqa: FBT001 (as `bot.delivery.outcomes.StoreOutcome` is called)
        """Write down what became of a message; return it as it was written, for a window may have opened meanwhile.

        Raises what the writer raises; after DecisionFailed its row is settled, and nothing else.
        """
        return await self.do_untold(
            self._counted(deliveries.needs(message, outcome, self.policy, self._clock.now()), message.address),
            lambda context: self._settled(context, message, outcome, anew=anew),
            lambda _why, now: deliveries.settle_row(message, outcome, now),
            waits=deliveries.may_settle_later(message, outcome),
        )

    async def wake(self, ref: Ref) -> None:
        """Decide what is due for one thing; KeyError for a kind of which nothing can be due."""
        await self.do_untold(
            due.needs(ref, self.policy, self._clock.now()), lambda context: Decision(due.wake(context, ref), None)
        )

    def _in_context(
        self,
        decide: Callable[[DecisionContext], Decision[A]],
        unreadable: frozenset[SurveyKey],
        snapshot: Snapshot,
        now: datetime,
    ) -> Decision[A | _Missing]:
        policy = replace(self._policy, unreadable=unreadable) if unreadable else self._policy
        context = DecisionContext(snapshot, policy, now, self._clock.doubt())
        try:
            decision = decide(context)
            told = derived_events(context, decision.changes)
        except UnknownSurveyError as unknown:
            return Decision(Changes(), _Missing(unknown.key))
        return Decision(decision.changes + Changes(told), decision.answer)

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
        if quota is None or isinstance(outcome, Expired | NothingToEdit):
            return Decision(deliveries.settle(context, message, outcome, anew=anew), outcome)
        booked = quota.settled(context.snapshot, message, outcome, context.now)
        outcome = quota.revised(context.snapshot.after(booked), message, outcome, context.now)
        return Decision(deliveries.settle(context, message, outcome, anew=anew) + booked, outcome)


def _kept(failed: Callable[[str, datetime], Changes] | None, error: Exception, now: datetime) -> Changes:
    return failed(failure_reason(error), now) if failed is not None else Changes()
