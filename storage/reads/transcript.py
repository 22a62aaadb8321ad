"""What was said, both ways, in a chat that is drawn on a page of ours."""

from datetime import datetime
from operator import attrgetter

from sqlalchemy import Text, bindparam

from dialogs.messages import Address, Prompt
from scoring.values import Value
from storage.connection.store import Store
from storage.dialects import among
from storage.model.records import InboxRow, OutboxMessage, Status
from storage.schema import tables as t
from storage.schema.inbox_conditions import is_from_played_chat
from storage.schema.literals import EMPTY, text_literal
from storage.unit_of_work.selects import all_of

__all__ = ["TranscriptLine", "transcript"]


class TranscriptLine(Value):
    """One line of a chat: a message of ours as it reads now (`prompt`), or something heard (`raw`).

    `receipt` is the id under which the chat shows our message, the inbox key of what was heard.
    """

    at: datetime
    receipt: str
    prompt: Prompt | None = None
    raw: bytes = b""


_out, _heard = t.outbox.c, t.inbox.c
# What the partial indexes say has to be said here in the same words.
_SENT = all_of(
    OutboxMessage,
    _out.channel == bindparam("channel", type_=Text()),
    _out.chat == bindparam("chat", type_=Text()),
    _out.receipt != EMPTY,
    _out.edits.is_(None),
    _out.status == text_literal(Status.SENT),
)
_EDITS = all_of(
    OutboxMessage, among("roots", _out.edits), _out.edits.is_not(None), _out.status == text_literal(Status.SENT)
).order_by(_out.seq)
_INBOUND = all_of(
    InboxRow,
    is_from_played_chat(),
    _heard.door == bindparam("door", type_=Text()),
)


async def transcript(store: Store, place: Address) -> list[TranscriptLine]:
    """Return a chat as it reads now: messages where they first stood, with their last wording; what was heard between.

    What was heard is found in a channel that is drawn on a page of ours: its doors are the channel, `:` and the chat.
    """
    async with store.reading() as session:
        sent = await session.records(OutboxMessage, _SENT, channel=place.channel, chat=place.chat)
        edits = await session.records(OutboxMessage, _EDITS, roots=[message.id for message in sent])
        heard = await session.records(InboxRow, _INBOUND, door=f"{place.channel}:{place.chat}")
    wording = {message.id: message.prompt for message in sent} | {edit.edits: edit.prompt for edit in edits}
    said = (TranscriptLine(each.sent_at or each.created_at, each.receipt, wording[each.id]) for each in sent)
    lines = [*(TranscriptLine(row.received_at, row.key, raw=row.raw) for row in heard), *said]
    return sorted(lines, key=attrgetter("at"))
