"""Back-off after wrong keys, signatures and secrets: after some in a row, one address gets 429 for the others.

Only what is wrong is counted and refused, so that nobody else behind the same address is shut out; but where what is
asked for can be guessed (`refusing`), nothing is taken from an address that has to wait, or it would guess on.
"""

import logging
from collections import OrderedDict
from http import HTTPStatus
from ipaddress import IPv4Address, IPv6Address, ip_address
from math import ceil

from starlette.types import Scope

from bot.http.problems import Problem
from bot.ports import Clock

__all__ = ["AT_ONCE", "REMEMBERED", "WrongSecrets", "client_address", "known_address", "network_of"]

AT_ONCE = 30
"""Wrong ones that one address may send to one door before it has to wait."""
_EVERY = 10.0
"""Seconds after which it may send one more."""
REMEMBERED = 4096
"""Addresses and doors that are counted at once; of more, the one that was wrong the longest ago is forgotten."""
_PREFIX = 64
"""Bits of an IPv6 address that tell one connection from another; the rest is the customer's own to vary."""
_LONGEST_NAME = 64
"""Characters that are kept of an address that is none."""

logger = logging.getLogger(__name__)


class WrongSecrets:
    """Counts wrong secrets by door and address, by a leaky bucket each (the "generic cell rate algorithm")."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._full_until: OrderedDict[tuple[str, str], float] = OrderedDict()

    def counted(self, door: str, scope: Scope, refusal: Problem) -> Problem:
        """Count a wrong secret; return the refusal, or 429 with Retry-After where its address has to wait."""
        address, now = client_address(scope), self._clock.monotonic()
        full_until, waits = self._standing(door, address, now)
        self._full_until.pop((door, address), None)
        if waits <= 0:
            full_until += _EVERY
            if waits + _EVERY > 0:
                logger.warning("%d wrong secrets came to %s from %s: it has to wait now", AT_ONCE, door, address)
        self._full_until[door, address] = full_until
        if len(self._full_until) > REMEMBERED:
            self._full_until.popitem(last=False)
        return refusal if waits <= 0 else _too_many(waits)

    def refusing(self, door: str, scope: Scope) -> bool:
        """Return whether an address has to wait before anything else is looked at; nothing is counted."""
        return self._standing(door, client_address(scope), self._clock.monotonic())[1] > 0

    def _standing(self, door: str, address: str, now: float) -> tuple[float, float]:
        """Return until when the wrong ones of an address fill its bucket, and for how long it has to wait."""
        full_until = max(self._full_until.get((door, address), now), now)
        return full_until, full_until - now - (AT_ONCE - 1) * _EVERY


def client_address(scope: Scope) -> str:
    """Return the address that a request comes from; of IPv6 the network, empty where there is none."""
    client = scope.get("client")
    try:
        return str(network_of(known_address(client[0]))) if client else ""
    except ValueError:  # what a proxy has told
        return str(client[0])[:_LONGEST_NAME] if client else ""


def known_address(text: str) -> IPv4Address | IPv6Address:
    """Return an address without its zone, and one of IPv4 that is written as IPv6 as itself. Raises ValueError."""
    address = ip_address(text.partition("%")[0])
    return (isinstance(address, IPv6Address) and address.ipv4_mapped) or address


def network_of(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """Return what tells one customer from another: of IPv6 the network of 64 bits, within which addresses are free."""
    return IPv6Address(int(address) >> _PREFIX << _PREFIX) if isinstance(address, IPv6Address) else address


def _too_many(waits: float) -> Problem:
    detail = "Too many wrong keys or signatures came from this address. A right one is taken at any time."
    return Problem(HTTPStatus.TOO_MANY_REQUESTS, detail, headers={"retry-after": str(ceil(waits))})
