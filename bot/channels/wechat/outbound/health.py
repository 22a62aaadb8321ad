"""How the service account fares, in memory: what it can do, whether sending rests, whether answers go inline."""

import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.channels.wechat.outbound.fields import Notice
from bot.channels.wechat.outbound.reply_window import Abilities
from bot.channels.wechat.outbound.send_methods import CUSTOM, SendMethod
from bot.ports import RaiseAlarm, Refused, Retry
from scoring.values import Value

__all__ = ["Health", "Memory", "Offers"]

logger = logging.getLogger(__name__)
_SLOW = timedelta(seconds=1)
_INLINE_FOR = timedelta(seconds=60)
"""So long after a failure or a slow call the answers ride on the customer's own messages."""
_DISABLED_FOR = timedelta(hours=1)
"""Then it is tried again, so that what the operator mends needs no restart; alarms are not repeated sooner either."""
_STOPPED_FOR = timedelta(seconds=60)
_DAYS_END_IN = ZoneInfo("Asia/Shanghai")  # daily quotas begin anew at its midnight


class Offers(Value):
    """What the owner has set up: `menus` may be tried (`wechat.menu = auto`), and the two kinds of notices."""

    menus: bool = True
    template: Notice | None = None
    subscription: Notice | None = None


class Memory(Value):
    """Where it is kept, for this app id, that menus are refused (40200): looked up at the start, written when met."""

    has_no_menus: Callable[[], Awaitable[bool]]
    keep: Callable[[], Awaitable[None]]


class _Rest(Value):
    """Sending rests until then; with an alarm the operator has to do something."""

    until: datetime
    why: str
    alarm: str = ""


class Health:
    """Learns from every call. Nobody else decides whether the account can do something."""

    def __init__(self, offers: Offers, memory: Memory, alarm: RaiseAlarm) -> None:
        """Think well of the account, until told otherwise."""
        self._offers = offers
        self._memory = memory
        self._alarm = alarm
        self._has_menus = offers.menus
        self._inline_until: datetime | None = None
        self._rest: _Rest | None = None
        self._disabled: dict[SendMethod, datetime] = {}

    async def start(self) -> None:
        """Look up whether the account is known to be one without menus."""
        self._has_menus = self._offers.menus and not await self._memory.has_no_menus()

    def wants_inline(self, now: datetime) -> bool:
        """Return whether the next answers should ride on the replies to the customers' own messages."""
        is_unwell = self._inline_until is not None and now < self._inline_until
        return (
            not self._has_menus or is_unwell or self.rests(now) is not None or not self._is_able(SendMethod.TEXT, now)
        )

    def abilities(self, now: datetime) -> Abilities:
        """Return what the account can do now."""
        return Abilities(
            custom=self._is_able(SendMethod.TEXT, now),
            menus=self._has_menus,
            template=self._offers.template if self._is_able(SendMethod.TEMPLATE, now) else None,
            subscription=self._offers.subscription if self._is_able(SendMethod.GRANT, now) else None,
        )

    def rests(self, now: datetime) -> Retry | Refused | None:
        """Return what becomes of a message while sending rests; None while it does not."""
        rest = self._rest
        if rest is None or now >= rest.until:
            return None
        if rest.alarm:
            return Refused(rest.why, rest.alarm)
        return Retry((rest.until - now).total_seconds(), rest.why, pauses_all=True)

    def answered(self, took: timedelta, now: datetime) -> None:
        """Note that a call was answered, whatever the answer."""
        if took > _SLOW:
            self._inline_until = now + _INLINE_FOR

    def failed(self, now: datetime) -> None:
        """Note that a call was not answered, or only that the platform is busy."""
        self._inline_until = now + _INLINE_FOR

    def stop(self, why: str, alarm: str, now: datetime) -> Refused:
        """Let nothing go for a minute, for only the operator can mend it; gives what becomes of the message."""
        self._rest = _Rest(now + _STOPPED_FOR, why, alarm)
        return Refused(why, alarm)

    def pause(self, seconds: float | None, why: str, alarm: str, now: datetime) -> Retry:
        """Let nothing go for so many seconds, or (None) until the day ends in Shanghai; gives what becomes of it."""
        self._rest = _Rest(_midnight(now) if seconds is None else now + timedelta(seconds=seconds), why)
        if alarm:
            self._alarm(alarm, why)
        return Retry((self._rest.until - now).total_seconds(), why, pauses_all=True)

    def disable(self, step: SendMethod, now: datetime) -> None:
        """Do not try this interface for an hour."""
        self._disabled[_interface(step)] = now + _DISABLED_FOR

    def warn(self, step: SendMethod, alarm: str, why: str) -> None:
        """Tell the operator about a setting or right of this way: `template_id`, `template_fields`, `permission`."""
        is_of_grants = step is SendMethod.GRANT and alarm.startswith("template")
        self._alarm(f"wechat.{'subscribe_' if is_of_grants else ''}{alarm}", why)

    async def has_no_menus(self) -> None:
        """Remember that the account may not send menus; where that cannot be written, it is met again."""
        if not self._has_menus:
            return
        self._has_menus = False
        try:
            await self._memory.keep()
        except Exception:
            logger.exception("that the account has no menus is not remembered beyond this process")

    def _is_able(self, step: SendMethod, now: datetime) -> bool:
        until = self._disabled.get(_interface(step))
        return until is None or now >= until


def _interface(step: SendMethod) -> SendMethod:
    return SendMethod.TEXT if step in CUSTOM else step


def _midnight(now: datetime) -> datetime:
    day = now.astimezone(_DAYS_END_IN).date() + timedelta(days=1)
    return datetime(day.year, day.month, day.day, tzinfo=_DAYS_END_IN).astimezone(now.tzinfo)
