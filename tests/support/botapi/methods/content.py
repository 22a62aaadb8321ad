"""Reading what a message is made of: text with its formatting, and the reply it is."""

from typing import Any

from tests.support.botapi.errors import broken, refused
from tests.support.botapi.http.params import Params, check_shape
from tests.support.botapi.messages.entities import check_entities, parse_html, utf16_length
from tests.support.botapi.world import Chat

__all__ = ["read_formatted", "read_link_preview", "read_reply"]

Json = dict[str, Any]
LINK_PREVIEW: dict[str, type] = {
    "is_disabled": bool,
    "url": str,
    "prefer_small_media": bool,
    "prefer_large_media": bool,
    "show_above_text": bool,
}
REPLY: dict[str, type] = {
    "message_id": int,
    "chat_id": int,
    "allow_sending_without_reply": bool,
    "quote": str,
    "quote_parse_mode": str,
    "quote_entities": list,
    "quote_position": int,
}


def read_formatted(params: Params, name: str, entities_name: str, limit: int) -> tuple[str, list[Json]]:
    """Read a text and its formatting; gives plain text and entities, at most `limit` UTF-16 units long.

    This fake reads `parse_mode` HTML only; MarkdownV2 and Markdown are answered with a 400 that says so.
    """
    text = params.string(name)
    entities: list[Json] = []
    mode, listed = params.string("parse_mode"), params.structure(entities_name)
    if mode.lower() == "html":
        text, entities = parse_html(text)
    elif mode:
        raise broken(f"Bad Request: unsupported parse_mode {mode!r} (this fake reads HTML)")
    elif listed is not None:
        entities = check_entities(text, listed)
    if utf16_length(text.strip()) > limit:
        raise broken(
            "Bad Request: message is too long" if name == "text" else "Bad Request: message caption is too long"
        )
    return text.strip(), entities


def read_link_preview(params: Params) -> None:
    """Check `link_preview_options`."""
    options = params.structure("link_preview_options")
    if options is not None:
        check_shape(options, "LinkPreviewOptions", LINK_PREVIEW)


def read_reply(params: Params, chat: Chat) -> int | None:
    """Read `reply_parameters`; gives the id of the message replied to, None when there is none."""
    reply = params.structure("reply_parameters")
    if reply is None:
        return None
    shape = check_shape(reply, "ReplyParameters", REPLY, ["message_id"])
    if shape.get("chat_id", chat.id) != chat.id:
        raise broken("Bad Request: this fake knows no replies to other chats")
    original = chat.messages.get(shape["message_id"])
    if original is not None and not original.deleted:
        return original.id
    if not shape.get("allow_sending_without_reply"):
        raise refused(400, "Bad Request: message to be replied not found")
    return None
