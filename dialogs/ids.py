"""Ids that are derived, not drawn: the same input twice is the same row."""

import base64
from hashlib import blake2b

__all__ = ["derive"]

_BYTES = 10  # 80 bits: sixteen base32 letters, no padding; fits a 64-byte button with room to spare


def derive(kind: str, *parts: str | int) -> str:
    """Give the id of a thing of `kind` made from `parts`, such as `inv_4xk…`; 21 characters at most."""
    joined = "\x1f".join(str(part) for part in (kind, *parts))
    digest = blake2b(joined.encode(), digest_size=_BYTES).digest()
    return f"{kind}_{base64.b32encode(digest).decode().lower()}"
