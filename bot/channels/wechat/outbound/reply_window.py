"""How many messages a chat still takes, and by which methods a message may be sent now; pure.

Five in 48 hours after the customer typed, three in a minute after a click, a follow or a scan
(developers.weixin.qq.com, customer-service messages). Which of the two a message is taken from while both are open the
platform does not say: each is counted against both, so what is left here is never more than what is left there.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from bot.channels.wechat.outbound.fields import Notice, shows_fact
from bot.channels.wechat.outbound.present import WechatMessage, has_menu, menu_messages, text_messages
from bot.channels.wechat.outbound.send_methods import CUSTOM, SendMethod
from bot.ports import DeliveryContext
from dialogs.messages import Granted, Inbound, Joined, Left, Tap, Text
from scoring.values import Value, replace
from storage.model.records import OutboxMessage, Purpose, Window

__all__ = [
    "AFTER_CLICK",
    "AFTER_TEXT",
    "Abilities",
    "WindowQuota",
    "allowed_methods",
    "message_spent",
    "messages_left",
    "window_closed",
    "window_opened",
    "window_used_up",
]


class WindowQuota(Value):
    """So many messages in so long a time. It counts as over `early`, as clocks differ and messages take time."""

    most: int
    life: timedelta
    early: timedelta

    def is_open(self, since: datetime | None, now: datetime) -> bool:
        """Return whether its time still runs."""
        return since is not None and now - since < self.life - self.early

    def left(self, since: datetime | None, used: int, now: datetime) -> int:
        """Return how many messages may still be sent."""
        return max(self.most - used, 0) if self.is_open(since, now) else 0


AFTER_TEXT = WindowQuota(5, timedelta(hours=48), timedelta(minutes=10))
AFTER_CLICK = WindowQuota(3, timedelta(minutes=1), timedelta(seconds=10))


_INVITATION = (*CUSTOM, SendMethod.TEMPLATE)
_CLOSURE = (*CUSTOM, SendMethod.GRANT)
_METHODS: Mapping[Purpose, tuple[SendMethod, ...]] = {Purpose.SURVEY: _INVITATION, Purpose.CLOSURE: _CLOSURE}
"""The methods in order, the best first; what is neither goes as a customer-service message or waits."""


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


def window_opened(window: Window, inbound: Inbound, now: datetime) -> Window:
    """Return the window after something was said; what is no later than what opened it before changes nothing.

    What a customer typed has a number (`Inbound.message`), a press on the account's own menu has none.
    """
    at = min(inbound.at, now)
    match inbound.said:
        case Left():
            return window_closed(window)
        case Granted():
            return window
        case Text() if inbound.message:
            is_newer = window.typed_at is None or at > window.typed_at
            return replace(window, typed_at=at, typed_used=0) if is_newer else window
        case Text() | Tap() | Joined():
            is_newer = window.clicked_at is None or at > window.clicked_at
            return replace(window, clicked_at=at, clicked_used=0) if is_newer else window


def message_spent(window: Window, now: datetime) -> Window:
    """Return the window with one message counted against each quota that is open."""
    typed, clicked = _are_open(window, now)
    return replace(window, typed_used=window.typed_used + typed, clicked_used=window.clicked_used + clicked)


def window_used_up(window: Window, now: datetime) -> Window:
    """Return the window with nothing left of what is open (45047)."""
    typed, clicked = _are_open(window, now)
    return replace(
        window,
        typed_used=AFTER_TEXT.most if typed else window.typed_used,
        clicked_used=AFTER_CLICK.most if clicked else window.clicked_used,
    )


def window_closed(window: Window) -> Window:
    """Return the window closed (45015, or the customer left)."""
    return replace(window, typed_at=None, typed_used=0, clicked_at=None, clicked_used=0)


def messages_left(window: Window, now: datetime) -> int:
    """Return how many customer-service messages may still be sent."""
    return max(
        AFTER_TEXT.left(window.typed_at, window.typed_used, now),
        AFTER_CLICK.left(window.clicked_at, window.clicked_used, now),
    )


def _are_open(window: Window, now: datetime) -> tuple[bool, bool]:
    return AFTER_TEXT.is_open(window.typed_at, now), AFTER_CLICK.is_open(window.clicked_at, now)


def _may_menu(message: OutboxMessage, context: DeliveryContext, account: Abilities, now: datetime) -> bool:
    able = account.custom and account.menus and has_menu(message.prompt)
    return able and _fits(messages_left(context.window, now), menu_messages, message)


def _may_text(message: OutboxMessage, context: DeliveryContext, account: Abilities, now: datetime) -> bool:
    return account.custom and _fits(messages_left(context.window, now), text_messages, message)


def _fits(allowed: int, form: Callable[[OutboxMessage], Sequence[WechatMessage]], message: OutboxMessage) -> bool:
    """Return whether the message takes at most so many messages in this form."""
    return allowed > 0 and len(form(message)) <= allowed


def _may_grant(message: OutboxMessage, context: DeliveryContext, account: Abilities, now: datetime) -> bool:
    """Return whether a grant may be spent: only where the note arrives whole, in a field or on the page behind it."""
    del now  # a grant has no end (developers.weixin.qq.com, subscription notifications)
    notice = account.subscription
    if notice is None or not context.grants.get(notice.template, 0):
        return False
    return message.prompt.link is not None or shows_fact(notice, context.facts, "note")


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
