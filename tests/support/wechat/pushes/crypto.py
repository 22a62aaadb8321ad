"""The platform's message crypto, written from its description and from nothing else.

Signature: SHA-1 over the sorted parts. Envelope: AES-256-CBC, the key's first 16 bytes as IV, PKCS#7 with blocks of
32, over 16 random bytes, a 4-byte big-endian length, the message, the receiver's id (developers.weixin.qq.com).
"""

import base64
import hashlib
import os
from dataclasses import dataclass

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

__all__ = ["CryptoError", "MessageCrypto", "sha1_of", "sign"]

BLOCK = 32
PREFIX = 16


class CryptoError(ValueError):
    """An envelope that the platform would not open: the reason in plain words."""


def sha1_of(text: str) -> str:
    """Return the SHA-1 of a text in hexadecimal."""
    return hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()


def sign(*parts: str) -> str:
    """Sign as the platform does: SHA-1 over the parts, sorted by their bytes and joined."""
    return sha1_of("".join(sorted(parts, key=str.encode)))


@dataclass(frozen=True, slots=True)
class MessageCrypto:
    """One account's crypto: push token, EncodingAESKey of 43 characters, app id (or corp id)."""

    token: str
    aes_key: str
    receiver: str

    def encrypt(self, message: str, prefix: bytes | None = None) -> str:
        """Encrypt to base64; `prefix` stands for the 16 random bytes in known-answer tests."""
        body = message.encode(errors="surrogateescape")
        plain = (prefix or os.urandom(PREFIX)) + len(body).to_bytes(4, "big") + body + self.receiver.encode()
        fill = BLOCK - len(plain) % BLOCK
        encryptor = self._cipher().encryptor()
        return base64.b64encode(encryptor.update(plain + bytes([fill]) * fill) + encryptor.finalize()).decode()

    def decrypt(self, encrypted: str) -> str:
        """Decrypt and check everything that can be checked; raises CryptoError."""
        plain = self._unpadded(self._deciphered(encrypted))
        end = PREFIX + 4 + int.from_bytes(plain[PREFIX : PREFIX + 4], "big")
        if len(plain) < end:
            raise CryptoError("the length inside is larger than the message")
        if plain[end:] != self.receiver.encode():
            raise CryptoError("written for another receiver")
        try:
            return plain[PREFIX + 4 : end].decode()
        except UnicodeDecodeError:
            raise CryptoError("the message inside is not UTF-8") from None

    def signature(self, timestamp: str, nonce: str, encrypted: str) -> str:
        """Return the `msg_signature` of an envelope."""
        return sign(self.token, timestamp, nonce, encrypted)

    def _deciphered(self, encrypted: str) -> bytes:
        try:
            raw = base64.b64decode(encrypted, validate=True)
        except ValueError:
            raise CryptoError("not base64") from None
        if not raw or len(raw) % BLOCK:
            raise CryptoError("not whole blocks")
        decryptor = self._cipher().decryptor()
        return decryptor.update(raw) + decryptor.finalize()

    def _unpadded(self, plain: bytes) -> bytes:
        fill = plain[-1]
        if not 1 <= fill <= BLOCK or plain[-fill:] != bytes([fill]) * fill:
            raise CryptoError("wrong padding")
        return plain[:-fill]

    def _cipher(self) -> Cipher[modes.CBC]:
        key = base64.b64decode(self.aes_key + "=")
        return Cipher(algorithms.AES(key), modes.CBC(key[:16]))
