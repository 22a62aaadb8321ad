"""A tap in the 64 bytes of a button (Bot API, InlineKeyboardButton.callback_data): `ra|int_4xk…|attitude|5`."""

import re

from telegram.constants import InlineKeyboardButtonLimit

from dialogs.messages import Tap, Verb

__all__ = ["decode", "encode"]

_MAX = int(InlineKeyboardButtonLimit.MAX_CALLBACK_DATA)
_SEPARATOR = "|"
_SEPARATORS = 3  # between verb, subject, step and value
_NUMBER = re.compile(r"0|-?[1-9][0-9]{0,9}", re.ASCII)
_TOO_BIG = 10**10
_VERBS = {verb.value: verb for verb in Verb}


def encode(tap: Tap) -> str:
    """Write a tap as callback data; raises ValueError when it does not fit or could not be read back."""
    data = f"{tap.verb}|{tap.subject}|{tap.step}|{tap.value}"
    if data.count(_SEPARATOR) != _SEPARATORS or len(data.encode()) > _MAX or abs(tap.value) >= _TOO_BIG:
        raise ValueError(
            f"no button can carry {tap}: subject and step must be free of {_SEPARATOR!r} and all within {_MAX} bytes"
        )
    return data


def decode(data: str) -> Tap | None:
    """Read callback data; None for what we never wrote. Never raises: anybody can send any text."""
    parts = data.split(_SEPARATOR)
    if len(parts) != _SEPARATORS + 1 or len(data.encode(errors="surrogatepass")) > _MAX:
        return None
    verb, subject, step, value = parts
    if verb not in _VERBS or not _NUMBER.fullmatch(value):
        return None
    return Tap(_VERBS[verb], subject, step, int(value))
