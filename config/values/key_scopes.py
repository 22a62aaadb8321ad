"""What a key of the API may do, as it stands before the key in `api.keys`: `read:…`."""

from enum import StrEnum

__all__ = ["KeyScope", "bare_key", "scope_of"]


class KeyScope(StrEnum):
    """What a key may do. A key without a prefix may do everything, as one with `admin:`."""

    READ = "read"
    """What is read by GET, but for failed deliveries, which hold customers' words."""
    TICKETS = "tickets"
    """Write tickets and links, ask by hand, and read a ticket back."""
    ADMIN = "admin"


def scope_of(entry: str) -> KeyScope:
    """Return the scope of an entry of `api.keys`. Raises ValueError for a prefix that is none of ours."""
    prefix, colon, _ = entry.partition(":")
    return KeyScope(prefix) if colon else KeyScope.ADMIN


def bare_key(entry: str) -> str:
    """Return the key of an entry, as it is sent; a text without a prefix of ours as it is."""
    prefix, colon, key = entry.partition(":")
    return key if colon and prefix in set(KeyScope) else entry
