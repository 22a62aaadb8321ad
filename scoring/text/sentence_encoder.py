"""A small network that reads a whole sentence: what its words say to each other, in numbers for each output."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from scoring.text.unigram_pieces import UnigramPieces

__all__ = ["SentenceEncoder", "expanded", "shortened"]

_HEADS = 12
_BEGIN, _END = 0, 2
"""The pieces that stand for the beginning and the end of a text."""
_LONGEST = 1000
"""Of a longer text the first and the last half of so many characters are read."""
_MOST = 94
"""Of more pieces the first and the last half."""
_ROWS = 1000
"""Pieces that go through a layer at once, of several texts: more are no faster, and take memory."""
_TINY = 1e-12
_GELU = (0.7978845608028654, 0.044715)
Array = Any
_Layer = Mapping[str, Array]
"""The matrices of a layer and what is added behind them, by name."""


class SentenceEncoder:
    """Reads texts by the weights of a trained encoder: a transformer that attends to all pieces of a text at once."""

    def __init__(
        self, pieces: UnigramPieces, outputs: Sequence[str], first: Mapping[str, Array], layers: Iterable[_Layer]
    ) -> None:
        """Take the pieces, the names of the outputs, what stands before and behind the layers, and the layers.

        Those are gone through anew for each few texts, so that whoever has little memory can make them one by one.
        """
        self._pieces, self.outputs, self._first, self._layers = pieces, tuple(outputs), first, layers

    def sums(self, folded: str) -> dict[str, int]:
        """Return the hundredths of log-odds of each output for a text of any length and script."""
        return self.sums_of([folded])[0]

    def sums_of(self, folded: Sequence[str]) -> list[dict[str, int]]:
        """Return the same for several texts, of which each takes a third of the time."""
        numbers = [shortened(self._pieces, text) for text in folded]
        return [sums for some in _few(numbers) for sums in self._told(some)]

    def _told(self, texts: Sequence[Sequence[int]]) -> Iterator[dict[str, int]]:
        first, ends = self._first, np.cumsum([0, *map(len, texts)]).tolist()
        spans = list(pairwise(ends))
        words, sizes = first["words"]
        numbers = [number for text in texts for number in text]
        places = np.concatenate([first["places"][: len(text)] for text in texts])
        states = _normed(expanded(words[numbers], sizes[numbers]) + places, first["words_size"], first["words_shift"])
        for layer in self._layers:
            states = _through(layer, states, spans)
        for begin, end in spans:
            seen = np.concatenate([states[begin:end].mean(0), states[begin]])
            found = seen @ first["out"] + first["out_shift"]
            yield dict(zip(self.outputs, np.rint(found * 100).astype(int).tolist(), strict=True))


def _few(texts: Iterable[Sequence[int]]) -> Iterator[list[Sequence[int]]]:
    """Yield so many texts at a time as go through a layer at once."""
    some, rows = list[Sequence[int]](), 0
    for text in texts:
        if some and rows + len(text) > _ROWS:
            yield some
            some, rows = [], 0
        some.append(text)
        rows += len(text)
    if some:
        yield some


def shortened(pieces: UnigramPieces, text: str) -> list[int]:
    """Return the numbers of a text's pieces between its begin and its end; of a long one those of both ends."""
    if len(text) > _LONGEST:
        text = f"{text[: _LONGEST // 2]} {text[-_LONGEST // 2 :]}"
    numbers = pieces.cut(text)
    kept = numbers if len(numbers) <= _MOST else numbers[: _MOST // 2] + numbers[-_MOST // 2 :]
    return [_BEGIN, *kept, _END]


def expanded(numbers: Array, sizes: Array) -> Array:
    """Return a matrix that is kept as small whole numbers, with a size for each group of a row's columns."""
    groups = numbers.reshape(*sizes.shape, -1).astype(np.float32) * sizes.astype(np.float32)[:, :, None]
    return groups.reshape(len(numbers), -1)


def _through(layer: _Layer, states: Array, spans: Sequence[tuple[int, int]]) -> Array:
    """Return the states behind a layer: each piece looks at all others of its text, then is thought over by itself."""
    asked, named, told = (states @ layer[one] + layer[f"{one}b"] for one in "qkv")
    joined = np.empty_like(states)
    for begin, end in spans:
        joined[begin:end] = _attended(*(_heads(one[begin:end]) for one in (asked, named, told)))
    states = _normed(states + joined @ layer["ao"] + layer["aob"], layer["alnw"], layer["alnb"])
    wide = states @ layer["fi"] + layer["fib"]
    wide = 0.5 * wide * (1 + np.tanh(_GELU[0] * (wide + _GELU[1] * wide * wide * wide)))
    return _normed(states + wide @ layer["fo"] + layer["fob"], layer["olnw"], layer["olnb"])


def _attended(asked: Array, named: Array, told: Array) -> Array:
    """Return for each piece of a text what the others tell it, head by head."""
    shares = asked @ named.transpose(0, 2, 1) / np.sqrt(np.float32(asked.shape[-1]))
    shares = np.exp(shares - shares.max(-1, keepdims=True))
    seen = (shares / shares.sum(-1, keepdims=True)) @ told
    return seen.transpose(1, 0, 2).reshape(asked.shape[1], -1)


def _heads(states: Array) -> Array:
    return states.reshape(len(states), _HEADS, -1).transpose(1, 0, 2)


def _normed(states: Array, size: Array, shift: Array) -> Array:
    """Return each row with mean 0 and variance 1, then resized and shifted (layer normalisation)."""
    apart = states - states.mean(-1, keepdims=True)
    return apart / np.sqrt((apart * apart).mean(-1, keepdims=True) + _TINY) * size + shift
