"""One delivery of a help desk, and what proves it: signatures of the raw body, or a secret that is sent along."""

import base64
import hmac
from collections.abc import Mapping
from datetime import datetime, timedelta

from scoring.values import Value

__all__ = ["DeskDelivery", "base64_mac", "hex_mac", "secret_headers"]

_STALE_AFTER = timedelta(seconds=300)


class DeskDelivery(Value):
    """A request's headers, by their names in lower case, its body to the byte, and when it came."""

    headers: Mapping[str, str]
    body: bytes
    at: datetime

    def header(self, name: str) -> str:
        """Return a header, empty where it is missing; `name` in lower case."""
        return self.headers.get(name, "")

    def is_fresh(self, signed_at: datetime | None) -> bool:
        """Return whether it was signed just now: within 300 seconds."""
        return signed_at is not None and abs(self.at - signed_at) <= _STALE_AFTER


def hex_mac(secret: str, content: bytes, digest: str = "sha256") -> str:
    """Return the HMAC of what was signed, in hexadecimal digits."""
    return hmac.digest(secret.encode(), content, digest).hex()


def base64_mac(secret: bytes, content: bytes, digest: str = "sha256") -> str:
    """Return the HMAC of what was signed, in base64."""
    return base64.b64encode(hmac.digest(secret, content, digest)).decode()


def secret_headers(secret: str) -> Mapping[str, str]:
    """Return the headers by which a help desk that signs nothing sends the secret; one of them is enough."""
    return {"x-huifang-secret": secret, "authorization": f"Bearer {secret}"}
