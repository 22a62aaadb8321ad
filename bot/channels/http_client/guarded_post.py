"""POST to a URL that somebody typed in: to public addresses only, checked and then connected to as they are.

No second look-up comes between the check and the connection: the client is given the address, and the name for TLS.
Redirects are not followed. Without `allow_private` no proxy is used, since a proxy looks names up itself.
"""

import asyncio
from collections.abc import Mapping
from datetime import timedelta

from pyreqwest.client import Client, ClientBuilder
from pyreqwest.exceptions import PyreqwestError

from bot.channels.http_client.guarded_address import (
    ForbiddenTargetError,
    LookUp,
    OutwardTarget,
    checked_addresses,
    read_target,
)
from scoring.values import Value

__all__ = ["GuardedPoster", "PostAnswer", "pinned_client"]

_WITHIN = 10.0
"""Seconds."""
_CONNECT = 5.0
_KEPT = 1024
"""Bytes of an answer's body that are read; the rest is left."""
_MOST_POOLS = 64


class PostAnswer(Value):
    """What came back: the status, 0 where there was none, and then the `problem`.

    `answer` is the beginning of the body; `retry_after` is the header's value, empty without one.
    """

    status: int = 0
    answer: str = ""
    retry_after: str = ""
    problem: str = ""


class GuardedPoster:
    """Posts to URLs that somebody typed in. With `allow_private` any address may be one, and proxies are used.

    `within` are the seconds for everything: name, connection, request, and the answer with the beginning of its body.
    """

    def __init__(self, *, allow_private: bool, within: float = _WITHIN, look_up: LookUp | None = None) -> None:
        self.allow_private = allow_private
        self._within, self._look_up = within, look_up
        self._pools: dict[tuple[str, int, str], Client] = {}

    async def check(self, url: str) -> None:
        """Raise ForbiddenTargetError for a URL to which nothing would be posted now."""
        target = read_target(url, allow_private=self.allow_private)
        if not self.allow_private:
            await checked_addresses(target, self._look_up)

    async def post(self, url: str, headers: Mapping[str, str], body: bytes) -> PostAnswer:
        """Post a body; return what came back in time. It raises nothing but a cancellation."""
        try:
            async with asyncio.timeout(self._within):
                return await self._posted(url, headers, body)
        except TimeoutError:
            return PostAnswer(problem=f"no whole answer within {self._within:g} s")
        except ForbiddenTargetError as refused:
            return PostAnswer(problem=f"the URL {refused}")
        except PyreqwestError as error:
            return PostAnswer(problem=f"no connection, or one that broke: {type(error).__name__}")

    async def close(self) -> None:
        """Close the connections."""
        pools, self._pools = self._pools, {}
        for pool in pools.values():
            await pool.close()

    async def _posted(self, url: str, headers: Mapping[str, str], body: bytes) -> PostAnswer:
        target = read_target(url, allow_private=self.allow_private)
        address = "" if self.allow_private else (await checked_addresses(target, self._look_up))[0]
        request = self._pool(target, address).post(target.url).headers(dict(headers)).body_bytes(body)
        async with request.build_streamed() as response:
            read = await response.body_reader.read(_KEPT)
            began = b"" if read is None else read.to_bytes()
            retry_after = response.get_header("retry-after") or ""
            return PostAnswer(response.status, began.decode(errors="replace").replace("\0", ""), retry_after)

    def _pool(self, target: OutwardTarget, address: str) -> Client:
        key = (target.host, target.port, address)
        if key not in self._pools:
            if len(self._pools) >= _MOST_POOLS:
                self._pools.pop(next(iter(self._pools)))
            self._pools[key] = pinned_client(target, address)
        return self._pools[key]


def pinned_client(target: OutwardTarget, address: str) -> Client:
    """Return a client that connects to this address for the target's host, whatever the name's next answer is.

    Without an address the client looks names up itself, and uses the proxies of the environment.
    """
    builder = ClientBuilder().user_agent("huifang").follow_redirects(enable=False)
    builder = builder.timeout(timedelta(seconds=_WITHIN)).connect_timeout(timedelta(seconds=_CONNECT))
    return (builder.no_proxy().resolve(target.host, address, target.port) if address else builder).build()
