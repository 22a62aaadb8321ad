"""The state of the world outside: people, chats, what was written, who pressed what."""

from dataclasses import dataclass, field
from typing import Any, Literal

from tests.support.botapi.bell import Bell

__all__ = ["Account", "Answer", "Chat", "Message", "Standing", "Tap", "World"]

Json = dict[str, Any]
Standing = Literal["stranger", "member", "administrator", "kicked", "left"]
BOT_ID = 7_000_000_001
BOT_NAME = "huifang_test_bot"


@dataclass(slots=True)
class Account:
    """A human being: Telegram id, first name and the language of their app."""

    id: int
    name: str
    language: str | None = None
    deactivated: bool = False


@dataclass(slots=True)
class Message:
    """One message as it reads now, and how often its author has edited it."""

    id: int
    chat_id: int
    author: int
    text: str
    date: int
    entities: list[Json] = field(default_factory=list)
    keyboard: list[list[Json]] = field(default_factory=list)
    markup: Json | None = None
    reply_to: int | None = None
    document: Json | None = None
    photo: list[Json] | None = None
    content: bytes = b""
    service: Json = field(default_factory=dict)
    topic: int | None = None
    reaction: str | None = None
    edits: int = 0
    edited_at: int | None = None
    deleted: bool = False

    @property
    def by_bot(self) -> bool:
        """Return whether the bot wrote it."""
        return self.author == BOT_ID

    @property
    def buttons(self) -> list[str]:
        """List the labels of its inline keyboard, row after row."""
        return [button["text"] for row in self.keyboard for button in row]

    def button(self, label: str) -> Json | None:
        """Find the button with this label, else the first that begins with it."""
        flat = [button for row in self.keyboard for button in row]
        exact = [button for button in flat if button["text"] == label]
        near = [button for button in flat if button["text"].startswith(label)]
        return next(iter(exact + near), None)


@dataclass(slots=True)
class Chat:
    """A private chat, group or supergroup, and how the bot stands in it."""

    id: int
    kind: Literal["private", "group", "supergroup"]
    title: str
    bot: Standing = "stranger"
    members: dict[int, str] = field(default_factory=dict)
    topics: set[int] = field(default_factory=set)
    messages: dict[int, Message] = field(default_factory=dict)
    migrated_to: int | None = None
    migrated_from: int | None = None
    bell: Bell = field(default_factory=Bell)

    def newest(self) -> list[Message]:
        """List the messages that are not deleted, the newest first."""
        return [m for m in reversed(self.messages.values()) if not m.deleted]


@dataclass(frozen=True, slots=True)
class Answer:
    """What the bot answered to a press: a toast, an alert, or nothing but the end."""

    text: str
    alert: bool
    url: str | None


@dataclass(slots=True)
class Tap:
    """One press of a button: its query id, when (Unix seconds), and its answers."""

    id: str
    user_id: int
    chat_id: int
    message_id: int
    data: str
    at: float
    update_id: int = 0
    answers: list[Answer] = field(default_factory=list)

    @property
    def answer(self) -> Answer | None:
        """Return the first answer, which is the one that the person sees."""
        return self.answers[0] if self.answers else None


class World:
    """Everything that Telegram knows about one bot's surroundings."""

    def __init__(self) -> None:
        """Start with nobody in it."""
        self.accounts: dict[int, Account] = {}
        self.chats: dict[int, Chat] = {}
        self.taps: dict[str, Tap] = {}
        self.bell = Bell()
        self._common_id = 0
        self._own_ids: dict[int, int] = {}

    def next_message_id(self, chat: Chat) -> int:
        """Draw an id: supergroups count for themselves, all other chats together."""
        if chat.kind == "supergroup":
            self._own_ids[chat.id] = self._own_ids.get(chat.id, 0) + 1
            return self._own_ids[chat.id]
        self._common_id += 1
        return self._common_id

    def store(self, chat: Chat, message: Message) -> Message:
        """Put a new message into its chat and wake those who look at it."""
        chat.messages[message.id] = message
        self.ring(chat)
        return message

    def ring(self, chat: Chat) -> None:
        """Wake everybody who waits for a change in this chat."""
        chat.bell.ring()
        self.bell.ring()

    def successor(self, chat: Chat) -> Chat:
        """Follow migrations to the chat that people write in now."""
        while chat.migrated_to is not None:
            chat = self.chats[chat.migrated_to]
        return chat
