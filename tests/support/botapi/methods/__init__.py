"""The Bot API's methods, by name."""

from collections.abc import Awaitable, Callable
from typing import Any

from tests.support.botapi.bot import Bot
from tests.support.botapi.http.params import Params
from tests.support.botapi.methods import chats, commands, editing, intake, sending

__all__ = ["METHODS", "Method"]

Method = Callable[[Bot, Params], Any | Awaitable[Any]]

# The Bot API finds methods without regard to case.
METHODS: dict[str, Method] = {
    "getme": intake.get_me,
    "getupdates": intake.get_updates,
    "setwebhook": intake.set_webhook,
    "deletewebhook": intake.delete_webhook,
    "getwebhookinfo": intake.get_webhook_info,
    "sendmessage": sending.send_message,
    "sendphoto": sending.send_photo,
    "senddocument": sending.send_document,
    "answercallbackquery": sending.answer_callback_query,
    "editmessagetext": editing.edit_message_text,
    "editmessagecaption": editing.edit_message_caption,
    "editmessagereplymarkup": editing.edit_message_reply_markup,
    "deletemessage": editing.delete_message,
    "setmessagereaction": editing.set_message_reaction,
    "setmycommands": commands.set_my_commands,
    "deletemycommands": commands.delete_my_commands,
    "getchat": chats.get_chat,
    "getchatmember": chats.get_chat_member,
    "getchatadministrators": chats.get_chat_administrators,
    "leavechat": chats.leave_chat,
}
