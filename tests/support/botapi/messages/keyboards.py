"""The rules of `reply_markup`: inline keyboards, reply keyboards, forced replies."""

from typing import Any
from urllib.parse import urlsplit

from tests.support.botapi.errors import broken
from tests.support.botapi.http.params import check_shape
from tests.support.botapi.messages.entities import utf16_length
from tests.support.botapi.world import Chat

__all__ = ["check_inline_keyboard", "check_markup"]

Json = dict[str, Any]
ACTIONS: dict[str, type] = {
    "url": str,
    "callback_data": str,
    "web_app": dict,
    "login_url": dict,
    "switch_inline_query": str,
    "switch_inline_query_current_chat": str,
    "switch_inline_query_chosen_chat": dict,
    "copy_text": dict,
}
BUTTON: dict[str, type] = {"text": str, "style": str, "icon_custom_emoji_id": str} | ACTIONS
PLAIN_BUTTON: dict[str, type] = {
    "text": str,
    "style": str,
    "icon_custom_emoji_id": str,
    "request_contact": bool,
    "request_location": bool,
    "web_app": dict,
}
PLAIN_KEYBOARD: dict[str, type] = {
    "keyboard": list,
    "is_persistent": bool,
    "resize_keyboard": bool,
    "one_time_keyboard": bool,
    "input_field_placeholder": str,
    "selective": bool,
}
FORCE_REPLY: dict[str, type] = {"force_reply": bool, "input_field_placeholder": str, "selective": bool}
STYLES = frozenset({"danger", "success", "primary"})
CALLBACK_BYTES = 64
COPIED_TEXT = 256
PLACEHOLDER = 64


def check_markup(markup: object, chat: Chat) -> list[list[Json]]:
    """Check any reply markup; gives the inline keyboard's rows, or none for the other kinds."""
    if markup is None:
        return []
    if not isinstance(markup, dict):
        raise broken("Bad Request: object expected as reply markup")
    if "inline_keyboard" in markup:
        return check_inline_keyboard(markup, chat)
    if "force_reply" in markup:
        check_shape(markup, "ForceReply", FORCE_REPLY)
        _must_be_true(markup, "force_reply")
    elif "remove_keyboard" in markup:
        check_shape(markup, "ReplyKeyboardRemove", {"remove_keyboard": bool, "selective": bool})
        _must_be_true(markup, "remove_keyboard")
    else:
        check_shape(markup, "ReplyKeyboardMarkup", PLAIN_KEYBOARD, ["keyboard"])
        for button in [button for row in _rows(markup["keyboard"]) for button in row if not isinstance(button, str)]:
            _need_text(check_shape(button, "KeyboardButton", PLAIN_BUTTON, ["text"]))
    _check_placeholder(markup)
    return []


def check_inline_keyboard(markup: object, chat: Chat) -> list[list[Json]]:
    """Check an InlineKeyboardMarkup and return its rows; nothing or an empty one takes the keyboard away."""
    if markup is None:
        return []
    shape = check_shape(markup, "InlineKeyboardMarkup", {"inline_keyboard": list}, ["inline_keyboard"])
    rows = _rows(shape["inline_keyboard"])
    for button in [button for row in rows for button in row]:
        _check_button(button, chat)
    return [row for row in rows if row]


def _rows(rows: list[Any]) -> list[list[Any]]:
    if not all(isinstance(row, list) for row in rows):
        raise broken("Bad Request: can't parse keyboard: expected an Array of Array")
    return rows


def _check_button(button: object, chat: Chat) -> None:
    shape = check_shape(button, "InlineKeyboardButton", BUTTON, ["text"])
    _need_text(shape)
    actions = [name for name in ACTIONS if name in shape]
    if not actions:
        raise broken(
            "Bad Request: can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"
        )
    if len(actions) > 1:
        raise broken(f"Bad Request: can't parse inline keyboard button: more than one action: {actions}")
    if shape.get("style", "primary") not in STYLES:
        raise broken("Bad Request: can't parse inline keyboard button: unknown style")
    _check_action(actions[0], shape, chat)


def _check_action(action: str, shape: Json, chat: Chat) -> None:
    value = shape[action]
    if action == "callback_data" and not 1 <= len(value.encode()) <= CALLBACK_BYTES:
        raise broken("Bad Request: BUTTON_DATA_INVALID")
    if action == "url":
        _check_url(value)
    if action == "copy_text" and not 1 <= utf16_length(str(value.get("text", ""))) <= COPIED_TEXT:
        raise broken("Bad Request: BUTTON_COPY_TEXT_INVALID")
    if action == "web_app" and chat.kind != "private":
        raise broken("Bad Request: BUTTON_TYPE_INVALID")
    if action in {"web_app", "login_url"} and urlsplit(str(value.get("url", ""))).scheme != "https":
        raise broken("Bad Request: inline keyboard button Web App URL is invalid: Only HTTPS links are allowed")


def _check_url(url: str) -> None:
    """Telegram takes http, https and tg links; a host without a dot (localhost) is no HTTP URL to it."""
    parts = urlsplit(url)
    dotted = "." in (parts.hostname or "") or ":" in (parts.hostname or "")
    if parts.scheme != "tg" and (parts.scheme not in {"http", "https"} or not dotted):
        raise broken(f"Bad Request: inline keyboard button URL {url!r} is invalid: Wrong HTTP URL")


def _need_text(button: Json) -> None:
    if not button["text"].strip():
        raise broken("Bad Request: can't parse keyboard button: text of the button must be non-empty")


def _must_be_true(markup: Json, name: str) -> None:
    if markup[name] is not True:
        raise broken(f"Bad Request: field {name!r} must be True")


def _check_placeholder(markup: Json) -> None:
    placeholder = markup.get("input_field_placeholder")
    if placeholder is not None and not 1 <= utf16_length(placeholder) <= PLACEHOLDER:
        raise broken("Bad Request: input_field_placeholder must have 1-64 characters")
