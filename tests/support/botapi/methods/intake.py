"""getMe, getUpdates, setWebhook, deleteWebhook and getWebhookInfo."""

import re
from typing import Any
from urllib.parse import urlsplit

from tests.support.botapi.bot import Bot
from tests.support.botapi.errors import broken, refused
from tests.support.botapi.http.params import Params
from tests.support.botapi.http.webhook import Subscription
from tests.support.botapi.messages import payloads

__all__ = ["delete_webhook", "get_me", "get_updates", "get_webhook_info", "set_webhook"]

Json = dict[str, Any]
SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
# Every kind of update of Bot API 10.1; an unknown name is a slip of the pen.
KINDS = frozenset(
    (
        "message edited_message channel_post edited_channel_post business_connection business_message "
        "edited_business_message deleted_business_messages guest_message message_reaction message_reaction_count "
        "inline_query chosen_inline_result callback_query shipping_query pre_checkout_query purchased_paid_media poll "
        "poll_answer my_chat_member chat_member chat_join_request chat_boost removed_chat_boost managed_bot"
    ).split()
)
CONNECTIONS = 40
MOST_CONNECTIONS = 100


def get_me(bot: Bot, params: Params) -> Json:
    """Describe the bot itself."""
    del bot, params
    abilities = {"can_join_groups": True, "can_read_all_group_messages": False, "supports_inline_queries": False}
    return payloads.bot() | abilities | {"can_connect_to_business": False, "has_main_web_app": False}


async def get_updates(bot: Bot, params: Params) -> list[Json]:
    """Return what waits from `offset` on, at most `limit`, waiting up to `timeout` seconds for the first."""
    offset, limit = params.integer("offset") or 0, params.integer("limit")
    wait = params.integer("timeout") or 0
    bot.updates.allow(_kinds(params))
    if bot.webhook.subscription is not None:
        raise refused(
            409,
            "Conflict: can't use getUpdates method while webhook is active; "
            "use deleteWebhook to delete the webhook first",
        )
    if limit is not None and not 1 <= limit <= 100:
        raise broken("Bad Request: limit must be 1-100")
    return await bot.updates.poll(offset, limit or 100, float(wait))


async def set_webhook(bot: Bot, params: Params) -> bool:
    """Begin to deliver updates to a URL. Telegram wants https; this fake lives on loopback and takes http."""
    url, secret = params.string("url"), params.string("secret_token")
    connections = params.integer("max_connections")
    params.skip("ip_address", "certificate")
    bot.updates.allow(_kinds(params))
    if url and (urlsplit(url).scheme not in {"http", "https"} or not urlsplit(url).hostname):
        raise broken("Bad Request: bad webhook: invalid webhook URL specified")
    if secret and not SECRET.fullmatch(secret):
        raise broken("Bad Request: secret token contains unallowed characters")
    if connections is not None and not 1 <= connections <= MOST_CONNECTIONS:
        raise broken("Bad Request: max_connections must be 1-100")
    _drop_if_asked(bot, params)
    bot.updates.interrupt("terminated by setWebhook request")
    await bot.webhook.subscribe(Subscription(url, secret, connections or CONNECTIONS) if url else None)
    return True


async def delete_webhook(bot: Bot, params: Params) -> bool:
    """Stop delivering to the webhook; what waits can be polled again."""
    _drop_if_asked(bot, params)
    await bot.webhook.subscribe(None)
    return True


def get_webhook_info(bot: Bot, params: Params) -> Json:
    """Describe the webhook, with the last failure to deliver."""
    del params
    subscription = bot.webhook.subscription
    shape: Json = {
        "url": subscription.url if subscription else "",
        "has_custom_certificate": False,
        "pending_update_count": len(bot.updates.alive()),
        "allowed_updates": sorted(bot.updates.allowed),
    }
    error = bot.webhook.last_error
    return shape | ({"last_error_date": bot.now(), "last_error_message": error} if error else {})


def _kinds(params: Params) -> list[str] | None:
    kinds = params.structure("allowed_updates")
    if kinds is None:
        return None
    if not isinstance(kinds, list) or not all(isinstance(kind, str) for kind in kinds):
        raise broken("Bad Request: can't parse allowed updates: expected an Array of String")
    if unknown := set(kinds) - KINDS:
        raise broken(f"Bad Request: unknown kinds of updates: {sorted(unknown)}")
    return kinds


def _drop_if_asked(bot: Bot, params: Params) -> None:
    if params.flag("drop_pending_updates"):
        bot.updates.waiting.clear()
