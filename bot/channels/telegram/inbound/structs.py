"""The fields of an Update that we read (Bot API 10.1), and no others: decoding costs microseconds."""

from msgspec import Struct, field

__all__ = [
    "CallbackQuery",
    "Chat",
    "MemberChange",
    "Mention",
    "Message",
    "Place",
    "Standing",
    "Thing",
    "Update",
    "User",
]


class Chat(Struct, frozen=True):
    """A chat; `type` is private, group, supergroup or channel."""

    id: int
    type: str
    title: str = ""


class User(Struct, frozen=True):
    """A person or a bot; `language_code` is an IETF tag, when their app tells it."""

    id: int
    is_bot: bool
    first_name: str
    last_name: str = ""
    language_code: str = ""


class Mention(Struct, frozen=True):
    """A message that is only pointed at; what else it has is not read."""

    message_id: int


class Thing(Struct, frozen=True):
    """Something that is only there or not there: a photo, a sticker."""


class Message(Struct, frozen=True):
    """A message. Everything from `animation` on is content without words; what has neither is a service message."""

    message_id: int
    chat: Chat
    sender: User | None = field(name="from", default=None)
    sender_chat: Chat | None = None
    reply_to_message: Mention | None = None
    text: str | None = None
    caption: str | None = None
    migrate_to_chat_id: int | None = None
    migrate_from_chat_id: int | None = None
    animation: Thing | None = None
    audio: Thing | None = None
    document: Thing | None = None
    live_photo: Thing | None = None
    photo: list[Thing] | None = None
    sticker: Thing | None = None
    story: Thing | None = None
    video: Thing | None = None
    video_note: Thing | None = None
    voice: Thing | None = None
    contact: Thing | None = None
    dice: Thing | None = None
    game: Thing | None = None
    poll: Thing | None = None
    venue: Thing | None = None
    location: Thing | None = None

    @property
    def is_wordless(self) -> bool:
        """Return whether somebody sent something that is not text."""
        things = (self.animation, self.audio, self.document, self.live_photo, self.photo, self.sticker, self.story)
        more = (self.video, self.video_note, self.voice, self.contact, self.dice, self.game, self.poll)
        return any(thing is not None for thing in (*things, *more, self.venue, self.location))


class Place(Struct, frozen=True):
    """The message under a pressed button; it may be inaccessible, then only this much is told of it."""

    message_id: int
    chat: Chat


class CallbackQuery(Struct, frozen=True):
    """A pressed button; `message` is missing when the button was sent through another chat's inline mode."""

    id: str
    sender: User = field(name="from")
    message: Place | None = None
    data: str = ""


class Standing(Struct, frozen=True):
    """How the bot stands in a chat: creator, administrator, member, restricted, left or kicked."""

    status: str


class MemberChange(Struct, frozen=True):
    """The bot was let in, thrown out, blocked or unblocked."""

    chat: Chat
    sender: User = field(name="from")
    new_chat_member: Standing


class Update(Struct, frozen=True):
    """One update; of the rest at most one is set, and none for kinds that we do not ask for."""

    update_id: int
    message: Message | None = None
    edited_message: Message | None = None
    callback_query: CallbackQuery | None = None
    my_chat_member: MemberChange | None = None
