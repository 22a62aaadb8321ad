"""A proxy between the product and a platform: plain HTTP in absolute form, or SOCKS 5 without a password."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from select import select
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Thread
from typing import cast
from urllib.parse import urlsplit

__all__ = ["Proxy"]

_SOCKS = 5
_NAMED = 3
"""An address that is a name (RFC 1928, 5); others here are four bytes."""
_IPV4 = 4
_IDLE = 5.0


class Proxy(ThreadingTCPServer):
    """Passes bytes on, as long as it `leads_on`; `asked` are host and port of each connection that was wanted."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Connection)
        self.port = int(self.server_address[1])
        self.asked: list[tuple[str, int]] = []
        self.leads_on = True

    @contextmanager
    def serve(self) -> Iterator["Proxy"]:
        """Listen until the block is left and every connection is closed."""
        thread = Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield self
        finally:
            self.shutdown()
            thread.join()
            self.server_close()


class _Connection(StreamRequestHandler):
    rbufsize = 0  # nothing is read ahead of what is passed on

    def handle(self) -> None:
        proxy = cast("Proxy", self.server)
        first = self.rfile.read(1)
        if not first:
            return
        target, head = self._socks() if first[0] == _SOCKS else self._absolute(first)
        proxy.asked.append(target)
        if proxy.leads_on:
            with socket.create_connection(target) as there, suppress(OSError):
                there.sendall(head)
                _pipe(self.connection, there)

    def _socks(self) -> tuple[tuple[str, int], bytes]:
        """Shake hands as RFC 1928 wants it, and return where to; the answer is sent before the connection is there."""
        self.rfile.read(self.rfile.read(1)[0])
        self.wfile.write(b"\x05\x00")
        kind = self.rfile.read(4)[3]
        raw = self.rfile.read(self.rfile.read(1)[0] if kind == _NAMED else _IPV4)
        host = raw.decode() if kind == _NAMED else ".".join(map(str, raw))
        port = int.from_bytes(self.rfile.read(2), "big")
        self.wfile.write(b"\x05\x00\x00\x01" + bytes(6))
        return (host, port), b""

    def _absolute(self, first: bytes) -> tuple[tuple[str, int], bytes]:
        line = first + self.rfile.readline()
        parts = urlsplit(line.split()[1].decode())
        return (parts.hostname or "", parts.port or 80), line


def _pipe(one: socket.socket, other: socket.socket) -> None:
    while ready := select([one, other], [], [], _IDLE)[0]:
        for source in ready:
            data = source.recv(65536)
            if not data:
                return
            (other if source is one else one).sendall(data)
