"""A tap as the text that a platform's button carries and sends back when it is pressed.

Two notations, each with the platform's limit in bytes: `ra|int_4xk…|attitude|5` where room is scarce, and the JSON
array `["ra","int_4xk…","attitude",5]` on pages of our own. Buttons stay in chats for months, so what these functions
have written once must be read for ever.
"""

from collections.abc import Callable

import msgspec

from dialogs.messages import Tap, Verb
from scoring.values import Value

__all__ = ["ButtonCodec", "UnfitButton", "compact_codec", "json_codec"]

_SEPARATOR = "|"
_LARGEST = 10**10 - 1
_VERBS = {verb.value: verb for verb in Verb}


class UnfitButton(ValueError):  # noqa: N818 (the name says what the button is)
    """A tap that no button of the platform's carries; the text names it."""


class ButtonCodec(Value):
    """Writes and reads taps in one notation, in at most `most` bytes of UTF-8; `holder` is what holds them."""

    holder: str
    most: int
    write: Callable[[Tap], str]
    read: Callable[[str], Tap | None]

    def encode(self, tap: Tap) -> str:
        """Return the text for a button; raises UnfitButton when it does not fit or could not be read back."""
        data = self.write(tap)
        if not (_fits(data, self.most) and _is_plain(tap) and self.read(data) == tap):
            raise UnfitButton(
                f"no {self.holder} carries {tap}: subject and step must be printable and free of {_SEPARATOR!r}, "
                f"the value must have at most ten digits, and all must fit within {self.most} bytes"
            )
        return data

    def decode(self, data: str) -> Tap | None:
        """Return the tap of a pressed button; None for what `encode` never writes. Never raises: data can be forged."""
        if not _fits(data, self.most):
            return None
        tap = self.read(data)
        return tap if tap is not None and _is_plain(tap) and self.write(tap) == data else None


def compact_codec(holder: str, most: int) -> ButtonCodec:
    """Return the codec that writes `verb|subject|step|value`."""
    return ButtonCodec(holder, most, _write_compact, _read_compact)


def json_codec(holder: str, most: int) -> ButtonCodec:
    """Return the codec that writes `["verb","subject","step",value]`."""
    return ButtonCodec(holder, most, _write_json, _read_json)


def _fits(data: str, most: int) -> bool:
    try:
        return len(data.encode()) <= most
    except UnicodeEncodeError:  # half a surrogate pair
        return False


def _is_plain(tap: Tap) -> bool:
    """Return whether a database can look it up: PostgreSQL refuses NUL in a text, and 64 bits hold the value."""
    return f"{tap.subject}{tap.step}".isprintable() and abs(tap.value) <= _LARGEST


def _write_compact(tap: Tap) -> str:
    return f"{tap.verb}|{tap.subject}|{tap.step}|{tap.value}"


def _read_compact(data: str) -> Tap | None:
    parts = data.split(_SEPARATOR)
    if len(parts) != len(_Fields.__struct_fields__) or parts[0] not in _VERBS:
        return None
    verb, subject, step, value = parts
    try:
        return Tap(_VERBS[verb], subject, step, int(value))
    except ValueError:
        return None


class _Fields(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    verb: Verb
    subject: str
    step: str
    value: int


_JSON = msgspec.json.Decoder(_Fields)


def _write_json(tap: Tap) -> str:
    return msgspec.json.encode(_Fields(tap.verb, tap.subject, tap.step, tap.value)).decode()


def _read_json(data: str) -> Tap | None:
    try:
        found = _JSON.decode(data)
    except (msgspec.MsgspecError, RecursionError):
        return None
    return Tap(found.verb, found.subject, found.step, found.value)
