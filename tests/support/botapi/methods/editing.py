"""editMessageText, editMessageCaption, editMessageReplyMarkup, deleteMessage and setMessageReaction."""

from typing import Any

from tests.support.botapi.bot import Bot
from tests.support.botapi.errors import broken, refused
from tests.support.botapi.http.params import Params, check_shape
from tests.support.botapi.messages import payloads
from tests.support.botapi.messages.keyboards import check_inline_keyboard
from tests.support.botapi.methods.content import read_formatted, read_link_preview
from tests.support.botapi.methods.sending import CAPTION_LIMIT, TEXT_LIMIT
from tests.support.botapi.world import Message

__all__ = [
    "delete_message",
    "edit_message_caption",
    "edit_message_reply_markup",
    "edit_message_text",
    "set_message_reaction",
]

Json = dict[str, Any]
NOT_MODIFIED = (
    "Bad Request: message is not modified: specified new message content and reply markup are exactly the same as "
    "a current content and reply markup of the message"
)
DELETABLE_FOR = 48 * 3600  # seconds


def edit_message_text(bot: Bot, params: Params) -> Json:
    """Return one of the bot's messages a new text and keyboard; without reply_markup the keyboard goes."""
    chat_id, message_id = params.chat_id(), params.message_id()
    text, entities = read_formatted(params, "text", "entities", TEXT_LIMIT)
    if not text:
        raise broken("Bad Request: message text is empty")
    read_link_preview(params)
    markup = params.structure("reply_markup")
    chat = bot.open_chat(chat_id)
    keyboard = check_inline_keyboard(markup, chat)
    message = bot.own_message(chat, message_id, "edit")
    if message.document is not None or message.photo is not None:
        raise refused(400, "Bad Request: there is no text in the message to edit")
    if (message.text, message.entities, message.keyboard) == (text, entities, keyboard):
        raise refused(400, NOT_MODIFIED)
    message.text, message.entities, message.keyboard = text, entities, keyboard
    return _edited(bot, message)


def edit_message_caption(bot: Bot, params: Params) -> Json:
    """Return one of the bot's files a new caption and keyboard."""
    chat_id, message_id = params.chat_id(), params.message_id()
    text, entities = read_formatted(params, "caption", "caption_entities", CAPTION_LIMIT)
    markup = params.structure("reply_markup")
    chat = bot.open_chat(chat_id)
    message = bot.own_message(chat, message_id, "edit")
    message.text, message.entities, message.keyboard = text, entities, check_inline_keyboard(markup, chat)
    return _edited(bot, message)


def edit_message_reply_markup(bot: Bot, params: Params) -> Json:
    """Return one of the bot's messages a new keyboard, or none."""
    chat_id, message_id = params.chat_id(), params.message_id()
    markup = params.structure("reply_markup")
    chat = bot.open_chat(chat_id)
    keyboard = check_inline_keyboard(markup, chat)
    message = bot.own_message(chat, message_id, "edit")
    if message.keyboard == keyboard:
        raise refused(400, NOT_MODIFIED)
    message.keyboard = keyboard
    return _edited(bot, message)


def _edited(bot: Bot, message: Message) -> Json:
    message.edits += 1
    message.edited_at = bot.now()
    bot.world.ring(bot.world.chats[message.chat_id])
    return payloads.message(bot.world, message)


def delete_message(bot: Bot, params: Params) -> bool:
    """Delete a message that is younger than 48 h: the bot's own, or any in a private chat."""
    chat = bot.open_chat(params.chat_id())
    number = params.message_id()
    others = chat.kind == "private" and number in chat.messages and not chat.messages[number].deleted
    message = chat.messages[number] if others else bot.own_message(chat, number, "delete")
    if bot.clock() - message.date > DELETABLE_FOR:
        raise refused(400, "Bad Request: message can't be deleted for everyone")
    message.deleted = True
    bot.world.ring(chat)
    return True


def set_message_reaction(bot: Bot, params: Params) -> bool:
    """Put the bot's one emoji under a message, or take it away."""
    chat = bot.open_chat(params.chat_id())
    message = chat.messages.get(params.message_id())
    reactions = params.structure("reaction") or []
    params.flag("is_big")
    if message is None or message.deleted:
        raise refused(400, "Bad Request: message to react not found")
    if not isinstance(reactions, list) or len(reactions) > 1:
        raise broken("Bad Request: REACTIONS_TOO_MANY")
    for reaction in reactions:
        shape = check_shape(reaction, "ReactionType", {"type": str, "emoji": str}, ["type", "emoji"])
        if shape["type"] != "emoji" or not shape["emoji"]:
            raise broken("Bad Request: REACTION_INVALID")
    message.reaction = reactions[0]["emoji"] if reactions else None
    bot.world.ring(chat)
    return True
