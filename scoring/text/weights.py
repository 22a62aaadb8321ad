"""Weights learned from labelled comments: what each piece of a comment says about its polarity and its dimensions."""

from array import array
from collections.abc import Iterable, Iterator, Mapping
from zlib import crc32

from scoring.values import Value, field

__all__ = ["ALERT", "BAD", "GOOD", "MOST", "PieceTable", "Weights", "packed", "unpacked"]

BAD, GOOD = "bad", "good"
"""The outputs of polarity: how much more than neither side a comment blames, and praises."""
ALERT = "alert"
"""The output that somebody of the team should see a text today: of the reader of whole sentences alone."""
MOST = 9999
"""The largest weight of one piece."""
_BITS = 28
_SIGN = 1 << (_BITS - 1)
_FEWEST_SLOTS = 8
_FREE = -1


class PieceTable(Mapping[str, int]):
    """The packed numbers of pieces, without an object for each: some 70 bytes for a piece, where a dict takes 300.

    Keys and numbers lie one behind the other. A slot has the place of a piece whose checksum ends in the slot's number,
    or in that of one before it; of all slots at least half are free.
    """

    __slots__ = ("_begins", "_keys", "_rows", "_slots", "_width")

    def __init__(self, outputs: int = 0, pieces: Mapping[str, int] | None = None) -> None:
        """Start with these pieces, for packed numbers of so many outputs."""
        self._width = (_BITS * outputs + 7) // 8
        self._keys, self._rows, self._begins = bytearray(), bytearray(), array("I", [0])
        self._slots = array("i", [_FREE]) * _FEWEST_SLOTS
        for piece, numbers in (pieces or {}).items():
            self.add(piece, numbers)

    def add(self, piece: str, numbers: int) -> bool:
        """Take a piece with its packed numbers; return whether it is a new one, else nothing changes."""
        key = _key(piece)
        slot = self._slot(key)
        if self._slots[slot] != _FREE:
            return False
        self._slots[slot] = len(self)
        self._keys += key
        self._begins.append(len(self._keys))
        self._rows += numbers.to_bytes(self._width, "little", signed=True)
        if 2 * len(self) > len(self._slots):
            self._spread()
        return True

    def _spread(self) -> None:
        """Make twice as many slots."""
        self._slots = array("i", [_FREE]) * (2 * len(self._slots))
        for place, piece in enumerate(self):
            self._slots[self._slot(_key(piece))] = place

    def _slot(self, key: bytes) -> int:
        """Return the slot of a piece, or the free one in which it would be."""
        slots, keys, begins = self._slots, self._keys, self._begins
        last = len(slots) - 1
        slot = crc32(key) & last
        while (place := slots[slot]) != _FREE and keys[begins[place] : begins[place + 1]] != key:
            slot = (slot + 1) & last
        return slot

    def __getitem__(self, piece: str) -> int:
        """Return the packed numbers of a piece. Raises KeyError."""
        found = self.found((piece,))
        if not found:
            raise KeyError(piece)
        return found[0]

    def __contains__(self, piece: object) -> bool:
        """Return whether there is such a piece."""
        return bool(self.found((str(piece),)))

    def found(self, pieces: Iterable[str]) -> list[int]:
        """Return the packed numbers of those pieces that are here; most are not, and a free slot tells that at once."""
        slots, keys, begins, rows, width = self._slots, self._keys, self._begins, self._rows, self._width
        last, told = len(slots) - 1, []
        for piece in pieces:
            key = piece.encode("utf-8", "surrogatepass")
            slot = crc32(key) & last
            while (place := slots[slot]) >= 0:
                if keys[begins[place] : begins[place + 1]] == key:
                    told.append(int.from_bytes(rows[place * width : (place + 1) * width], "little", signed=True))
                    break
                slot = (slot + 1) & last
        return told

    def __iter__(self) -> Iterator[str]:
        """Yield the pieces in the order in which they were added."""
        begins = self._begins
        for place in range(len(self)):
            yield self._keys[begins[place] : begins[place + 1]].decode("utf-8", "surrogatepass")

    def __len__(self) -> int:
        """Return the number of pieces."""
        return len(self._begins) - 1


def _key(piece: str) -> bytes:
    return piece.encode("utf-8", "surrogatepass")


class Weights(Value, eq=False):
    """Hundredths of log-odds for each piece of a comment, of each output.

    The numbers of a piece are kept in one integer, `_BITS` bits for each output, so that those of a whole comment are
    added up at once: the sum of packed numbers is the packed sum. `start` is what holds before anything is read.
    """

    outputs: tuple[str, ...] = ()
    pieces: PieceTable = field(default_factory=PieceTable)
    start: int = 0
    digest: str = ""

    def of(self, pieces: Iterable[str]) -> dict[str, int]:
        """Return the sums of what is known of a comment's pieces, by output."""
        total = sum(self.pieces.found(pieces), self.start)
        return dict(zip(self.outputs, unpacked(total, len(self.outputs)), strict=True))

    def reasons(self, pieces: Iterable[str], output: str) -> list[tuple[str, int]]:
        """Return what each piece adds to an output, the largest first."""
        place, known = self.outputs.index(output), self.pieces
        added = {piece: unpacked(known[piece], len(self.outputs))[place] for piece in pieces if piece in known}
        return sorted(((piece, one) for piece, one in added.items() if one), key=lambda one: (-abs(one[1]), one[0]))


def packed(numbers: Iterable[int]) -> int:
    """Return numbers in one integer."""
    return sum(number << (_BITS * place) for place, number in enumerate(numbers))


def unpacked(whole: int, count: int) -> list[int]:
    """Return the numbers of an integer made by `packed`, or of a sum of such."""
    numbers = []
    for _ in range(count):
        number = ((whole + _SIGN) & (2 * _SIGN - 1)) - _SIGN
        numbers.append(number)
        whole = (whole - number) >> _BITS
    return numbers
