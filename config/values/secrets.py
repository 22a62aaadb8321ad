"""Parsers of secrets; an error repeats no character of the value."""

import base64
import binascii
import re
from collections.abc import Callable

from pydantic import SecretStr

from config.errors import InvalidValue
from config.values.durations import read_list
from config.values.urls_and_zones import read_database, read_url

__all__ = [
    "read_address_secret",
    "read_database_secret",
    "read_keys",
    "read_signing_secret",
    "read_target_secrets",
    "secret",
]

_PRINTABLE = re.compile(r"[!-~]+")
_TARGET = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://\S+")


def secret(pattern: str, expected: str) -> Callable[[object], SecretStr]:
    """Return a parser of secrets that match a regular expression; `expected` is the fix, a sentence."""
    shape = re.compile(pattern)

    def read(value: object) -> SecretStr:
        text = _revealed(value)
        if not shape.fullmatch(text):
            raise InvalidValue(f"This secret ({len(text)} characters) has the wrong shape.", expected)
        return SecretStr(text)

    return read


def read_signing_secret(value: object) -> SecretStr:
    """Return a Standard Webhooks secret: base64, usually behind `whsec_` (standardwebhooks.com, "Signature scheme").

    Raises InvalidValue.
    """
    text = _revealed(value)
    try:
        key = base64.b64decode(text.removeprefix("whsec_") + "==")
    except (binascii.Error, ValueError):
        key = b""
    if not key:
        raise InvalidValue("This is not a signing secret.", "Write whsec_ and 24 to 64 random bytes in base64.")
    return SecretStr(text)


def read_keys(value: object) -> tuple[SecretStr, ...]:
    """Return a list of bearer keys. Raises InvalidValue for what no header carries (RFC 9110, 5.5)."""
    keys = _revealed_list(value)
    if not all(_PRINTABLE.fullmatch(key) for key in keys):
        raise InvalidValue("A key holds a character that no HTTP header carries.", "Use letters, digits and `-._~+/=`.")
    return tuple(map(SecretStr, keys))


def read_target_secrets(value: object) -> tuple[SecretStr, ...]:
    """Return a list of Apprise addresses, which hold passwords. Raises InvalidValue."""
    targets = _revealed_list(value)
    for place, target in enumerate(targets, 1):
        if not _TARGET.fullmatch(target):
            raise InvalidValue(
                f"Entry {place} is not an Apprise address.", "Write it as scheme://…, such as mailto://…."
            )
    return tuple(map(SecretStr, targets))


def read_address_secret(value: object) -> SecretStr:
    """Return a web address that holds a key. Raises InvalidValue."""
    try:
        parts = _revealed(value)
        read_url(parts.partition("?")[0])
    except InvalidValue:
        raise InvalidValue("This is not a web address.", "Write the whole address, beginning with https://.") from None
    return SecretStr(parts)


def read_database_secret(value: object) -> SecretStr:
    """Return a database address, which may hold a password."""
    return SecretStr(read_database(_revealed(value)))


def _revealed(value: object) -> str:
    text = value.get_secret_value() if isinstance(value, SecretStr) else value
    if not isinstance(text, str) or not text.strip():
        raise InvalidValue("This secret is not a text.", 'Write it in "double quotes".')
    return text.strip()


def _revealed_list(value: object) -> tuple[str, ...]:
    try:
        return read_list(value)
    except InvalidValue:
        raise InvalidValue("This is not a list of texts.", 'Write it as ["one", "two"] or one,two.') from None
