"""Groups that moved: rows keep the chat id of the settings, the platform is called with the present id."""

from collections.abc import Iterable

from dialogs.messages import Address, Inbound
from scoring.values import replace
from storage.model.note_keys import migrated_from
from storage.model.records import Note, OutboxMessage

__all__ = ["Moves"]


class Moves:
    """The present id of every group that was upgraded (Bot API, migrate_to_chat_id)."""

    def __init__(self) -> None:
        """Start without any."""
        self._today: dict[Address, str] = {}
        self._stored: dict[Address, str] = {}

    def learn(self, notes: Iterable[Note]) -> None:
        """Add the moves among these notes; other notes are ignored."""
        for note in notes:
            before = migrated_from(note.key)
            if before is not None:
                self._today[before] = note.value
                self._stored[Address(before.channel, note.value)] = before.chat

    def outward(self, message: OutboxMessage) -> OutboxMessage:
        """Return the message with the chat id of the platform."""
        today = self._today.get(message.address)
        return message if today is None else replace(message, chat=today)

    def inward(self, inbound: Inbound) -> Inbound:
        """Return an inbound message with the chat id of our rows."""
        chat = self._stored.get(inbound.place)
        return inbound if chat is None else replace(inbound, place=Address(inbound.place.channel, chat))
