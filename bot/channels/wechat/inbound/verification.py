"""Whether a delivery is WeChat's own, of just now, and for this account: everything before it is read."""

import re
from collections.abc import Mapping
from datetime import timedelta
from http import HTTPStatus

from bot.channels.wechat.inbound.envelopes import Envelopes
from bot.ports import Clock
from scoring.values import Value

__all__ = ["Refused", "Sealed", "Seals"]

_LARGEST = 64 * 1024  # bytes; WeChat's own deliveries hold a few thousand
_FRESH = timedelta(seconds=300)
_TIMESTAMP = re.compile(r"[0-9]{1,10}", re.ASCII)
_NONCE = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)
_DTD = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_ENVELOPE = re.compile(rb"\s*<xml>.*</xml>\s*", re.DOTALL)
_ENCRYPT = re.compile(rb"<Encrypt>\s*(?:<!\[CDATA\[)?([A-Za-z0-9+/=]+)(?:\]\]>)?\s*</Encrypt>")
_ACCOUNT = re.compile(rb"<ToUserName>\s*(?:<!\[CDATA\[)?([A-Za-z0-9_-]+)(?:\]\]>)?\s*</ToUserName>")


class Refused(Exception):  # noqa: N818 (it is what happened to the delivery)
    """It is not let in: an HTTP status, and one sentence why."""

    def __init__(self, status: HTTPStatus, why: str) -> None:
        super().__init__(why)
        self.status = status


class Sealed(Value):
    """What an envelope held: the XML inside, the account named outside (empty: none), what it was signed with."""

    xml: str
    account: str
    timestamp: str
    nonce: str


class Seals:
    """Looks at the outside only. What it reads there is found by its shape: no parser sees a stranger's XML."""

    def __init__(self, envelopes: Envelopes, clock: Clock) -> None:
        """Know the account's keys."""
        self._envelopes = envelopes
        self._clock = clock

    def echo(self, query: Mapping[str, str]) -> str:
        """Return the word by which we are verified; raises Refused."""
        timestamp, nonce = query.get("timestamp", ""), query.get("nonce", "")
        self._prove(query.get("signature", ""), timestamp, nonce)
        return query.get("echostr", "")

    def open(self, query: Mapping[str, str], body: bytes) -> Sealed:
        """Open an envelope; raises Refused, and Malformed for one that is signed and nonsense all the same."""
        encrypted = _encrypted(query, body)
        signature, timestamp, nonce = (query.get(name, "") for name in ("msg_signature", "timestamp", "nonce"))
        self._prove(signature, timestamp, nonce, encrypted)
        xml = self._envelopes.open(encrypted, signature, timestamp, nonce)
        account = _ACCOUNT.search(body)
        return Sealed(xml, account[1].decode() if account else "", timestamp, nonce)

    def _prove(self, signature: str, timestamp: str, nonce: str, *sealed: str) -> None:
        if not _TIMESTAMP.fullmatch(timestamp) or not _NONCE.fullmatch(nonce):
            raise Refused(HTTPStatus.UNAUTHORIZED, "The signature is missing.")
        if not self._envelopes.proves(signature, timestamp, nonce, *sealed):
            raise Refused(HTTPStatus.UNAUTHORIZED, "The signature is wrong: is wechat.token that of the console?")
        if abs(self._clock.now().timestamp() - int(timestamp)) > _FRESH.total_seconds():
            raise Refused(HTTPStatus.UNAUTHORIZED, "The signature is stale, or the clock of one machine is wrong.")


def _encrypted(query: Mapping[str, str], body: bytes) -> str:
    """Find the sealed text, without a look at anything else; raises Refused."""
    if len(body) > _LARGEST:
        raise Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"The body may hold {_LARGEST} bytes.")
    if _DTD.search(body):
        raise Refused(HTTPStatus.BAD_REQUEST, "A document type is no part of a push.")
    if query.get("encrypt_type") != "aes":
        raise Refused(HTTPStatus.BAD_REQUEST, "Only sealed pushes are taken: choose the secure mode in the console.")
    found = _ENCRYPT.findall(body) if _ENVELOPE.fullmatch(body) else []
    if len(found) != 1 or body.count(b"<Encrypt") != 1:
        raise Refused(HTTPStatus.BAD_REQUEST, "The body is no sealed push.")
    return str(found[0], "ascii")
