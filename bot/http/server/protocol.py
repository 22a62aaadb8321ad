"""HTTP/1.1 as uvicorn reads it with httptools, bounded: neither limits a head, or how long a request may take."""

import asyncio
import math
from http import HTTPStatus

import httptools
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle

from bot.http.limits import takes_files
from bot.http.problems import PROBLEM_JSON, problem_text
from bot.http.server.connections import Connections

__all__ = ["LARGEST_HEAD", "BoundedProtocol"]

LARGEST_HEAD = 32 * 1024
"""Bytes of a request line with its headers; of the framing and trailers of a chunked body, too."""
_FRAMING = 5
"""Bytes around the smallest chunk: its size, and two line ends (RFC 9112, 7.1)."""
_PIPELINED = 64
"""Requests that may wait behind the one that is being answered."""
_CLOSING = 1.0
"""Seconds in which a client has to fetch what it is told last."""
_DETAILS = {
    HTTPStatus.BAD_REQUEST: "This is no request of HTTP/1.1, one for a WebSocket, or one of too many at once.",
    HTTPStatus.REQUEST_TIMEOUT: "The request did not arrive in time.",
    HTTPStatus.REQUEST_URI_TOO_LONG: f"Request line and headers may hold {LARGEST_HEAD} bytes.",
    HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE: f"Request line and headers may hold {LARGEST_HEAD} bytes.",
    HTTPStatus.SERVICE_UNAVAILABLE: "The service is stopping, or has as many connections as it takes.",
}


def _refusal(status: HTTPStatus) -> bytes:
    body = problem_text(status, _DETAILS[status]).encode()
    head = f"content-type: {PROBLEM_JSON}\r\ncontent-length: {len(body)}\r\nconnection: close\r\n\r\n"
    return STATUS_LINE[status] + head.encode() + body


_REFUSALS = {status: _refusal(status) for status in _DETAILS}


class BoundedProtocol(HttpToolsProtocol):
    """A connection: since when, and until when, it waits for its client (seconds of the loop's clock)."""

    server_state: Connections
    since = due = math.inf
    _is_reading = False  # between the first byte of a request and its last
    _part = 0  # bytes that the parser reads at the moment
    _unread = 0  # bytes that it was given and that are no body, since a head or a request ended
    _is_upload = False  # of a large file: as long as it goes on it is in time, until it is refused
    _is_fetching = False  # `due` is for the client to fetch what is written

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Count the connection; a client that sends nothing is late as well."""
        super().connection_made(transport)
        self._wait(self.server_state.limits.head)
        if not self.server_state.admit(self):
            self.refuse(HTTPStatus.SERVICE_UNAVAILABLE)

    def connection_lost(self, exc: Exception | None) -> None:
        """Count the connection no more."""
        self.server_state.leave(self)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Parse what came, in parts of what a head may still hold: in one as a rule."""
        start = 0
        while start < len(data) and not self.transport.is_closing():
            start += self._read(data[start : start + LARGEST_HEAD - max(self._unread, 0)])

    def _read(self, part: bytes) -> int:
        """Parse a part, and return how many bytes of it were read."""
        self._part = len(part)
        try:
            self.parser.feed_data(part)
        except httptools.HttpParserUpgrade as upgrade:  # not taken up, such as h2c; the next request follows
            return int(upgrade.args[0]) or len(part)
        except httptools.HttpParserError:
            self.refuse(HTTPStatus.BAD_REQUEST)
        self._unread += self._part
        if self._unread >= LARGEST_HEAD:
            is_line = self._is_reading and len(self.url) > LARGEST_HEAD // 2
            self.refuse(HTTPStatus.REQUEST_URI_TOO_LONG if is_line else HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
        return len(part)

    def on_message_begin(self) -> None:
        """Begin a request. Raises ValueError, which the parser makes an error of its own, for too many at once."""
        if len(self.pipeline) >= _PIPELINED:
            raise ValueError("too many requests at once")
        super().on_message_begin()
        self._is_reading = True
        self._wait(self.server_state.limits.head)

    def on_headers_complete(self) -> None:
        """Begin to answer the request. Raises ValueError for a WebSocket, of which we have none."""
        if self.parser.should_upgrade() and self._get_upgrade() == b"websocket":
            raise ValueError("no WebSocket is served")
        super().on_headers_complete()
        self._unread = -self._part
        self._is_upload = takes_files(self.scope["path"])
        self._wait(self.server_state.limits.body)

    def on_body(self, body: bytes) -> None:
        """Take a part of the body, which is held by whoever reads it."""
        self._unread -= len(body) + _FRAMING
        super().on_body(body)
        if self._is_upload and not self.cycle.response_complete:
            self._wait(self.server_state.limits.body)

    def on_message_complete(self) -> None:
        """Wait no more: it is for us to answer."""
        super().on_message_complete()
        self._is_reading = False
        self._unread = -self._part
        if self.cycle.response_complete:
            self._rest()
        else:
            self.due = math.inf

    def on_response_complete(self) -> None:
        """Start the next request as uvicorn does, without a timer of its own for each.

        A transport that is closing is open for as long as something written is not fetched.
        """
        if self.transport.is_closing():
            self._rest()
            return
        self.flow.resume_reading()
        if self.pipeline:
            self._start_asgi_task(*self.pipeline.pop())
        elif not self._is_reading:
            self._rest()

    def pause_writing(self) -> None:
        """Wait for the client to fetch its answer."""
        super().pause_writing()
        self._wait(self.server_state.limits.body)
        self._is_fetching = True

    def resume_writing(self) -> None:
        """Wait no more."""
        super().resume_writing()
        if not self._is_reading and not self.cycle.response_complete:
            self._is_fetching, self.due = False, math.inf

    def expire(self) -> None:
        """Close the connection, whose client took too long; at once where it does not fetch its answer."""
        if self._is_fetching and not self.transport.is_closing() and not self.transport.get_write_buffer_size():
            self._is_fetching, self.due = False, self.since + self.server_state.limits.idle
        elif self.transport.is_closing():
            self.abort()
        elif self._is_reading:
            self.refuse(HTTPStatus.REQUEST_TIMEOUT)
        else:
            self._close()

    def abort(self) -> None:
        """Close the connection at once."""
        self.due = math.inf
        self.transport.abort()

    def shutdown(self) -> None:
        """Answer what has arrived whole, and nothing else."""
        if self._is_reading:
            self.refuse(HTTPStatus.SERVICE_UNAVAILABLE)
        else:
            super().shutdown()

    def refuse(self, status: HTTPStatus) -> None:
        """Close the connection with a problem, unless that would stand in place of another answer, or within one."""
        host = self.client[0] if self.client else "a client"
        self.server_state.tell(status.phrase, f"closed a connection of {host}: {_DETAILS[status]}")
        if self._may_refuse():
            self.transport.write(_REFUSALS[status])
        self._close()

    def _may_refuse(self) -> bool:
        cycle: RequestResponseCycle | None = self.cycle
        if cycle is None:
            return True
        if cycle.scope is self.scope:
            return not cycle.response_started and not self.pipeline
        return cycle.response_complete

    def _close(self) -> None:
        self.transport.close()
        self._wait(_CLOSING)

    def _rest(self) -> None:
        """Wait for the client, which fetches what is left of its answer, and then may send its next request."""
        if not self.transport.get_write_buffer_size():
            self._wait(self.server_state.limits.idle)
        elif not self._is_fetching:
            self._wait(self.server_state.limits.body)
            self._is_fetching = True

    def _wait(self, seconds: float) -> None:
        self._is_fetching = False
        self.since = self.loop.time()
        self.due = self.since + seconds
