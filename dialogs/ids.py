"""Ids that are derived, not drawn: the same input twice is the same row."""

from base64 import b64encode
from hashlib import blake2b

__all__ = ["derive"]

_BYTES = 12  # sixteen letters and digits; fits a 64-byte button with room to spare


def derive(kind: str, *parts: str | int) -> str:
    """Return the id of a thing of `kind` made from `parts`, such as `inv_4xK…`."""
    joined = "\x1f".join(str(part) for part in (kind, *parts))
    digest = blake2b(joined.encode(), digest_size=_BYTES).digest()
    return f"{kind}_{b64encode(digest, b'xX').decode()}"
