"""Whether a delivery comes from WeChat, just now, for this account: checked before it is parsed."""

import re
from collections.abc import Mapping
from datetime import timedelta
from http import HTTPStatus

from bot.channels.wechat.inbound.envelopes import Envelopes
from bot.ports import Clock
from scoring.values import Value

__all__ = ["DecryptedPush", "PushVerifier", "RejectedPush"]

_LARGEST = 64 * 1024  # bytes; WeChat's own deliveries hold a few thousand
_FRESH = timedelta(seconds=300)
_TIMESTAMP = re.compile(r"[0-9]{1,10}", re.ASCII)
_NONCE = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)
_DTD = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_ENVELOPE = re.compile(rb"\s*<xml>.*</xml>\s*", re.DOTALL)
_ENCRYPT = re.compile(rb"<Encrypt>\s*(?:<!\[CDATA\[)?([A-Za-z0-9+/=]+)(?:\]\]>)?\s*</Encrypt>")
_ACCOUNT = re.compile(rb"<ToUserName>\s*(?:<!\[CDATA\[)?([A-Za-z0-9_-]+)(?:\]\]>)?\s*</ToUserName>")


class RejectedPush(Exception):  # noqa: N818 (it is what happened to the delivery)
    """The delivery is refused: an HTTP status, and one sentence why."""

    def __init__(self, status: HTTPStatus, why: str) -> None:
        super().__init__(why)
        self.status = status


class DecryptedPush(Value):
    """A push decrypted: its XML, the account named outside (empty: none), what it was signed with."""

    xml: str
    account: str
    timestamp: str
    nonce: str

    @property
    def has_document_type(self) -> bool:
        """Return whether it begins with one, which could make much of little; a customer may well type one."""
        return _DTD.search(self.xml.partition("<xml>")[0].encode()) is not None


class PushVerifier:
    """Verifies and decrypts pushes. What is outside the encryption is found by its shape: no parser reads it."""

    def __init__(self, envelopes: Envelopes, clock: Clock) -> None:
        self._envelopes = envelopes
        self._clock = clock

    def verify_address(self, query: Mapping[str, str]) -> str:
        """Return the text that verifies our address; raises RejectedPush."""
        timestamp, nonce = query.get("timestamp", ""), query.get("nonce", "")
        self._verify(query.get("signature", ""), timestamp, nonce)
        return query.get("echostr", "")

    def decrypt(self, query: Mapping[str, str], body: bytes) -> DecryptedPush:
        """Return a push decrypted; raises RejectedPush, and MalformedDelivery for one that is signed and unreadable."""
        encrypted = _encrypted(query, body)
        signature, timestamp, nonce = (query.get(name, "") for name in ("msg_signature", "timestamp", "nonce"))
        self._verify(signature, timestamp, nonce, encrypted)
        xml = self._envelopes.decrypt(encrypted, signature, timestamp, nonce)
        account = _ACCOUNT.search(body)
        return DecryptedPush(xml, account[1].decode() if account else "", timestamp, nonce)

    def _verify(self, signature: str, timestamp: str, nonce: str, *ciphertext: str) -> None:
        if not _TIMESTAMP.fullmatch(timestamp) or not _NONCE.fullmatch(nonce):
            raise RejectedPush(HTTPStatus.UNAUTHORIZED, "The signature is missing.")
        if not self._envelopes.verifies(signature, timestamp, nonce, *ciphertext):
            raise RejectedPush(HTTPStatus.UNAUTHORIZED, "The signature is wrong: is wechat.token that of the console?")
        if abs(self._clock.now().timestamp() - int(timestamp)) > _FRESH.total_seconds():
            raise RejectedPush(HTTPStatus.UNAUTHORIZED, "The signature is stale, or the clock of one machine is wrong.")


def _encrypted(query: Mapping[str, str], body: bytes) -> str:
    """Return the encrypted text, without reading anything else; raises RejectedPush."""
    if len(body) > _LARGEST:
        raise RejectedPush(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"The body may hold {_LARGEST} bytes.")
    if _DTD.search(body):
        raise RejectedPush(HTTPStatus.BAD_REQUEST, "A document type is no part of a push.")
    if query.get("encrypt_type") != "aes":
        raise RejectedPush(
            HTTPStatus.BAD_REQUEST, "Only sealed pushes are taken: choose the secure mode in the console."
        )
    found = _ENCRYPT.findall(body) if _ENVELOPE.fullmatch(body) else []
    if len(found) != 1 or body.count(b"<Encrypt") != 1:
        raise RejectedPush(HTTPStatus.BAD_REQUEST, "The body is no sealed push.")
    return str(found[0], "ascii")
