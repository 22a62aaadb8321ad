"""Signatures and encryption of one account in secure mode (developers.weixin.qq.com, message encryption)."""

import hashlib
import hmac

from bot.channels.webhooks import MalformedDelivery
from bot.channels.wechat.inbound.repair import decoded

__all__ = ["Envelopes"]

_PREFIX = 16  # bytes before the message (developers.weixin.qq.com, message encryption)


class Envelopes:
    """Verifies and decrypts what the platform sends to one account, and encrypts replies."""

    def __init__(self, app_id: str, token: str, aes_key: str) -> None:
        from bot.channels.wechat.api.wechatpy_adapter import Crypto, WeChatSigner  # noqa: PLC0415 (slow, and needed by few)

        self._crypto = Crypto(token, aes_key, app_id)
        self._signer = WeChatSigner
        self._token = token
        self._key = aes_key.encode()

    def verifies(self, signature: str, *parts: str) -> bool:
        """Return, in constant time, whether this is the platform's signature of these parts.

        Of a push they are timestamp, nonce and the encrypted text. The plain signature, without that text, covers no
        body: whoever has seen one could post anything.
        """
        signer = self._signer()
        signer.add_data(*(part.encode(errors="replace") for part in (self._token, *parts)))
        return hmac.compare_digest(signer.signature.encode(), signature.encode(errors="replace"))

    def decrypt(self, ciphertext: str, signature: str, timestamp: str, nonce: str) -> str:
        """Return the text of a push, without bytes that are no UTF-8.

        Raises MalformedDelivery, also where it was encrypted for another app id.
        """
        try:
            return self._crypto.decrypted(ciphertext, signature, timestamp, nonce, decoded)
        except Exception as error:  # noqa: BLE001 - wechatpy raises a dozen kinds, and all mean the same
            raise MalformedDelivery(f"the envelope does not open: {type(error).__name__}") from None

    def encrypt(self, message: str, timestamp: str, nonce: str) -> bytes:
        """Return a reply encrypted. The same reply to the same delivery is the same, to the byte.

        In the place of sixteen random bytes stands a hash of everything that is encrypted, by the account's key.
        """
        what = f"{timestamp}\n{nonce}\n{message}".encode()
        prefix = hmac.digest(self._key, what, hashlib.sha256)[:_PREFIX]
        return self._crypto.encrypted(message, timestamp, nonce, prefix).encode()
