"""Signatures and sealed envelopes of one account in secure mode."""

import hashlib
import hmac

from bot.channels.wechat.inbound.malformed import Malformed

__all__ = ["Envelopes"]

_PREFIX = 16  # bytes before the message (developers.weixin.qq.com, message encryption)


class Envelopes:
    """Knows the account's token and key; opens what the platform sealed, and seals answers."""

    def __init__(self, app_id: str, token: str, aes_key: str) -> None:
        from bot.channels.wechat.api.wechatpy_adapter import Crypto, WeChatSigner  # noqa: PLC0415 (slow, and needed by few)

        self._crypto = Crypto(token, aes_key, app_id)
        self._signer = WeChatSigner
        self._token = token
        self._key = aes_key.encode()

    def proves(self, signature: str, *parts: str) -> bool:
        """Say, in constant time, whether this is the platform's signature under these parts.

        Under a push they are timestamp, nonce and the sealed text. The plain signature, without that text, covers no
        body: whoever has seen one could post anything.
        """
        signer = self._signer()
        signer.add_data(*(part.encode(errors="replace") for part in (self._token, *parts)))
        return hmac.compare_digest(signer.signature.encode(), signature.encode(errors="replace"))

    def open(self, encrypted: str, signature: str, timestamp: str, nonce: str) -> str:
        """Return what is inside an envelope, unless it was written for another app id; raises Malformed."""
        try:
            return self._crypto.opened(encrypted, signature, timestamp, nonce)
        except Exception as error:  # noqa: BLE001 - wechatpy raises a dozen kinds, and all mean the same
            raise Malformed(f"the envelope does not open: {type(error).__name__}") from None

    def seal(self, message: str, timestamp: str, nonce: str) -> bytes:
        """Seal an answer. The same answer to the same delivery is the same, to the byte.

        What stands for sixteen random bytes is made of all that is sealed, by a key that only we and WeChat have.
        """
        what = f"{timestamp}\n{nonce}\n{message}".encode()
        prefix = hmac.digest(self._key, what, hashlib.sha256)[:_PREFIX]
        return self._crypto.sealed(message, timestamp, nonce, prefix).encode()
