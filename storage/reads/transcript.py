"""What a page of the product's own shows of a chat, as in the sandbox: its messages, and the rating that settles."""

from datetime import datetime
from operator import attrgetter

from sqlalchemy import Text, bindparam

from dialogs.interview.model import Interview
from dialogs.messages import Address, Prompt
from dialogs.outbox.model import SendingState
from scoring.values import Value
from storage.connection.store import Store
from storage.dialects import among
from storage.model.records import InboxRow, OutboxMessage, Purpose
from storage.schema import tables as t
from storage.schema.inbox_conditions import is_from_played_chat
from storage.schema.literals import EMPTY, text_literal
from storage.unit_of_work.selects import all_of

__all__ = ["TranscriptLine", "settling", "transcript"]


class TranscriptLine(Value):
    """One line of a chat: a sent message in its present wording (`prompt`), or a received one (`raw`).

    `receipt` is the id under which the chat shows a sent message, or the inbox key of a received one.
    """

    at: datetime
    receipt: str
    prompt: Prompt | None = None
    raw: bytes = b""
    purpose: Purpose | None = None


_outbox, _inbox = t.outbox.c, t.inbox.c
# These repeat the conditions of the partial indexes, which are used only then.
_SENT = all_of(
    OutboxMessage,
    _outbox.channel == bindparam("channel", type_=Text()),
    _outbox.chat == bindparam("chat", type_=Text()),
    _outbox.receipt != EMPTY,
    _outbox.edits.is_(None),
    _outbox.status == text_literal(SendingState.SENT),
)
_EDITS = all_of(
    OutboxMessage,
    among("roots", _outbox.edits),
    _outbox.edits.is_not(None),
    _outbox.status == text_literal(SendingState.SENT),
).order_by(_outbox.seq)
_INBOUND = all_of(
    InboxRow,
    is_from_played_chat(),
    _inbox.door == bindparam("door", type_=Text()),
)


_SETTLING = all_of(
    Interview,
    t.interviews.c.wake_at.is_not(None),
    t.interviews.c.settle_at.is_not(None),
    t.interviews.c.channel == bindparam("channel", type_=Text()),
    t.interviews.c.chat == bindparam("chat", type_=Text()),
)


async def settling(store: Store, place: Address) -> Interview | None:
    """Return the chat's interview in which a low rating waits for `alerts.settle`, None where none does."""
    async with store.reading() as session:
        found = await session.records(Interview, _SETTLING, channel=place.channel, chat=place.chat)
    return min(found, key=attrgetter("settle_at"), default=None)


async def transcript(store: Store, place: Address) -> list[TranscriptLine]:
    """Return a chat as it is shown now: messages where they first appeared, the sent ones in their last wording.

    Received messages are the deliveries through the door `CHANNEL:CHAT`.
    """
    async with store.reading() as session:
        sent = await session.records(OutboxMessage, _SENT, channel=place.channel, chat=place.chat)
        edits = await session.records(OutboxMessage, _EDITS, roots=[message.id for message in sent])
        received = await session.records(InboxRow, _INBOUND, door=f"{place.channel}:{place.chat}")
    wording = {message.id: message.prompt for message in sent} | {edit.edits: edit.prompt for edit in edits}
    ours = (
        TranscriptLine(each.sent_at or each.created_at, each.receipt, wording[each.id], purpose=each.purpose)
        for each in sent
    )
    theirs = (TranscriptLine(row.received_at, row.key, raw=row.raw) for row in received)
    return sorted((*theirs, *ours), key=attrgetter("at"))
