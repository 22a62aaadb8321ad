"""A batch of polled updates, split into one queue per chat."""

from collections.abc import Sequence

import msgspec

from bot.channels.http_client.errors import NoAnswerError
from bot.channels.telegram.inbound.structs import Update
from bot.channels.telegram.inbound.updates import UnreadableUpdate, read_update
from scoring.values import Value

__all__ = ["QueuedUpdate", "UpdateBatch", "by_queue"]

_LIST = msgspec.json.Decoder(list[msgspec.Raw])


class QueuedUpdate(Value):
    """One update as Telegram sent it."""

    id: int
    raw: bytes


class UpdateBatch(Value):
    """The queues of a batch, each in order; `last` is the highest update id, 0 for an empty batch."""

    queues: Sequence[Sequence[QueuedUpdate]]
    last: int


def by_queue(result: msgspec.Raw) -> UpdateBatch:
    """Return the result of getUpdates in queues. The order in a chat is kept, also between messages and taps.

    Raises NoAnswerError when the result is no list.
    """
    queues: dict[int, list[QueuedUpdate]] = {}
    last = 0
    for raw in _split(result):
        try:
            update = read_update(raw)
        except UnreadableUpdate as unread:  # whoever receives it keeps it
            update = Update(unread.number)
        last = max(last, update.update_id)
        queues.setdefault(_chat(update), []).append(QueuedUpdate(update.update_id, raw))
    return UpdateBatch(list(queues.values()), last)


def _split(result: msgspec.Raw) -> list[bytes]:
    try:
        return [bytes(raw) for raw in _LIST.decode(result)]
    except msgspec.MsgspecError:
        raise NoAnswerError("getUpdates gave something that is no list") from None


def _chat(update: Update) -> int:
    tapped = update.callback_query.message if update.callback_query else None
    happened = update.message or update.edited_message or update.my_chat_member or tapped
    return happened.chat.id if happened else 0
