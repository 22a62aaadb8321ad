"""By which methods a message may be sent to a chat now, as window, grants and account allow; pure."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from bot.channels.wechat.outbound.fields import Notice, shows_fact
from bot.channels.wechat.outbound.present import WechatMessage, has_menu, menu_messages, pictures, text_messages
from bot.channels.wechat.outbound.reply_window import messages_left
from bot.channels.wechat.outbound.send_methods import CUSTOM, SendMethod
from bot.ports import DeliveryContext
from scoring.values import Value
from storage.model.records import OutboxMessage, Purpose

__all__ = ["Abilities", "allowed_methods"]

_INVITATION = (*CUSTOM, SendMethod.TEMPLATE)
_CLOSURE = (*CUSTOM, SendMethod.GRANT)
_METHODS: Mapping[Purpose, tuple[SendMethod, ...]] = {Purpose.SURVEY: _INVITATION, Purpose.CLOSURE: _CLOSURE}
"""The methods in order, the best first; what is neither goes as a customer-service message only."""


class Abilities(Value):
    """What the service account can do now: custom messages, menus in them, and its two kinds of notices."""

    custom: bool = True
    menus: bool = True
    template: Notice | None = None
    subscription: Notice | None = None


def allowed_methods(
    message: OutboxMessage, context: DeliveryContext, account: Abilities, now: datetime
) -> tuple[SendMethod, ...]:
    """Return the methods that chat and account allow now, in order; with none, the message waits for the customer."""
    methods = _METHODS.get(message.purpose, CUSTOM)
    return tuple(method for method in methods if _IS_ALLOWED[method](message, context, account, now))


def _may_menu(message: OutboxMessage, context: DeliveryContext, account: Abilities, now: datetime) -> bool:
    able = account.custom and account.menus and has_menu(message.prompt)
    return able and _fits(messages_left(context.window, now), menu_messages, message)


def _may_text(message: OutboxMessage, context: DeliveryContext, account: Abilities, now: datetime) -> bool:
    return account.custom and _fits(messages_left(context.window, now), text_messages, message)


def _fits(allowed: int, form: Callable[[OutboxMessage], Sequence[WechatMessage]], message: OutboxMessage) -> bool:
    """Return whether the message takes at most so many messages in this form, its picture among them."""
    return allowed > 0 and len(pictures(message)) + len(form(message)) <= allowed


def _may_grant(message: OutboxMessage, context: DeliveryContext, account: Abilities, now: datetime) -> bool:
    """Return whether a grant may be spent: only where the note arrives whole, in a field or on the page behind it."""
    del now  # a grant has no end (developers.weixin.qq.com, subscription notifications)
    notice = account.subscription
    if notice is None or not context.grants.get(notice.template, 0):
        return False
    return message.prompt.link is not None or bool(message.prompt.page) or shows_fact(notice, context.facts, "note")


def _may_template(message: OutboxMessage, context: DeliveryContext, account: Abilities, now: datetime) -> bool:
    """Return whether a template may go: only with a page to answer on, since the chat takes no answer to it."""
    del context, now
    return account.template is not None and message.prompt.link is not None


_IS_ALLOWED: Mapping[SendMethod, Callable[[OutboxMessage, DeliveryContext, Abilities, datetime], bool]] = {
    SendMethod.MENU: _may_menu,
    SendMethod.TEXT: _may_text,
    SendMethod.GRANT: _may_grant,
    SendMethod.TEMPLATE: _may_template,
}
