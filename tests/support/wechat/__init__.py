"""A fake WeChat and WeCom over real HTTP, with people who act and rules that are checked.

    async with FakeWeChat().serve() as wechat:
        await wechat.courier.register("http://127.0.0.1:8480/hooks/wechat")
        mei = wechat.person("王女士")
        push = await mei.types("4")
        assert push.outcome == "accepted"
        await mei.reads("态度", way="msgmenu")
        assert wechat.violations == []

`violations` are what no correct product does: a malformed request, an answer for which WeChat apologises. Right
requests that the world forbids (window shut, unfollowed) stand in `met(…)` with their code; planted faults in neither.
"""

from tests.support.botapi.clock import HandClock
from tests.support.wechat.account import AES_KEY, APP_ID, APP_SECRET, ORIGINAL_ID, TOKEN, Account, QrCode
from tests.support.wechat.customers import Customer, MenuItem, Seen
from tests.support.wechat.faults import Cut, Fault, Faults, Garbled, Http, Refuse, Silent, Slow
from tests.support.wechat.people import Person
from tests.support.wechat.pushes.courier import APOLOGY, Courier
from tests.support.wechat.pushes.crypto import CryptoError, MessageCrypto, sign
from tests.support.wechat.pushes.push import Push, Sealed, Try, compose, seal
from tests.support.wechat.records import Call, Violation
from tests.support.wechat.robot import Notice, Robot
from tests.support.wechat.rules.templates import Template
from tests.support.wechat.server import FakeWeChat

__all__ = [
    "AES_KEY",
    "APOLOGY",
    "APP_ID",
    "APP_SECRET",
    "ORIGINAL_ID",
    "TOKEN",
    "Account",
    "Call",
    "Courier",
    "CryptoError",
    "Customer",
    "Cut",
    "FakeWeChat",
    "Fault",
    "Faults",
    "Garbled",
    "HandClock",
    "Http",
    "MenuItem",
    "MessageCrypto",
    "Notice",
    "Person",
    "Push",
    "QrCode",
    "Refuse",
    "Robot",
    "Sealed",
    "Seen",
    "Silent",
    "Slow",
    "Template",
    "Try",
    "Violation",
    "compose",
    "seal",
    "sign",
]
