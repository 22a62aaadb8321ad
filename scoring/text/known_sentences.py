"""What an encoder has read in the sentences of a response, as it is kept beside the words: its sums, and of which text.

The process that judges holds no encoder. It judges by what is kept, and tells what an encoder has still to read.
"""

import zlib
from collections.abc import Iterable, Mapping

from scoring.values import Value

__all__ = ["NO_ENCODER", "EncoderMark", "KeptSums", "KnownSentences", "sentence_key"]

KeptSums = tuple[int, tuple[int, ...]]
"""The key of a sentence, and what an encoder has said of it, in the order of its outputs."""


class EncoderMark(Value):
    """The number by which an encoder is known, other for each file, and the names of its outputs."""

    number: int
    outputs: tuple[str, ...]


NO_ENCODER = EncoderMark(0, ())


def sentence_key(folded: str, mark: EncoderMark) -> int:
    """Return a number that is another one for another text or another encoder."""
    return zlib.crc32(folded.encode("utf-8", "surrogatepass"), mark.number)


class KnownSentences:
    """Says of a response's sentences what is kept of them by this encoder; what is kept by another one does not count.

    `wanted` are those of which nothing is kept, folded, in the order in which they were asked for.
    """

    def __init__(self, mark: EncoderMark = NO_ENCODER, kept: Iterable[KeptSums] = ()) -> None:
        self._mark, self._kept = mark, dict(kept)
        self._used = dict[int, tuple[int, ...]]()
        self.wanted: list[str] = []

    @property
    def outputs(self) -> tuple[str, ...]:
        """The names of the encoder's outputs."""
        return self._mark.outputs

    def sums(self, folded: str) -> Mapping[str, int]:
        """Return what an encoder adds to the sums of outputs, nothing where none has read this text."""
        if not self._mark.outputs:
            return {}
        key = sentence_key(folded, self._mark)
        if key not in self._kept:
            self.wanted.append(folded)
            return {}
        self._used[key] = self._kept[key]
        return dict(zip(self._mark.outputs, self._kept[key], strict=True))

    @property
    def used(self) -> tuple[KeptSums, ...]:
        """What was kept of the sentences that were asked for."""
        return tuple(self._used.items())

    @property
    def encoder(self) -> int:
        """The number of the encoder by which everything was judged that it should judge, else 0."""
        return 0 if self.wanted else self._mark.number
