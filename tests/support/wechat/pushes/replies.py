"""Reading what the account's server answered to a push, as strictly as the platform and a little more."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from tests.support.wechat.account import Account
from tests.support.wechat.customers import Customer
from tests.support.wechat.pushes.crypto import CryptoError
from tests.support.wechat.pushes.xmlio import XmlError, read_xml

__all__ = ["MOST_BYTES", "BadReplyError", "Reply", "read_reply"]

MOST_BYTES = 2048
ENVELOPE = {"Encrypt", "MsgSignature", "TimeStamp", "Nonce"}
COMMON = {"ToUserName", "FromUserName", "CreateTime", "MsgType"}
OWN = {"text": {"Content"}, "transfer_customer_service": set[str]()}
OPTIONAL = {"text": set[str](), "transfer_customer_service": {"TransInfo/KfAccount"}}


class BadReplyError(ValueError):
    """An answer for which the platform shows its own apology: the reason in plain words."""


@dataclass(frozen=True, slots=True)
class Reply:
    """A valid answer: taken note of, a text for the person, or a hand-over to the account's people."""

    kind: Literal["accepted", "text", "transfer"]
    text: str = ""


def read_reply(account: Account, customer: Customer, answer: bytes) -> Reply:
    """Open and check a passive reply; raises BadReplyError."""
    if answer in {b"", b"success"}:
        return Reply("accepted")
    try:
        message = read_xml(_opened(account, answer.decode()))
    except UnicodeDecodeError:
        raise BadReplyError("the answer is not UTF-8") from None
    except (XmlError, CryptoError) as error:
        raise BadReplyError(str(error)) from None
    return _checked(account, customer, message)


def _opened(account: Account, answer: str) -> str:
    envelope = read_xml(answer)
    if set(envelope) != ENVELOPE:
        raise BadReplyError(f"no secure envelope: {sorted(envelope)}")
    expected = account.crypto.signature(envelope["TimeStamp"], envelope["Nonce"], envelope["Encrypt"])
    if envelope["MsgSignature"] != expected:
        raise BadReplyError("wrong MsgSignature")
    if not envelope["TimeStamp"].isdecimal():
        raise BadReplyError("TimeStamp is no number")
    return account.crypto.decrypt(envelope["Encrypt"])


def _checked(account: Account, customer: Customer, message: Mapping[str, str]) -> Reply:
    kind = message.get("MsgType", "")
    if kind not in OWN:
        raise BadReplyError(f"a reply of type {kind!r}")
    required = COMMON | OWN[kind]
    if not required <= set(message) <= required | OPTIONAL[kind]:
        raise BadReplyError(f"the elements of a {kind} reply are {sorted(required)}, not {sorted(message)}")
    if (message["ToUserName"], message["FromUserName"]) != (customer.openid, account.original_id):
        raise BadReplyError("ToUserName and FromUserName are not those of the message, swapped")
    if not message["CreateTime"].isdecimal():
        raise BadReplyError("CreateTime is no number")
    if kind == "transfer_customer_service":
        return Reply("transfer")
    if not message["Content"] or len(message["Content"].encode()) > MOST_BYTES:
        raise BadReplyError(f"Content is empty or longer than {MOST_BYTES} bytes")
    return Reply("text", message["Content"])
