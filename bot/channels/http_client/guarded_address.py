"""Which addresses a call may go to whose URL somebody typed in: public ones, however they are written.

The guard against server-side request forgery (owasp.org, SSRF Prevention Cheat Sheet). The URL is read by the parser of
the client that calls it, so that both see the same host, in whatever form a number is written.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from pyreqwest.http import Url

from scoring.values import Value

__all__ = [
    "ForbiddenTargetError",
    "LookUp",
    "OutwardTarget",
    "checked_addresses",
    "read_target",
    "unresolved_target",
    "why_forbidden",
]

_PATIENCE = 5.0
"""Seconds for the answer of the name servers."""
_LONGEST = 2000
_NAT64 = ip_network("64:ff9b::/96")  # RFC 6052: holds an IPv4 address that a translator connects to
_ALLOCATED = ip_network("2000::/3")  # all that IANA gives out of IPv6 as global addresses
_REFUSED = {
    ip_network("0.0.0.0/8"): "this machine",
    ip_network("100.64.0.0/10"): "shared by a provider's customers",
    ip_network("192.0.0.0/24"): "reserved",
    ip_network("192.88.99.0/24"): "a 6to4 relay",
    ip_network("::/96"): "reserved",
    ip_network("64:ff9b:1::/48"): "translated inside a network",
    ip_network("2001::/32"): "a Teredo tunnel",
    ip_network("2002::/16"): "a 6to4 tunnel",
    ip_network("3fff::/20"): "reserved",
    ip_network("fec0::/10"): "private",
}
"""Networks that Python's `ipaddress` does not call private, or calls global."""


LookUp = Callable[[str, int], Awaitable[Sequence[str]]]
"""Asks the name servers for the addresses of a host. Raises OSError."""


class ForbiddenTargetError(Exception):
    """A URL that is not called; the text says why, for whoever typed it in."""


class OutwardTarget(Value):
    """A URL that may be called if its addresses may: its host as the client reads it."""

    url: str
    host: str
    port: int


def read_target(url: str, *, allow_private: bool) -> OutwardTarget:
    """Return what a URL leads to, unresolved. Raises ForbiddenTargetError; only `allow_private` permits plain HTTP."""
    try:
        read = Url(url)
        port = read.port_or_known_default
    except ValueError:
        raise ForbiddenTargetError("is not a URL; write it as https://host/path") from None
    if read.scheme not in ("http", "https") or not read.host_str or len(url) > _LONGEST or not port:
        raise ForbiddenTargetError("is not the address of a web server; write it as https://host/path")
    if read.scheme == "http" and not allow_private:
        raise ForbiddenTargetError("is not encrypted; write https://, or set webhooks.allow_private")
    if read.username or read.password:
        raise ForbiddenTargetError("holds a name or password before the @; leave it out, since bodies are signed")
    return OutwardTarget(str(read), read.host_str, port)


def unresolved_target(url: str, *, allow_private: bool) -> OutwardTarget:
    """Return what a URL leads to. Raises ForbiddenTargetError for what needs no look-up to be known."""
    target = read_target(url, allow_private=allow_private)
    if not allow_private and (address := _literal(target)) is not None:
        _permit(address)
    return target


async def checked_addresses(target: OutwardTarget, look_up: LookUp | None = None) -> tuple[str, ...]:
    """Return the addresses of a host, all of them public. Raises ForbiddenTargetError where one is not, or none is."""
    found = await _resolved(target, look_up or _looked_up)
    for address in found:
        _permit(address)
    return tuple(map(str, found))


def _permit(address: IPv4Address | IPv6Address) -> None:
    if why := why_forbidden(address):
        raise ForbiddenTargetError(f"leads to {address}, which is {why}; only webhooks.allow_private permits that")


def why_forbidden(address: IPv4Address | IPv6Address) -> str:
    """Return what an address is that is not public, empty for one that is."""
    embedded = _embedded(address)
    if embedded is not None:
        return why_forbidden(embedded)
    for network, what in _REFUSED.items():
        if address.version == network.version and address in network:
            return what
    kinds = {
        "this machine": address.is_loopback or address.is_unspecified,
        "of the same link": address.is_link_local,
        "a group's": address.is_multicast,
        "private": address.is_private or not address.is_global,
        "reserved": isinstance(address, IPv6Address) and address not in _ALLOCATED,
    }
    return next((what for what, applies in kinds.items() if applies), "")


def _embedded(address: IPv4Address | IPv6Address) -> IPv4Address | None:
    """Return the IPv4 address to which the system or a translator connects instead."""
    if isinstance(address, IPv4Address):
        return None
    return IPv4Address(address.packed[-4:]) if address in _NAT64 else address.ipv4_mapped


def _literal(target: OutwardTarget) -> IPv4Address | IPv6Address | None:
    """Return the address that stands in the place of a name."""
    try:
        return ip_address(target.host.strip("[]"))
    except ValueError:
        return None


async def _resolved(target: OutwardTarget, look_up: LookUp) -> list[IPv4Address | IPv6Address]:
    if (address := _literal(target)) is not None:
        return [address]
    try:
        async with asyncio.timeout(_PATIENCE):
            found = await look_up(target.host, target.port)
    except (OSError, UnicodeError, TimeoutError):
        raise ForbiddenTargetError(f"has a name that cannot be looked up: {target.host}") from None
    return [ip_address(address) for address in dict.fromkeys(found)]


async def _looked_up(host: str, port: int) -> list[str]:
    found = await asyncio.get_running_loop().getaddrinfo(host, port)
    return [str(place[0]) for *_, place in found]
