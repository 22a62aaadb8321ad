"""Numbers that look like chance and are derived: of the same seed and path they are the same on every machine."""

from bisect import bisect
from collections.abc import Sequence
from hashlib import blake2b
from itertools import accumulate
from struct import Struct
from typing import TypeVar

__all__ = ["Draws"]

T = TypeVar("T")
_NUMBERS = Struct(">16I")
_ALL = 1 << 32
_ROOT_3 = 1.7320508075688772


class Draws:
    """A stream of numbers of one path, such as those of one customer; only integers and sums decide, no logarithms."""

    def __init__(self, *path: object) -> None:
        self._path = "\x1f".join(map(str, path)).encode()
        self._block = 0
        self._left: list[int] = []

    def number(self) -> int:
        """Return the next whole number from 0 to 2³² - 1."""
        if not self._left:
            block = blake2b(self._path + b"\x1f%d" % self._block, digest_size=_NUMBERS.size).digest()
            self._left = list(_NUMBERS.unpack(block))
            self._block += 1
        return self._left.pop()

    def chance(self, share: float) -> bool:
        """Return True for this share of all draws."""
        return self.number() < share * _ALL

    def below(self, limit: int) -> int:
        """Return a whole number from 0 on that is below the limit."""
        return self.number() * limit >> 32

    def between(self, low: int, high: int) -> int:
        """Return a whole number between two, both included."""
        return low + self.below(high - low + 1)

    def unit(self) -> float:
        """Return a number from 0 to 1, which is excluded."""
        return self.number() / _ALL

    def normal(self) -> float:
        """Return a number about 0 with a standard deviation of 1: four even ones added up."""
        one, other = self.number(), self.number()
        total = (one >> 16) + (one & 0xFFFF) + (other >> 16) + (other & 0xFFFF)
        return (total / 65536 - 2) * _ROOT_3

    def pick(self, several: Sequence[T]) -> T:
        """Return one of them, each as often as the others."""
        return several[self.below(len(several))]

    def weighted(self, several: Sequence[T], shares: Sequence[float]) -> T:
        """Return one of them, each as often as its share."""
        ends = list(accumulate(shares))
        return several[min(bisect(ends, self.unit() * ends[-1]), len(several) - 1)]

    def rounded(self, number: float) -> int:
        """Return the whole number below or above, so that many of them come to the number on average."""
        whole = int(number)
        return whole + self.chance(number - whole)
