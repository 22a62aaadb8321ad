"""What the service is made of, put together once: services, channels, and those who send and wake."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from bot.channels.descriptor import ChannelDescriptor, Connection
from bot.channels.registry import CHANNELS, sandbox_only, switched_on
from bot.connectors.refused_deliveries import RefusedDeliveries
from bot.delivery.desk_writes.desk_pace import DeskPace
from bot.delivery.desk_writes.ticket_writer import TicketWriter
from bot.delivery.outcomes import StoreOutcome
from bot.delivery.queue import SendQueue, Unpaced
from bot.delivery.sender import Sender
from bot.handlers.deliveries import Outcome
from bot.handlers.due import DUE
from bot.jobs.alarm_messages import Carry, alarm_sender
from bot.jobs.campaigns import CampaignRunner
from bot.jobs.data_requests import DataRequestDependencies, fulfil
from bot.jobs.failed_deliveries import FailedDeliveries
from bot.jobs.outgoing.hook_sender import HookSender
from bot.jobs.rules_reload import RulesWatcher, keep_rules
from bot.ports import Blocked, Capabilities, Channel, Delivery, Pace
from bot.process.after_commit import AfterCommit
from bot.process.alarms import Alarms
from bot.process.hints import Hints
from bot.process.logs import Redactor
from bot.process.scheduler import Scheduler, Wake
from bot.process.system import SystemClock
from bot.process.trusted_clock import TrustedClock
from bot.telemetry.instruments import Instruments
from bot.telemetry.otel_spans import open_traces
from bot.wiring.channels import channel_services
from bot.wiring.connectors import desk_accounts
from bot.wiring.escalation import unknown_in_escalation
from bot.wiring.sandbox import admit_channels
from bot.wiring.services import Services, open_services
from bot.wiring.workdays import learn_workdays
from config.settings.loading import secrets_of
from config.settings.settings import Settings
from dialogs.ids import Ref, RefKind
from dialogs.invitation.model import InvitationReason
from dialogs.outbox.model import SendingState
from scoring.values import replace
from storage.model.records import OutboxMessage
from storage.unit_of_work.leases import Claimed

__all__ = ["Container", "open_container", "wakers"]

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Container:
    """Everything that a role of the process works with; `connections` are the channels that are on, by name."""

    settings: Settings
    services: Services
    alarms: Alarms
    instruments: Instruments
    connections: Mapping[str, Connection]
    sender: Sender
    hook_sender: HookSender
    scheduler: Scheduler
    hints: Hints
    rule_watch: RulesWatcher
    failed: FailedDeliveries
    refused: RefusedDeliveries = field(default_factory=RefusedDeliveries)

    def able_to(self, wanted: Callable[[Capabilities], bool]) -> dict[str, Channel]:
        """Return the channels with such capabilities, by name."""
        can = self.services.receiver.policy.can
        return {name: connection.channel for name, connection in self.connections.items() if wanted(can(name))}


@asynccontextmanager
async def open_container(
    settings: Settings,
    batch_limit: int = 200,
    channels: Sequence[ChannelDescriptor] = CHANNELS,
    *,
    sandbox: bool = False,
) -> AsyncIterator[Container]:
    """Open the database and connect the channels; whatever happens, all is closed again.

    With `sandbox` no other channel is on, whatever the settings say. The database is closed before the channels are,
    since its last commits acknowledge presses.
    Raises what `open_services` and `admit_channels` raise, and ConfigErrors where a channel cannot be connected as the
    settings say.
    """
    channels = sandbox_only(channels) if sandbox else channels
    async with AsyncExitStack() as closing, open_services(settings, batch_limit, channels) as services:
        await admit_channels(services.reader, services.writer, settings, channels)
        clean = Redactor(secrets_of(settings)).clean
        connections = dict[str, Connection]()
        tell = alarm_sender(services.receiver, services.clock, partial(_direct, services, connections))
        alarms = Alarms(services.clock, tell, clean=clean)
        services.receiver.alarm_with(alarms.sound)
        instruments = Instruments(open_traces(settings, services.clock))
        closing.callback(instruments.traces.close)
        services.commits.subscribe(instruments.take)
        for channel in switched_on(settings, channels):
            given = channel_services(services, alarms, partial(instruments.call_failed, channel.name))
            connections[channel.name] = await channel.connect(settings, given)
            if summary := channel.summary(settings):
                logger.info("%s: %s", channel.name, summary)
            closing.push_async_callback(connections[channel.name].channel.close)
        await _warn_of_unknown(settings, services)
        writers = _ticket_writers(settings, services, alarms, closing) if not sandbox else _no_writers(services)
        sender = _sender(services, connections, writers, alarms, instruments)
        services.gate.connect(sender)
        scheduler = _scheduler(services, alarms)
        speak = services.receiver.speak_to_team
        hints = Hints(services.store, sender.receive, lambda at: scheduler.expect(services.clock.wall(at)), speak)
        poke, expect = partial(_poke, sender, hints), partial(_expect, services.clock, scheduler, hints)
        hook_sender = HookSender(services.hooks, alarms, instruments.hook_attempted)
        services.commits.subscribe(hook_sender.take)
        closing.callback(asyncio.ensure_future(learn_workdays(services.receiver, settings)).cancel)
        services.commits.subscribe(AfterCommit(sender.channels, services.moves, poke, expect))
        try:
            yield Container(
                settings=settings,
                services=services,
                alarms=alarms,
                instruments=instruments,
                connections=connections,
                sender=sender,
                hook_sender=hook_sender,
                scheduler=scheduler,
                hints=hints,
                rule_watch=_rule_watch(services, alarms),
                failed=_failed(services, alarms, connections),
            )
        finally:
            await sender.stop()


def _failed(services: Services, alarms: Alarms, connections: Mapping[str, Connection]) -> FailedDeliveries:
    return FailedDeliveries(receiver=services.receiver, reader=services.reader, alarms=alarms, connections=connections)


async def _warn_of_unknown(settings: Settings, services: Services) -> None:
    if settings.alerts.escalate_to:
        names = [member.name for member in await services.reader.admins.roster()]
        for unknown in unknown_in_escalation(settings, names):
            logger.warning("%s", unknown)


def _poke(sender: Sender, hints: Hints, messages: Sequence[OutboxMessage], claims: Sequence[Claimed]) -> None:
    """Pass messages on to the sender: this process's, or that of another one."""
    sender.poke(messages, claims)
    if not sender.has_role:
        hints.publish_messages(one.id for one in messages if one.status is SendingState.PENDING)


