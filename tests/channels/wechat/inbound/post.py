"""WeChat's side of a delivery, and ours, on one clock that a test moves."""

import itertools
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import timedelta

from bot.channels.wechat.api.tokens import TokenNote
from bot.channels.wechat.inbound.envelopes import Envelopes
from bot.channels.wechat.inbound.webhook import WebhookDependencies, WechatWebhook
from bot.ports import Bind, InboundResult, Parsed
from dialogs.ids import derive
from dialogs.messages import Inbound
from tests.support.web.clockwork import Clockwork
from tests.support.wechat import AES_KEY, APP_ID, ORIGINAL_ID, TOKEN, Account, Sealed, seal, sign
from tests.support.wechat.pushes.replies import Reply, read_reply
from tests.support.wechat.pushes.xmlio import Tree, write_xml

__all__ = ["NO_NOTE", "OPENID", "Post", "answered", "cases", "envelopes", "message_key", "pushed"]

OPENID = "oHf4k3Fake000000000000000001"


async def _nothing() -> str | None:
    return None


async def _forget(_token: str) -> None:
    pass


NO_NOTE = TokenNote(_nothing, _forget)
"""Where no token is kept."""


def cases() -> Iterator[str]:
    """Count cases that are too long to be their own names."""
    return (f"case {number}" for number in itertools.count(1))


def envelopes() -> Envelopes:
    """Return our side of the crypto, with the fake account's keys."""
    return Envelopes(APP_ID, TOKEN, AES_KEY)


def pushed(**fields: str | int | Tree | Sequence[Tree]) -> str:
    """Write what is inside a push, of a text unless told otherwise; an empty field leaves the element out."""
    own: dict[str, str | int | Tree | Sequence[Tree]] = {
        "ToUserName": ORIGINAL_ID,
        "FromUserName": OPENID,
        "CreateTime": 1_795_316_400,
        "MsgType": "text",
        "Content": "4",
        "MsgId": 24_681_012_345_678_901,
    }
    return write_xml({name: value for name, value in (own | fields).items() if value != ""})


def message_key(openid: str, number: str) -> str:
    """Return the key of a message: numbers recur, so that its sender is part of it."""
    return f"wechat:{derive('message', openid, number)}"


def answered(text: str = "", *, transfer: bool = False) -> str:
    """Write an answer as a decision keeps it."""
    return json.dumps({"text": text} if text else {"transfer": transfer}, ensure_ascii=False)


class Post:
    """A platform that seals, and a door whose desk keeps what it heard and answers as the test wishes."""

    def __init__(self, clock: Clockwork, budget: timedelta = timedelta(seconds=4)) -> None:
        self.clock = clock
        self.account = Account(lambda: clock.now().timestamp())
        self.heard: list[Inbound] = []
        self.raw: list[bytes] = []
        self.kept: list[bytes] = []
        self.whys: list[str] = []
        self.alarms: list[str] = []
        self.mended: list[str] = []
        self.answers: dict[str, str] = {}
        self.is_inline = False
        self.hears: Callable[[], object] = lambda: None
        dependencies = WebhookDependencies(
            self.hear,
            self.keep,
            self.answer_of,
            lambda: self.is_inline,
            lambda name, _text: self.alarms.append(name),
            lambda name, _text: self.mended.append(name),
        )
        self.door = WechatWebhook(envelopes(), dependencies, clock, budget)

    async def hear(self, parsed: Parsed, door: str, raw: bytes, bind: Bind | None = None) -> InboundResult:
        """Take what was said."""
        assert bind is None
        assert door == "wechat"
        assert parsed.inbound is not None
        self.hears()
        is_known = parsed.inbound.key in {inbound.key for inbound in self.heard}
        self.heard.append(parsed.inbound)
        self.raw.append(raw)
        return InboundResult.REPEATED if is_known else InboundResult.NEW

    async def keep(self, door: str, raw: bytes, why: str, key: str = "") -> None:
        """Keep what cannot be read."""
        assert door == "wechat"
        assert why
        assert not key
        self.kept.append(raw)
        self.whys.append(why)

    async def answer_of(self, key: str) -> str:
        """Return the answer planted for anything of this key."""
        return self.answers.get(key, "")

    def sealed(self, xml: str = "", *, at: int | None = None) -> Sealed:
        """Seal a push as the platform does, a text unless told otherwise."""
        return seal(self.account, xml or pushed(), OPENID, at=at)

    def signed(self, body: str, encrypted: str, **query: str) -> tuple[dict[str, str], bytes]:
        """Sign any envelope at all, as only the platform could."""
        stamp, nonce = str(self.account.now()), "1320562132"
        signature = sign(TOKEN, stamp, nonce, encrypted)
        own = {"timestamp": stamp, "nonce": nonce, "encrypt_type": "aes", "msg_signature": signature}
        return own | query, body.encode()

    async def take(self, sealed: Sealed) -> tuple[int, bytes]:
        """Deliver; gives status and body."""
        answer = await self.door.take(sealed.query, sealed.body)
        return answer.status, answer.body

    def opened(self, body: bytes) -> Reply:
        """Read an answer as the platform does; raises for what it would not take."""
        customer = self.account.customers[OPENID]
        return read_reply(self.account, customer, body)

    def echo(self, **changed: str) -> tuple[int, bytes]:
        """Verify the address, with some of the query changed."""
        stamp, nonce = str(self.account.now()), "486452656"
        query: Mapping[str, str] = {
            "signature": sign(TOKEN, stamp, nonce),
            "timestamp": stamp,
            "nonce": nonce,
            "echostr": "4375120948345356249",
            **changed,
        }
        answer = self.door.verify(query)
        return answer.status, answer.body
