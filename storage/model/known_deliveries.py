"""What is remembered of deliveries whose inbox rows are gone, so that a late repetition still changes nothing."""

from datetime import datetime, timedelta

from dialogs.ids import derive
from scoring.values import Value, replace
from storage.model.records import InboxRow

__all__ = ["DeliverySpan", "KnownEvent", "event_hash", "is_in_span", "span_key", "span_of"]

_SAME_SEQUENCE = timedelta(days=6)
"""How far apart two deliveries may be to be of one sequence for certain.

After a week without an update Telegram chooses the next number at random (Bot API, Update).
"""

_NEAR = 100_000
"""How far apart the numbers of two deliveries may be to be of one sequence: those of another bot begin anywhere."""
_SPAN = "gone"


class KnownEvent(Value):
    """An event of a help desk that was stored, by the hash of its inbox key; it is known for ever."""

    hash: str


def event_hash(key: str) -> str:
    """Return the hash by which the event with this inbox key stays known."""
    return derive("evt", key)


class DeliverySpan(Value):
    """The numbers of a door's deliveries whose rows are gone: all from the first to the last, received until then.

    For doors whose deliveries have consecutive numbers and are repeated for less time than their rows are kept: by then
    nothing of this span comes for the first time.
    """

    first: int
    last: int
    until: datetime

    def joined(self, number: int, at: datetime) -> "DeliverySpan":
        """Return the span with one more delivery; of two sequences only the later one is kept."""
        if at - self.until >= _SAME_SEQUENCE:
            return DeliverySpan(number, number, at)
        if self.until - at >= _SAME_SEQUENCE:
            return self
        is_lower = at > self.until and number < self.first  # one bot's numbers only rise
        if is_lower or not self.first - _NEAR <= number <= self.last + _NEAR:
            return DeliverySpan(number, number, at) if at >= self.until else self
        return replace(self, first=min(self.first, number), last=max(self.last, number), until=max(self.until, at))

    def holds(self, number: int, now: datetime) -> bool:
        """Return whether a delivery with this number is a repetition; none is, once numbers may have begun anew."""
        return self.first <= number <= self.last and now - self.until < _SAME_SEQUENCE

    def row(self, door: str) -> InboxRow:
        """Return the inbox row that keeps it."""
        return InboxRow(span_key(door), door, b"", self.until, why=f"{self.first}-{self.last}")


def span_key(door: str) -> str:
    """Return the inbox key under which a door's span is kept."""
    return f"{door}:{_SPAN}"


def span_of(row: InboxRow) -> DeliverySpan:
    """Return the span that a row under a `span_key` keeps."""
    first, _, last = row.why.partition("-")
    return DeliverySpan(int(first), int(last), row.received_at)


def is_in_span(row: InboxRow | None, key: str, now: datetime) -> bool:
    """Return whether a delivery without a row of its own is a repetition, by the row of its door's span."""
    if row is None:
        return False
    number = key.removeprefix(f"{row.door}:")
    return number.isdecimal() and span_of(row).holds(int(number), now)
