"""Loopback ports that several test runs on one machine do not take from each other."""

import itertools
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["reserved_port"]

# Below the ports from which outgoing connections are made (Linux: 32768 and up). One of those could be taken while the
# product is down, or a client could even connect to itself there.
FIRST, COUNT = 20_000, 12_000
_NEXT = itertools.count(os.getpid() * 31)


@contextmanager
def reserved_port() -> Iterator[int]:
    """Lend a TCP port nobody listens on; whoever reserves ports this way leaves it alone while the block runs."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as claim:
        yield next(port for n in _NEXT if _is_free(port := FIRST + n % COUNT) and _claimed(claim, port))


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        return _bound(probe, port)


def _claimed(claim: socket.socket, port: int) -> bool:
    """Take the UDP port of the same number as a sign: the kernel frees it when we die."""
    return _bound(claim, port)


def _bound(one: socket.socket, port: int) -> bool:
    try:
        one.bind(("127.0.0.1", port))
    except OSError:
        return False
    return True
