"""What happens after a commit, and only then: senders are poked, presses acknowledged, alarms of the clock set."""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain

from bot.chat_migrations import Moves
from bot.ports import Channel
from bot.process.crash_points import crash_point
from dialogs.campaign.model import Campaign
from dialogs.interview.model import Interview
from dialogs.invitation.model import Invitation
from dialogs.issue.model import Issue
from storage.model.records import Note, OutboxMessage
from storage.model.registers import Request
from storage.unit_of_work.changes import Acknowledgement, Record
from storage.unit_of_work.writer import Committed

__all__ = ["AfterCommit"]


@dataclass(eq=False, slots=True)
class AfterCommit:
    """Tells the rest of the process what has just been committed."""

    channels: Mapping[str, Channel]
    moves: Moves
    poke_sender: Callable[[list[OutboxMessage]], None] = lambda _messages: None
    expect: Callable[[datetime | None], None] = lambda _at: None
    stir: Callable[[], None] = lambda: None
    _saying: set[asyncio.Task[None]] = field(default_factory=set)

    def __call__(self, committed: Committed) -> None:
        """Take in one commit; nothing here may fail or wait."""
        crash_point("committed")
        records = list(chain.from_iterable(changes.records for changes in committed.decided))
        self.moves.learn(record for record in records if isinstance(record, Note))
        self.poke_sender([record for record in records if isinstance(record, OutboxMessage)])
        self.expect(_next_wake(records))
        self.stir()
        for said in chain.from_iterable(changes.acknowledgements for changes in committed.decided):
            self._acknowledge(said)

    def _acknowledge(self, said: Acknowledgement) -> None:
        channel = self.channels.get(said.channel)
        if channel is not None and said.callback:
            task = asyncio.ensure_future(channel.acknowledge(said.callback, said.text, alert=said.alert))
            self._saying.add(task)
            task.add_done_callback(self._saying.discard)


def _next_wake(records: Iterable[Record]) -> datetime | None:
    things = (record for record in records if isinstance(record, Invitation | Interview | Issue | Campaign | Request))
    return min((thing.wake_at for thing in things if thing.wake_at is not None), default=None)
