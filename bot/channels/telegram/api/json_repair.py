"""JSON that a strict decoder refuses for a character in it: half a surrogate pair, or bytes that are no UTF-8."""

import json

__all__ = ["repaired_json"]


def repaired_json(raw: bytes) -> bytes:
    """Return the same JSON with `?` or U+FFFD for what is no character (RFC 8259, 8); raises ValueError for no JSON."""
    try:
        value = json.loads(raw.decode(errors="replace"))
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    return json.dumps(value, ensure_ascii=False).encode(errors="replace")
