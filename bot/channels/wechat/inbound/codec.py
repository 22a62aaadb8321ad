"""A tap as the id of a menu's item, which comes back as `bizmsgmenuid`: `ra|int_4xk…|attitude|5`.

WeChat does not say how long such an id may be. 64 bytes is what its sibling for companies takes
(developer.work.weixin.qq.com, WeChat customer service, send_msg, msgmenu).
"""

import re

from dialogs.messages import Tap, Verb

__all__ = ["LONGEST_ID", "decode", "encode"]

LONGEST_ID = 64
"""Bytes of an id."""

_SEPARATOR = "|"
_SEPARATORS = 3  # between verb, subject, step and value
_NUMBER = re.compile(r"0|-?[1-9][0-9]{0,9}", re.ASCII)
_TOO_BIG = 10**10
_VERBS = {verb.value: verb for verb in Verb}


def encode(tap: Tap) -> str:
    """Write a tap as an item's id; raises ValueError when it does not fit or could not be read back."""
    data = f"{tap.verb}|{tap.subject}|{tap.step}|{tap.value}"
    if data.count(_SEPARATOR) != _SEPARATORS or len(data.encode()) > LONGEST_ID or abs(tap.value) >= _TOO_BIG:
        raise ValueError(
            f"no item carries {tap}: subject and step must be free of {_SEPARATOR!r} and all within {LONGEST_ID} bytes"
        )
    return data


def decode(data: str) -> Tap | None:
    """Read an item's id; None for what we never wrote. Never raises: anybody can send any text."""
    parts = data.split(_SEPARATOR)
    if len(parts) != _SEPARATORS + 1 or len(data.encode(errors="surrogatepass")) > LONGEST_ID:
        return None
    verb, subject, step, value = parts
    if verb not in _VERBS or not _NUMBER.fullmatch(value):
        return None
    return Tap(_VERBS[verb], subject, step, int(value))
