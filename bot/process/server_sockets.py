"""The sockets that the web server listens on, bound before anything else is opened; what keeps them from it."""

import asyncio
import errno
import socket
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import ExitStack, asynccontextmanager
from typing import Any

from config.errors import ConfigError
from config.values.urls_and_zones import ListenAddress
from scoring.values import Value

__all__ = ["HTTP_KEYS", "METRICS_KEYS", "ListeningKeys", "bound_sockets", "listening_problem"]

_NOT_HERE = {errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT}
_HIGHEST = 65535
_LOWEST_FREE = 1024
"""Ports below belong to the system (socket(7), ip_unprivileged_port_start)."""

Where = Callable[[str], str]
"""Returns where a setting is written."""


class ListeningKeys(Value):
    """The settings that say where to listen, and how a host and a port are written in the one for the port."""

    host: str
    port: str
    written: Callable[[str, int], str] = lambda _host, port: str(port)

    def another(self, host: str, port: int) -> str:
        """Return how the environment says a port."""
        return f"HUIFANG_{self.port.upper().replace('.', '__')}={self.written(host, port)}"


HTTP_KEYS = ListeningKeys("http.host", "http.port")
METRICS_KEYS = ListeningKeys("metrics.listen", "metrics.listen", lambda host, port: str(ListenAddress(host, port)))


@asynccontextmanager
async def bound_sockets(
    host: str, port: int, where: Where, keys: ListeningKeys = HTTP_KEYS
) -> AsyncIterator[list[socket.socket]]:
    """Open a socket for each address of a host, bound to the port and not listening yet.

    Raises ConfigError, which names one of `keys`.
    """
    with ExitStack() as opened:
        try:
            found = await asyncio.get_running_loop().getaddrinfo(
                host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
            )
            bound = _bound({(family, address): None for family, _, _, _, address in found}, opened)
        except (OSError, UnicodeError) as error:  # the latter for what no name of a host can be
            raise listening_problem(error, host, port, where, keys) from None
        yield bound


def listening_problem(
    error: OSError | UnicodeError, host: str, port: int, where: Where, keys: ListeningKeys = HTTP_KEYS
) -> ConfigError:
    """Return what is wrong with the setting of a host or of its port where listening on them failed."""
    key = keys.port
    if isinstance(error, (socket.gaierror, UnicodeError)):
        key, problem, fix = keys.host, f"The host {host} is not known.", "Write 127.0.0.1, 0.0.0.0 or a known name."
    elif error.errno in _NOT_HERE:
        key, problem = keys.host, f"{host} is no address of this machine."
        fix = "Write 127.0.0.1, or 0.0.0.0 for all that it has."
    elif error.errno == errno.EADDRINUSE:
        problem, fix = (
            f"Port {port} of {host} is in use.",
            f"Stop the program that listens there, or choose another port: {keys.another(host, _next(port))}.",
        )
    elif error.errno in {errno.EACCES, errno.EPERM} and port < _LOWEST_FREE:
        problem = f"This user may not listen on port {port}."
        fix = f"Choose a port from {_LOWEST_FREE} on, with a reverse proxy in front."
    else:
        problem, fix = (
            f"It is impossible to listen on {host}, port {port}: {error.strerror or error}.",
            "Choose another.",
        )
    return ConfigError(where(key), key, problem, fix)


def _next(port: int) -> int:
    return port + 1 if port < _HIGHEST else port - 1


def _bound(addresses: Iterable[tuple[socket.AddressFamily, Any]], opened: ExitStack) -> list[socket.socket]:
    """Bind all addresses; those that the machine does not have are left out, but not all of them. Raises OSError."""
    bound, missing = [], OSError(errno.EADDRNOTAVAIL, "")
    for family, address in addresses:
        try:
            one = opened.enter_context(socket.socket(family, socket.SOCK_STREAM))
            one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if family == socket.AF_INET6:
                one.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            one.bind(address)
            bound.append(one)
        except OSError as error:
            if error.errno not in _NOT_HERE:
                raise
            missing = error
    if not bound:
        raise missing
    return bound
