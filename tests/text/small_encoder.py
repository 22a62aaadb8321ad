"""A small encoder of few pieces, whose tables tests can change."""

from typing import Any

import numpy as np

from config.text.encoder_file import encoder_bytes

__all__ = ["OUTPUTS", "plain_file", "small_tables"]

OUTPUTS = ["bad", "good", "fee"]
PIECES = ["<s>", "<pad>", "</s>", "<unk>", "▁", "▁good", "▁g", "ood", "慢", "▁慢", "很慢", "好"]
SCORES = [0.0, 0.0, 0.0, 0.0, -3.0, -4.0, -5.0, -5.0, -6.0, -7.5, -8.0, -6.0]
WIDTH, WIDE, PLACES = 24, 48, 96
"""Twelve heads of two, and places for the longest text."""
_MATRICES = {"q": (WIDTH, WIDTH), "k": (WIDTH, WIDTH), "v": (WIDTH, WIDTH), "ao": (WIDTH, WIDTH)} | {
    "fi": (WIDE, WIDTH),
    "fo": (WIDTH, WIDE),
}


def small_tables(layers: int = 2) -> dict[str, Any]:
    """Return the tables of an encoder that knows `PIECES` and says nothing in particular, the same ones each time."""
    found = {
        "pieces": np.frombuffer("\n".join(PIECES).encode(), np.uint8),
        "scores": np.array(SCORES, np.float32),
        "words": _numbers((len(PIECES), WIDTH), 1),
        "words+": np.full((len(PIECES), 2), 0.25, np.float16),
        "places": (_numbers((PLACES, WIDTH), 2) / 64).astype(np.float16),
        "words_size": np.ones(WIDTH, np.float16),
        "words_shift": np.zeros(WIDTH, np.float16),
        "out": (_numbers((2 * WIDTH, len(OUTPUTS)), 3) / 8).astype(np.float32),
        "out_shift": np.array([0.1, -0.2, 0.3], np.float32),
    }
    for layer in range(layers):
        found |= {f"{layer}.{name}": table for name, table in _layer(layer).items()}
    return found


def _layer(layer: int) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for place, (name, shape) in enumerate(_MATRICES.items()):
        found[name] = _numbers(shape, 10 * layer + place)
        found[f"{name}+"] = np.full((shape[0], 1), 1 / 32, np.float16)
        found[f"{name}b"] = np.full(shape[0], 0.05, np.float32)
    for name in ("aln", "oln"):
        found[f"{name}w"], found[f"{name}b"] = np.ones(WIDTH, np.float32), np.zeros(WIDTH, np.float32)
    return found


def _numbers(shape: tuple[int, int], kind: int) -> Any:  # noqa: ANN401 (numpy's array)
    """Return whole numbers from -7 to 7 that look like nothing."""
    count = shape[0] * shape[1]
    return ((np.arange(count) * (37 + 2 * kind) + 11 * kind) % 15 - 7).astype(np.int8).reshape(shape)


def plain_file(**said: float) -> bytes:
    """Return the file of a small encoder that says the same of every text, in log-odds of each output.

    One that is asked for and is none of `OUTPUTS` comes behind them.
    """
    outputs = list(dict.fromkeys([*OUTPUTS, *said]))
    shifts = np.array([said.get(name, 0.0) for name in outputs], np.float32)
    tables = small_tables() | {"out": np.zeros((2 * WIDTH, len(outputs)), np.float32), "out_shift": shifts}
    return encoder_bytes(outputs, tables)
