"""sendMessage, sendPhoto, sendDocument and answerCallbackQuery."""

from typing import Any

from tests.support.botapi.bot import Bot
from tests.support.botapi.errors import broken, refused
from tests.support.botapi.http.params import Params, Upload
from tests.support.botapi.messages import payloads
from tests.support.botapi.messages.entities import utf16_length
from tests.support.botapi.messages.keyboards import check_markup
from tests.support.botapi.methods.content import read_formatted, read_link_preview, read_reply
from tests.support.botapi.world import BOT_ID, Answer, Message

__all__ = ["CAPTION_LIMIT", "answer_callback_query", "send_document", "send_message", "send_photo"]

Json = dict[str, Any]
TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024
TOAST_LIMIT = 200
MOST_PHOTO, MOST_DOCUMENT = 10 * 1024 * 1024, 50 * 1024 * 1024  # bytes
MOST_SIDES = 10_000  # width and height of a photo together
PNG = b"\x89PNG\r\n\x1a\n"
PICTURE_STARTS = (PNG, b"\xff\xd8\xff")
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
    caption, entities = read_formatted(params, "caption", "caption_entities", CAPTION_LIMIT)
    params.flag("disable_content_type_detection")
    name = file.name if isinstance(file, Upload) else file
    size = len(file.content) if isinstance(file, Upload) else 0
    if size > MOST_DOCUMENT:
        raise refused(413, "Request Entity Too Large")
    message = _prepare(bot, params, chat_id, caption)
    message.entities = entities
    unique = f"doc{chat_id}x{message.id}"
    message.document = {"file_id": unique, "file_unique_id": unique, "file_name": name, "file_size": size}
    message.content = file.content if isinstance(file, Upload) else b""
    return _deliver(bot, message)


def send_photo(bot: Bot, params: Params) -> Json:
    """Put a PNG or JPEG into a chat, not too large and not too long; gives the Message."""
    chat_id = params.chat_id()
    file = params.file("photo")
    caption, entities = read_formatted(params, "caption", "caption_entities", CAPTION_LIMIT)
    params.flag("has_spoiler")
    params.flag("show_caption_above_media")
    if not isinstance(file, Upload):
        raise broken("Bad Request: this fake knows no file ids")
    if len(file.content) > MOST_PHOTO:
        raise refused(400, "Bad Request: file is too big")
    if not file.content.startswith(PICTURE_STARTS):
        raise refused(400, "Bad Request: IMAGE_PROCESS_FAILED")
    if sum(sides := _png_sides(file.content)) > MOST_SIDES or max(sides) > 20 * min(sides):
        raise refused(400, "Bad Request: PHOTO_INVALID_DIMENSIONS")
    message = _prepare(bot, params, chat_id, caption)
    message.entities = entities
    message.photo = [{"file_id": f"p{chat_id}x{message.id}", "width": sides[0], "height": sides[1]}]
    message.content = file.content
    return _deliver(bot, message)


def _png_sides(content: bytes) -> tuple[int, int]:
    """Read width and height of a PNG; those of another picture are not looked at."""
    if not content.startswith(PNG) or len(content) < 24:
        return 1, 1
    return int.from_bytes(content[16:20]), int.from_bytes(content[20:24])


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
