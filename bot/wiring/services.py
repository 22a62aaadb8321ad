"""What every piece of work needs, service or single command: the open database, and who decides and reads there."""

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial

from bot.channels.descriptor import ChannelDescriptor
from bot.channels.http_client.guarded_post import GuardedPoster
from bot.channels.registry import CHANNELS, customer_channels, switched_on
from bot.chat_migrations import Moves
from bot.delivery.gate import Gate
from bot.jobs.admin.admin_queries import AdminQueries
from bot.jobs.imports.import_desk import ImportDesk
from bot.jobs.outgoing.endpoint_desk import EndpointDesk
from bot.jobs.outgoing.file_webhooks import hookable
from bot.jobs.reports.report_documents import reportable
from bot.jobs.rules_reload import RuleSource
from bot.jobs.text.mapped_phrases import MappedPhrases
from bot.jobs.validity.duplicate_search import DuplicateJob
from bot.ports import MessageQuota
from bot.process.after_commit import CommitFeed
from bot.process.system import SystemClock, SystemSecrets
from bot.process.trusted_clock import TrustedClock, load_time
from bot.receiver import Receiver, ReceiverOptions
from bot.wiring.policy import make_policy
from bot.wiring.startup import known_surveys, remember_moves, signing_key, stored_versions
from config.forms.load import read_forms
from config.locale.phrases import load_phrases
from config.rules.load import Rules
from config.settings.settings import Settings
from config.surveys.load import read_surveys
from dialogs.forms.model import Form
from scoring.values import replace
from storage.connection.store import Store
from storage.reads.reader import Reader
from storage.unit_of_work.writer import Writer

__all__ = ["Services", "open_services"]

logger = logging.getLogger(__name__)

_PATIENCE = 0.5
"""Seconds for the last commits, of the five in which the process has to end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """The open database and what works on it; the policy that holds now is the receiver's.

    `commits` publishes what the writer commits; `rules` are those that `rule_source` held at the start.
    """

    clock: TrustedClock
    secrets: SystemSecrets
    moves: Moves
    store: Store
    commits: CommitFeed
    gate: Gate
    writer: Writer
    reader: Reader
    receiver: Receiver
    duplicates: DuplicateJob
    phrases: MappedPhrases
    rule_source: RuleSource
    rules: Rules
    forms: Mapping[str, Form]
    imports: ImportDesk
    hooks: EndpointDesk


@asynccontextmanager
async def open_services(
    settings: Settings, batch_limit: int = 200, channels: Sequence[ChannelDescriptor] = CHANNELS
) -> AsyncIterator[Services]:
    """Open the database and read what decides; raises what `Store.open` raises, and ConfigErrors for definitions."""
    machine, secrets, moves, commits, gate = SystemClock(), SystemSecrets(), Moves(), CommitFeed(), Gate()
    clock = TrustedClock(machine.reading, machine.monotonic)
    surveys = read_surveys(settings.files.directory)
    forms = read_forms(settings.files.directory)
    phrases = load_phrases(settings.files.directory, settings.locale)
    source = RuleSource(settings, surveys, customer_channels(channels), reportable(), hookable(settings))
    rules = source.read()
    async with AsyncExitStack() as stack:
        store = await stack.enter_async_context(Store.open(settings.database.url.get_secret_value()))
        writer = Writer(store, clock.now, batch_limit, commits.publish, gate)
        stack.push_async_callback(_stop, writer, store)
        await load_time(clock, writer)
        reader = Reader(store)
        stored = await known_surveys(reader, writer, surveys)
        key = await signing_key(writer, secrets)
        policy = make_policy(settings, surveys, stored, phrases, key, channels=channels)
        policy = replace(policy, rules=rules.book, reports=rules.reports)
        await remember_moves(writer, policy.team, moves)
        options = ReceiverOptions(
            _quotas(settings, channels),
            AdminQueries(reader, clock, secrets).look_up,
            stored_versions(reader),
            partial(remember_moves, writer, policy.team, moves),
        )
        receiver = Receiver(writer, clock, policy, moves, options)
        duplicates = DuplicateJob(store, receiver, clock.now)
        commits.subscribe(duplicates.take)
        stack.push_async_callback(_settle_last, duplicates)
        mapped = MappedPhrases(receiver, reader)
        await mapped.look()
        commits.subscribe(mapped.take)
        imports = ImportDesk(store, writer, receiver.current_policy, clock)
        stack.push_async_callback(imports.stop)
        poster = GuardedPoster(allow_private=settings.webhooks.allow_private)
        stack.push_async_callback(poster.close)
        yield Services(
            clock=clock,
            secrets=secrets,
            moves=moves,
            store=store,
            commits=commits,
            gate=gate,
            writer=writer,
            reader=reader,
            receiver=receiver,
            duplicates=duplicates,
            phrases=mapped,
            rule_source=source,
            rules=rules,
            forms=forms,
            imports=imports,
            hooks=EndpointDesk(store, writer, receiver, clock, poster),
        )


async def _settle_last(duplicates: DuplicateJob) -> None:
    """Settle what this process has committed last, as a command does; what has no time is settled at the next start."""
    settling = asyncio.ensure_future(duplicates.settle())
    await asyncio.wait([settling], timeout=_PATIENCE)
    settling.cancel()
    (result,) = await asyncio.gather(settling, return_exceptions=True)
    if isinstance(result, BaseException):
        logger.warning("duplicates are looked for at the next start: %s", type(result).__name__)


async def _stop(writer: Writer, store: Store) -> None:
    """Save what was asked for; a database that does not answer has no time for it."""
    stopping = asyncio.ensure_future(writer.stop())
    await asyncio.wait([stopping], timeout=_PATIENCE)
    if not stopping.done():
        store.give_up()
    await stopping


def _quotas(settings: Settings, channels: Sequence[ChannelDescriptor]) -> dict[str, MessageQuota]:
    found = ((channel.name, channel.quota(settings)) for channel in switched_on(settings, channels))
    return {name: quota for name, quota in found if quota is not None}
