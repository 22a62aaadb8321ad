"""From a raw Update to an Inbound; the only reader of Telegram's inbound shapes."""

import re
from datetime import datetime

from bot.channels.telegram.callback_data import CALLBACK_DATA
from bot.channels.telegram.inbound.structs import (
    CallbackQuery,
    Chat,
    MemberChange,
    Message,
    PressedMessage,
    Update,
    User,
)
from bot.channels.telegram.inbound.updates import TELEGRAM_CHANNEL, read_update, update_key
from bot.person_names import joined_name
from bot.ports import Parsed
from dialogs.messages import Address, Inbound, Joined, Left, Person, Said, Tap, Text, Verb
from scoring.values import Value, replace

__all__ = ["parse_update"]

_ANONYMOUS_ADMIN = 1087968824  # @GroupAnonymousBot, who speaks for admins that hide their name
_ANONYMOUS = frozenset({_ANONYMOUS_ADMIN, 136817688, 777000})  # @Channel_Bot, who speaks for channels; Telegram itself
_PRIVATE = "private"
_OUT = frozenset({"left", "kicked"})
_NOT_OURS = Tap(Verb.BACK, "")
_COMMAND = re.compile(r"/(?P<name>\w{1,32})(?:@(?P<bot>\w+))?(?P<rest>\s.*)?", re.ASCII | re.DOTALL)


class Myself(Value):
    """Who we are, as far as it is known."""

    username: str
    id: int


def parse_update(raw: bytes, now: datetime, username: str, bot: int = 0) -> Parsed:
    """Return one update parsed; `username` is the bot's own, without @, empty while unknown, `bot` its id.

    A kind that is not known gives a Parsed without an inbound, so that it is acknowledged and Telegram does not repeat
    it. Raises MalformedDelivery for what is no JSON, UnreadableUpdate for a known kind in a shape that is not.
    """
    update = read_update(raw)
    key = update_key(update.update_id)
    return Parsed(key, _inbound(key, now, update, Myself(username, bot)))


def _inbound(key: str, now: datetime, update: Update, myself: Myself) -> Inbound | None:
    message = update.message or update.edited_message
    if message:
        return _from_message(key, now, message, myself, edited=update.message is None)
    if update.callback_query:
        return _from_query(key, now, update.callback_query)
    return _from_change(key, now, update.my_chat_member) if update.my_chat_member else None


def _from_message(key: str, now: datetime, message: Message, myself: Myself, *, edited: bool) -> Inbound | None:
    if message.sender_chat is None and _is_bot(message.sender):
        return None
    place, moved_to = _whereabouts(message)
    said = Text("") if moved_to else _said(message, myself, edited=edited)
    if said is None:
        return None
    own, speaker, topic = str(message.message_id), _speaker(message), _topic(message)
    return Inbound(key, place, speaker, now, said, message=own, moved_to=moved_to, topic=topic)


def _is_bot(user: User | None) -> bool:
    return user is not None and user.is_bot and user.id != _ANONYMOUS_ADMIN


def _whereabouts(message: Message) -> tuple[Address, str]:
    """Return the chat, and its new id when a group became a supergroup, which both chats report."""
    if message.migrate_to_chat_id is not None:
        return _address(message.chat), str(message.migrate_to_chat_id)
    if message.migrate_from_chat_id is not None:
        return Address(TELEGRAM_CHANNEL, str(message.migrate_from_chat_id)), str(message.chat.id)
    return _address(message.chat), ""


def _said(message: Message, myself: Myself, *, edited: bool) -> Said | None:
    words = message.text if message.text is not None else message.caption
    said = _reply(message, myself)
    if words is None:
        return replace(said, media=message.media) if message.media is not None and not edited else None
    command = _COMMAND.fullmatch(words)
    if command is None or edited:
        return replace(said, text=words, edited=edited, media=message.media if message.text is None else None)
    if command["bot"] and myself.username and command["bot"].lower() != myself.username.lower():
        return None
    rest = command["rest"] or ""
    if command["name"].lower() == "start" and rest.strip() and message.chat.type == _PRIVATE:
        return Joined(rest.strip())
    return replace(said, text=f"/{command['name']}{rest}", mentions=_mentioned(message))


def _reply(message: Message, myself: Myself) -> Text:
    """Return what a message answers, so far without its own words; only of ours the words are known to be true."""
    answered = message.reply_to_message
    if answered is None:
        return Text("")
    is_ours = answered.sender is not None and bool(myself.id) and answered.sender.id == myself.id
    return Text("", str(answered.message_id), quoted=answered.text if is_ours else "")


def _mentioned(message: Message) -> str:
    """Return the id of the one person mentioned; Telegram tells it only of those without a username."""
    people = {entity.user.id for entity in message.entities or () if entity.user is not None}
    return str(people.pop()) if len(people) == 1 else ""


def _from_query(key: str, now: datetime, query: CallbackQuery) -> Inbound:
    """Return a press. Data that was never written becomes a tap on nothing, so that it, too, is acknowledged."""
    said = CALLBACK_DATA.decode(query.data) or _NOT_OURS
    place = _address(query.message.chat) if query.message else Address(TELEGRAM_CHANNEL, str(query.sender.id))
    pressed, topic = (str(query.message.message_id), _topic(query.message)) if query.message else ("", "")
    sender = Person("") if query.sender.id in _ANONYMOUS else _person(query.sender)
    return Inbound(key, place, sender, now, said, message=pressed, callback=query.id, topic=topic)


def _from_change(key: str, now: datetime, change: MemberChange) -> Inbound | None:
    status, before = change.new_chat_member.status, change.old_chat_member
    said: Said | None = None
    if status in _OUT:
        said = Left()
    elif before is None or before.status in _OUT:  # else its rank changed
        said = Joined()
    return Inbound(key, _address(change.chat), _person(change.sender), now, said) if said else None


def _topic(message: Message | PressedMessage) -> str:
    """Return a forum's topic; the thread of mere replies is none, and that of the general topic is not told."""
    return str(message.message_thread_id) if message.is_topic_message else ""


def _address(chat: Chat) -> Address:
    return Address(TELEGRAM_CHANNEL, str(chat.id))


def _speaker(message: Message) -> Person:
    """Return who wrote; who writes as a chat (an anonymous admin, a channel) has no id."""
    if message.sender_chat is not None:
        return Person("", message.sender_chat.title)
    if message.sender is None or message.sender.id == _ANONYMOUS_ADMIN:
        return Person("")
    return _person(message.sender)


def _person(user: User) -> Person:
    return Person(str(user.id), joined_name(user.first_name, user.last_name), user.language_code)
