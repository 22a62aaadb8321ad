"""How often each interface may be called: a day of Asia/Shanghai, and a minute."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.support.wechat.errors import refused

__all__ = ["Quotas"]

# developers.weixin.qq.com, API call limits: a new account, and an account of the platform's sandbox.
DAILY = {
    "/cgi-bin/token": 2_000,
    "/cgi-bin/stable_token": 500_000,
    "/cgi-bin/message/custom/send": 500_000,
    "/cgi-bin/message/template/send": 100_000,
    "/cgi-bin/qrcode/create": 100_000,
    "/cgi-bin/user/info": 5_000_000,
    "/cgi-bin/ticket/getticket": 1_000_000,
}
SANDBOX = {
    "/cgi-bin/token": 200,
    "/cgi-bin/message/custom/send": 50_000,
    "/cgi-bin/qrcode/create": 10_000,
    "/cgi-bin/user/info": 500_000,
}
PER_MINUTE = {"/cgi-bin/stable_token": 10_000}
SHANGHAI, DAY, MINUTE = 8 * 3600, 86_400, 60


@dataclass(slots=True)
class Quotas:
    """Limits by path, changed by a test as it likes, and what is used of them."""

    clock: Callable[[], float]
    daily: dict[str, int] = field(default_factory=DAILY.copy)
    per_minute: dict[str, int] = field(default_factory=PER_MINUTE.copy)
    _used: Counter[tuple[str, str, int]] = field(default_factory=Counter)

    def become_sandbox(self) -> None:
        """Take the limits of a sandbox account."""
        self.daily |= SANDBOX

    def used(self, path: str) -> int:
        """Count today's calls."""
        return self._used[path, "day", self._day()]

    def count(self, path: str) -> None:
        """Count one call; raises 45009 above the day's limit and 45011 above the minute's."""
        minute = int(self.clock() // MINUTE)
        self._used[path, "day", self._day()] += 1
        self._used[path, "minute", minute] += 1
        if path in self.daily and self.used(path) > self.daily[path]:
            raise refused(45009)
        if path in self.per_minute and self._used[path, "minute", minute] > self.per_minute[path]:
            raise refused(45011)

    def _day(self) -> int:
        return int(self.clock() + SHANGHAI) // DAY
