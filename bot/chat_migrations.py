"""Groups that moved: rows keep the chat id of the settings, the platform is spoken to under the id of today."""

from collections.abc import Iterable

from bot.handlers.common.note_keys import MOVED
from dialogs.messages import Address, Inbound
from scoring.values import replace
from storage.model.records import Note, OutboxMessage

__all__ = ["Moves"]


class Moves:
    """Knows today's id of every group that was upgraded (Bot API, migrate_to_chat_id)."""

    def __init__(self) -> None:
        """Know of none."""
        self._today: dict[Address, str] = {}
        self._settled: dict[Address, str] = {}

    def learn(self, notes: Iterable[Note]) -> None:
        """Take in what was written down about moves; other notes are none of our business."""
        for note in notes:
            if note.key.startswith(MOVED):
                _, channel, chat = note.key.split(":", 2)
                self._today[Address(channel, chat)] = note.value
                self._settled[Address(channel, note.value)] = chat

    def outward(self, message: OutboxMessage) -> OutboxMessage:
        """Return the message as the platform must see it."""
        today = self._today.get(message.address)
        return message if today is None else replace(message, chat=today)

    def inward(self, inbound: Inbound) -> Inbound:
        """Return what was heard as our rows know it."""
        chat = self._settled.get(inbound.place)
        return inbound if chat is None else replace(inbound, place=Address(inbound.place.channel, chat))
