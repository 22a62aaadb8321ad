"""What is used of wechatpy, with its defects closed. Imported where it is needed: that takes half a second.

wechatpy calls synchronously and fetches tokens by itself; here it only encrypts, decrypts, parses and writes requests,
and sends nothing.
"""

import base64
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import msgspec
from wechatpy.client import WeChatClient
from wechatpy.crypto import PrpCrypto, WeChatCrypto
from wechatpy.crypto.base import WeChatCipher
from wechatpy.exceptions import InvalidAppIdException
from wechatpy.parser import parse_message
from wechatpy.replies import TextReply, TransferCustomerServiceReply
from wechatpy.utils import WeChatSigner

from bot.channels.wechat.api.server import WechatRequest

__all__ = ["Client", "Crypto", "TextReply", "TransferCustomerServiceReply", "WeChatSigner", "fields_of"]

_RANDOM, _HEAD = 16, 20  # bytes: a prefix, then the length in four (developers.weixin.qq.com, message encryption)
_BLOCK = 32  # of the padding (developers.weixin.qq.com, message encryption: PKCS#7 with K = 32)


class _Cipher(WeChatCipher):
    """wechatpy's AES with a check of the padding, which wechatpy cuts off unchecked."""

    def decrypt(self, ciphertext: bytes) -> bytes:
        plain: bytes = super().decrypt(ciphertext)
        fill = plain[-1]
        if not 1 <= fill <= _BLOCK or plain[-fill:] != bytes([fill]) * fill:
            raise ValueError("wrong padding")
        return plain


class _Envelope(PrpCrypto):
    """wechatpy's envelope with a prefix of ours, instead of sixteen letters from a predictable generator."""

    def __init__(self, key: bytes, prefix: bytes) -> None:
        super().__init__(key)
        self.cipher = _Cipher(key)
        self._prefix = prefix

    def get_random_string(self) -> bytes:
        return self._prefix


class _Opened(_Envelope):
    """wechatpy's envelope, whose text `read` decodes: wechatpy ends at the first byte that is no UTF-8."""

    def __init__(self, key: bytes, read: Callable[[bytes], str]) -> None:
        super().__init__(key, b"")
        self._read = read

    def decrypt(self, text: str, app_id: str) -> str:
        """Return the text inside; raises whatever cannot be decrypted."""
        plain = self.cipher.decrypt(base64.b64decode(text))
        length = int.from_bytes(plain[_RANDOM:_HEAD], "big")
        inside, owner = plain[_HEAD : _HEAD + length], plain[_HEAD + length : -plain[-1]]
        if owner != app_id.encode():
            raise InvalidAppIdException
        return self._read(inside)


class Crypto(WeChatCrypto):
    """wechatpy's message encryption. It raises exceptions of many kinds, so callers catch them all."""

    def decrypted(
        self, ciphertext: str, signature: str, timestamp: str, nonce: str, read: Callable[[bytes], str]
    ) -> str:
        """Return the text inside, decoded by `read`; raises whatever wechatpy raises."""
        envelope = partial(_Opened, read=read)
        inside: str = self._decrypt_message({"Encrypt": ciphertext}, signature, timestamp, nonce, envelope)
        return inside

    def encrypted(self, message: str, timestamp: str, nonce: str, prefix: bytes) -> str:
        """Return a message encrypted and signed; `prefix` is sixteen bytes that cannot be guessed."""
        envelope = partial(_Envelope, prefix=prefix)
        outside: str = self._encrypt_message(message, nonce, timestamp, envelope)
        return outside


class Client(WeChatClient):
    """wechatpy's client, which writes requests and sends none. It is not given the secret, so it cannot leak it."""

    def __init__(self, app_id: str) -> None:
        super().__init__(app_id, "", auto_retry=False)

    def _request(self, method: str, url_or_endpoint: str, **kwargs: Any) -> WechatRequest:  # noqa: ANN401 (the library's own signature)
        data = kwargs.get("data")
        return WechatRequest(
            f"/cgi-bin/{url_or_endpoint}",
            {name: str(value) for name, value in kwargs.get("params", {}).items()},
            # Not `\uXXXX`: WeChat would show it as it stands (error 40033).
            b"" if data is None or method == "get" else msgspec.json.encode(dict(data)),
        )


def fields_of(xml: str) -> Mapping[str, Any]:
    """Return the elements of a push: texts, None for empty ones, lists for those that stand more than once.

    `Event` and `EventKey` are as wechatpy makes them. Raises whatever wechatpy raises.
    """
    fields: Mapping[str, Any] = parse_message(xml)._data  # noqa: SLF001 (it has no attribute for `bizmsgmenuid`)
    return fields
