"""Parsers of secrets; an error repeats no character of the value."""

import base64
import binascii
import re
from collections.abc import Callable
from urllib.parse import urlsplit

from pydantic import SecretStr

from config.errors import InvalidValue
from config.values.durations import read_list
from config.values.key_scopes import bare_key, scope_of
from config.values.strength import weakness
from config.values.urls_and_zones import read_database, read_url

__all__ = [
    "read_address_secret",
    "read_database_secret",
    "read_keys",
    "read_proxy_secret",
    "read_shared_secrets",
    "read_signing_secrets",
    "read_target_secrets",
    "secret",
]

_PRINTABLE = re.compile(r"[!-~]+")
_ONE_LINE = re.compile(r"[ -~]+")
_DRAW = "Draw one: openssl rand -hex 24."
_AT_ONCE = 2
"""Secrets of one webhook: the new one, and the old one until the sender has changed."""
_PROXIES = ("http", "socks5", "socks5h")
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


def read_signing_secrets(value: object) -> tuple[SecretStr, ...]:
    """Return one or two Standard Webhooks secrets: base64, usually behind `whsec_`.

    The form is that of standardwebhooks.com, "Signature scheme". Raises InvalidValue, also for one easy to guess.
    """
    secrets = _one_or_two(value)
    for text in secrets:
        try:
            key = base64.b64decode(text.removeprefix("whsec_") + "==")
        except (binascii.Error, ValueError):
            key = b""
        if not key:
            raise InvalidValue("This is not a signing secret.", "Write whsec_ and 24 to 64 random bytes in base64.")
        _refuse_weak(key.decode("latin-1"), "This signing secret", "Draw one: echo whsec_$(openssl rand -base64 32).")
    return tuple(map(SecretStr, secrets))


def read_shared_secrets(value: object) -> tuple[SecretStr, ...]:
    """Return one or two secrets that a help desk signs with, which may have drawn them itself. Raises InvalidValue."""
    secrets = _one_or_two(value)
    for text in secrets:
        if not _ONE_LINE.fullmatch(text):
            raise InvalidValue(f"This secret ({len(text)} characters) has the wrong shape.", "Write it in ASCII.")
    return tuple(map(SecretStr, secrets))


def read_keys(value: object) -> tuple[SecretStr, ...]:
    """Return a list of bearer keys, each as it is written, with the prefix that is its scope.

    Raises InvalidValue for what no header carries (RFC 9110, 5.5), an unknown scope, or a key that is easy to guess.
    """
    keys = _revealed_list(value)
    if not all(_PRINTABLE.fullmatch(key) for key in keys):
        raise InvalidValue("A key holds a character that no HTTP header carries.", "Use letters, digits and `-._~+/=`.")
    for place, entry in enumerate(keys, 1):
        try:
            scope_of(entry)
        except ValueError:
            fix = "Write read:KEY, tickets:KEY, or admin:KEY for everything, also before a key that holds a colon."
            raise InvalidValue(f"Key {place} has a scope that there is not.", fix) from None
        _refuse_weak(bare_key(entry), f"Key {place}", _DRAW)
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


def read_proxy_secret(value: object) -> SecretStr:
    """Return the address of a proxy, which may hold a password: HTTP, or SOCKS 5. Raises InvalidValue."""
    text = _revealed(value)
    if not _is_proxy(text):
        fix = "Write http://host:port or socks5://host:port, a user as http://user:password@host:port."
        raise InvalidValue("This is not the address of a proxy.", fix)
    return SecretStr(text)


def read_database_secret(value: object) -> SecretStr:
    """Return a database address, which may hold a password."""
    return SecretStr(read_database(_revealed(value)))


def _is_proxy(text: str) -> bool:
    try:
        parts = urlsplit(text)
        is_whole = bool(parts.hostname) and parts.port is not None
    except ValueError:
        return False
    is_bare = not (parts.path.strip("/") or parts.query or parts.fragment)
    return is_whole and is_bare and parts.scheme in _PROXIES and _PRINTABLE.fullmatch(text) is not None


def _one_or_two(value: object) -> tuple[str, ...]:
    secrets = _revealed_list(value.get_secret_value() if isinstance(value, SecretStr) else value)
    if len(secrets) > _AT_ONCE:
        fix = "Write the new secret and the old one, with a comma between, and take the old one away soon."
        raise InvalidValue(f"These are {len(secrets)} secrets.", fix)
    return secrets


def _refuse_weak(text: str, which: str, fix: str) -> None:
    why = weakness(text)
    if why:
        raise InvalidValue(f"{which} is easy to guess: it {why}.", fix)


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
