"""What Telegram remembers for one bot; the methods work on this."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.support.botapi.errors import broken, refused
from tests.support.botapi.http.webhook import WebhookSender
from tests.support.botapi.updates import Updates
from tests.support.botapi.world import Chat, Message, World

__all__ = ["Bot"]

Json = dict[str, Any]


@dataclass(slots=True, repr=False)
class Bot:
    """One bot: its world, updates, webhook and command lists; `query_life` in seconds."""

    clock: Callable[[], float]
    world: World
    updates: Updates
    webhook: WebhookSender
    query_life: float
    commands: dict[tuple[str, str], list[Json]] = field(default_factory=dict)

    def now(self) -> int:
        """Tell the time as Telegram writes it: whole Unix seconds."""
        return int(self.clock())

    def chat(self, chat_id: int) -> Chat:
        """Find a chat that the bot may know; a person who never pressed Start is no such chat."""
        chat = self.world.chats.get(chat_id)
        if chat is None or chat.bot == "stranger":
            raise refused(400, "Bad Request: chat not found")
        return chat

    def open_chat(self, chat_id: int) -> Chat:
        """Find a chat that the bot may write to now; raises the 4xx that Telegram gives otherwise."""
        chat = self.chat(chat_id)
        if chat.migrated_to is not None:
            raise refused(
                400,
                "Bad Request: group chat was upgraded to a supergroup chat",
                migrate_to_chat_id=chat.migrated_to,
            )
        if chat.kind == "private" and self.world.accounts[chat.id].deactivated:
            raise refused(403, "Forbidden: user is deactivated")
        if chat.bot == "kicked":
            place = "by the user" if chat.kind == "private" else f"from the {chat.kind} chat"
            raise refused(403, f"Forbidden: bot was {'blocked' if chat.kind == 'private' else 'kicked'} {place}")
        if chat.bot == "left":
            raise refused(403, f"Forbidden: bot is not a member of the {chat.kind} chat")
        return chat

    def own_message(self, chat: Chat, message_id: int, doing: str) -> Message:
        """Find a message of the bot's own; editing what never was, or is another's, breaks a rule."""
        message = chat.messages.get(message_id)
        if message is None and not self._left_behind(chat, message_id):
            raise broken(f"Bad Request: message to {doing} not found")
        if message is None or message.deleted:
            raise refused(400, f"Bad Request: message to {doing} not found")
        if not message.by_bot and self._left_behind(chat, message_id):
            raise refused(400, f"Bad Request: message can't be {doing.rstrip('e')}ed")
        if not message.by_bot:
            raise broken(f"Bad Request: message can't be {doing.rstrip('e')}ed")
        return message

    def _left_behind(self, chat: Chat, message_id: int) -> bool:
        """Return whether the message stayed in the group that this supergroup grew out of."""
        former = self.world.chats.get(chat.migrated_from or 0)
        return former is not None and message_id in former.messages
