"""Weights learned from labelled comments: what each piece of a comment says about its polarity and its dimensions."""

from collections.abc import Iterable, Mapping

from scoring.values import Value, field

__all__ = ["BAD", "GOOD", "MOST", "Weights", "packed", "unpacked"]

BAD, GOOD = "bad", "good"
"""The outputs of polarity: how much more than neither side a comment blames, and praises."""
MOST = 9999
"""The largest weight of one piece."""
_BITS = 28
_SIGN = 1 << (_BITS - 1)


class Weights(Value):
    """Hundredths of log-odds for each piece of a comment, of each output.

    The numbers of a piece are kept in one integer, `_BITS` bits for each output, so that those of a whole comment are
    added up at once: the sum of packed numbers is the packed sum. `start` is what holds before anything is read.
    """

    outputs: tuple[str, ...] = ()
    pieces: Mapping[str, int] = field(default_factory=dict)
    start: int = 0
    digest: str = ""

    def of(self, pieces: Iterable[str]) -> dict[str, int]:
        """Return the sums of what is known of a comment's pieces, by output."""
        known = self.pieces
        total = sum([known[piece] for piece in pieces if piece in known], self.start)
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