def _expect(clock: TrustedClock, scheduler: Scheduler, hints: Hints, at: datetime | None) -> None:
    """Pass on to the scheduler when something is due: to this process's, or to that of another one."""
    if at is not None and scheduler.is_running:
        scheduler.expect(clock.wall(at))
    elif at is not None:
        hints.publish_due(at)


def _direct(services: Services, connections: Mapping[str, Connection]) -> Mapping[str, Carry]:
    """Return what sends alarms that the database does not take; nothing where several processes would send each."""
    if not services.store.is_alone:
        return {}

    def carry(channel: Channel, message: OutboxMessage) -> Awaitable[Delivery]:
        return channel.send(services.moves.outward(message), "")

    return {name: partial(carry, connection.channel) for name, connection in connections.items()}


def _ticket_writers(
    settings: Settings, services: Services, alarms: Alarms, closing: AsyncExitStack
) -> dict[str, Channel]:
    """Return what writes into the tickets of each help desk that has a token, by its name."""
    writers: dict[str, Channel] = {}
    for name, api, account in desk_accounts(settings):
        writers[name] = TicketWriter(name, api, account, services.clock, alarms)
        closing.push_async_callback(writers[name].close)
    return writers


def _no_writers(services: Services) -> dict[str, Channel]:
    """Return none, and let nothing be decided for tickets and webhooks: what is played calls nobody."""
    services.receiver.adopt(replace(services.receiver.policy, desks={}, is_played=True))
    return {}


def _sender(
    services: Services,
    connections: Mapping[str, Connection],
    writers: Mapping[str, Channel],
    alarms: Alarms,
    instruments: Instruments,
) -> Sender:
    pacers: dict[str, Pace] = {name: connection.pace or Unpaced() for name, connection in connections.items()}
    pacers |= {name: DeskPace() for name in writers}
    capabilities = services.receiver.policy.capabilities
    return Sender(
        channels={name: connection.channel for name, connection in connections.items()} | dict(writers),
        settle=_counted(services.receiver.settle, instruments),
        store=services.store,
        writer=services.writer,
        queue=SendQueue(pacers, merging={name for name in connections if capabilities[name].merges}),
        clock=services.clock,
        alarms=alarms,
        moves=services.moves,
        refuses=partial(_refusal, services),
        traced=instruments.traces.sending,
    )


def _counted(settle: StoreOutcome, instruments: Instruments) -> StoreOutcome:
    """Return what stores the outcome of a message, and counts it once it is stored."""

    async def settled(message: OutboxMessage, outcome: Outcome, anew: bool) -> Outcome:  # noqa: FBT001 (as StoreOutcome)
        stored = await settle(message, outcome, anew)
        instruments.sent(message, stored)
        return stored

    return settled


def _refusal(services: Services, message: OutboxMessage) -> Blocked | None:
    """Return why a customer's message is not sent: a row from before may name a chat in which none can be."""
    if message.customer is None or message.channel not in services.receiver.policy.channels:
        return None
    problem = services.receiver.policy.address_problem(message.address)
    return Blocked(InvitationReason.NO_CONTACT, f"the address {problem}") if problem else None


def _scheduler(services: Services, alarms: Alarms) -> Scheduler:
    """Return the scheduler, which sleeps by the machine's clocks and does what is due by the process's time."""
    reader, clock = services.reader, services.clock
    campaigning = CampaignRunner(services.receiver, reader.campaigns, alarms, clock)

    async def due(_wall: datetime, most: int) -> list[Ref]:
        return await reader.due(clock.now(), most, clock.doubt())

    async def next_wake() -> datetime | None:
        at = await reader.next_wake()
        return clock.wall(at) if at is not None else None

    return Scheduler(due, next_wake, wakers(services, campaigning), SystemClock(), alarms)


def wakers(services: DataRequestDependencies, campaigns: CampaignRunner) -> Mapping[RefKind, Wake]:
    """Return what does what is due, an entry for each kind: one decision, or a job where that is not enough."""
    decided = dict.fromkeys(DUE, services.receiver.wake)
    return decided | {RefKind.REQUEST: partial(fulfil, services), RefKind.CAMPAIGN: campaigns.wake}


def _rule_watch(services: Services, alarms: Alarms) -> RulesWatcher:
    keep = keep_rules(services.receiver, services.reader.campaigns, services.hooks)
    return RulesWatcher(services.rule_source, services.rules, services.receiver, alarms, keep)
