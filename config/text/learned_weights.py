"""Reads the learned weights of comments: `text/learned.tsv` of the owner, else the shipped file."""

from collections.abc import Iterator, Sequence
from functools import cache
from hashlib import sha256
from pathlib import Path

from config.errors import ConfigError, ConfigErrors
from scoring.text.weights import BAD, GOOD, MOST, Weights, packed

__all__ = ["SHIPPED_WEIGHTS", "START", "VERSION", "load_weights"]

_LEARNED = "learned.tsv"
SHIPPED_WEIGHTS = Path(__file__).parents[1] / "defaults" / "text" / _LEARNED
VERSION = "# weights of comments 1"
"""The first line of a file: its form. More lines with # may follow, then the outputs, then a piece a line."""
START = "(start)"
"""The row that holds before anything is read."""
_MOST_SHOWN = 10


def load_weights(directory: Path | None = None) -> Weights:
    """Return the weights by which comments are judged; `directory` is the owner's folder (`files.directory`).

    Raises ConfigErrors naming the lines of the owner's file that cannot be used, and why.
    """
    own = directory / "text" / _LEARNED if directory else None
    return _read(own) if own and own.exists() else _shipped()


@cache
def _shipped() -> Weights:
    """Return the shipped weights, which are read once for a process."""
    return _read(SHIPPED_WEIGHTS)


def _read(path: Path) -> Weights:
    name = f"text/{path.name}"
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as wrong:
        raise ConfigErrors([ConfigError(name, "", f"It cannot be read: {wrong}.", "Save it as UTF-8.")]) from None
    lines = text.split("\n")
    head = next((place for place, line in enumerate(lines) if not line.startswith("#")), 0)
    outputs = tuple(lines[head].split("\t")[1:])
    if lines[0] != VERSION or not {BAD, GOOD} <= set(outputs) or len(set(outputs)) < len(outputs):
        fix = f"Begin it with {VERSION!r} and a line of outputs, {BAD} and {GOOD} among them."
        raise ConfigErrors([ConfigError(f"{name}:{head + 1}", "", "These are no weights of comments.", fix)])
    pieces: dict[str, int] = {}
    mistakes = list(_fill(pieces, lines[head + 1 :], len(outputs)))[:_MOST_SHOWN]
    if mistakes:
        raise ConfigErrors(
            ConfigError(f"{name}:{head + 2 + place}", "", problem, fix) for place, problem, fix in mistakes
        )
    start = pieces.pop(START, 0)
    return Weights(outputs, pieces, start, sha256(text.encode()).hexdigest()[:16])


def _fill(pieces: dict[str, int], lines: Sequence[str], count: int) -> Iterator[tuple[int, str, str]]:
    """Yield the lines that cannot be used; the pieces of all others are put into `pieces`."""
    for place, line in enumerate(lines):
        if not line:
            continue
        piece, *cells = line.split("\t")
        try:
            numbers = [int(cell or 0) for cell in cells]
        except ValueError:
            yield place, "There is something else than a whole number.", "Write hundredths, or nothing for 0."
            continue
        if len(numbers) > count or any(abs(number) > MOST for number in numbers):
            yield place, "There is a number too many or one too large.", f"Numbers go from -{MOST} to {MOST}."
        elif piece in pieces:
            yield place, f"{piece!r} stands there twice.", "Keep one of the lines."
        else:
            pieces[piece] = packed(numbers)
