"""getChat, getChatMember and getChatAdministrators."""

from typing import Any

from tests.support.botapi.bot import Bot
from tests.support.botapi.errors import refused
from tests.support.botapi.http.params import Params
from tests.support.botapi.messages import payloads
from tests.support.botapi.world import BOT_ID, Account, Chat

__all__ = ["get_chat", "get_chat_administrators", "get_chat_member", "leave_chat"]

Json = dict[str, Any]
RANKS = frozenset({"creator", "administrator"})


def get_chat(bot: Bot, params: Params) -> Json:
    """Describe a chat as a ChatFullInfo, with its required fields."""
    chat = bot.open_chat(params.chat_id())
    gifts = dict.fromkeys(
        ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels"), False
    )
    return payloads.chat(chat) | {"accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": gifts}


def get_chat_member(bot: Bot, params: Params) -> Json:
    """Describe a person's or the bot's own standing; others than itself are certain only for an admin."""
    chat = bot.open_chat(params.chat_id())
    user_id = params.integer("user_id", required="invalid user_id specified") or 0
    if user_id == BOT_ID:
        return payloads.chat_member(payloads.bot(), chat.bot)
    account = bot.world.accounts.get(user_id)
    if account is None:
        raise refused(400, "Bad Request: user not found")
    return payloads.chat_member(payloads.user(account), chat.members.get(user_id, "left"))


def get_chat_administrators(bot: Bot, params: Params) -> list[Json]:
    """List the owner and administrators of a group."""
    chat = bot.open_chat(params.chat_id())
    params.flag("return_bots")
    if chat.kind == "private":
        raise refused(400, "Bad Request: there are no administrators in the private chat")
    people = [
        payloads.chat_member(payloads.user(bot.world.accounts[member]), rank)
        for member, rank in chat.members.items()
        if rank in RANKS
    ]
    return people + _bot_if_admin(chat)


def leave_chat(bot: Bot, params: Params) -> bool:
    """Take the bot out of a group, of which it is told."""
    chat = bot.open_chat(params.chat_id())
    if chat.kind == "private":
        raise refused(400, "Bad Request: chat member status can't be changed in private chats")
    change = payloads.standing_change(chat, Account(BOT_ID, "回访"), chat.bot, "left", bot.now())
    chat.bot = "left"
    bot.updates.put("my_chat_member", change, f"standing:{chat.id}")
    return True


def _bot_if_admin(chat: Chat) -> list[Json]:
    return [payloads.chat_member(payloads.bot(), chat.bot)] if chat.bot in RANKS else []
