"""How many messages a chat still lets us send, and which way a message may go now; pure.

Five in 48 hours after the customer typed, three in a minute after a click, a follow or a scan
(developers.weixin.qq.com, customer-service messages). Which of the two a message is taken from while both are open the
platform does not say: each is counted against both, so what is left here is never more than what is left there.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from bot.channels.wechat.outbound.fields import Notice, tells
from bot.channels.wechat.outbound.present import Body, has_menu, menu, words
from bot.channels.wechat.outbound.send_methods import CUSTOM, SendMethod
from bot.ports import DeliveryContext
from dialogs.messages import Granted, Inbound, Joined, Left, Tap, Text
from scoring.values import Value, replace
from storage.model.records import OutboxMessage, Purpose, Window

__all__ = [
    "CLICKED",
    "TYPED",
    "Abilities",
    "Allowance",
    "Plan",
    "left",
    "opened",
    "plan",
    "shut",
    "spent",
    "used_up",
]


class Allowance(Value):
    """So many messages in so long a time; it counts as over `early`, for clocks differ and messages take time."""

    most: int
    life: timedelta
    early: timedelta

    def is_open(self, since: datetime | None, now: datetime) -> bool:
        """Return whether its time still runs."""
        return since is not None and now - since < self.life - self.early

    def left(self, since: datetime | None, used: int, now: datetime) -> int:
        """Count what may still be sent."""
        return max(self.most - used, 0) if self.is_open(since, now) else 0


TYPED = Allowance(5, timedelta(hours=48), timedelta(minutes=10))
CLICKED = Allowance(3, timedelta(minutes=1), timedelta(seconds=10))


_INVITATION = (*CUSTOM, SendMethod.TEMPLATE)
_CLOSURE = (*CUSTOM, SendMethod.GRANT)
_LADDERS: Mapping[Purpose, tuple[SendMethod, ...]] = {Purpose.SURVEY: _INVITATION, Purpose.CLOSURE: _CLOSURE}
"""The ways in order, the best first; what is neither goes as a custom message or waits."""


class Abilities(Value):
    """What the service account can do now: custom messages, menus in them, and its two kinds of notices."""

    custom: bool = True
    menus: bool = True
    template: Notice | None = None
    subscription: Notice | None = None


class Plan(Value):
    """The ways that are legal now, in order; with none, the message waits for the customer."""

    steps: tuple[SendMethod, ...]


def plan(message: OutboxMessage, standing: DeliveryContext, account: Abilities, now: datetime) -> Plan:
    """Choose the ways for a message: those of its ladder that the chat and the account allow."""
    ladder = _LADDERS.get(message.purpose, CUSTOM)
    return Plan(tuple(step for step in ladder if _IS_LEGAL[step](message, standing, account, now)))


def opened(window: Window, inbound: Inbound, now: datetime) -> Window:
    """Return the window after something was said; what is no later than what opened it before changes nothing.

    What was sent to us has a number (`Inbound.message`), a press on the account's own menu has none.
    """
    at = min(inbound.at, now)
    match inbound.said:
        case Left():
            return shut(window)
        case Granted():
            return window
        case Text() if inbound.message:
            is_newer = window.typed_at is None or at > window.typed_at
            return replace(window, typed_at=at, typed_used=0) if is_newer else window
        case Text() | Tap() | Joined():
            is_newer = window.clicked_at is None or at > window.clicked_at
            return replace(window, clicked_at=at, clicked_used=0) if is_newer else window


def spent(window: Window, now: datetime) -> Window:
    """Count one message against every allowance that is open."""
    typed, clicked = _are_open(window, now)
    return replace(window, typed_used=window.typed_used + typed, clicked_used=window.clicked_used + clicked)


def used_up(window: Window, now: datetime) -> Window:
    """Leave nothing of what is open (45047)."""
    typed, clicked = _are_open(window, now)
    return replace(
        window,
        typed_used=TYPED.most if typed else window.typed_used,
        clicked_used=CLICKED.most if clicked else window.clicked_used,
    )


def shut(window: Window) -> Window:
    """Close both (45015, or the customer left)."""
    return replace(window, typed_at=None, typed_used=0, clicked_at=None, clicked_used=0)


def left(window: Window, now: datetime) -> int:
    """Count the custom messages that may still be sent."""
    return max(
        TYPED.left(window.typed_at, window.typed_used, now),
        CLICKED.left(window.clicked_at, window.clicked_used, now),
    )


def _are_open(window: Window, now: datetime) -> tuple[bool, bool]:
    return TYPED.is_open(window.typed_at, now), CLICKED.is_open(window.clicked_at, now)


def _may_menu(message: OutboxMessage, standing: DeliveryContext, account: Abilities, now: datetime) -> bool:
    able = account.custom and account.menus and has_menu(message.prompt)
    return able and _fits(left(standing.window, now), menu, message)


def _may_text(message: OutboxMessage, standing: DeliveryContext, account: Abilities, now: datetime) -> bool:
    return account.custom and _fits(left(standing.window, now), words, message)


def _fits(allowed: int, form: Callable[[OutboxMessage], Sequence[Body]], message: OutboxMessage) -> bool:
    """Return whether the message takes no more than that in this form."""
    return allowed > 0 and len(form(message)) <= allowed


def _may_grant(message: OutboxMessage, standing: DeliveryContext, account: Abilities, now: datetime) -> bool:
    """Spend a grant only where the note reaches the customer whole: in a field, or on the page behind it."""
    del now  # a grant has no end (developers.weixin.qq.com, subscription notifications)
    notice = account.subscription
    if notice is None or not standing.grants.get(notice.template, 0):
        return False
    return message.prompt.link is not None or tells(notice, standing.facts, "note")


def _may_template(message: OutboxMessage, standing: DeliveryContext, account: Abilities, now: datetime) -> bool:
    """Invite by template only with the page to answer on: nobody could answer in the chat."""
    del standing, now
    return account.template is not None and message.prompt.link is not None


_IS_LEGAL: Mapping[SendMethod, Callable[[OutboxMessage, DeliveryContext, Abilities, datetime], bool]] = {
    SendMethod.MENU: _may_menu,
    SendMethod.TEXT: _may_text,
    SendMethod.GRANT: _may_grant,
    SendMethod.TEMPLATE: _may_template,
}
