"""After a commit, and only then: messages are sent, due times awaited, presses answered, moved groups known."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.channels.sandbox.channel import SandboxChannel
from bot.chat_migrations import Moves
from bot.process.after_commit import AfterCommit, CommitFeed
from dialogs.messages import Address
from scoring.values import replace
from storage.model.note_keys import migration_key
from storage.model.records import Note, OutboxMessage
from storage.unit_of_work.changes import Acknowledgement, Changes, Record
from storage.unit_of_work.jobs import Committed
from storage.unit_of_work.leases import Claimed
from tests.storage.samples import NOW, asked, issue, message, person


@dataclass
class Around:
    """Sender, scheduler and channel of a process, and what they come to hear."""

    sandbox: SandboxChannel = field(default_factory=lambda: SandboxChannel("http://127.0.0.1"))
    moves: Moves = field(default_factory=Moves)
    poked: list[list[str]] = field(default_factory=list)
    expected: list[datetime | None] = field(default_factory=list)

    def after_commit(self) -> AfterCommit:
        def poke(messages: list[OutboxMessage], _claims: Sequence[Claimed]) -> None:
            self.poked.append([each.id for each in messages])

        return AfterCommit({"sandbox": self.sandbox}, self.moves, poke, self.expected.append)


def _committed(*records: Record) -> Committed:
    """Return a batch in which each record was decided by itself."""
    return Committed(tuple(Changes((record,)) for record in records))


def test_the_sender_hears_of_the_messages_of_a_batch_in_their_order_and_of_nothing_else() -> None:
    around = Around()
    around.after_commit()(_committed(message("out_2"), *person(), message("out_1")))
    assert around.poked == [["out_2", "out_1"]]


def test_the_scheduler_hears_of_the_first_moment_at_which_something_is_due() -> None:
    invitation, _ = asked()
    due = replace(issue(), wake_at=NOW + timedelta(minutes=5))
    around = Around()
    tell = around.after_commit()
    tell(_committed(replace(invitation, wake_at=NOW + timedelta(hours=1)), due, message()))
    tell(_committed(replace(issue(), wake_at=None), message()))
    tell(_committed())
    assert around.expected == [NOW + timedelta(minutes=5), None, None]


def test_a_group_that_moved_is_known_before_the_sender_is_told() -> None:
    around = Around()
    tell = around.after_commit()
    tell(_committed(Note(migration_key(Address("telegram", "-4001")), "-100777", NOW)))
    assert around.moves.outward(replace(message(), channel="telegram", chat="-4001")).chat == "-100777"


async def test_a_press_is_answered_with_its_words_on_its_own_channel() -> None:
    around = Around()
    said = (
        Acknowledgement("sandbox", "press-1", "already taken", alert=True),
        Acknowledgement("sandbox", "", "nobody pressed"),
        Acknowledgement("fax", "press-2", "no such channel"),
    )
    around.after_commit()(Committed((Changes(acknowledgements=said),)))
    await asyncio.sleep(0)
    toasts = {press: (toast.text, toast.alert) for press, toast in around.sandbox.toasts.items()}
    assert toasts == {"press-1": ("already taken", True)}


def test_each_subscriber_hears_each_commit_in_the_order_of_subscribing() -> None:
    feed, heard = CommitFeed(), []
    feed.publish(_committed())
    feed.subscribe(lambda batch: heard.append(("first", len(batch.decided))))
    feed.subscribe(lambda batch: heard.append(("second", len(batch.decided))))
    feed.publish(_committed(message()))
    feed.publish(_committed(message(), message("out_2")))
    assert heard == [("first", 1), ("second", 1), ("first", 2), ("second", 2)]
