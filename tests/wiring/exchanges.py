"""Which exchanges with the database are made to fail: each statement meets each fault, and none twice for one reason.

A use that repeats a statement, in portions or item by item, does so in one place of the code: it fails there once. The
statements that many uses share (to begin, to look up who somebody is) meet every fault in the first of them, and one
fault in each of the others, where their turn decides which. Where a use commits, it meets every fault each time: what
is stored then, and whether that is known, is a matter of the use.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence

from tests.support.database.wire import Fault

__all__ = ["FaultPlan"]

_COMMIT = b"COMMIT"
Exchange = tuple[bytes, ...]


class FaultPlan:
    """Chooses, one run of a use after the other, the exchange that fails with one of several faults.

    `prepared` are statements by the names that they have been prepared under.
    """

    def __init__(self, fault: Fault, faults: Sequence[Fault], prepared: Mapping[bytes, bytes]) -> None:
        self._fault, self._turn, self._turns = fault, faults.index(fault), len(faults)
        self._prepared = prepared
        self._met: set[Exchange] = set()
        self._places: dict[Exchange, int] = {}
        self._failed: set[Exchange] = set()

    def begin_use(self) -> None:
        """Begin with another use."""
        self._places, self._failed = {}, set()

    def next_run(self) -> Callable[[bytes], Fault | None]:
        """Return what lets the next exchange of the use fail that is to; it lets all others through."""
        before: Exchange = ()
        is_over = False

        def fires(sent: bytes) -> Fault | None:
            nonlocal before, is_over
            exchange = tuple(self._read(sent))
            commits = any(_COMMIT in part for part in exchange)
            one, before = (*before, *exchange) if commits else exchange, exchange
            if is_over or not self._is_wanted(one, commits=commits):
                return None
            is_over = True
            self._failed.add(one)
            self._met.add(one)
            return self._fault

        return fires

    def _is_wanted(self, exchange: Exchange, *, commits: bool) -> bool:
        place = self._places.setdefault(exchange, len(self._places))
        is_due = commits or exchange not in self._met or place % self._turns == self._turn
        return is_due and exchange not in self._failed

    def _read(self, sent: bytes) -> Iterator[bytes]:
        """Yield the kind of each message, with the statement that it runs.

        (https://www.postgresql.org/docs/current/protocol-message-formats.html)
        """
        while sent:
            kind, length = sent[:1], int.from_bytes(sent[1:5])
            body, sent = sent[5 : length + 1], sent[length + 1 :]
            match kind, body.split(b"\0"):
                case b"B", [_, name, *_]:
                    yield kind + self._prepared[name]
                case b"P" | b"Q", [*words]:
                    yield kind + words[kind == b"P"]
                case _:
                    yield kind
