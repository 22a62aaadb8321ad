"""The fields of an Update that are used (Bot API 10.1), and no others, so that decoding takes microseconds."""

from msgspec import Struct, field

from dialogs.messages import Media

__all__ = [
    "Attachment",
    "CallbackQuery",
    "Chat",
    "Entity",
    "MemberChange",
    "MemberStatus",
    "Message",
    "MessageReference",
    "PressedMessage",
    "Update",
    "User",
]


class Chat(Struct, frozen=True):
    """A chat; `type` is private, group, supergroup or channel."""

    id: int
    type: str
    title: str = ""


class User(Struct, frozen=True):
    """A person or a bot; `language_code` is an IETF tag, when their app sends it."""

    id: int
    is_bot: bool
    first_name: str
    last_name: str = ""
    language_code: str = ""


class Entity(Struct, frozen=True):
    """A part of a text; `user` is set where its type is `text_mention`, a person without a username."""

    type: str
    user: User | None = None


class MessageReference(Struct, frozen=True):
    """A message that is only referred to, with who wrote it; of the rest its text is read."""

    message_id: int
    sender: User | None = field(name="from", default=None)
    text: str = ""


class Attachment(Struct, frozen=True):
    """Something that is only there or not there: a photo, a sticker."""


class Message(Struct, frozen=True):
    """A message. Everything from `animation` on is content without words; what has neither is a service message."""

    message_id: int
    chat: Chat
    sender: User | None = field(name="from", default=None)
    sender_chat: Chat | None = None
    reply_to_message: MessageReference | None = None
    message_thread_id: int = 0
    is_topic_message: bool = False
    text: str | None = None
    caption: str | None = None
    entities: list[Entity] | None = None
    migrate_to_chat_id: int | None = None
    migrate_from_chat_id: int | None = None
    animation: Attachment | None = None
    audio: Attachment | None = None
    document: Attachment | None = None
    live_photo: Attachment | None = None
    photo: list[Attachment] | None = None
    sticker: Attachment | None = None
    story: Attachment | None = None
    video: Attachment | None = None
    video_note: Attachment | None = None
    voice: Attachment | None = None
    contact: Attachment | None = None
    dice: Attachment | None = None
    game: Attachment | None = None
    poll: Attachment | None = None
    venue: Attachment | None = None
    location: Attachment | None = None

    @property
    def media(self) -> Media | None:
        """What somebody sent that is not text; an animation comes with a document, a venue with a location."""
        return next((kind for name, kind in _MEDIA.items() if getattr(self, name) is not None), None)


_MEDIA = {
    "voice": Media.VOICE, "audio": Media.VOICE, "photo": Media.IMAGE, "live_photo": Media.IMAGE,
    "video": Media.VIDEO, "video_note": Media.VIDEO, "story": Media.VIDEO, "sticker": Media.STICKER,
    "animation": Media.STICKER, "dice": Media.STICKER, "game": Media.OTHER, "poll": Media.OTHER,
    "document": Media.FILE, "contact": Media.OTHER, "venue": Media.PLACE, "location": Media.PLACE,
}  # fmt: skip
"""The fields of a message's content (Bot API, Message), in the order in which they are looked at."""


class PressedMessage(Struct, frozen=True):
    """The message under a pressed button; of an inaccessible one Telegram sends no more than its id and chat."""

    message_id: int
    chat: Chat
    message_thread_id: int = 0
    is_topic_message: bool = False


class CallbackQuery(Struct, frozen=True):
    """A pressed button; `message` is missing when the button was sent through another chat's inline mode."""

    id: str
    sender: User = field(name="from")
    message: PressedMessage | None = None
    data: str = ""


class MemberStatus(Struct, frozen=True):
    """The bot's status in a chat: creator, administrator, member, restricted, left or kicked."""

    status: str


class MemberChange(Struct, frozen=True):
    """The bot was added, removed, blocked or unblocked, or its rank changed."""

    chat: Chat
    sender: User = field(name="from")
    new_chat_member: MemberStatus
    old_chat_member: MemberStatus | None = None


class Update(Struct, frozen=True):
    """One update; of the other fields at most one is set, and none for kinds that are not requested."""

    update_id: int
    message: Message | None = None
    edited_message: Message | None = None
    callback_query: CallbackQuery | None = None
    my_chat_member: MemberChange | None = None
