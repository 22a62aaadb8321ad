"""sendMessage, sendDocument and answerCallbackQuery."""

from typing import Any

from tests.support.botapi.bot import Bot
from tests.support.botapi.errors import broken, refused
from tests.support.botapi.http.params import Params, Upload
from tests.support.botapi.messages import payloads
from tests.support.botapi.messages.entities import utf16_length
from tests.support.botapi.messages.keyboards import check_markup
from tests.support.botapi.methods.content import read_formatted, read_link_preview, read_reply
from tests.support.botapi.world import BOT_ID, Answer, Message

__all__ = ["answer_callback_query", "send_document", "send_message"]

Json = dict[str, Any]
TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024
TOAST_LIMIT = 200
QUERY_INVALID = "Bad Request: query is too old and response timeout expired or query ID is invalid"


def send_message(bot: Bot, params: Params) -> Json:
    """Put a text into a chat; gives the Message."""
    chat_id = params.chat_id()
    text, entities = read_formatted(params, "text", "entities", TEXT_LIMIT)
    if not text:
        raise broken("Bad Request: message text is empty")
    read_link_preview(params)
    message = _prepare(bot, params, chat_id, text)
    message.entities = entities
    return _deliver(bot, message)


def send_document(bot: Bot, params: Params) -> Json:
    """Put a file into a chat; gives the Message. The content stays readable as `document["content"]`."""
    chat_id = params.chat_id()
    file = params.file("document")
    caption, _ = read_formatted(params, "caption", "caption_entities", CAPTION_LIMIT)
    params.flag("disable_content_type_detection")
    message = _prepare(bot, params, chat_id, caption)
    name = file.name if isinstance(file, Upload) else file
    size = len(file.content) if isinstance(file, Upload) else 0
    unique = f"doc{chat_id}x{message.id}"
    message.document = {"file_id": unique, "file_unique_id": unique, "file_name": name, "file_size": size}
    message.content = file.content if isinstance(file, Upload) else b""
    return _deliver(bot, message)


def _prepare(bot: Bot, params: Params, chat_id: int, text: str) -> Message:
    """Check what every new message has in common, and only then make it."""
    for name in ("disable_notification", "protect_content", "allow_paid_broadcast"):
        params.flag(name)
    markup = params.structure("reply_markup")
    chat = bot.open_chat(chat_id)
    keyboard = check_markup(markup, chat)
    reply_to = read_reply(params, chat)
    topic = params.integer("message_thread_id")
    if topic is not None and topic not in chat.topics:
        raise refused(400, "Bad Request: message thread not found")
    number = bot.world.next_message_id(chat)
    known = {"keyboard": keyboard, "markup": markup, "reply_to": reply_to, "topic": topic}
    return Message(number, chat_id, BOT_ID, text, bot.now(), **known)


def _deliver(bot: Bot, message: Message) -> Json:
    bot.world.store(bot.world.chats[message.chat_id], message)
    return payloads.message(bot.world, message)


def answer_callback_query(bot: Bot, params: Params) -> bool:
    """End the spinner of a press; a second answer changes nothing that the person sees."""
    query_id = params.string("callback_query_id", required="callback_query_id is empty")
    answer = Answer(params.string("text"), params.flag("show_alert"), params.string("url") or None)
    params.integer("cache_time")
    tap = bot.world.taps.get(query_id)
    if utf16_length(answer.text) > TOAST_LIMIT:
        raise broken("Bad Request: MESSAGE_TOO_LONG")
    if tap is None:
        raise broken(QUERY_INVALID)
    if bot.clock() - tap.at > bot.query_life:
        raise refused(400, QUERY_INVALID)
    tap.answers.append(answer)
    bot.world.ring(bot.world.chats[tap.chat_id])
    return True
