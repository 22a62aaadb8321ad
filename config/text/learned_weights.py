"""Reads the learned weights of comments: `text/learned.tsv` of the owner, else the shipped file."""

from functools import cache
from pathlib import Path

from config.weight_table import read_weights
from scoring.text.weights import BAD, GOOD, Weights

__all__ = ["SHIPPED_WEIGHTS", "load_weights", "weights_file"]

_LEARNED = "learned.tsv"
SHIPPED_WEIGHTS = Path(__file__).parents[1] / "defaults" / "text" / _LEARNED
_NEEDED = frozenset({BAD, GOOD})


def load_weights(directory: Path | None = None) -> Weights:
    """Return the weights by which comments are judged; `directory` is the owner's folder (`files.directory`).

    Raises ConfigErrors naming the lines of the owner's file that cannot be used, and why.
    """
    own = weights_file(directory) if directory else None
    return read_weights(own, _NEEDED) if own and own.exists() else _shipped()


def weights_file(directory: Path) -> Path:
    """Return where an owner's weights would be."""
    return directory / "text" / _LEARNED


@cache
def _shipped() -> Weights:
    """Return the shipped weights, which are read once for a process."""
    return read_weights(SHIPPED_WEIGHTS, _NEEDED)
