"""What tells that a channel has served customers here: the note of its first start, or what it has left behind.

A contact alone is no trace, since a help desk tells of chats whether the channel is on or not. A message is: it is
written for channels that are on. Databases of versions that kept no note have only such traces.
"""

from collections.abc import Collection

from sqlalchemy import Select, Text, bindparam, select

from storage.connection.session import Session
from storage.model.note_keys import CHANNELS_SERVED
from storage.schema import tables as t
from storage.schema.literals import text_literal

__all__ = ["channels_served"]

_CHANNEL = bindparam("channel", type_=Text())
_NOTE = select(t.notes.c.value).where(t.notes.c.key == text_literal(CHANNELS_SERVED))
_TRACES: tuple[Select[tuple[str]], ...] = (
    select(t.outbox.c.id).where(t.outbox.c.channel == _CHANNEL, t.outbox.c.edits.is_(None)).limit(1),
    select(t.contacts.c.chat).where(t.contacts.c.channel == _CHANNEL, t.contacts.c.bound_at.is_not(None)).limit(1),
)
# The keys of a channel's deliveries begin with its name, so that they lie side by side.
_DELIVERY = select(t.inbox.c.door).where(t.inbox.c.key > _CHANNEL).order_by(t.inbox.c.key).limit(1)


async def channels_served(session: Session, platforms: Collection[str]) -> set[str]:
    """Return those of these channels on which customers were served."""
    noted = {name for (value,) in await session.fetch(_NOTE) for name in value.split(",")}
    unknown = sorted(set(platforms) - noted)
    return noted.intersection(platforms) | {name for name in unknown if await _has_traces(session, name)}


async def _has_traces(session: Session, channel: str) -> bool:
    for trace in _TRACES:
        if await session.fetch(trace, channel=channel):
            return True
    return (channel,) in await session.fetch(_DELIVERY, channel=channel)
