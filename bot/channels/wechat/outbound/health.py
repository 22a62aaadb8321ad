"""The state of the service account, in memory: what it can do, whether sending pauses, whether replies go inline."""

import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.channels.wechat.outbound.allowed_methods import Abilities
from bot.channels.wechat.outbound.fields import Notice
from bot.channels.wechat.outbound.send_methods import CUSTOM, SendMethod
from bot.ports import RaiseAlarm, Refused, Retry
from scoring.values import Value

__all__ = ["AccountHealth", "AccountOffers", "MenuMemory"]

logger = logging.getLogger(__name__)
_SLOW = timedelta(seconds=1)
_INLINE_FOR = timedelta(seconds=60)
"""So long after a failure or a slow call answers go as replies to the customer's own messages."""
_DISABLED_FOR = timedelta(hours=1)
"""Then it is tried again, so that a repair needs no restart; alarms are not repeated sooner either."""
_STOPPED_FOR = timedelta(seconds=60)
_DAYS_END_IN = ZoneInfo("Asia/Shanghai")  # daily quotas begin anew at its midnight


class AccountOffers(Value):
    """What the settings allow: `menus` may be tried (`wechat.menu = auto`), and the two kinds of notices."""

    menus: bool = True
    template: Notice | None = None
    subscription: Notice | None = None


class MenuMemory(Value):
    """Where it is kept, for this app id, that menus are refused (40200): read at the start, written when it happens."""

    has_no_menus: Callable[[], Awaitable[bool]]
    keep: Callable[[], Awaitable[None]]


class _SendPause(Value):
    """Nothing is sent until then; with an alarm the operator has to act."""

    until: datetime
    why: str
    alarm: str = ""


class AccountHealth:
    """What every call has shown of the account: the only place that decides whether it can do something."""

    def __init__(self, offers: AccountOffers, memory: MenuMemory, alarm: RaiseAlarm) -> None:
        """Start with everything that `offers` allows."""
        self._offers = offers
        self._memory = memory
        self._alarm = alarm
        self._has_menus = offers.menus
        self._inline_until: datetime | None = None
        self._pause: _SendPause | None = None
        self._disabled: dict[SendMethod, datetime] = {}

    async def start(self) -> None:
        """Load whether the account is known to be one without menus."""
        self._has_menus = self._offers.menus and not await self._memory.has_no_menus()

    def wants_inline(self, now: datetime) -> bool:
        """Return whether the next answers should go as replies to the customers' own messages."""
        is_unwell = self._inline_until is not None and now < self._inline_until
        return (
            not self._has_menus or is_unwell or self.paused(now) is not None or not self._is_able(SendMethod.TEXT, now)
        )

    def abilities(self, now: datetime) -> Abilities:
        """Return what the account can do now."""
        return Abilities(
            custom=self._is_able(SendMethod.TEXT, now),
            menus=self._has_menus,
            template=self._offers.template if self._is_able(SendMethod.TEMPLATE, now) else None,
            subscription=self._offers.subscription if self._is_able(SendMethod.GRANT, now) else None,
        )

    def paused(self, now: datetime) -> Retry | Refused | None:
        """Return what becomes of a message while sending pauses; None while it does not."""
        pause = self._pause
        if pause is None or now >= pause.until:
            return None
        if pause.alarm:
            return Refused(pause.why, pause.alarm)
        return Retry((pause.until - now).total_seconds(), pause.why, pauses_all=True)

    def answered(self, took: timedelta, now: datetime) -> None:
        """Note that a call was answered, whatever the answer."""
        if took > _SLOW:
            self._inline_until = now + _INLINE_FOR

    def failed(self, now: datetime) -> None:
        """Note that a call was not answered, or only that the platform is busy."""
        self._inline_until = now + _INLINE_FOR

    def stop(self, why: str, alarm: str, now: datetime) -> Refused:
        """Pause sending for a minute, since only the operator can mend it; return the delivery."""
        self._pause = _SendPause(now + _STOPPED_FOR, why, alarm)
        return Refused(why, alarm)

    def pause(self, seconds: float | None, why: str, alarm: str, now: datetime) -> Retry:
        """Pause sending for so many seconds, or (None) until midnight in Shanghai; return the delivery."""
        self._pause = _SendPause(_midnight(now) if seconds is None else now + timedelta(seconds=seconds), why)
        if alarm:
            self._alarm(alarm, why)
        return Retry((self._pause.until - now).total_seconds(), why, pauses_all=True)

    def disable(self, method: SendMethod, now: datetime) -> None:
        """Disable the interface of this method for an hour."""
        self._disabled[_interface(method)] = now + _DISABLED_FOR

    def warn(self, method: SendMethod, alarm: str, why: str) -> None:
        """Raise an alarm about this method's setting or permission: `template_id`, `template_fields`, `permission`."""
        is_of_grants = method is SendMethod.GRANT and alarm.startswith("template")
        self._alarm(f"wechat.{'subscribe_' if is_of_grants else ''}{alarm}", why)

    async def has_no_menus(self) -> None:
        """Store that the account may not send menus; where that fails, the next refusal says it again."""
        if not self._has_menus:
            return
        self._has_menus = False
        try:
            await self._memory.keep()
        except Exception:
            logger.exception("that the account has no menus is not remembered beyond this process")

    def _is_able(self, method: SendMethod, now: datetime) -> bool:
        until = self._disabled.get(_interface(method))
        return until is None or now >= until


def _interface(method: SendMethod) -> SendMethod:
    return SendMethod.TEXT if method in CUSTOM else method


def _midnight(now: datetime) -> datetime:
    day = now.astimezone(_DAYS_END_IN).date() + timedelta(days=1)
    return datetime(day.year, day.month, day.day, tzinfo=_DAYS_END_IN).astimezone(now.tzinfo)
