"""What every piece of work needs, service or single command: the open database, and who decides and reads there."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager

from bot.chat_migrations import Moves
from bot.jobs.rules_reload import RuleSource
from bot.ports import MessageQuota
from bot.process.clock import SystemClock
from bot.process.randomness import SystemDice
from bot.receiver import Receiver
from bot.wiring.policy import make_policy
from bot.wiring.startup import known_surveys, remember_moves, signing_key
from config.locale.phrases import load_phrases
from config.rules.load import Rules
from config.settings.settings import Settings
from config.surveys.load import read_surveys
from scoring.values import Value, replace
from storage.connection.store import Store
from storage.reads.reader import Reader
from storage.unit_of_work.writer import Committed, Writer

__all__ = ["Desk", "open_desk"]


class Desk(Value, eq=False):
    """Where work is done; the policy that holds now is the receiver's."""

    clock: SystemClock
    dice: SystemDice
    moves: Moves
    store: Store
    writer: Writer
    reader: Reader
    receiver: Receiver
    rule_source: RuleSource
    rules: Rules


@asynccontextmanager
async def open_desk(
    settings: Settings,
    batch_limit: int = 200,
    on_commit: Callable[[Committed], None] = lambda _: None,
    moves: Moves | None = None,
    books: Mapping[str, MessageQuota] | None = None,
) -> AsyncIterator[Desk]:
    """Open the database and read what decides; raises what `Store.open` and the owner's mistakes raise."""
    clock, dice, moves = SystemClock(), SystemDice(), moves or Moves()
    surveys = read_surveys(settings.files.directory)
    phrases = load_phrases(settings.files.directory, settings.locale)
    source = RuleSource(settings, surveys)
    rules = source.read()
    async with AsyncExitStack() as stack:
        store = await stack.enter_async_context(Store.open(settings.database.url.get_secret_value()))
        writer = Writer(store, clock.now, batch_limit, on_commit)
        stack.push_async_callback(writer.stop)
        reader = Reader(store)
        stored = await known_surveys(reader, writer, surveys)
        policy = make_policy(settings, surveys, stored, phrases, await signing_key(writer, dice))
        policy = replace(policy, rules=rules.book)
        await remember_moves(writer, policy.team, moves)
        receiver = Receiver(writer, clock, policy, moves, books)
        yield Desk(clock, dice, moves, store, writer, reader, receiver, source, rules)
