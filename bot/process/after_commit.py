"""What happens after a commit, and only then: the sender and the scheduler are told, presses are acknowledged."""

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
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
from storage.unit_of_work.leases import Claimed
from storage.unit_of_work.writer import Committed

__all__ = ["AfterCommit", "CommitFeed"]

_Waking = Invitation | Interview | Issue | Campaign | Request  # written in place, it would be made for each record


class CommitFeed:
    """Publish each commit of a writer to its subscribers, in the order in which they subscribed.

    A writer is made before those who work with what it commits, since they need the writer: it knows only the feed.
    """

    def __init__(self) -> None:
        self._subscribers: list[Callable[[Committed], None]] = []

    def subscribe(self, take: Callable[[Committed], None]) -> None:
        """Call `take` after every commit from now on; it must neither raise nor block."""
        self._subscribers.append(take)

    def publish(self, committed: Committed) -> None:
        """Call every subscriber with one commit."""
        for take in self._subscribers:
            take(committed)


@dataclass(eq=False, slots=True)
class AfterCommit:
    """Pass on what a commit holds: messages to `poke_sender`, the next due time to `expect`, acknowledgements out."""

    channels: Mapping[str, Channel]
    moves: Moves
    poke_sender: Callable[[list[OutboxMessage], Sequence[Claimed]], None]
    expect: Callable[[datetime | None], None]
    _saying: set[asyncio.Task[None]] = field(default_factory=set)

    def __call__(self, committed: Committed) -> None:
        """Take in one commit; never raises and never blocks, as `CommitFeed.subscribe` demands."""
        crash_point("committed")
        records = list(chain.from_iterable(changes.records for changes in committed.decided))
        self.moves.learn(record for record in records if isinstance(record, Note))
        self.poke_sender([record for record in records if isinstance(record, OutboxMessage)], committed.claims)
        self.expect(_next_wake(records))
        for said in chain.from_iterable(changes.acknowledgements for changes in committed.decided):
            self._acknowledge(said)

    def _acknowledge(self, said: Acknowledgement) -> None:
        channel = self.channels.get(said.channel)
        if channel is not None and said.callback:
            task = asyncio.ensure_future(channel.acknowledge(said.callback, said.text, alert=said.alert))
            self._saying.add(task)  # the loop itself keeps no reference to a task
            task.add_done_callback(self._saying.discard)


def _next_wake(records: Iterable[Record]) -> datetime | None:
    moments = (record.wake_at for record in records if isinstance(record, _Waking))
    return min((at for at in moments if at is not None), default=None)
