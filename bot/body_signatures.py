"""Signatures of bodies as Standard Webhooks makes them (github.com/standard-webhooks, spec), for both directions."""

import hashlib
import hmac
from base64 import b64encode
from datetime import datetime

from standardwebhooks import Webhook

__all__ = ["derived_secret", "sign_body"]

_PREFIX = "whsec_"


def sign_body(secret: str, event: str, sent_at: datetime, body: bytes) -> str:
    """Return the signature of a body by a secret (`whsec_…`). Raises UnicodeDecodeError for one that is not UTF-8."""
    return Webhook(secret).sign(event, sent_at, body.decode())


def derived_secret(key: bytes, owner: str, number: int) -> str:
    """Return the `number`-th secret of an owner, such as an endpoint; whoever has it learns nothing of the `key`."""
    made = hmac.digest(key, f"webhook secret\x1f{owner}\x1f{number}".encode(), hashlib.sha256)
    return _PREFIX + b64encode(made).decode()
