"""The reply window: how long and how often we may write to a chat after the customer did something; pure.

Five messages in 48 hours after the customer typed, three in a minute after a click, a follow or a scan
(developers.weixin.qq.com, customer-service messages). Which of the two a message is taken from while both are open the
platform does not say: each is counted against both, so what is left here is never more than what is left there.

Where it is used:

- `message_quota.py` opens the window in the decision about what the customer said, counts a message in the one that
  settles it, and releases what was held;
- `allowed_methods.py` asks `messages_left` before each sending; where no method is left, `send.py` returns `Held`, and
  `_held` in `bot/handlers/deliveries.py` decides by the purpose: a survey is asked on another channel, or again when
  the customer writes; a reminder or a campaign's message is dropped; a closure goes to another chat where there is one;
  only the rest waits as it is;
- `AFTER_TEXT.usable` is the channel's `Capabilities.reply_window` (`descriptor.py`), the only form in which the rest of
  the product knows it: `bot/handlers/surveys/scheduling.py` asks before it shuts, and
  `bot/handlers/issues/customer_answers.py` tells by it whether the customer has read the team's question.
"""

from datetime import datetime, timedelta

from dialogs.messages import Granted, Inbound, Joined, Left, Tap, Text
from scoring.values import Value, replace
from storage.model.records import Window

__all__ = [
    "AFTER_CLICK",
    "AFTER_TEXT",
    "WindowQuota",
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

    @property
    def usable(self) -> timedelta:
        """Return for how long it counts as open."""
        return self.life - self.early

    def is_open(self, since: datetime | None, now: datetime) -> bool:
        """Return whether its time still runs."""
        return since is not None and now - since < self.usable

    def left(self, since: datetime | None, used: int, now: datetime) -> int:
        """Return how many messages may still be sent."""
        return max(self.most - used, 0) if self.is_open(since, now) else 0


AFTER_TEXT = WindowQuota(5, timedelta(hours=48), timedelta(minutes=10))
AFTER_CLICK = WindowQuota(3, timedelta(minutes=1), timedelta(seconds=10))


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
