"""What the platform pushes to the account's server: the XML, the sealed envelope, and what became of it."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from tests.support.wechat.account import Account
from tests.support.wechat.customers import Customer
from tests.support.wechat.pushes.crypto import sign
from tests.support.wechat.pushes.xmlio import Tree, write_xml

__all__ = ["Outcome", "Push", "Sealed", "Try", "compose", "seal"]

Outcome = Literal["waiting", "unheard", "accepted", "shown", "transferred", "failed"]
MESSAGES = frozenset({"text", "image", "voice", "video"})
ANSWERABLE_EVENTS = frozenset({"subscribe", "SCAN", "CLICK"})


@dataclass(frozen=True, slots=True)
class Sealed:
    """One POST as it goes over the wire."""

    query: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Try:
    """One delivery: what was sent, the HTTP status (0: none), the answer, after how long, and what was wrong."""

    sealed: Sealed
    status: int
    answer: bytes
    seconds: float
    problem: str = ""


@dataclass(slots=True, eq=False)
class Push:
    """One message or event on its way: the decrypted XML, each try, and how it ended; `reply` is what was shown."""

    customer: Customer
    kind: str
    xml: str
    tries: list[Try] = field(default_factory=list)
    outcome: Outcome = "waiting"
    reply: str = ""

    @property
    def is_answerable(self) -> bool:
        """Return whether the person sees a reply to this."""
        return self.kind in MESSAGES | ANSWERABLE_EVENTS


def compose(account: Account, customer: Customer, kind: str, fields: Tree) -> Push:
    """Write a message (`text image voice video`) or, under any other kind, an event."""
    head: Tree = {
        "ToUserName": account.original_id,
        "FromUserName": customer.openid,
        "CreateTime": account.now(),
    }
    if kind in MESSAGES:
        own: Tree = {"MsgType": kind, **fields, "MsgId": next(account.numbers)}
    else:
        own = {"MsgType": "event", "Event": kind, **fields}
    return Push(customer, kind, write_xml({**head, **own}))


def seal(account: Account, xml: str, openid: str, *, at: int | None = None) -> Sealed:
    """Encrypt and sign a POST in secure mode; `at` in Unix seconds stands for the present time."""
    timestamp, nonce = str(account.now() if at is None else at), str(int.from_bytes(os.urandom(4), "big"))
    encrypted = account.crypto.encrypt(xml)
    query = {
        "signature": sign(account.token, timestamp, nonce),
        "timestamp": timestamp,
        "nonce": nonce,
        "openid": openid,
        "encrypt_type": "aes",
        "msg_signature": account.crypto.signature(timestamp, nonce, encrypted),
    }
    return Sealed(query, write_xml({"ToUserName": account.original_id, "Encrypt": encrypted}).encode())
