"""What an encoder's file holds: the base's own numbers where nothing learned, few levels where something did."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from bench.understanding.base_weights import WIDTH, BaseWeights

__all__ = ["packed_tables"]

_LAYERS = 12
_MATRICES, _NORMS = ("q", "k", "v", "ao", "fi", "fo"), ("aln", "oln")
_LARGEST = 20
"""The largest whole number of a weight that has learned."""
_CLIPS = np.linspace(0.6, 1.0, 9)
"""Shares of a row's largest weight that are tried as its largest number; the one that loses least is taken."""
_PLACES = 96
Array = Any


def packed_tables(base: BaseWeights, kept: Sequence[int], tree: Mapping[str, Any]) -> dict[str, Array]:
    """Return the tables of a network's tree, with the pieces that were kept."""
    upper: Mapping[str, Array] = tree["layers"]
    frozen = _LAYERS - len(upper["q"])
    words, sizes = base.blocks("emb.word", WIDTH, kept)
    places = base.plain("emb.pos").reshape(-1, WIDTH)[:_PLACES] + base.plain("emb.type")[:WIDTH]
    tables: dict[str, Array] = {
        "pieces": np.frombuffer("\n".join(base.pieces[one] for one in kept).encode(), np.uint8),
        "scores": base.scores[kept].astype(np.float32),
        "words": words,
        "words+": sizes,
        "places": places.astype(np.float16),
        "words_size": base.plain("emb.ln.w").astype(np.float16),
        "words_shift": base.plain("emb.ln.b").astype(np.float16),
        "out": np.asarray(tree["out"], np.float32),
        "out_shift": np.asarray(tree["outb"], np.float32),
    }
    for layer in range(_LAYERS):
        own = None if layer < frozen else {name: np.asarray(table[layer - frozen]) for name, table in upper.items()}
        tables |= {f"{layer}.{name}": table for name, table in _layer(base, layer, own).items()}
    return tables


def _layer(base: BaseWeights, layer: int, own: Mapping[str, Array] | None) -> dict[str, Array]:
    """Return the tables of a layer: those that learned, else the base's."""
    found: dict[str, Array] = {}
    for name in _MATRICES:
        columns = 4 * WIDTH if name == "fo" else WIDTH
        found[name], found[f"{name}+"] = _small(own[name].T) if own else base.blocks(f"l{layer}.{name}.w", columns)
        found[f"{name}b"] = own[f"{name}b"] if own else base.plain(f"l{layer}.{name}.b")
    for name in (norm + part for norm in _NORMS for part in "wb"):
        found[name] = own[name] if own else base.plain(f"l{layer}.{name[:-1]}.{name[-1]}")
    return found


def _small(matrix: Array) -> tuple[Array, Array]:
    """Return a matrix as small whole numbers, and the size of each row (of several groups, where it is wide)."""
    groups = matrix.reshape(len(matrix), -1, WIDTH)
    found: list[tuple[Array, Array, Array]] = []
    for clip in _CLIPS:
        sizes = (np.abs(groups).max(-1) * clip / _LARGEST).astype(np.float16).astype(np.float32) + 1e-12
        numbers = np.clip(np.rint(groups / sizes[..., None]), -_LARGEST, _LARGEST)
        found.append((numbers, sizes, ((numbers * sizes[..., None] - groups) ** 2).sum(-1)))
    best = np.argmin([lost for _, _, lost in found], 0)
    numbers = np.take_along_axis(np.stack([one[0] for one in found]), best[None, :, :, None], 0)[0]
    sizes = np.take_along_axis(np.stack([one[1] for one in found]), best[None], 0)[0]
    return numbers.reshape(matrix.shape).astype(np.int8), sizes.astype(np.float16)
