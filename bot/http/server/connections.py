"""How many connections are open, from where; who has to go for a new one; and what is told of it."""

import asyncio
import logging
import math
import resource
from collections import defaultdict
from collections.abc import Collection
from ipaddress import IPv4Network, IPv6Network
from typing import Protocol

from uvicorn.server import ServerState

from bot.http.backoff import known_address, network_of
from bot.process.alarms import Alarms
from scoring.values import Value

__all__ = ["ConnectionLimits", "Connections"]

logger = logging.getLogger(__name__)
_TELL_EVERY = 60.0
"""Seconds between two log lines of the same kind."""
_SWEEP_EVERY = 1.0
"""Seconds."""
_OWN_FILES = 64
"""Open files that the database, the channels and the logs need at least."""
_ALARM = "http.connections"
_SWEEPING = "http.sweeping"
"""The alarm for a connection whose client took too long and that cannot be closed in order, which is a bug."""


class ConnectionLimits(Value):
    """How many connections at once; and the seconds that a client may take for a head, a body, between requests."""

    most: int = 1000
    most_per_address: int = 256
    proxies: tuple[IPv4Network | IPv6Network, ...] = ()
    head: float = 10.0
    body: float = 10.0
    idle: float = 75.0


class Waiting(Protocol):
    """A connection as it is counted: whom it is from, and since when and until when it waits for its client."""

    client: tuple[str, int] | None
    since: float
    due: float

    def abort(self) -> None:
        """Close it at once."""
        ...

    def expire(self) -> None:
        """Close it, since its client took too long."""
        ...


class Connections(ServerState):
    """The open connections. A new one for which there is no room takes the place of the one that waits longest.

    So clients are served while somebody holds all connections and sends nothing. Where none waits for its client the
    new one is refused.
    """

    def __init__(self, limits: ConnectionLimits, alarms: Alarms) -> None:
        super().__init__()
        self.limits = limits
        self.most = min(limits.most, _openable())
        self._alarms = alarms
        self._open: dict[Waiting, object] = {}
        self._of: defaultdict[object, set[Waiting]] = defaultdict(set)
        self._told: dict[str, float] = {}

    def admit(self, new: Waiting) -> bool:
        """Count a connection; return false where it has to be refused."""
        origin, limits = self._origin(new), self.limits
        has_room = True
        if origin is not None and len(self._of.get(origin, ())) >= limits.most_per_address:
            self.tell(
                "address",
                f"{new.client and new.client[0]} has {limits.most_per_address} connections open, as many as one address"
                " may: of those the one that waits longest is closed for each new one. Name a reverse proxy in"
                " http.proxies; otherwise raise http.connections_per_address.",
            )
            has_room = self._make_room(self._of[origin])
        if has_room and len(self._open) >= self.most:
            self._alarms.sound(
                _ALARM,
                f"{self.most} connections are open, as many as may be: the one that waits longest is closed for each"
                " new one. Put a reverse proxy in front, or raise http.connections and the limit of open files.",
            )
            self.tell("all", f"{self.most} connections are open: closing those that wait longest")
            has_room = self._make_room(self._open)
        if has_room:
            self._open[new] = origin
            self._of[origin].add(new)
        return has_room

    def leave(self, one: Waiting) -> None:
        """Count a connection no more; does nothing for one that is not counted."""
        if one in self._open:
            origin = self._open.pop(one)
            self._of[origin].discard(one)
            if not self._of[origin]:
                del self._of[origin]

    async def keep_sweeping(self) -> None:
        """Close what waits for too long, every second."""
        while True:
            await asyncio.sleep(_SWEEP_EVERY)
            self._sweep()

    def _sweep(self) -> None:
        now = asyncio.get_running_loop().time()
        for one in [one for one in self._open if one.due <= now]:
            try:
                one.expire()
            except Exception as error:  # noqa: BLE001 - the others have to be closed all the same
                what = f"a connection could not be closed in order ({type(error).__name__}) and was cut"
                self._alarms.sound(_SWEEPING, what)
                one.abort()
        if len(self._open) < self.most * 3 // 4:
            self._alarms.over(_ALARM)

    def cut(self) -> None:
        """Close all connections at once."""
        for one in list(self._open):
            one.abort()

    def tell(self, kind: str, text: str) -> None:
        """Log a warning, each kind at most once a minute: whoever causes them may do so at will."""
        now = asyncio.get_running_loop().time()
        if now - self._told.get(kind, -math.inf) >= _TELL_EVERY:
            self._told[kind] = now
            logger.warning("%s", text)

    def _make_room(self, among: Collection[Waiting]) -> bool:
        oldest = min((one for one in among if one.due < math.inf), key=lambda one: one.since, default=None)
        if oldest is None:
            return False
        self.leave(oldest)
        oldest.abort()
        return True

    def _origin(self, one: Waiting) -> object:
        """Return whose connection it is: an address, or 64 bits of IPv6, which one customer has; none for a proxy."""
        if one.client is None:
            return None
        address = known_address(one.client[0])
        if any(address in network for network in self.limits.proxies):
            return None
        return network_of(address)


def _openable() -> int:
    """Return how many connections the process may open, with a quarter of its files left for everything else."""
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return 2**31 if soft == resource.RLIM_INFINITY else max(soft - max(_OWN_FILES, soft // 4), 1)
