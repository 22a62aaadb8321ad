"""A fake Telegram Bot API server over real HTTP, with people who act and rules that are checked.

    async with FakeTelegram().serve() as telegram:
        mei = telegram.user(10001, name="王女士", language="zh-hans")
        await mei.start("token-of-the-deep-link")
        await mei.taps("4")
        await mei.sees("谢谢")
        assert telegram.violations == []

`violations` are requests that no correct bot sends; `refusals` are right requests that the world's state forbids
(blocked, migrated, query too old, not modified, planted faults).
"""

from tests.support.botapi.clock import HandClock
from tests.support.botapi.errors import refused
from tests.support.botapi.faults import Cut, Faults, Garbled, Html, Refuse, Slow, flood
from tests.support.botapi.people import Group, Person, Speaker
from tests.support.botapi.rates import Send, busiest, busiest_per_chat
from tests.support.botapi.server import TOKEN, Call, FakeTelegram, Violation
from tests.support.botapi.world import Answer, Message, Tap

__all__ = [
    "TOKEN",
    "Answer",
    "Call",
    "Cut",
    "FakeTelegram",
    "Faults",
    "Garbled",
    "Group",
    "HandClock",
    "Html",
    "Message",
    "Person",
    "Refuse",
    "Send",
    "Slow",
    "Speaker",
    "Tap",
    "Violation",
    "busiest",
    "busiest_per_chat",
    "flood",
    "refused",
]
